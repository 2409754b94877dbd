/*
 * options.h - the one table of options
 *
 * Command line, daemon configuration and collectd plugin read the same table,
 * each in its own spelling: --five-tuple, five_tuple, FiveTuple. A row names
 * the field of struct wc_options it fills, so that parser, bounds, default and
 * help cannot drift apart. Other structs can have tables of their own, worked by
 * the same functions.
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
	WC_OPTION_PATH,      /* the same: an absolute path */
	WC_OPTION_TEXTS,     /* struct wc_texts, owned; the option may be repeated */
	WC_OPTION_ADDRESS,   /* struct wc_address */
	WC_OPTION_ADDRESSES, /* struct wc_addresses, owned; may be repeated */
	WC_OPTION_NETWORKS,  /* struct wc_networks, owned; may be repeated */
	WC_OPTION_SERVICES,  /* struct wc_services, owned: tcp/443; may be repeated */
};

/* Where an option has a meaning: bits of wc_option.scope in wc_option_table. */
enum {
	WC_SCOPE_READ = 1,   /* wirecensus read */
	WC_SCOPE_LIVE = 2,   /* wirecensus live */
	WC_SCOPE_DAEMON = 4, /* a capture section of the daemon */
	WC_SCOPE_PLUGIN = 8, /* a <Capture> block of the collectd plugin */
	WC_SCOPE_RUN = 16,   /* wirecensus daemon */
	/* What asks a running daemon: wirecensus show, status, dump, reload. */
	WC_SCOPE_SHOW = 32,
	WC_SCOPE_STATUS = 64,
	WC_SCOPE_DUMP = 128,
	WC_SCOPE_RELOAD = 256,
	WC_SCOPE_REPORT = 512, /* wirecensus report */
	WC_SCOPE_HISTORY = 1024,
};

/* Under which heading an option stands in the help. */
enum wc_option_group {
	WC_GROUP_CAPTURE,
	WC_GROUP_COUNT,
	WC_GROUP_RUN,
	WC_GROUP_ASK,
	WC_GROUP_SHOW,
	WC_GROUPS
};

/* How one name is written: five_tuple, five-tuple, FiveTuple. */
enum wc_spelling { WC_SPELLING_SNAKE, WC_SPELLING_DASHED, WC_SPELLING_CAMEL, WC_SPELLINGS };

/* Room for any option's name in any spelling, its NUL included. */
#define WC_OPTION_NAME 32

enum wc_engine { WC_ENGINE_AUTO, WC_ENGINE_KERNEL, WC_ENGINE_RING, WC_ENGINE_PCAP };

/* Where the kernel engine counts: at a socket, at the interface behind XDP, or before. */
enum wc_attach { WC_ATTACH_SOCKET, WC_ATTACH_TCX, WC_ATTACH_XDP, WC_ATTACH_XDP_GENERIC };

enum wc_output { WC_FORMAT_TEXT, WC_FORMAT_JSON };

/* What becomes of a system call that the daemon has no use for. */
enum wc_seccomp {
	WC_SECCOMP_ON,  /* it ends the process */
	WC_SECCOMP_LOG, /* the kernel logs it */
	WC_SECCOMP_OFF, /* nothing */
};

/* How a scanner is told: by what became of its attempts, too, or by port changes alone. */
enum wc_scan_mode { WC_SCAN_DEFAULT, WC_SCAN_PLAIN };

/* How hourly rates are worked out: ours, or exactly as Net::Connection::Sniffer did. */
enum wc_rate_mode { WC_RATE_DEFAULT, WC_RATE_NCS };

struct wc_texts {
	char **items;
	size_t count;
};

struct wc_addresses {
	struct wc_address *items;
	size_t count;
};

struct wc_networks {
	struct wc_network *items;
	size_t count;
};

struct wc_service {
	uint8_t protocol; /* 6 or 17 */
	uint16_t port;
};

struct wc_services {
	struct wc_service *items;
	size_t count;
};

/* As many rows as the command is used to: a number that cannot be given. */
#define WC_ROWS_FITTING UINT64_MAX

struct wc_options {
	/* What is captured. */
	struct wc_texts interface;
	int engine; /* enum wc_engine */
	int attach; /* enum wc_attach */
	bool drop_echo;
	bool exclude_local_sources;
	bool promiscuous;
	char *filter;
	struct wc_address to; /* version 0: not given */
	uint64_t snaplen;     /* 0: fitting */
	uint64_t buffer;      /* 0: fitting */
	char *match;          /* bytes that a frame must have, or must not have; NULL: any */
	char *no_match;
	uint64_t payload_offset; /* from which on they are looked for */

	/* How it is counted. */
	struct wc_addresses local_address;
	struct wc_networks local_net; /* empty: the private ones */
	bool five_tuple;
	bool fold_internet;
	bool names;                  /* reverse DNS */
	struct wc_texts name_server; /* ADDRESS or ADDRESS:PORT; empty: those of resolv.conf(5) */
	struct wc_services serve;
	uint64_t conversations, hosts; /* bounds, WC_ROWS_FITTING, or 0 for none */
	uint64_t idle;                 /* seconds */
	uint64_t scanner_threshold;    /* port changes or hosts in an hour */
	struct wc_networks scanner_ignore;
	int scanner_mode; /* enum wc_scan_mode */
	int rate_mode;    /* enum wc_rate_mode */

	/* How the daemon runs. */
	char *config; /* its configuration; NULL: the one in /etc */
	bool check;   /* only read it */
	bool print;   /* and show what it means */
	int seccomp;  /* enum wc_seccomp */

	/* What a running daemon is asked. */
	char *control; /* its socket */
	char *capture; /* one of its captures; NULL: all */
	bool total;    /* since the start */
	bool reset;    /* begin anew */

	/* What the journal is asked. */
	char *journal; /* its file, or the daemon's state directory */
	uint64_t last; /* seconds; 0: not given */
	char *since, *until;
	uint64_t step; /* seconds; 0: all of it as one */

	/* How long a report is good for. */
	char *cache;      /* a file; NULL: it is made anew */
	uint64_t refresh; /* seconds */

	/* How it is shown. */
	uint64_t interval; /* seconds */
	uint64_t count;    /* 0: unlimited */
	uint64_t top;
	char *ipfix; /* a file to write */
	int format;  /* enum wc_output */
	bool verbose;

	enum wc_spelling spelling; /* of these names where they were given: for sentences */
};

struct wc_option {
	const char *name; /* five_tuple; NULL ends the table */
	char letter;      /* -i, or 0 */
	bool restart;     /* a running daemon cannot change it */
	enum wc_option_type type;
	enum wc_option_group group;
	unsigned scope;             /* bits; what they mean is the table's own */
	size_t offset;              /* of the field in the struct that the table is for */
	uint64_t min, max;          /* of a number, a size, or seconds */
	const char *fallback;       /* the default, as a user would write it; NULL for none */
	uint64_t unset;             /* what a number is when not given and without a default */
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
int wc_networks_add(struct wc_networks *networks, const struct wc_network *network,
		    struct wc_error *error);
void wc_networks_free(struct wc_networks *networks);
int wc_services_add(struct wc_services *services, const struct wc_service *service,
		    struct wc_error *error);
void wc_services_free(struct wc_services *services);

/* The table of struct wc_options. Every table is ended by a row without a name. */
extern const struct wc_option wc_option_table[];

/*
 * Finds the option of @table that @name spells in any of the three ways, without
 * leading dashes. Returns NULL when there is none in @scope.
 */
const struct wc_option *wc_option_find_in(const struct wc_option *table, const char *name,
					  unsigned scope);
const struct wc_option *wc_option_find(const char *name, unsigned scope); /* in wc_option_table */

/* Writes the name of @option as @spelling has it. Returns @name. */
const char *wc_option_spell(const struct wc_option *option, enum wc_spelling spelling,
			    char name[static WC_OPTION_NAME]);

/* True if @option may be given more than once: its field is a list. */
bool wc_option_repeats(const struct wc_option *option);

/*
 * Sets the field of one option in the struct at @fields from @text; a flag takes yes,
 * no, true, false, on, off, or NULL for yes. @as is how the user wrote the name, for
 * the sentence. Returns 0, WC_INVALID with a sentence that names the option, what was
 * given and what is allowed, or WC_FAILED (memory); the field is unchanged unless it
 * returns 0.
 */
int wc_option_set(void *fields, const struct wc_option *option, const char *as, const char *text,
		  struct wc_error *error);

/*
 * Fills in the defaults of every row of @table in the struct at @fields, whose other
 * members it leaves alone. Free with wc_option_clear(), which leaves zeros in the
 * fields. Returns 0 or WC_FAILED (memory).
 */
int wc_option_defaults(void *fields, const struct wc_option *table, struct wc_error *error);
void wc_option_clear(void *fields, const struct wc_option *table);

/* The same for struct wc_options, with the same results. */
int wc_options_init(struct wc_options *options, struct wc_error *error);
void wc_options_free(struct wc_options *options);
int wc_options_set(struct wc_options *options, const struct wc_option *option, const char *as,
		   const char *text, struct wc_error *error);

/*
 * Writes the name of the option called @name as whoever gave @options writes it: --five-tuple,
 * five_tuple, FiveTuple. Returns @text.
 */
const char *wc_options_name(const struct wc_options *options, const char *name,
			    char text[static WC_OPTION_NAME + 2]);

#endif /* WC_OPTIONS_H */
