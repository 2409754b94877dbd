/*
 * A folder with an empty file for each message, which is its path: in, out or else,
 * then tcp or udp, then a name. Nothing outside the folder is touched: each step is
 * opened without following links, and a name has no '/' in it. There is a limit to the
 * files; once it is reached, new ones are left out and the file FULL says so, until
 * somebody has removed some.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "delivery.h"
#include "kinds.h"
#include "place.h"
#include "wirecensus/error.h"

#define FOLDER_MODE 0755
#define FILE_MODE   0644

#define FULL "FULL"

/* How often a full tree is looked at for files that went. */
#define RECOUNT_NS UINT64_C(60000000000)

static const char *const sides[] = {"in", "out", "else"};
static const char *const transports[] = {"tcp", "udp"};

#define SIDES      (sizeof(sides) / sizeof(*sides))
#define TRANSPORTS (sizeof(transports) / sizeof(*transports))

struct tree {
	struct wc_delivery delivery;
	struct wc_place place;
	bool opening, opened;
	int root;                       /* while open, else -1 */
	int folders[SIDES][TRANSPORTS]; /* the same */
	uint64_t files, limit, taken;
	uint64_t now_ns, recount_ns; /* when to count the files again */
};

static int fail(const struct tree *tree, const char *what, struct wc_error *error)
{
	return wc_error_set(error, WC_FAILED,
			    "%s: %s: %s; check the folder, its permissions and the disk",
			    tree->place.text, what, strerror(errno));
}

static void stop(struct tree *tree)
{
	for (size_t i = 0; i < SIDES * TRANSPORTS; i++) {
		int *folder = &tree->folders[i / TRANSPORTS][i % TRANSPORTS];

		if (*folder >= 0)
			close(*folder);
		*folder = -1;
	}
	if (tree->root >= 0)
		close(tree->root);
	tree->root = -1;
	tree->opening = tree->opened = false;
}

/* Makes and opens a folder in @parent. Returns its descriptor, or -1 with errno set. */
static int open_folder(int parent, const char *name)
{
	if (mkdirat(parent, name, FOLDER_MODE) && errno != EEXIST)
		return -1;
	return openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Counts the files of @folder. Returns false with errno set. */
static bool count_files(struct tree *tree, int folder)
{
	int copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *listing = copy < 0 ? NULL : fdopendir(copy);

	if (!listing) {
		if (copy >= 0)
			close(copy);
		return false;
	}
	for (struct dirent *entry; (entry = readdir(listing));)
		tree->files += entry->d_name[0] != '.';
	closedir(listing);
	return true;
}

static int count_all(struct tree *tree, struct wc_error *error)
{
	tree->files = 0;
	tree->recount_ns = tree->now_ns + RECOUNT_NS;
	for (size_t i = 0; i < SIDES * TRANSPORTS; i++)
		if (!count_files(tree, tree->folders[i / TRANSPORTS][i % TRANSPORTS]))
			return fail(tree, "its files", error);
	if (tree->files < tree->limit)
		unlinkat(tree->root, FULL, 0);
	return WC_OK;
}

static int open_side(struct tree *tree, size_t side, struct wc_error *error)
{
	int folder = open_folder(tree->root, sides[side]);
	int status = folder < 0 ? fail(tree, sides[side], error) : WC_OK;

	for (size_t i = 0; i < TRANSPORTS && !status; i++) {
		tree->folders[side][i] = open_folder(folder, transports[i]);
		if (tree->folders[side][i] < 0)
			status = fail(tree, transports[i], error);
	}
	if (folder >= 0)
		close(folder);
	return status;
}

static int open_all(struct tree *tree, struct wc_error *error)
{
	int status = WC_OK;

	tree->root = open_folder(AT_FDCWD, tree->place.path);
	if (tree->root < 0)
		return fail(tree, "the folder", error);
	for (size_t i = 0; i < SIDES && !status; i++)
		status = open_side(tree, i, error);
	if (!status)
		status = count_all(tree, error);
	tree->opening = false;
	tree->opened = !status;
	return status;
}

/* Makes an empty file. Returns 1, 0 where it was there, or -1 with errno set. */
static int touch(int folder, const char *name)
{
	int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			FILE_MODE);

	if (fd < 0)
		return errno == EEXIST ? 0 : -1;
	close(fd);
	return 1;
}

/* Takes @word and the '/' behind it off @path. */
static bool skip_word(const char **path, const char *word)
{
	size_t length = strlen(word);

	if (strncmp(*path, word, length) != 0 || (*path)[length] != '/')
		return false;
	*path += length + 1;
	return true;
}

/* Finds the folder that @path begins with, and leaves the name. Returns it, or -1. */
static int find_folder(const struct tree *tree, const char **path)
{
	for (size_t side = 0; side < SIDES; side++) {
		if (!skip_word(path, sides[side]))
			continue;
		for (size_t i = 0; i < TRANSPORTS; i++)
			if (skip_word(path, transports[i]))
				return tree->folders[side][i];
		return -1;
	}
	return -1;
}

static void tree_open(struct wc_delivery *delivery, uint64_t now_ns)
{
	struct tree *tree = (struct tree *)delivery;

	tree->now_ns = now_ns;
	tree->opening = true;
	tree->taken = 0;
}

static enum wc_delivery_state tree_work(struct wc_delivery *delivery, uint64_t now_ns,
					struct wc_error *error)
{
	struct tree *tree = (struct tree *)delivery;

	int status = WC_OK;

	tree->now_ns = now_ns;
	if (tree->opening)
		status = open_all(tree, error);
	else if (tree->opened && tree->files >= tree->limit && now_ns >= tree->recount_ns)
		status = count_all(tree, error);
	if (status)
		stop(tree);
	return tree->opened ? WC_DELIVERY_OPEN : WC_DELIVERY_CLOSED;
}

static int tree_send(struct wc_delivery *delivery, const void *message, size_t length,
		     struct wc_error *error)
{
	struct tree *tree = (struct tree *)delivery;
	char path[NAME_MAX];
	const char *name = path;
	int folder, made;

	if (!tree->opened)
		return 0;
	if (length > delivery->longest) {
		stop(tree);
		return wc_delivery_too_long(delivery, &tree->place, length, error);
	}
	memcpy(path, message, length);
	path[length] = '\0';
	folder = find_folder(tree, &name);
	if (folder < 0 || !*name || *name == '.' || strchr(name, '/')) {
		stop(tree);
		return wc_error_set(error, WC_FAILED, "%s: a message is no path of a tree",
				    tree->place.text);
	}
	if (tree->files >= tree->limit && faccessat(folder, name, F_OK, AT_SYMLINK_NOFOLLOW)) {
		folder = tree->root;
		name = FULL;
	}
	made = touch(folder, name);
	if (made < 0) {
		int status = fail(tree, name, error);

		stop(tree);
		return status;
	}
	tree->files += made && folder != tree->root;
	tree->taken++;
	return 1;
}

static uint64_t tree_confirmed(struct wc_delivery *delivery)
{
	return ((struct tree *)delivery)->taken;
}

static size_t tree_wait(struct wc_delivery *delivery, struct pollfd *fds, uint64_t *deadline_ns)
{
	(void)fds;
	*deadline_ns = ((struct tree *)delivery)->opening ? 0 : WC_DELIVERY_NEVER;
	return 0;
}

static void tree_close(struct wc_delivery *delivery)
{
	stop((struct tree *)delivery);
}

static void tree_free(struct wc_delivery *delivery)
{
	struct tree *tree = (struct tree *)delivery;

	stop(tree);
	wc_place_free(&tree->place);
	free(tree);
}

static const struct wc_delivery_ops tree_ops = {
	.open = tree_open,
	.work = tree_work,
	.send = tree_send,
	.confirmed = tree_confirmed,
	.wait = tree_wait,
	.close = tree_close,
	.free = tree_free,
};

int wc_tree_new(struct wc_delivery **delivery, struct wc_place *place,
		const struct wc_delivery_settings *settings, struct wc_error *error)
{
	struct tree *tree = calloc(1, sizeof(*tree));

	if (!tree)
		return wc_error_set(error, WC_FAILED, "%s: no memory for a delivery", place->text);
	tree->delivery = (struct wc_delivery){&tree_ops, NAME_MAX - 1};
	tree->place = *place;
	tree->limit = settings->files;
	tree->root = -1;
	memset(tree->folders, -1, sizeof(tree->folders));
	*delivery = &tree->delivery;
	return WC_OK;
}
