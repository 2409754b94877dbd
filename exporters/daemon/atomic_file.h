/*
 * atomic_file.h - a file that is there as a whole, or as it was before
 */
#ifndef WC_ATOMIC_FILE_H
#define WC_ATOMIC_FILE_H

struct wc_buffer; /* buffer.h */
struct wc_error;  /* wirecensus/error.h */

/*
 * Writes @bytes to a new file of mode 0640 in the directory @folder, brings it to disk and
 * renames it to @name. What stood there, be it a symbolic link, another name of a file, a FIFO,
 * is replaced by it and never opened. Returns 0, or WC_FAILED with @error filled in, which
 * calls the file @path: then @name is as before.
 */
int wc_atomic_file_write(int folder, const char *name, const char *path,
			 const struct wc_buffer *bytes, struct wc_error *error);

#endif /* WC_ATOMIC_FILE_H */
