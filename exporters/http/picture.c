#include "picture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "metrics_rows.h"

struct shared {
	struct wc_picture picture; /* first: what is handed out */
	atomic_uint holders;
};

struct wc_gallery {
	pthread_mutex_t lock; /* held for the exchange of a pointer */
	struct wc_picture *newest;
};

struct wc_picture *wc_picture_new(size_t captures, size_t exporters)
{
	struct shared *shared = calloc(1, sizeof(*shared));
	struct wc_picture *picture;

	if (!shared)
		return NULL;
	picture = &shared->picture;
	atomic_init(&shared->holders, 1);
	/* One more, because calloc may return NULL for none. */
	picture->captures = calloc(captures + 1, sizeof(*picture->captures));
	picture->exporters = calloc(exporters + 1, sizeof(*picture->exporters));
	if (!picture->captures || !picture->exporters) {
		wc_picture_drop(picture);
		return NULL;
	}
	picture->capture_count = captures;
	picture->exporter_count = exporters;
	return picture;
}

struct wc_picture *wc_picture_hold(struct wc_picture *picture)
{
	struct shared *shared = (struct shared *)picture;

	atomic_fetch_add_explicit(&shared->holders, 1, memory_order_relaxed);
	return picture;
}

void wc_picture_drop(struct wc_picture *picture)
{
	struct shared *shared = (struct shared *)picture;

	if (!shared || atomic_fetch_sub_explicit(&shared->holders, 1, memory_order_acq_rel) > 1)
		return;
	for (size_t i = 0; i < picture->capture_count; i++) {
		free(picture->captures[i].name);
		free(picture->captures[i].interface);
		free(picture->captures[i].description);
		wc_metrics_rows_free(picture->captures[i].rows);
	}
	for (size_t i = 0; i < picture->exporter_count; i++)
		free(picture->exporters[i].name);
	free(picture->captures);
	free(picture->exporters);
	free(picture->trouble);
	free(picture->instance);
	if (picture->release)
		picture->release(picture->arg);
	free(shared);
}

struct wc_gallery *wc_gallery_new(void)
{
	struct wc_gallery *gallery = calloc(1, sizeof(*gallery));

	if (gallery)
		pthread_mutex_init(&gallery->lock, NULL);
	return gallery;
}

void wc_gallery_free(struct wc_gallery *gallery)
{
	if (!gallery)
		return;
	wc_picture_drop(gallery->newest);
	pthread_mutex_destroy(&gallery->lock);
	free(gallery);
}

void wc_gallery_hang(struct wc_gallery *gallery, struct wc_picture *picture)
{
	struct wc_picture *old;

	pthread_mutex_lock(&gallery->lock);
	old = gallery->newest;
	gallery->newest = picture;
	pthread_mutex_unlock(&gallery->lock);
	wc_picture_drop(old);
}

struct wc_picture *wc_gallery_look(struct wc_gallery *gallery)
{
	struct wc_picture *newest;

	pthread_mutex_lock(&gallery->lock);
	newest = gallery->newest ? wc_picture_hold(gallery->newest) : NULL;
	pthread_mutex_unlock(&gallery->lock);
	return newest;
}
