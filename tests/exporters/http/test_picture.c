/* Pictures are freed once, by whoever drops them last, while others look. */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "picture.h"
#include "suite.h"

#define PICTURES 2000
#define LOOKERS  3

static struct wc_gallery *gallery;
static atomic_uint released;
static atomic_bool done;

static void release(void *arg)
{
	ck_assert_ptr_eq(arg, &released);
	atomic_fetch_add(&released, 1);
}

static struct wc_picture *paint(uint64_t number)
{
	struct wc_picture *picture = wc_picture_new(2, 1);

	ck_assert_ptr_nonnull(picture);
	ck_assert_uint_eq(picture->capture_count, 2);
	ck_assert_uint_eq(picture->exporter_count, 1);
	picture->captures[1].name = strdup("b");
	picture->exporters[0].name = strdup("json/a");
	picture->trouble = strdup("");
	picture->waiting_intervals = picture->late_intervals = number;
	picture->release = release;
	picture->arg = &released;
	return picture;
}

START_TEST(test_held)
{
	struct wc_picture *first = paint(1), *held;

	gallery = wc_gallery_new();
	ck_assert_ptr_null(wc_gallery_look(gallery));
	wc_gallery_hang(gallery, first);
	held = wc_gallery_look(gallery);
	ck_assert_ptr_eq(held, first);
	wc_gallery_hang(gallery, paint(2));
	ck_assert_uint_eq(released, 0);
	ck_assert_str_eq(held->exporters[0].name, "json/a");
	wc_picture_drop(held);
	ck_assert_uint_eq(released, 1);
	wc_gallery_free(gallery);
	ck_assert_uint_eq(released, 2);
	wc_picture_drop(NULL);
}
END_TEST

/* What is looked at is whole, and never older than what was looked at before. */
static void *look(void *arg)
{
	uint64_t last = 0;

	(void)arg;
	while (!done) {
		struct wc_picture *picture = wc_gallery_look(gallery);

		ck_assert(!picture || picture->late_intervals == picture->waiting_intervals);
		ck_assert(!picture || picture->late_intervals >= last);
		last = picture ? picture->late_intervals : last;
		wc_picture_drop(picture);
	}
	return NULL;
}

START_TEST(test_lookers)
{
	pthread_t threads[LOOKERS];

	gallery = wc_gallery_new();
	for (int i = 0; i < LOOKERS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, look, NULL), 0);
	for (uint64_t i = 1; i <= PICTURES; i++)
		wc_gallery_hang(gallery, paint(i));
	done = true;
	for (int i = 0; i < LOOKERS; i++)
		pthread_join(threads[i], NULL);
	ck_assert_uint_eq(released, PICTURES - 1);
	wc_gallery_free(gallery);
	ck_assert_uint_eq(released, PICTURES);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_held, test_lookers, NULL};

	return suite_run("picture", tests, 60);
}
