#include "filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "filter_cut.h"
#include "filter_expression.h"
#include "filter_program.h"
#include "link.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

/* The most that a file may hold of one frame, and more than a live link hands over. */
#define FRAME_MAX 262144

#define LINKS (WC_LINK_NULL + 1)

/* Ethertypes that wc_link_step() gives. */
#define TYPE_IPV4 0x0800
#define TYPE_IPV6 0x86dd

struct wc_filter {
	char *text;
	char *user; /* NULL: none */
	char *own;  /* NULL: none */
	bool sees_tags;
	struct prepared {
		struct wc_program user;
		struct wc_program own;
	} prepared[LINKS];
	uint8_t *copy; /* of a frame without its tags: FRAME_MAX bytes */
};

static int prepare_one(struct wc_program *program, const char *text, enum wc_link link, int dlt,
		       enum wc_program_use most, struct wc_error *error)
{
	char words[WC_PROGRAM_WORDS];
	int failed;

	if (!text || program->code)
		return WC_OK;
	failed = wc_program_compile(program, text, link, words);
	if (failed && wc_program_is_never_true(words))
		failed = wc_program_refuse(program);
	if (failed)
		return wc_error_set(error, WC_INVALID,
				    "the filter '%s' has no meaning on link type %d (%s): %s; "
				    "see pcap-filter(7)",
				    text, dlt, wc_link_name(link), words);
	if (program->use <= most)
		return WC_OK;
	wc_program_free(program);
	return wc_error_set(error, WC_INVALID,
			    "the filter '%s' asks for what %s, such as %s; leave that word out",
			    text,
			    most == WC_PROGRAM_PLAIN ? "a file does not tell about its frames"
						     : "one interface has the same of all frames",
			    most == WC_PROGRAM_PLAIN ? "inbound, outbound or ifindex" : "ifindex");
}

static int prepare(struct wc_filter *filter, enum wc_link link, int dlt, enum wc_program_use most,
		   struct wc_error *error)
{
	struct prepared *prepared = &filter->prepared[link];
	int failed = prepare_one(&prepared->user, filter->user, link, dlt, most, error);

	return failed ? failed : prepare_one(&prepared->own, filter->own, link, dlt, most, error);
}

int wc_filter_prepare(struct wc_filter *filter, enum wc_link link, int dlt, struct wc_error *error)
{
	return prepare(filter, link, dlt, WC_PROGRAM_PLAIN, error);
}

int wc_filter_prepare_live(struct wc_filter *filter, enum wc_link link, int dlt,
			   struct wc_error *error)
{
	return prepare(filter, link, dlt, WC_PROGRAM_DIRECTED, error);
}

/* An expression is fine if it is for one link type; the words are about Ethernet. */
static int check(const char *text, struct wc_error *error)
{
	char words[WC_PROGRAM_WORDS], others[WC_PROGRAM_WORDS];
	struct wc_program program = {0};
	int failed = wc_program_compile(&program, text, WC_LINK_ETHERNET, words);

	for (int link = WC_LINK_ETHERNET + 1; failed && link < LINKS; link++)
		failed = wc_program_compile(&program, text, (enum wc_link)link, others);
	wc_program_free(&program);
	if (failed)
		return wc_error_set(error, WC_INVALID,
				    "the filter '%s' does not compile: %s; see pcap-filter(7)",
				    text, words);
	return WC_OK;
}

static char *join(const char *user, const char *own)
{
	char *text;

	if (!user || !own)
		return strdup(user ? user : own);
	return asprintf(&text, "(%s) and %s", user, own) < 0 ? NULL : text;
}

static int compose(struct wc_filter *filter, const struct wc_options *options)
{
	filter->own = wc_expression_of_options(options);
	if (!filter->own)
		return WC_FAILED;
	if (!*filter->own) {
		free(filter->own);
		filter->own = NULL;
	}
	if (!wc_expression_is_empty(options->filter)) {
		filter->user = strdup(options->filter);
		filter->sees_tags = wc_expression_says_vlan(options->filter);
		if (!filter->user)
			return WC_FAILED;
	}
	if (!filter->user && !filter->own)
		return WC_OK;
	filter->text = join(filter->user, filter->own);
	filter->copy = malloc(FRAME_MAX);
	return filter->text && filter->copy ? WC_OK : WC_FAILED;
}

int wc_filter_open(struct wc_filter **filter, const struct wc_options *options,
		   struct wc_error *error)
{
	struct wc_filter *made = calloc(1, sizeof(*made));
	int failed = WC_OK;

	*filter = NULL;
	if (!made || compose(made, options)) {
		wc_filter_free(made);
		return wc_error_set(error, WC_FAILED, "there is no memory for the filter");
	}
	if (made->user)
		failed = check(made->user, error);
	if (!failed && made->own)
		failed = check(made->own, error);
	if (failed || !made->text) {
		wc_filter_free(made);
		return failed;
	}
	*filter = made;
	return WC_OK;
}

void wc_filter_free(struct wc_filter *filter)
{
	if (!filter)
		return;
	for (int link = 0; link < LINKS; link++) {
		wc_program_free(&filter->prepared[link].user);
		wc_program_free(&filter->prepared[link].own);
	}
	free(filter->text);
	free(filter->user);
	free(filter->own);
	free(filter->copy);
	free(filter);
}

const char *wc_filter_text(const struct wc_filter *filter)
{
	return filter->text;
}

bool wc_filter_sees_tags(const struct wc_filter *filter)
{
	return filter->sees_tags;
}

const struct wc_program *wc_filter_user_program(const struct wc_filter *filter, enum wc_link link)
{
	return filter->prepared[link].user.code ? &filter->prepared[link].user : NULL;
}

const struct wc_program *wc_filter_own_program(const struct wc_filter *filter, enum wc_link link)
{
	return filter->prepared[link].own.code ? &filter->prepared[link].own : NULL;
}

/* libpcap knows the address families of the host that it runs on, and no other byte order. */
static void bare_null(const struct wc_filter *filter, struct wc_frame *bare)
{
	struct wc_cursor cursor = {bare->bytes, bare->bytes + bare->captured};
	int type = wc_link_step(&cursor, WC_LINK_NULL);
	const uint32_t family = type == TYPE_IPV4 ? AF_INET : AF_INET6;

	if (type != TYPE_IPV4 && type != TYPE_IPV6)
		return;
	memcpy(filter->copy, bare->bytes, bare->captured);
	memcpy(filter->copy, &family, sizeof(family));
	bare->bytes = filter->copy;
}

/* Returns @frame as a program for frames without tags is to see it, partly in the copy. */
static struct wc_frame bare_of(const struct wc_filter *filter, const struct wc_frame *frame)
{
	struct wc_frame bare = *frame;
	uint32_t tags;

	if (bare.captured > FRAME_MAX)
		bare.captured = FRAME_MAX;
	if (bare.link == WC_LINK_NULL) {
		bare_null(filter, &bare);
		return bare;
	}
	tags = (uint32_t)wc_link_untag(filter->copy, bare.bytes, bare.captured,
				       (enum wc_link)bare.link);
	if (tags) {
		bare.bytes = filter->copy;
		bare.captured -= tags;
		bare.length -= bare.length < tags ? bare.length : tags;
	}
	return bare;
}

static bool pass(const struct wc_program *program, const struct wc_frame *frame)
{
	return wc_program_pass(program, frame->bytes, frame->captured, frame->length,
			       (enum wc_origin)frame->origin);
}

static bool judge(const struct wc_filter *filter, const struct wc_frame *frame,
		  const struct wc_frame *bare)
{
	const struct prepared *prepared = &filter->prepared[frame->link];

	return pass(&prepared->user, filter->sees_tags ? frame : bare) &&
	       (pass(&prepared->own, bare) || wc_filter_is_cut(bare));
}

bool wc_filter_pass(struct wc_filter *filter, const struct wc_frame *frame)
{
	struct wc_frame bare = bare_of(filter, frame);

	return judge(filter, frame, &bare);
}

static bool can_have_tags(const struct wc_frame *frame)
{
	return frame->link == WC_LINK_ETHERNET || frame->link == WC_LINK_SLL ||
	       frame->link == WC_LINK_SLL2;
}

bool wc_filter_pass_tagged(struct wc_filter *filter, const struct wc_frame *frame)
{
	struct wc_cursor cursor = {frame->bytes, frame->bytes + frame->captured};
	struct wc_frame bare;

	if (!can_have_tags(frame))
		return true;
	/* One cut short is a tag, though nothing can be taken away. */
	if (wc_link_step(&cursor, (enum wc_link)frame->link) == WC_LINK_CUT)
		return judge(filter, frame, frame);
	bare = bare_of(filter, frame);
	return bare.bytes == frame->bytes || judge(filter, frame, &bare);
}
