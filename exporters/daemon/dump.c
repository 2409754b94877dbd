#include "dump.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atomic_file.h"
#include "board.h"
#include "buffer.h"
#include "config.h"
#include "dump_json.h"
#include "dump_perl.h"
#include "encode.h"
#include "escape.h"
#include "wirecensus/error.h"
#include "wirecensus/hits.h"
#include "wirecensus/snapshot.h"

#define MODE_FOLDER 0750

struct capture {
	char *name;
	struct wc_hits *hits;
};

struct wc_dump {
	struct capture *captures;
	size_t count;
};

struct wc_dump *wc_dump_new(void)
{
	return calloc(1, sizeof(struct wc_dump));
}

void wc_dump_forget(struct wc_dump *dump)
{
	for (size_t i = 0; i < dump->count; i++) {
		free(dump->captures[i].name);
		wc_hits_free(dump->captures[i].hits);
	}
	free(dump->captures);
	*dump = (struct wc_dump){0};
}

void wc_dump_free(struct wc_dump *dump)
{
	if (!dump)
		return;
	wc_dump_forget(dump);
	free(dump);
}

static struct wc_hits *find_hits(const struct wc_dump *dump, const char *name)
{
	for (size_t i = 0; i < dump->count; i++)
		if (!strcmp(dump->captures[i].name, name))
			return dump->captures[i].hits;
	return NULL;
}

/* Returns NULL when memory is short. */
static struct wc_hits *add_hits(struct wc_dump *dump, const char *name)
{
	struct capture *grown =
		realloc(dump->captures, (dump->count + 1) * sizeof(*dump->captures));
	struct capture added = {NULL, NULL};

	if (!grown)
		return NULL;
	dump->captures = grown;
	added.name = strdup(name);
	added.hits = wc_hits_new();
	if (!added.name || !added.hits) {
		free(added.name);
		wc_hits_free(added.hits);
		return NULL;
	}
	dump->captures[dump->count++] = added;
	return added.hits;
}

void wc_dump_count(struct wc_dump *dump, const struct wc_snapshot *snapshot)
{
	struct wc_hits *hits = find_hits(dump, snapshot->capture);
	struct wc_counts sum = wc_totals_sum(&snapshot->delta);

	if (!hits)
		hits = add_hits(dump, snapshot->capture);
	if (hits)
		wc_hits_add(hits, sum.packets, sum.bytes, snapshot->length_ns);
}

/* What is being written, and how it goes. */
struct writing {
	const struct wc_dump *dump;
	const struct wc_board *board;
	int folder;
	struct wc_buffer *said;
	struct wc_error *error;
	int status; /* of the first failure */
};

static void add_file_name(struct wc_buffer *name, const char *text)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";

	for (size_t i = 0; text[i]; i++)
		if (strchr(plain, text[i]) && (i || text[i] != '.'))
			wc_buffer_add(name, text + i, 1);
		else
			wc_buffer_format(name, "%%%02x", (unsigned char)text[i]);
}

/* Adds what the path of a file begins with to @path; returns where its name does. */
static size_t begin_path(struct wc_buffer *path, const struct writing *writing)
{
	wc_buffer_text(path, writing->board->config->daemon.dump_path);
	wc_buffer_text(path, "/");
	return path->length;
}

static int write_named(const struct writing *writing, const struct wc_buffer *path, size_t name,
		       const struct wc_buffer *bytes, struct wc_error *error)
{
	if (path->failed || bytes->failed)
		return wc_error_no_memory(error, "for a dump file");
	return wc_atomic_file_write(writing->folder, path->data + name, path->data, bytes, error);
}

static void write_file(struct writing *writing, const char *capture, const char *ending,
		       const struct wc_dump_facts *facts, wc_dump_encoder *encode)
{
	const struct wc_context *context = writing->board->context;
	struct wc_buffer path = {0}, bytes = {0};
	size_t name = begin_path(&path, writing);
	struct wc_error error;
	int status;

	add_file_name(&path, context->host);
	wc_buffer_text(&path, ".");
	add_file_name(&path, capture);
	wc_buffer_text(&path, ending);
	wc_buffer_add(&path, "", 1);
	encode(&bytes, context, facts);
	status = write_named(writing, &path, name, &bytes, &error);
	if (!status) {
		wc_escape_terminal(writing->said, path.data);
		wc_buffer_text(writing->said, "\n");
	} else if (!writing->status) {
		writing->status = wc_error_set(writing->error, status, "%s", error.text);
	}
	wc_buffer_free(&path);
	wc_buffer_free(&bytes);
}

static void write_capture(struct writing *writing, const struct wc_board_capture *capture)
{
	const struct wc_hits *hits = find_hits(writing->dump, capture->name);
	struct wc_dump_facts facts = {
		.snapshot = capture->last,
		.started_ns = writing->board->started_ns,
		.options = capture->options,
	};

	if (!capture->last) {
		wc_escape_terminal(writing->said, capture->name);
		wc_buffer_text(writing->said, ": no interval has ended yet\n");
		return;
	}
	if (hits)
		facts.hits = wc_hits_read(hits);
	write_file(writing, capture->name, ".json", &facts, wc_dump_json_encode);
	if (writing->board->config->daemon.dump_perl)
		write_file(writing, capture->name, ".stats", &facts, wc_dump_perl_encode);
}

static int open_folder(const char *path, struct wc_error *error)
{
	int fd;

	if (!path) {
		wc_error_set(
			error, WC_INVALID,
			"there is no place for dump files: set path in the section dump, or state");
		return WC_INVALID;
	}
	mkdir(path, MODE_FOLDER); /* it may be there */
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return wc_error_set(error, WC_FAILED, "cannot write dump files to '%s': %m", path);
	return fd;
}

int wc_dump_write(const struct wc_dump *dump, const struct wc_board *board, struct wc_buffer *said,
		  struct wc_error *error)
{
	struct writing writing = {
		.dump = dump,
		.board = board,
		.folder = open_folder(board->config->daemon.dump_path, error),
		.said = said,
		.error = error,
	};

	if (writing.folder < 0)
		return writing.folder;
	for (size_t i = 0; i < board->capture_count; i++)
		write_capture(&writing, &board->captures[i]);
	close(writing.folder);
	return writing.status;
}
