/*
 * naming.h - the names of hosts for everyone in the daemon who shows some
 *
 * One look-up thread (names.h) and, as a struct wc_naming belongs to one thread,
 * one of those for each who asks. The look-ups can be exchanged while others use them.
 */
#ifndef WC_NAMING_H
#define WC_NAMING_H

struct wc_config; /* config.h */
struct wc_error;  /* wirecensus/error.h */
struct wc_naming; /* encode.h */
struct wc_naming_source;

/* Makes a source that knows no names. NULL: memory is short. */
struct wc_naming_source *wc_naming_source_new(void);
void wc_naming_source_free(struct wc_naming_source *source);

/*
 * Looks names up as @config says: at all, if one of its captures asks for it, and at the
 * servers that those name. Returns 0, or a negative code with @error filled in, and what was
 * before goes on.
 */
int wc_naming_source_use(struct wc_naming_source *source, const struct wc_config *config,
			 struct wc_error *error);

/* Makes a view of @source for one thread, to be freed before it; NULL when memory is short. */
struct wc_naming *wc_naming_new(struct wc_naming_source *source);
void wc_naming_free(struct wc_naming *naming);

#endif /* WC_NAMING_H */
