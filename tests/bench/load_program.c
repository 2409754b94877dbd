#include "load_program.h"

#include <linux/bpf.h>
#include <linux/filter.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Instructions, by the names that the kernel's own documents have for them. */
#define MOV(to, from)                                                                              \
	{                                                                                          \
		.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = (to), .src_reg = (from)            \
	}
#define WITH(operation, to, value)                                                                 \
	{                                                                                          \
		.code = BPF_ALU | (operation) | BPF_K, .dst_reg = (to), .imm = (int)(value)        \
	}
#define LOAD(to, from, offset)                                                                     \
	{                                                                                          \
		.code = BPF_LDX | BPF_MEM | BPF_W, .dst_reg = (to), .src_reg = (from),             \
		.off = (offset)                                                                    \
	}
#define STORE(size, offset, from)                                                                  \
	{                                                                                          \
		.code = BPF_STX | BPF_MEM | (size), .dst_reg = 7, .src_reg = (from),               \
		.off = (offset)                                                                    \
	}
#define SWAP(to, bits)                                                                             \
	{                                                                                          \
		.code = BPF_ALU | BPF_END | BPF_TO_BE, .dst_reg = (to), .imm = (bits)              \
	}
#define CALL(function)                                                                             \
	{                                                                                          \
		.code = BPF_JMP | BPF_CALL, .imm = (function)                                      \
	}
#define SKIP_IF_ABOVE(a, b, count)                                                                 \
	{                                                                                          \
		.code = BPF_JMP | BPF_JGT | BPF_X, .dst_reg = (a), .src_reg = (b), .off = (count)  \
	}
#define COUNT(program) (sizeof(program) / sizeof(*(program)))

static int load(const struct bpf_insn *program, size_t count)
{
	union bpf_attr attributes = {.prog_type = BPF_PROG_TYPE_XDP};

	attributes.insn_cnt = (uint32_t)count;
	attributes.insns = (uint64_t)(uintptr_t)program;
	attributes.license = (uint64_t)(uintptr_t) "GPL";
	return (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof(attributes));
}

/* r6 is the context, r7 the frame, r8 its end, r0 what is drawn. */
int load_program(uint32_t conversations)
{
	const struct bpf_insn some[] = {
		MOV(6, 1),
		LOAD(7, 6, offsetof(struct xdp_md, data)),
		LOAD(8, 6, offsetof(struct xdp_md, data_end)),
		CALL(BPF_FUNC_get_prandom_u32),
		MOV(2, 7),
		{.code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = 2, .imm = LOAD_PORT_AT + 2},
		SKIP_IF_ABOVE(2, 8, 4),
		WITH(BPF_MOD, 0, conversations ? conversations : 1),
		WITH(BPF_OR, 0, 0x0a000000),
		SWAP(0, 32),
		STORE(BPF_W, LOAD_CLIENT_AT, 0),
		WITH(BPF_MOV, 0, XDP_PASS),
		{.code = BPF_JMP | BPF_EXIT},
	};
	const struct bpf_insn any[] = {
		MOV(6, 1),
		LOAD(7, 6, offsetof(struct xdp_md, data)),
		LOAD(8, 6, offsetof(struct xdp_md, data_end)),
		CALL(BPF_FUNC_get_prandom_u32),
		MOV(2, 7),
		{.code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = 2, .imm = LOAD_PORT_AT + 2},
		SKIP_IF_ABOVE(2, 8, 2),
		STORE(BPF_W, LOAD_CLIENT_AT, 0),
		STORE(BPF_H, LOAD_PORT_AT, 0),
		WITH(BPF_MOV, 0, XDP_PASS),
		{.code = BPF_JMP | BPF_EXIT},
	};

	return conversations ? load(some, COUNT(some)) : load(any, COUNT(any));
}
