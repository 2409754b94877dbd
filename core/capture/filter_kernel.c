#include "filter_kernel.h"

#include <linux/filter.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <pcap/bpf.h>
#include <stddef.h>

#include "filter.h"
#include "filter_cut.h"
#include "filter_program.h"

/* A cooked header as a program compiled for files sees it (LINKTYPE_LINUX_SLL). */
#define SLL_PACKET_TYPE 0
#define SLL_PROTOCOL    14
#define SLL_HEADER      16

#define ETHERNET_TYPE   12
#define ETHERNET_HEADER 14

#define IPV6_NEXT_HEADER 6
#define ETHERTYPE_IPV6   0x86dd

struct builder {
	struct sock_filter *code;
	unsigned count;
	bool failed;
};

static void emit(struct builder *builder, unsigned code, unsigned yes, unsigned no, uint32_t value)
{
	if (builder->count == WC_KERNEL_MAX) {
		builder->failed = true;
		return;
	}
	builder->code[builder->count++] =
		(struct sock_filter)BPF_JUMP((uint16_t)code, value, (uint8_t)yes, (uint8_t)no);
}

static void load(struct builder *builder, unsigned size, uint32_t offset)
{
	emit(builder, BPF_LD | BPF_ABS | size, 0, 0, offset);
}

static void ask(struct builder *builder, int what)
{
	load(builder, BPF_W, (uint32_t)(SKF_AD_OFF + what));
}

static void give(struct builder *builder, uint32_t bytes)
{
	emit(builder, BPF_RET | BPF_K, 0, 0, bytes);
}

/* Gives @bytes of a frame when what was loaded is @value. */
static void give_if(struct builder *builder, uint32_t value, uint32_t bytes)
{
	emit(builder, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, value);
	give(builder, bytes);
}

/*
 * Frames shorter than @size are given whole: a load beyond their end would refuse
 * them, and a malformed frame is to be counted.
 */
static void give_if_shorter(struct builder *builder, uint32_t size, uint32_t bytes)
{
	emit(builder, BPF_LD | BPF_W | BPF_LEN, 0, 0, 0);
	emit(builder, BPF_JMP | BPF_JGE | BPF_K, 1, 0, size);
	give(builder, bytes);
}

/* A tag that the kernel took off. */
static void give_if_tagged(struct builder *builder, uint32_t bytes)
{
	ask(builder, SKF_AD_VLAN_TAG_PRESENT);
	emit(builder, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 0);
	give(builder, bytes);
}

/* Tags that are in the frame; leaves its ethertype loaded. */
static void give_if_tags_inside(struct builder *builder, const struct wc_kernel_plan *plan,
				uint32_t bytes)
{
	if (plan->cooked) {
		ask(builder, SKF_AD_PROTOCOL);
	} else {
		give_if_shorter(builder, ETHERNET_HEADER, bytes);
		load(builder, BPF_H, ETHERNET_TYPE);
	}
	give_if(builder, 0x8100, bytes);
	give_if(builder, 0x88a8, bytes);
	give_if(builder, 0x9100, bytes);
}

/* Marks a cooked frame whose outer tag was taken off and that has another. */
static void mark_tags_inside(struct builder *builder)
{
	/* One that is sent begins behind all of its tags. */
	ask(builder, SKF_AD_PKTTYPE);
	emit(builder, BPF_JMP | BPF_JEQ | BPF_K, 6, 0, PACKET_OUTGOING);
	ask(builder, SKF_AD_PROTOCOL);
	emit(builder, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 0x8100);
	emit(builder, BPF_JMP | BPF_JEQ | BPF_K, 0, 3, 0x88a8);
	emit(builder, BPF_LD | BPF_W | BPF_LEN, 0, 0, 0);
	emit(builder, BPF_ALU | BPF_SUB | BPF_K, 0, 0, 1);
	emit(builder, BPF_RET | BPF_A, 0, 0, 0);
}

static bool has_type(const struct wc_kernel_plan *plan)
{
	return plan->link == WC_LINK_ETHERNET || plan->cooked;
}

/* A frame on the loopback passes a socket twice, and libpcap leaves out the first without a word.
 */
static void refuse_loopback_sent(struct builder *builder, unsigned loopback)
{
	ask(builder, SKF_AD_PKTTYPE);
	emit(builder, BPF_JMP | BPF_JEQ | BPF_K, 0, 3, PACKET_OUTGOING);
	ask(builder, SKF_AD_IFINDEX);
	give_if(builder, loopback, 0);
}

static bool is_load(const struct bpf_insn *instruction, unsigned mode)
{
	unsigned class = BPF_CLASS(instruction->code);

	return (class == BPF_LD || class == BPF_LDX) && BPF_MODE(instruction->code) == mode;
}

/*
 * Translates an instruction for a cooked socket, whose frames begin behind the
 * header; the kernel tells two of that header's fields. Returns false if it asks
 * for another, or for the length, which counts the header in a file.
 */
static bool cook(struct bpf_insn *instruction)
{
	if (is_load(instruction, BPF_LEN))
		return false;
	if (!is_load(instruction, BPF_ABS) && !is_load(instruction, BPF_IND) &&
	    !is_load(instruction, BPF_MSH))
		return true;
	if (instruction->k >= (uint32_t)SKF_AD_OFF)
		return true;
	if (instruction->k >= SLL_HEADER)
		instruction->k -= SLL_HEADER;
	else if (is_load(instruction, BPF_ABS) && instruction->k == SLL_PACKET_TYPE)
		instruction->k = (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE);
	else if (is_load(instruction, BPF_ABS) && instruction->k == SLL_PROTOCOL)
		instruction->k = (uint32_t)(SKF_AD_OFF + SKF_AD_PROTOCOL);
	else
		return false;
	return true;
}

/* Appends @program; what it lets pass goes on behind it. */
static void append(struct builder *builder, const struct wc_program *program, bool cooked)
{
	for (size_t i = 0; i < program->count; i++) {
		struct bpf_insn instruction = program->code[i];

		if (BPF_CLASS(instruction.code) == BPF_RET && instruction.k != 0)
			instruction = (struct bpf_insn)BPF_STMT(BPF_JMP | BPF_JA,
								(uint32_t)(program->count - i - 1));
		if (cooked && !cook(&instruction))
			builder->failed = true;
		emit(builder, instruction.code, instruction.jt, instruction.jf, instruction.k);
	}
}

static void give_if_cut(struct builder *builder, enum wc_link link, uint32_t bytes)
{
	struct sock_filter code[WC_FILTER_CUT_SIZE];

	wc_filter_cut(code, link, bytes);
	for (size_t i = 0; i < WC_FILTER_CUT_SIZE; i++)
		emit(builder, code[i].code, code[i].jt, code[i].jf, code[i].k);
}

static void append_filter(struct builder *builder, const struct wc_kernel_plan *plan,
			  uint32_t whole)
{
	const struct wc_program *user = wc_filter_user_program(plan->filter, plan->link);
	const struct wc_program *own = wc_filter_own_program(plan->filter, plan->link);

	if (has_type(plan)) {
		if (wc_filter_sees_tags(plan->filter))
			give_if_tagged(builder, whole);
		give_if_tags_inside(builder, plan, whole);
	}
	if (user)
		append(builder, user, plan->cooked);
	if (own) {
		give_if_cut(builder, plan->link, whole);
		append(builder, own, plan->cooked);
	}
	/* Judged once more where all programs are alike, which takes the whole frame. */
	if (has_type(plan))
		give_if_tagged(builder, whole);
}

/* A frame that is one byte longer would look marked. */
static void give_fit(struct builder *builder, const struct wc_kernel_plan *plan)
{
	if (plan->cooked) {
		emit(builder, BPF_LD | BPF_W | BPF_LEN, 0, 0, 0);
		give_if(builder, plan->fitting + 1, WC_KERNEL_WHOLE);
	}
	give(builder, plan->fitting);
}

/* Gives what the decoder reads. */
static void give_fitting(struct builder *builder, const struct wc_kernel_plan *plan)
{
	uint32_t network = plan->link == WC_LINK_ETHERNET ? ETHERNET_HEADER : 0;
	uint32_t next = network + IPV6_NEXT_HEADER, ipv6 = ETHERTYPE_IPV6;

	if (has_type(plan)) {
		give_if_tags_inside(builder, plan, WC_KERNEL_WHOLE);
	} else {
		give_if_shorter(builder, 1, WC_KERNEL_WHOLE);
		load(builder, BPF_B, 0);
		emit(builder, BPF_ALU | BPF_RSH | BPF_K, 0, 0, 4);
		ipv6 = 6;
	}
	emit(builder, BPF_JMP | BPF_JEQ | BPF_K, 0, 7, ipv6);
	give_if_shorter(builder, next + 1, WC_KERNEL_WHOLE);
	load(builder, BPF_B, next);
	emit(builder, BPF_JMP | BPF_JEQ | BPF_K, 2, 0, IPPROTO_TCP);
	emit(builder, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, IPPROTO_UDP);
	give(builder, WC_KERNEL_WHOLE);
	give_fit(builder, plan);
}

unsigned short wc_kernel_program(struct sock_filter code[static WC_KERNEL_MAX],
				 const struct wc_kernel_plan *plan)
{
	struct builder builder = {.code = code};
	uint32_t whole = plan->snaplen ? plan->snaplen : WC_KERNEL_WHOLE;

	if (plan->loopback)
		refuse_loopback_sent(&builder, plan->loopback);
	if (plan->cooked && !plan->snaplen)
		mark_tags_inside(&builder);
	if (plan->filter && !plan->here)
		append_filter(&builder, plan, whole);
	if (plan->snaplen || (plan->filter && plan->here))
		give(&builder, whole);
	else
		give_fitting(&builder, plan);
	return builder.failed ? 0 : (unsigned short)builder.count;
}
