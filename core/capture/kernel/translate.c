#include "translate.h"

#include <stdbool.h>
#include <stdlib.h>

/*
 * Where the registers of the classic machine are. A load from the frame takes its
 * context in R6, gives its result in R0, and ends the program with 0 beyond the
 * frame's end, as it does there.
 */
enum { A = BPF_REG_0, CONTEXT = BPF_REG_6, X = BPF_REG_7, SPARE = BPF_REG_8 };

#define WORDS 16 /* of the classic machine's memory, on the stack */

/* Written twice: in the second pass all places are known. */
struct translation {
	struct bpf_insn *code;
	size_t count;
	const struct sock_filter *classic;
	size_t classic_count;
	size_t *places;  /* of what each classic instruction became; the last: of the end */
	bool *reachable; /* the verifier takes no instruction that is not */
	uint32_t pass;
	bool failed;
};

static void put(struct translation *to, unsigned code, unsigned target, unsigned source,
		size_t offset, uint32_t value)
{
	to->code[to->count++] = (struct bpf_insn){
		.code = (uint8_t)code,
		.dst_reg = (uint8_t)(target & 0xf),
		.src_reg = (uint8_t)(source & 0xf),
		.off = (int16_t)offset,
		.imm = (int32_t)value,
	};
}

/* A jump to what a classic instruction became. */
static void jump(struct translation *to, unsigned code, unsigned source, uint32_t value,
		 size_t target)
{
	put(to, code, code == (BPF_JMP | BPF_JA) ? 0 : A, source,
	    to->places[target] - to->count - 1, value);
}

static void give(struct translation *to, uint32_t value)
{
	put(to, BPF_ALU | BPF_MOV | BPF_K, A, 0, 0, value);
	put(to, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

static size_t word_at(uint32_t number)
{
	return (size_t)0 - 4 * (WORDS - number);
}

static void load_field(struct translation *to, unsigned target, size_t offset)
{
	put(to, BPF_LDX | BPF_MEM | BPF_W, target, CONTEXT, offset, 0);
}

/* What classic BPF asks of the kernel. */
static void ask(struct translation *to, uint32_t what)
{
	switch (what - (uint32_t)SKF_AD_OFF) {
	case SKF_AD_PKTTYPE:
		load_field(to, A, offsetof(struct __sk_buff, pkt_type));
		break;
	case SKF_AD_VLAN_TAG_PRESENT:
		load_field(to, A, offsetof(struct __sk_buff, vlan_present));
		break;
	default:
		to->failed = true;
	}
}

static void load(struct translation *to, const struct sock_filter *one, unsigned target)
{
	switch (BPF_MODE(one->code)) {
	case BPF_IMM:
		put(to, BPF_ALU | BPF_MOV | BPF_K, target, 0, 0, one->k);
		break;
	case BPF_MEM:
		put(to, BPF_LDX | BPF_MEM | BPF_W, target, BPF_REG_10, word_at(one->k), 0);
		break;
	case BPF_LEN:
		load_field(to, target, offsetof(struct __sk_buff, len));
		break;
	case BPF_ABS:
		if (one->k >= (uint32_t)SKF_AD_OFF)
			ask(to, one->k);
		else
			put(to, one->code, 0, 0, 0, one->k);
		break;
	case BPF_IND: /* libpcap refuses a frame where the sum is beyond 32 bits */
		if (one->k) {
			put(to, BPF_JMP32 | BPF_JLE | BPF_K, X, 0, 2, UINT32_MAX - one->k);
			give(to, 0);
		}
		put(to, one->code, 0, X, 0, one->k);
		break;
	case BPF_MSH: /* four times the lower half of a byte: an IPv4 header's length */
		put(to, BPF_ALU | BPF_MOV | BPF_X, SPARE, A, 0, 0);
		put(to, BPF_LD | BPF_ABS | BPF_B, 0, 0, 0, one->k);
		put(to, BPF_ALU | BPF_AND | BPF_K, A, 0, 0, 0xf);
		put(to, BPF_ALU | BPF_LSH | BPF_K, A, 0, 0, 2);
		put(to, BPF_ALU | BPF_MOV | BPF_X, X, A, 0, 0);
		put(to, BPF_ALU | BPF_MOV | BPF_X, A, SPARE, 0, 0);
		break;
	default:
		to->failed = true;
	}
}

static void compute(struct translation *to, const struct sock_filter *one)
{
	unsigned operation = BPF_OP(one->code);
	bool by_x = BPF_SRC(one->code) == BPF_X;

	/* Dividing by 0 refuses the frame; shifting all bits out leaves 0. */
	if (by_x && (operation == BPF_DIV || operation == BPF_MOD)) {
		put(to, BPF_JMP32 | BPF_JNE | BPF_K, X, 0, 2, 0);
		give(to, 0);
	} else if (by_x && (operation == BPF_LSH || operation == BPF_RSH)) {
		put(to, BPF_JMP32 | BPF_JLT | BPF_K, X, 0, 2, 32);
		put(to, BPF_ALU | BPF_MOV | BPF_K, A, 0, 0, 0);
		put(to, BPF_JMP | BPF_JA, 0, 0, 1, 0);
	}
	put(to, one->code, A, by_x ? X : 0, 0, by_x || operation == BPF_NEG ? 0 : one->k);
}

static void branch(struct translation *to, const struct sock_filter *one, size_t number)
{
	bool by_x = BPF_SRC(one->code) == BPF_X;
	size_t yes = number + 1 + one->jt, no = number + 1 + one->jf;

	if (BPF_OP(one->code) == BPF_JA) {
		jump(to, BPF_JMP | BPF_JA, 0, 0, number + 1 + one->k);
		return;
	}
	jump(to, BPF_JMP32 | BPF_OP(one->code) | BPF_SRC(one->code), by_x ? X : 0,
	     by_x ? 0 : one->k, yes);
	if (one->jf)
		jump(to, BPF_JMP | BPF_JA, 0, 0, no);
}

static void translate_one(struct translation *to, size_t number)
{
	const struct sock_filter *one = &to->classic[number];

	switch (BPF_CLASS(one->code)) {
	case BPF_LD:
		load(to, one, A);
		break;
	case BPF_LDX:
		load(to, one, X);
		break;
	case BPF_ST:
		put(to, BPF_STX | BPF_MEM | BPF_W, BPF_REG_10, A, word_at(one->k), 0);
		break;
	case BPF_STX:
		put(to, BPF_STX | BPF_MEM | BPF_W, BPF_REG_10, X, word_at(one->k), 0);
		break;
	case BPF_ALU:
		compute(to, one);
		break;
	case BPF_JMP:
		branch(to, one, number);
		break;
	case BPF_RET:
		if (one->k == to->pass)
			jump(to, BPF_JMP | BPF_JA, 0, 0, to->classic_count);
		else
			give(to, one->k);
		break;
	default: /* BPF_MISC: TAX, TXA */
		put(to, BPF_ALU | BPF_MOV | BPF_X, BPF_MISCOP(one->code) == BPF_TAX ? X : A,
		    BPF_MISCOP(one->code) == BPF_TAX ? A : X, 0, 0);
	}
}

/* Marks what can be reached. Returns false when a jump leads back, or out. */
static bool find_reachable(struct translation *to)
{
	to->reachable[0] = true;
	for (size_t i = 0; i < to->classic_count; i++) {
		const struct sock_filter *one = &to->classic[i];
		bool always = one->code == (BPF_JMP | BPF_JA);
		size_t yes = i + 1, no = yes;

		if (!to->reachable[i])
			continue;
		if (BPF_CLASS(one->code) == BPF_RET) {
			if (BPF_RVAL(one->code) != BPF_K)
				return false;
			to->reachable[to->classic_count] |= one->k == to->pass;
			continue;
		}
		if (BPF_CLASS(one->code) == BPF_JMP) {
			yes += always ? one->k : one->jt;
			no += always ? one->k : one->jf;
		}
		if (yes >= to->classic_count || no >= to->classic_count)
			return false;
		to->reachable[yes] = to->reachable[no] = true;
	}
	return true;
}

static void go_on(struct translation *to, int next)
{
	put(to, BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_1, CONTEXT, 0, 0);
	put(to, BPF_LD | BPF_IMM | BPF_DW, BPF_REG_2, BPF_PSEUDO_MAP_FD, 0, (uint32_t)next);
	put(to, 0, 0, 0, 0, 0);
	put(to, BPF_ALU | BPF_MOV | BPF_K, BPF_REG_3, 0, 0, 0);
	put(to, BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_tail_call);
	give(to, 0);
}

static void write_all(struct translation *to, int next)
{
	to->count = 0;
	put(to, BPF_ALU64 | BPF_MOV | BPF_X, CONTEXT, BPF_REG_1, 0, 0);
	put(to, BPF_ALU | BPF_MOV | BPF_K, A, 0, 0, 0);
	put(to, BPF_ALU | BPF_MOV | BPF_K, X, 0, 0, 0);
	for (uint32_t word = 0; word < WORDS; word += 2)
		put(to, BPF_ST | BPF_MEM | BPF_DW, BPF_REG_10, 0, word_at(word), 0);
	for (size_t i = 0; i < to->classic_count; i++) {
		to->places[i] = to->count;
		if (to->reachable[i])
			translate_one(to, i);
	}
	to->places[to->classic_count] = to->count;
	if (to->reachable[to->classic_count])
		go_on(to, next);
}

size_t wc_translate(struct bpf_insn *code, const struct sock_filter *classic, size_t count,
		    uint32_t pass, int next)
{
	struct translation to = {
		.code = code,
		.classic = classic,
		.classic_count = count,
		.places = calloc(count + 1, sizeof(*to.places)),
		.reachable = calloc(count + 1, sizeof(*to.reachable)),
		.pass = pass,
	};

	to.failed = !to.places || !to.reachable || !find_reachable(&to);
	for (int i = 0; i < 2 && !to.failed; i++)
		write_all(&to, next);
	free(to.places);
	free(to.reachable);
	return to.failed ? 0 : to.count;
}
