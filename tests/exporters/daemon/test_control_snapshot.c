/* What the control socket answers to snapshot. */
#include <endian.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control_bed.h"
#include "sample.h"
#include "suite.h"
#include "wirecensus/error.h"
#include "wirecensus/pack.h"

static struct bed bed;

static uint64_t little_endian(const char *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return le64toh(word);
}

/* Packed snapshots are whole: one, or all behind their lengths. */
START_TEST(test_snapshot)
{
	struct wc_pack_origin origin;
	struct wc_snapshot *snapshot;
	struct wc_error error;
	const char *text, *bytes;
	size_t length, whole;
	int fd;

	bed_open(&bed, NULL);
	bed.captures[1].last = &bed.snapshot;
	fd = bed_connect(&bed);
	bed_send(fd, "snapshot wan\n", 13);
	shutdown(fd, SHUT_WR);
	text = bed_receive(&bed, fd, 0, &whole);
	ck_assert_int_eq(sscanf(text, "OK %zu", &length), 1);
	bytes = strchr(text, '\n') + 1;
	ck_assert_uint_eq(whole, (size_t)(bytes - text) + length);
	ck_assert_msg(
		!wc_unpack(&snapshot, &origin, (const uint8_t *)bytes, length, 1 << 20, &error),
		"%s", error.text);
	ck_assert_str_eq(origin.instance, sample_context.instance);
	ck_assert_str_eq(snapshot->capture, "wan");
	ck_assert_uint_eq(snapshot->port_rows, bed.snapshot.port_rows);
	ck_assert_uint_eq(snapshot->total.frames, bed.snapshot.total.frames);
	wc_snapshot_free(snapshot);
	close(fd);

	fd = bed_connect(&bed);
	bed_send(fd, "snapshot *\n", 11);
	shutdown(fd, SHUT_WR);
	text = strchr(bed_receive(&bed, fd, 0, &whole), '\n') + 1;
	ck_assert_uint_eq(little_endian(text), length);
	ck_assert_uint_eq(little_endian(text + 8 + length), length);
	ck_assert(!memcmp(text + 8, text + 16 + length, length));
	close(fd);

	bed.captures[0].last = bed.captures[1].last = NULL;
	bed_expect(&bed, "snapshot *", "OK 0\n");
	bed_expect(&bed, "snapshot my%20lan",
		   "ERROR 1 no interval of the capture 'my lan' has ended yet: ask again\n");
	bed_expect(&bed, "snapshot dmz",
		   "ERROR 2 there is no capture 'dmz': 'wirecensus show captures' lists them\n");
	bed_expect(&bed, "snapshot", "ERROR 2 snapshot needs a capture, or *\n");
	bed_close(&bed);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_snapshot, NULL};

	return suite_run("control snapshot", tests, 60);
}
