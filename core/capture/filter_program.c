#include "filter_program.h"

#include <linux/filter.h>
#include <linux/if_packet.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wirecensus/error.h"

_Static_assert(WC_PROGRAM_WORDS >= PCAP_ERRBUF_SIZE, "room for libpcap's words");

/* Any snapshot length will do: what a program returns only matters as 0 or not. */
#define SNAPLEN 65535

/* What libpcap calls them; files number raw IP in another way. */
static const int dlts[] = {
	[WC_LINK_UNSUPPORTED] = -1,    [WC_LINK_ETHERNET] = DLT_EN10MB,
	[WC_LINK_SLL] = DLT_LINUX_SLL, [WC_LINK_SLL2] = DLT_LINUX_SLL2,
	[WC_LINK_RAW] = DLT_RAW,       [WC_LINK_RAW4] = DLT_IPV4,
	[WC_LINK_RAW6] = DLT_IPV6,     [WC_LINK_NULL] = DLT_NULL,
};

/* Loads beyond SKF_AD_OFF do not read the frame but ask the kernel about it. */
static bool asks_kernel(const struct bpf_insn *instruction)
{
	return BPF_CLASS(instruction->code) == BPF_LD && BPF_MODE(instruction->code) == BPF_ABS &&
	       instruction->k >= (bpf_u_int32)SKF_AD_OFF;
}

static enum wc_program_use use_of(const struct wc_program *program)
{
	enum wc_program_use use = WC_PROGRAM_PLAIN;

	for (size_t i = 0; i < program->count; i++) {
		if (!asks_kernel(&program->code[i]))
			continue;
		if (program->code[i].k != (bpf_u_int32)(SKF_AD_OFF + SKF_AD_PKTTYPE))
			return WC_PROGRAM_KERNEL;
		use = WC_PROGRAM_DIRECTED;
	}
	return use;
}

/* A copy of the code with @type as the kernel's answer about a frame's way. */
static struct bpf_insn *answered(const struct wc_program *program, unsigned type)
{
	struct bpf_insn *copy = calloc(program->count, sizeof(*copy));

	for (size_t i = 0; copy && i < program->count; i++)
		copy[i] = asks_kernel(&program->code[i])
				  ? (struct bpf_insn)BPF_STMT(BPF_LD | BPF_IMM, type)
				  : program->code[i];
	return copy;
}

static int adopt(struct wc_program *program, const struct bpf_insn *code, size_t count)
{
	*program = (struct wc_program){.code = calloc(count, sizeof(*code)), .count = count};
	if (!program->code)
		return WC_FAILED;
	memcpy(program->code, code, count * sizeof(*code));
	program->use = use_of(program);
	if (program->use != WC_PROGRAM_DIRECTED)
		return WC_OK;
	program->received = answered(program, PACKET_HOST);
	program->sent = answered(program, PACKET_OUTGOING);
	if (program->received && program->sent)
		return WC_OK;
	wc_program_free(program);
	return WC_FAILED;
}

int wc_program_compile(struct wc_program *program, const char *text, enum wc_link link,
		       char words[static WC_PROGRAM_WORDS])
{
	pcap_t *pcap = pcap_open_dead(dlts[link], SNAPLEN);
	struct bpf_program compiled;
	int failed = WC_FAILED;

	snprintf(words, WC_PROGRAM_WORDS, "memory is short");
	if (!pcap)
		return failed;
	if (pcap_compile(pcap, &compiled, text, 1, PCAP_NETMASK_UNKNOWN)) {
		snprintf(words, WC_PROGRAM_WORDS, "%s", pcap_geterr(pcap));
		failed = WC_INVALID;
	} else {
		failed = adopt(program, compiled.bf_insns, compiled.bf_len);
		pcap_freecode(&compiled);
	}
	pcap_close(pcap);
	return failed;
}

int wc_program_refuse(struct wc_program *program)
{
	const struct bpf_insn refuse = BPF_STMT(BPF_RET | BPF_K, 0);

	return adopt(program, &refuse, 1);
}

void wc_program_free(struct wc_program *program)
{
	free(program->code);
	free(program->received);
	free(program->sent);
	*program = (struct wc_program){0};
}

bool wc_program_is_never_true(const char words[static WC_PROGRAM_WORDS])
{
	return strcmp(words, "expression rejects all packets") == 0;
}

bool wc_program_pass(const struct wc_program *program, const uint8_t *bytes, uint32_t captured,
		     uint32_t length, enum wc_origin origin)
{
	const struct bpf_insn *code = program->code;

	if (program->use == WC_PROGRAM_DIRECTED)
		code = origin == WC_ORIGIN_SENT ? program->sent : program->received;
	return !code || bpf_filter(code, bytes, length, captured) != 0;
}
