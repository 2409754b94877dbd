#include "journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal_file.h"
#include "store.h"
#include "wirecensus/error.h"

static void free_journal(struct wc_journal *journal)
{
	wc_store_close(journal);
	wc_journal_file_release(journal->lock);
	wc_positions_free(&journal->positions);
	pthread_mutex_destroy(&journal->mutex);
	pthread_mutex_destroy(&journal->shared);
	free(journal->path);
	free(journal->vfs);
	free(journal->host);
	free(journal->instance);
	free(journal->version);
	free(journal);
}

static bool copy(char **to, const char *from)
{
	*to = from ? strdup(from) : NULL;
	return *to || !from;
}

static uint64_t held(uint64_t bound)
{
	return bound > INT64_MAX ? INT64_MAX : bound;
}

static struct wc_journal *make(const struct wc_journal_settings *settings)
{
	struct wc_journal *journal = calloc(1, sizeof(*journal));

	if (!journal)
		return NULL;
	journal->lock = -1;
	journal->size = held(settings->size);
	journal->undelivered = held(settings->undelivered);
	journal->age = held(settings->age);
	pthread_mutex_init(&journal->mutex, NULL);
	pthread_mutex_init(&journal->shared, NULL);
	if (copy(&journal->path, settings->path) && copy(&journal->vfs, settings->vfs) &&
	    copy(&journal->host, settings->host) && copy(&journal->instance, settings->instance) &&
	    copy(&journal->version, settings->version))
		return journal;
	free_journal(journal);
	return NULL;
}

int wc_journal_open(struct wc_journal **journal, const struct wc_journal_settings *settings,
		    char *notice, struct wc_error *error)
{
	struct wc_journal *made = make(settings);
	struct wc_error trouble;
	int status;

	*notice = '\0';
	if (!made)
		return wc_error_set(error, WC_FAILED, "no memory for the journal");
	status = wc_store_open(made, &trouble);
	if (status == WC_FAILED && made->patient) {
		snprintf(notice, WC_ERROR_SIZE, "%.900s; it is tried again with each interval",
			 trouble.text);
	} else if (status) {
		free_journal(made);
		return wc_error_set(error, (enum wc_status)status, "%s", trouble.text);
	} else {
		wc_journal_notice(made, notice);
	}
	*journal = made;
	return WC_OK;
}

void wc_journal_close(struct wc_journal *journal)
{
	if (journal)
		free_journal(journal);
}

int wc_journal_run(struct wc_journal *journal, const char *instance, struct wc_error *error)
{
	char *copied;

	if (!strcmp(journal->instance, instance))
		return WC_OK;
	copied = strdup(instance);
	if (!copied)
		return wc_error_no_memory(error, "for the journal");
	wc_store_enter(journal);
	free(journal->instance);
	journal->instance = copied;
	journal->run = 0;
	wc_store_leave(journal);
	return WC_OK;
}

void wc_journal_end_run(struct wc_journal *journal)
{
	atomic_store(&journal->ended, true);
}

bool wc_journal_notice(struct wc_journal *journal, char *notice)
{
	bool any;

	pthread_mutex_lock(&journal->mutex);
	any = journal->notice[0] != '\0';
	if (any)
		memcpy(notice, journal->notice, sizeof(journal->notice));
	journal->notice[0] = '\0';
	pthread_mutex_unlock(&journal->mutex);
	return any;
}

/* The position of @exporter in memory, or NULL when it cannot be kept there; the mutex is held. */
static const struct wc_journal_position *find_or_begin(struct wc_journal *journal,
						       const char *exporter)
{
	struct wc_journal_position begin = {WC_POSITIONS_AWAITED, UINT64_MAX, 0};

	if (wc_positions_find(&journal->positions, exporter))
		return wc_positions_find(&journal->positions, exporter);
	if (atomic_load(&journal->files))
		begin.sequence = atomic_load(&journal->last);
	if (!wc_positions_set(&journal->positions, exporter, &begin))
		return NULL;
	return wc_positions_find(&journal->positions, exporter);
}

int wc_journal_position(struct wc_journal *journal, const char *exporter,
			struct wc_journal_position *position, struct wc_error *error)
{
	const struct wc_journal_position *known;

	pthread_mutex_lock(&journal->mutex);
	known = find_or_begin(journal, exporter);
	if (known)
		*position = *known;
	pthread_mutex_unlock(&journal->mutex);
	if (!known)
		return wc_error_set(error, WC_FAILED, "no memory for the position of %s", exporter);
	if (position->sequence == WC_POSITIONS_AWAITED)
		return wc_error_set(error, WC_FAILED,
				    "the position of %s is not known: the journal %s could not be "
				    "opened yet",
				    exporter, journal->path);
	return WC_OK;
}

void wc_journal_note(struct wc_journal *journal, const char *exporter,
		     const struct wc_journal_position *position)
{
	pthread_mutex_lock(&journal->mutex);
	wc_positions_move(&journal->positions, exporter, position);
	pthread_mutex_unlock(&journal->mutex);
}

void wc_journal_forget_others(struct wc_journal *journal, const char *const *names, size_t count)
{
	pthread_mutex_lock(&journal->mutex);
	wc_positions_keep(&journal->positions, names, count);
	pthread_mutex_unlock(&journal->mutex);
}

uint64_t wc_journal_last(const struct wc_journal *journal)
{
	return atomic_load(&journal->last);
}

void wc_journal_state(const struct wc_journal *journal, struct wc_journal_state *state)
{
	/* A lock changes, whoever takes it. */
	pthread_mutex_t *mutex = (pthread_mutex_t *)&journal->mutex;

	pthread_mutex_lock(mutex);
	*state = journal->state;
	pthread_mutex_unlock(mutex);
}
