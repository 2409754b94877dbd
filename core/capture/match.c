#include "match.h"

#include <stdlib.h>

#include "link.h"
#include "needle.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

#define HEADER_MAX 20 /* Linux cooked, version 2 */
#define TAGS_MAX   (4 * WC_LINK_TAGS_MAX)

/*
 * So much of a frame with tags is copied without them: its header, and what a
 * needle that begins there reaches into.
 */
#define EDGE (HEADER_MAX + TAGS_MAX + WC_NEEDLE_MAX)

struct wc_match {
	size_t offset;
	bool wanted, unwanted; /* whether there is such a needle */
	struct wc_needle want, avoid;
};

static int compile(struct wc_needle *needle, bool *given, const struct wc_options *options,
		   const char *name, const char *text, struct wc_error *error)
{
	char option[WC_OPTION_NAME + 2];
	struct wc_error reason;
	int status;

	*given = text != NULL;
	if (!text)
		return WC_OK;
	status = wc_needle_compile(needle, text, &reason);
	if (status)
		wc_error_set(error, status, "%s: %s", wc_options_name(options, name, option),
			     reason.text);
	return status;
}

int wc_match_open(struct wc_match **match, const struct wc_options *options, struct wc_error *error)
{
	struct wc_match *made;
	int status;

	*match = NULL;
	if (!options->match && !options->no_match)
		return WC_OK;
	made = malloc(sizeof(*made));
	if (!made)
		return wc_error_set(error, WC_FAILED,
				    "there is no memory left for a payload filter");
	made->offset = options->payload_offset;
	status = compile(&made->want, &made->wanted, options, "match", options->match, error);
	if (!status)
		status = compile(&made->avoid, &made->unwanted, options, "no_match",
				 options->no_match, error);
	if (status)
		wc_match_free(made);
	else
		*match = made;
	return status;
}

void wc_match_free(struct wc_match *match)
{
	free(match);
}

/* A frame without its tags: a copy of its first bytes, and where it goes on. */
struct view {
	const uint8_t *first;
	size_t first_size;
	const uint8_t *whole; /* good only behind the header; NULL: all is in first */
	size_t whole_size;
};

static bool is_behind(const struct wc_needle *needle, const uint8_t *bytes, size_t size,
		      size_t offset)
{
	return offset < size && wc_needle_is_in(needle, bytes + offset, size - offset);
}

static bool is_in(const struct wc_needle *needle, const struct view *view, size_t offset)
{
	/* What begins before this was found in the copy, if it is there at all. */
	size_t searched = view->first_size - (needle->size - 1);

	if (is_behind(needle, view->first, view->first_size, offset))
		return true;
	return view->whole && is_behind(needle, view->whole, view->whole_size,
					offset > searched ? offset : searched);
}

bool wc_match_pass(const struct wc_match *match, const struct wc_frame *frame)
{
	size_t size = frame->captured, copied = size < EDGE ? size : EDGE;
	uint8_t edge[EDGE];
	size_t tags = wc_link_untag(edge, frame->bytes, copied, frame->link);
	struct view view = {frame->bytes, size, NULL, 0};

	if (tags)
		view = (struct view){edge, copied - tags,
				     copied < size ? frame->bytes + tags : NULL, size - tags};
	return (!match->wanted || is_in(&match->want, &view, match->offset)) &&
	       !(match->unwanted && is_in(&match->avoid, &view, match->offset));
}
