/*
 * directory.h - directories of the daemon, and whose they are
 */
#ifndef WC_DIRECTORY_H
#define WC_DIRECTORY_H

struct wc_error;    /* wirecensus/error.h */
struct wc_identity; /* privileges.h */

/*
 * Opens the directory at @path, which is made, for its owner and group only, when nothing
 * but its last part is missing. It belongs to @owner from then on, if this process may
 * give it away. Returns a descriptor, or WC_FAILED with @error filled in.
 */
int wc_directory_open(const char *path, const struct wc_identity *owner, struct wc_error *error);

/*
 * Makes the directory that the file at @path lies in, as above, if it is not there; one that is
 * there stays whose it is. Returns 0, or WC_FAILED with @error filled in.
 */
int wc_directory_of(const char *path, const struct wc_identity *owner, struct wc_error *error);

/* Gives what @fd stands for to @owner, if this process is root's. Returns 0, or -1 and errno. */
int wc_directory_give(int fd, const struct wc_identity *owner);

#endif /* WC_DIRECTORY_H */
