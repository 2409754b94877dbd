/*
 * options.h - the one table of options
 *
 * Command line, daemon configuration and collectd plugin read the same table,
 * each in its own spelling: --five-tuple, five_tuple, FiveTuple. A row names
 * the field of struct wc_options it fills, so that parser, bounds, default and
 * help cannot drift apart.
 */
#ifndef WC_OPTIONS_H
#define WC_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wirecensus/address.h"

struct wc_error; /* wirecensus/error.h */

enum wc_option_type {
	WC_OPTION_FLAG,      /* bool */
	WC_OPTION_NUMBER,    /* uint64_t, within min and max */
	WC_OPTION_SIZE,      /* uint64_t bytes; K, M and G (1024) may follow */
	WC_OPTION_SECONDS,   /* uint64_t; s, m, h and d may follow */
	WC_OPTION_CHOICE,    /* int: an index into choices */
	WC_OPTION_TEXT,      /* char *, owned */
	WC_OPTION_TEXTS,     /* struct wc_texts, owned; the option may be repeated */
	WC_OPTION_ADDRESS,   /* struct wc_address */
	WC_OPTION_ADDRESSES, /* struct wc_addresses, owned; may be repeated */
};

/* Where an option has a meaning: bits of wc_option.scope. */
enum {
	WC_SCOPE_READ = 1,   /* wirecensus read */
	WC_SCOPE_LIVE = 2,   /* wirecensus live */
	WC_SCOPE_DAEMON = 4, /* a capture section of the daemon */
	WC_SCOPE_PLUGIN = 8, /* a <Capture> block of the collectd plugin */
};

enum wc_engine { WC_ENGINE_AUTO, WC_ENGINE_PCAP };
enum wc_format { WC_FORMAT_TEXT, WC_FORMAT_JSON };

struct wc_texts {
	char **items;
	size_t count;
};

struct wc_addresses {
	struct wc_address *items;
	size_t count;
};

struct wc_options {
	/* What is captured. */
	struct wc_texts interface;
	int engine; /* enum wc_engine */
	char *filter;
	bool exclude_local_sources;
	struct wc_address to; /* version 0: not given */
	bool promiscuous;
	uint64_t snaplen; /* 0: fitting */
	uint64_t buffer;  /* 0: fitting */

	/* How it is counted. */
	struct wc_addresses local_address;

	/* How it is shown. */
	uint64_t interval; /* seconds */
	uint64_t count;    /* 0: unlimited */
	uint64_t top;
	int format; /* enum wc_format */
	bool verbose;
};

struct wc_option {
	const char *name; /* five_tuple; NULL ends the table */
	char letter;      /* -i, or 0 */
	enum wc_option_type type;
	unsigned scope;
	size_t offset; /* of the field in struct wc_options */
	uint64_t min, max;
	const char *fallback;       /* the default, as a user would write it; NULL for none */
	const char *const *choices; /* ends with NULL */
	const char *argument;       /* its name in the help; NULL for a flag */
	const char *help;           /* one line */
};

/*
 * Appends a copy of @text, or of @address. Return 0, or WC_FAILED with @error
 * filled in when memory is short. The _free functions leave an empty list.
 */
int wc_texts_add(struct wc_texts *texts, const char *text, struct wc_error *error);
void wc_texts_free(struct wc_texts *texts);
int wc_addresses_add(struct wc_addresses *addresses, const struct wc_address *address,
		     struct wc_error *error);
void wc_addresses_free(struct wc_addresses *addresses);

/* The table, ended by a row without a name. */
extern const struct wc_option wc_option_table[];

/* Fills in the defaults. Free with wc_options_free(). Returns 0 or WC_FAILED (memory). */
int wc_options_init(struct wc_options *options, struct wc_error *error);
void wc_options_free(struct wc_options *options);

/*
 * Finds the option that @name spells in any of the three ways, without leading
 * dashes. Returns NULL when there is none in @scope.
 */
const struct wc_option *wc_option_find(const char *name, unsigned scope);

/*
 * Sets one option from @text; a flag takes yes, no, true, false, on, off, or
 * NULL for yes. Returns 0, or WC_INVALID with a sentence that names the
 * option, what was given and what is allowed; @options is then unchanged.
 */
int wc_options_set(struct wc_options *options, const struct wc_option *option, const char *text,
		   struct wc_error *error);

#endif /* WC_OPTIONS_H */
