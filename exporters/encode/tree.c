#include "tree.h"

#include <netinet/in.h>
#include <stdlib.h>

#include "exporter_options.h"
#include "heard.h"
#include "messages.h"
#include "place.h"
#include "rows.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

struct tree {
	const struct wc_exporter_options *options;
};

/* Which of the three folders a conversation belongs to. */
static const char *folder(const struct wc_conversation_row *row)
{
	switch (row->direction) {
	case WC_DIRECTION_IN:
		return "in";
	case WC_DIRECTION_OUT:
		return "out";
	default:
		return "else";
	}
}

static bool is_hidden(const struct wc_services *hide, const struct wc_conversation_row *row)
{
	for (size_t i = 0; i < hide->count; i++)
		if (hide->items[i].protocol == row->protocol && hide->items[i].port == row->port)
			return true;
	return false;
}

static bool is_shown(const struct tree *tree, const struct wc_conversation_row *row)
{
	if (row->other || !wc_heard_conversation(row))
		return false;
	if (row->direction == WC_DIRECTION_OUT)
		return !is_hidden(&tree->options->hide, row);
	return row->direction == WC_DIRECTION_IN || !tree->options->leave_out_else;
}

/* A far end is known to be one by the direction; @far: whether this is it. */
static void add_end(struct wc_buffer *path, const struct tree *tree,
		    const struct wc_conversation_row *row, const struct wc_address *address,
		    bool far)
{
	char text[WC_ADDRESS_TEXT];
	bool folded = !tree->options->unfolded && far && row->scope == WC_SCOPE_INTERNET;

	if (!address->version || folded)
		wc_buffer_text(path, "INTERNET");
	else
		wc_buffer_text(path, wc_address_format(address, text));
	wc_buffer_text(path, "-");
}

static void add_path(struct wc_buffer *path, const struct tree *tree,
		     const struct wc_snapshot *snapshot, const struct wc_conversation_row *row)
{
	wc_buffer_text(path, folder(row));
	wc_buffer_text(path, row->protocol == IPPROTO_TCP ? "/tcp/" : "/udp/");
	add_end(path, tree, row, &row->client, row->direction == WC_DIRECTION_IN);
	if (snapshot->five_tuple && tree->options->unfolded)
		wc_buffer_number(path, row->client_port);
	else
		wc_buffer_text(path, "PORT");
	wc_buffer_text(path, "-");
	add_end(path, tree, row, &row->server, row->direction == WC_DIRECTION_OUT);
	wc_buffer_number(path, row->port);
}

static int encode(void *state, const struct wc_context *context, const struct wc_snapshot *snapshot,
		  struct wc_messages *messages, struct wc_error *error)
{
	const struct tree *tree = state;

	(void)context;
	for (size_t i = 0; i < snapshot->conversation_rows; i++) {
		if (!is_shown(tree, &snapshot->conversations[i]))
			continue;
		add_path(&messages->bytes, tree, snapshot, &snapshot->conversations[i]);
		wc_messages_end(messages, 1);
	}
	if (messages->bytes.failed)
		return wc_error_no_memory(error, "for a tree");
	return WC_OK;
}

static int begin(void **state, const struct wc_exporter_options *options,
		 const struct wc_framing *framing, struct wc_error *error)
{
	struct tree *made = malloc(sizeof(*made));

	(void)framing;
	if (!made)
		return wc_error_no_memory(error, "for a tree");
	made->options = options;
	*state = made;
	return WC_OK;
}

static int check(const struct wc_selection *selection, const struct wc_framing *framing,
		 struct wc_error *error)
{
	(void)framing;
	if (selection->kinds != WC_ROWS_CONVERSATION || selection->top != WC_TOP_ALL)
		return wc_error_set(error, WC_INVALID,
				    "a tree shows conversations, all of them: leave out rows and "
				    "top");
	return WC_OK;
}

const struct wc_format wc_format_tree = {
	.name = "tree",
	.summary = "a folder with an empty file for each kind of connection, for firewall rules",
	.places = 1U << WC_PLACE_TREE,
	.rows = WC_ROWS_CONVERSATION,
	.top = WC_TOP_ALL,
	.interval = 60,
	.check = check,
	.open = begin,
	.encode = encode,
	.close = free,
};
