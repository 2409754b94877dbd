/*
 * ipfix_file.h - the census of files as an IPFIX file (RFC 5655), for read --ipfix
 */
#ifndef WC_IPFIX_FILE_H
#define WC_IPFIX_FILE_H

struct wc_context;  /* encode.h */
struct wc_error;    /* wirecensus/error.h */
struct wc_snapshot; /* wirecensus/snapshot.h */
struct wc_ipfix_file;

/*
 * Makes the file at @path, or empties an IPFIX file, and writes the templates of all kinds of
 * rows. Returns 0, WC_INVALID where this build has no IPFIX or a file of another format is in
 * its place, or WC_FAILED; with @error filled in.
 */
int wc_ipfix_file_open(struct wc_ipfix_file **file, const char *path, struct wc_error *error);

/* Appends one snapshot. Returns 0, or WC_FAILED with @error filled in. */
int wc_ipfix_file_write(struct wc_ipfix_file *file, const struct wc_context *context,
			const struct wc_snapshot *snapshot, struct wc_error *error);

/* Closes and frees; NULL is allowed. Returns 0, or WC_FAILED where the end was not written. */
int wc_ipfix_file_close(struct wc_ipfix_file *file, struct wc_error *error);

#endif /* WC_IPFIX_FILE_H */
