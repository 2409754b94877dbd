/*
 * filter_program.h - one expression of pcap-filter(7), compiled for one link type
 */
#ifndef WC_FILTER_PROGRAM_H
#define WC_FILTER_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"

struct bpf_insn; /* pcap/bpf.h */

/* Room for libpcap's words. */
#define WC_PROGRAM_WORDS 256

enum wc_program_use {
	WC_PROGRAM_PLAIN,    /* looks at the frame and no further */
	WC_PROGRAM_DIRECTED, /* inbound, outbound: asks which way the frame went */
	WC_PROGRAM_KERNEL,   /* asks for what only the kernel knows, such as ifindex */
};

struct wc_program {
	struct bpf_insn *code; /* NULL: there is none */
	size_t count;
	enum wc_program_use use;
	struct bpf_insn *received; /* a directed one with the answer put in, */
	struct bpf_insn *sent;     /* for either way; NULL if not directed */
};

/*
 * Compiles @text for @link, as it is for a frame in a file. Returns 0 and a
 * program to be freed with wc_program_free(), or a negative code with libpcap's
 * words in @words. @link must be one that is decoded.
 */
int wc_program_compile(struct wc_program *program, const char *text, enum wc_link link,
		       char words[static WC_PROGRAM_WORDS]);

/* Makes a program that lets no frame pass. Returns 0 or WC_FAILED (memory). */
int wc_program_refuse(struct wc_program *program);

/* Frees the inside of @program and leaves it empty. */
void wc_program_free(struct wc_program *program);

/* True if @words mean that the expression is fine but can be true for no frame of the link. */
bool wc_program_is_never_true(const char words[static WC_PROGRAM_WORDS]);

/*
 * Runs @program, plain or directed, over a frame of which @captured of @length
 * bytes are there. Returns true if it passes, as it does where there is no program.
 */
bool wc_program_pass(const struct wc_program *program, const uint8_t *bytes, uint32_t captured,
		     uint32_t length, enum wc_origin origin);

#endif /* WC_FILTER_PROGRAM_H */
