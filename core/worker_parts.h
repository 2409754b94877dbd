/*
 * worker_parts.h - what a worker is made of: for worker.c and worker_thread.c only
 */
#ifndef WC_WORKER_PARTS_H
#define WC_WORKER_PARTS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memo.h"
#include "packet.h"
#include "source.h"
#include "tables.h"
#include "worker.h"

/* The longest text about a worker, its NUL included: a filter may be long. */
#define WC_WORKER_TEXT 8192

struct wc_worker {
	/* The packet path. */
	struct wc_memo memo;
	const struct wc_match *match; /* NULL: every frame is counted */
	const struct wc_local *local; /* the host's */
	struct wc_tables *tables;
	struct wc_packet *next; /* where in the batch */
	struct wc_packet batch[WC_TABLES_BATCH];
	int64_t first_ns, last_ns;

	struct wc_source *source;
	struct wc_host *host;
	struct wc_source_stats stats;

	/* The thread. */
	pthread_t thread;
	bool started;
	int wake; /* eventfd(2): something is asked */
	atomic_bool asked, stopping;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool standing, ended; /* under lock */

	/* For whoever asks how it stands; under lock. */
	struct wc_worker_state state;
	char text[WC_WORKER_TEXT];
	unsigned told; /* the source's news that this has; the thread's own */
};

/* Tells whoever may ask how the worker stands. Seldom: when that has changed. */
void wc_worker_tell(struct wc_worker *worker);

#endif /* WC_WORKER_PARTS_H */
