/*
 * escape.h - hostile text made harmless, once for each output format
 *
 * File names and interface names may hold any byte. Nothing that comes out of
 * here ends a field, a line or a string early, or moves a terminal's cursor.
 */
#ifndef WC_ESCAPE_H
#define WC_ESCAPE_H

struct wc_buffer; /* buffer.h */

/*
 * Adds @text as a JSON string (RFC 8259) with its quotes: valid UTF-8. Control
 * characters (C0, DEL, C1) and line separators come as \uXXXX, bytes that are
 * not UTF-8 as \ufffd.
 */
void wc_escape_json(struct wc_buffer *buffer, const char *text);

/*
 * Adds @text for a terminal: printable UTF-8 as it is, every byte of anything
 * else (controls, what turns the writing direction, what is not UTF-8) as \xHH.
 * For eyes, not for reading back: a backslash stays one.
 */
void wc_escape_terminal(struct wc_buffer *buffer, const char *text);

/*
 * Adds @text as the value of a label of Prometheus, without quotes: valid UTF-8. Every byte
 * of anything that is not printable stands as \\xHH, which is read back as \xHH.
 */
void wc_escape_label(struct wc_buffer *buffer, const char *text);

#endif /* WC_ESCAPE_H */
