/*
 * directory.h - directories of the daemon, and whose they are
 */
#ifndef WC_DIRECTORY_H
#define WC_DIRECTORY_H

struct wc_error;    /* wirecensus/error.h */
struct wc_identity; /* privileges.h */

/*
 * Opens the directory at @path, which is made, for its owner and group only, when nothing
 * but its last part is missing. If this process is root's, it belongs to @owner from then on;
 * one that is there must be his, or root's and not everybody's. Returns a descriptor, or
 * WC_FAILED with @error filled in.
 */
int wc_directory_open(const char *path, const struct wc_identity *owner, struct wc_error *error);

/*
 * Makes the directory that the file at @path lies in, as above, if it is not there; one that is
 * there stays whose it is. Returns 0, or WC_FAILED with @error filled in.
 */
int wc_directory_of(const char *path, const struct wc_identity *owner, struct wc_error *error);

#endif /* WC_DIRECTORY_H */
