/*
 * control_show.h - the verb `show`: tables of what was counted, and of what runs
 *
 * Encoders make the bytes, so that a table looks as it does in `live`, and a JSON row
 * as an exporter sends it.
 */
#ifndef WC_CONTROL_SHOW_H
#define WC_CONTROL_SHOW_H

struct wc_buffer;   /* buffer.h */
struct wc_error;    /* wirecensus/error.h */
struct wc_question; /* control_verbs.h */

#define WC_SHOW_LIST                                                                               \
	"totals, ports, protocols, ethertypes, conversations, hosts, scanners, loss, exporters, "  \
	"captures"

/* More rows of JSON than these, some 80 MB, are not put into one answer. */
#define WC_SHOW_ROWS 200000

/* Answers question->operand, one of the list. Results as wc_verb.run. */
int wc_control_show_run(const struct wc_question *question, struct wc_buffer *body,
			struct wc_error *error);

#endif /* WC_CONTROL_SHOW_H */
