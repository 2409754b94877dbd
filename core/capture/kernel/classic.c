#include "classic.h"

#include <stdbool.h>
#include <sys/types.h>

#include <pcap/bpf.h>

#include "filter.h"
#include "filter_cut.h"
#include "filter_program.h"

#define ETHERNET_TYPE   12
#define ETHERNET_HEADER 14

struct builder {
	struct sock_filter *code;
	size_t count;
	bool failed;
};

static void emit(struct builder *builder, unsigned code, unsigned yes, unsigned no, uint32_t value)
{
	if (builder->count == WC_CLASSIC_MAX) {
		builder->failed = true;
		return;
	}
	builder->code[builder->count++] =
		(struct sock_filter)BPF_JUMP((uint16_t)code, value, (uint8_t)yes, (uint8_t)no);
}

/* Hands a frame over when what was loaded is @value. */
static void hand_over_if(struct builder *builder, uint32_t value)
{
	emit(builder, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, value);
	emit(builder, BPF_RET | BPF_K, 0, 0, WC_KERNEL_HAND_OVER);
}

/* What has tags inside is not judged here; nor is one taken off, if the program is to see it. */
static void hand_over_tagged(struct builder *builder, bool sees_tags)
{
	if (sees_tags) {
		/* NOLINTNEXTLINE(misc-redundant-expression): LD and W are 0 both */
		emit(builder, BPF_LD | BPF_ABS | BPF_W, 0, 0,
		     (uint32_t)(SKF_AD_OFF + SKF_AD_VLAN_TAG_PRESENT));
		emit(builder, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 0);
		emit(builder, BPF_RET | BPF_K, 0, 0, WC_KERNEL_HAND_OVER);
	}
	/* A load beyond the end would refuse a frame that is too short to have tags. */
	emit(builder, BPF_LD | BPF_W | BPF_LEN, 0, 0, 0);
	emit(builder, BPF_JMP | BPF_JGE | BPF_K, 0, 7, ETHERNET_HEADER);
	emit(builder, BPF_LD | BPF_ABS | BPF_H, 0, 0, ETHERNET_TYPE);
	hand_over_if(builder, 0x8100);
	hand_over_if(builder, 0x88a8);
	hand_over_if(builder, 0x9100);
}

/* What @program lets pass goes on behind it. */
static void append(struct builder *builder, const struct wc_program *program)
{
	for (size_t i = 0; i < program->count; i++) {
		const struct bpf_insn *one = &program->code[i];

		if (BPF_CLASS(one->code) == BPF_RET && one->k != 0)
			emit(builder, BPF_JMP | BPF_JA, 0, 0, (uint32_t)(program->count - i - 1));
		else
			emit(builder, one->code, one->jt, one->jf, one->k);
	}
}

static void count_if_cut(struct builder *builder, enum wc_link link)
{
	struct sock_filter code[WC_FILTER_CUT_SIZE];

	wc_filter_cut(code, link, WC_CLASSIC_COUNT);
	for (size_t i = 0; i < WC_FILTER_CUT_SIZE; i++)
		emit(builder, code[i].code, code[i].jt, code[i].jf, code[i].k);
}

size_t wc_classic_compose(struct sock_filter code[static WC_CLASSIC_MAX],
			  const struct wc_filter *filter, enum wc_kernel_link link)
{
	enum wc_link type = link == WC_KERNEL_ETHERNET ? WC_LINK_ETHERNET : WC_LINK_RAW;
	const struct wc_program *user = wc_filter_user_program(filter, type);
	const struct wc_program *own = wc_filter_own_program(filter, type);
	struct builder builder = {.code = code};

	if (type == WC_LINK_ETHERNET)
		hand_over_tagged(&builder, wc_filter_sees_tags(filter));
	if (user)
		append(&builder, user);
	if (own) {
		count_if_cut(&builder, type);
		append(&builder, own);
	}
	emit(&builder, BPF_RET | BPF_K, 0, 0, WC_CLASSIC_COUNT);
	return builder.failed ? 0 : builder.count;
}
