/*
 * translate.h - classic BPF, instruction by instruction, to the eBPF of a socket filter
 */
#ifndef WC_KERNEL_TRANSLATE_H
#define WC_KERNEL_TRANSLATE_H

#include <linux/bpf.h>
#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>

/* Room for what an instruction of classic BPF becomes, and for what stands around all. */
#define WC_TRANSLATE_ROOM(count) ((count)*6 + 24)

/*
 * Writes the translation of @classic to @code, which has WC_TRANSLATE_ROOM(). It
 * returns what @classic returns, but where that is @pass it goes on to the program in
 * @next, a map of programs. Returns how many instructions there are, or 0 when one
 * cannot be translated, as a jump back, or memory is short.
 */
size_t wc_translate(struct bpf_insn *code, const struct sock_filter *classic, size_t count,
		    uint32_t pass, int next);

#endif /* WC_KERNEL_TRANSLATE_H */
