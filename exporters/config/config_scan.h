/*
 * config_scan.h - the outline of a file, before libconfuse reads its values
 *
 * libconfuse ends at the first name that it does not know, and does not tell on which
 * line an option stands. So the names are looked at before, all of them, and what
 * must not stand where it does is replaced by blanks.
 */
#ifndef WC_CONFIG_SCAN_H
#define WC_CONFIG_SCAN_H

struct wc_judge; /* config_judge.h */

enum wc_scan_end {
	WC_SCAN_WHOLE,   /* to the end of the text */
	WC_SCAN_STOPPED, /* where it is not grammar; libconfuse can say what was expected */
	WC_SCAN_TOLD,    /* the same, and there is a complaint */
};

/*
 * Reads the names of @text, which ends with a NUL, into @judge's outline, and blanks
 * comments and what is refused. @line: where it ended.
 */
enum wc_scan_end wc_config_scan(char *text, struct wc_judge *judge, unsigned *line);

#endif /* WC_CONFIG_SCAN_H */
