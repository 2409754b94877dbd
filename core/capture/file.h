/*
 * file.h - frames out of capture files
 *
 * pcap and pcapng by a reader of our own: libpcap refuses files of several
 * link types, and copies each frame.
 */
#ifndef WC_FILE_H
#define WC_FILE_H

struct wc_error; /* wirecensus/error.h */
struct wc_filter;
struct wc_source;

/*
 * Opens @path, "-" for standard input. Frames that @filter, which may be NULL
 * and stays the caller's, refuses are not received. Returns 0 and a source; or
 * WC_FAILED with @error filled in: not readable, not a capture, or of link
 * types that are not decoded only.
 */
int wc_file_open(struct wc_source **source, const char *path, struct wc_filter *filter,
		 struct wc_error *error);

#endif /* WC_FILE_H */
