#include "golden.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "sample.h"

static void update(const char *path, const struct wc_buffer *bytes)
{
	FILE *file = fopen(path, "wb");

	ck_assert_msg(file, "cannot write %s", path);
	ck_assert_uint_eq(fwrite(bytes->data, 1, bytes->length, file), bytes->length);
	ck_assert_int_eq(fclose(file), 0);
}

static void compare(const char *path, const struct wc_buffer *bytes)
{
	char expected[65536];
	size_t length;
	FILE *file = fopen(path, "rb");

	ck_assert_msg(file, "cannot read %s", path);
	length = fread(expected, 1, sizeof(expected), file);
	fclose(file);
	if (length == bytes->length && !memcmp(expected, bytes->data, length))
		return;
	ck_abort_msg("%s differs from:\n%.*s", path, (int)bytes->length, bytes->data);
}

void golden_check(const char *name, wc_encoder *encode, const struct wc_snapshot *snapshot)
{
	struct wc_buffer bytes = {0};
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", GOLDEN_FOLDER, name);
	encode(&bytes, &sample_context, snapshot);
	ck_assert(!bytes.failed);
	if (getenv("WC_GOLDEN_UPDATE"))
		update(path, &bytes);
	else
		compare(path, &bytes);
	wc_buffer_free(&bytes);
}
