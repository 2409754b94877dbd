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
 * and stays the caller's, refuses are not received; those of links that are not
 * decoded pass any filter. Waits for the first bytes of a pipe. Returns 0 and a
 * source; or, with @error filled in, WC_FAILED: not readable, not a capture, or of
 * link types that are not decoded only; or WC_INVALID: the filter has no meaning
 * on its link.
 *
 * Its run() is idle where a pipe has nothing for 100 ms, and after a batch that
 * the filter refused whole: it is to be asked again. A pcapng file tells its link
 * types on the way; when none was decoded it ends as a damaged one does.
 */
int wc_file_open(struct wc_source **source, const char *path, struct wc_filter *filter,
		 struct wc_error *error);

#endif /* WC_FILE_H */
