/*
 * report_cache.h - reports of one span and capture each, made anew when they are old
 *
 * Belongs to one thread at a time.
 */
#ifndef WC_REPORT_CACHE_H
#define WC_REPORT_CACHE_H

#include <stddef.h>
#include <stdint.h>

struct wc_context; /* encode.h */
struct wc_error;   /* wirecensus/error.h */
struct wc_picture; /* picture.h */
struct wc_report;  /* report.h */
struct wc_report_cache;

/* A span that can be asked for. */
struct wc_report_span {
	const char *name;
	int64_t step_s; /* between the points of its chart; 0: the daemon's interval */
	size_t steps;
	int64_t fresh_s; /* so long a report of it is kept; 0: as long as the interval's is the last
			  */
	unsigned refresh_s; /* when a reader may ask again; 0: each interval */
};

/* Returns the span of that name, or NULL. */
const struct wc_report_span *wc_report_span_find(const char *name);

/* What is asked for. */
struct wc_report_question {
	const struct wc_report_span *span;
	const struct wc_picture *picture;
	size_t capture;                   /* of the picture */
	const struct wc_context *context; /* with the rows at most in a table */
	unsigned tables;                  /* bits: 1 << enum wc_report_tables */
};

struct wc_report_cache *wc_report_cache_new(void); /* NULL: no memory */
void wc_report_cache_free(struct wc_report_cache *cache);

/*
 * Points @report to one that is fresh and lives until the next call, of all tables and as many
 * rows as when it was made; NULL where nothing is known yet. Returns 0 or a negative code with
 * @error filled in.
 */
int wc_report_cache_get(struct wc_report_cache *cache, const struct wc_report_question *question,
			const struct wc_report **report, struct wc_error *error);

/* Makes one that is nobody else's, to be freed with wc_report_free(). Results as above. */
int wc_report_cache_make(struct wc_report_cache *cache, const struct wc_report_question *question,
			 struct wc_report **report, struct wc_error *error);

#endif /* WC_REPORT_CACHE_H */
