#include "wirecensus/pack.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "random_snapshot.h"
#include "suite.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

#define ROOM   (1 << 20)
#define PORTS  262144
#define ROUNDS 200

static const struct wc_pack_origin origin = {"0f8fad5b-d9cb-469f-a165-70867728950e", "office-7"};

START_TEST(random_snapshots_come_back)
{
	srandom(1);
	for (int round = 0; round < ROUNDS; round++) {
		struct wc_snapshot *made = random_snapshot((unsigned)round % 40), *back = NULL;
		struct wc_pack_origin from = {NULL, NULL};
		uint8_t *bytes;
		size_t size;

		ck_assert_int_eq(wc_pack(made, &origin, &bytes, &size, NULL), 0);
		ck_assert_int_eq(wc_unpack(&back, &from, bytes, size, ROOM, NULL), 0);
		free(bytes);
		ck_assert_str_eq(from.instance, origin.instance);
		ck_assert_str_eq(from.host, origin.host);
		same_snapshots(made, back);
		wc_snapshot_free(back);
		wc_snapshot_free(made);
	}
}
END_TEST

/* Unpacks a copy that ends where its bytes end, so that a sanitizer sees what is behind. */
static int try(const uint8_t *bytes, size_t size, size_t most, struct wc_error *error)
{
	uint8_t *copy = malloc(size ? size : 1);
	struct wc_snapshot *back = NULL;
	struct wc_pack_origin from;
	int status;

	memcpy(copy, bytes, size);
	status = wc_unpack(&back, &from, copy, size, most, error);
	if (!status)
		wc_snapshot_free(back);
	else
		ck_assert_ptr_null(back);
	free(copy);
	return status;
}

START_TEST(no_truncation_and_no_flip_does_harm)
{
	struct wc_snapshot *made;
	uint8_t *bytes;
	size_t size;
	unsigned taken = 0;

	srandom(7);
	made = random_snapshot(6);
	ck_assert_int_eq(wc_pack(made, &origin, &bytes, &size, NULL), 0);
	for (size_t cut = 0; cut < size; cut++)
		ck_assert_int_eq(try(bytes, cut, ROOM, NULL), WC_INVALID);
	for (size_t i = 0; i < size; i++)
		for (int bit = 0; bit < 8; bit++) {
			int status;

			bytes[i] ^= (uint8_t)(1 << bit);
			status = try(bytes, size, ROOM, NULL);
			ck_assert(status == 0 || status == WC_INVALID);
			ck_assert(i >= 16 || status == WC_INVALID);
			taken += status == 0;
			bytes[i] ^= (uint8_t)(1 << bit);
		}
	/* Most of the bits are those of counts, any of which can be. */
	ck_assert_uint_gt(taken, size);
	free(bytes);
	wc_snapshot_free(made);
}
END_TEST

START_TEST(nothing_is_allocated_beyond_the_bound)
{
	struct wc_error error = {""};
	struct wc_snapshot none = {.capture = "wan", .observer = "eth0"};
	uint8_t *bytes;
	size_t size;

	ck_assert_int_eq(wc_pack(&none, &origin, &bytes, &size, NULL), 0);
	ck_assert_int_eq(try(bytes, size, sizeof(none), &error), WC_FAILED);
	ck_assert_msg(strstr(error.text, "bytes of memory") != NULL, "%s", error.text);
	ck_assert_int_eq(try(bytes, size, sizeof(none) + 100, NULL), 0);
	/* More rows than there are bytes, in each of the tables; and more than can be told. */
	for (size_t table = 0; table < 7; table++)
		for (size_t byte = 0; byte < 8; byte++) {
			bytes[48 + 8 * table + byte] = 0xff;
			ck_assert_int_eq(try(bytes, size, SIZE_MAX, &error), WC_INVALID);
			bytes[48 + 8 * table + byte] = 0;
		}
	free(bytes);
}
END_TEST

START_TEST(another_version_is_told)
{
	struct wc_error error = {""};
	struct wc_snapshot none = {.capture = "wan", .observer = "eth0"};
	uint8_t *bytes;
	size_t size;

	ck_assert_int_eq(wc_pack(&none, &origin, &bytes, &size, NULL), 0);
	bytes[0] = 2; /* little-endian: the version comes first */
	ck_assert_int_eq(try(bytes, size, ROOM, &error), WC_INVALID);
	ck_assert_str_eq(error.text, "the snapshot has format 2, and format 1 is read here: run "
				     "the same version of wirecensus on both sides");
	free(bytes);
}
END_TEST

/* What whoever reads a snapshot relies on. */
START_TEST(rows_out_of_order_are_refused)
{
	struct wc_port_row ports[2] = {{.port = 80, .protocol = 6}, {.port = 79, .protocol = 6}};
	struct wc_key_row keys[2] = {{.key = 1, .other = true}, {.key = 2}};
	struct wc_host_row hosts[2] = {{.other = true}, {.other = false}};
	struct wc_conversation_row talks[2] = {{.other = true}, {.other = false}};
	struct wc_snapshot with[4] = {
		{.ports = ports, .port_rows = 2},
		{.ethertypes = keys, .ethertype_rows = 2},
		{.hosts = hosts, .host_rows = 2},
		{.conversations = talks, .conversation_rows = 2},
	};

	for (int i = 0; i < 4; i++) {
		uint8_t *bytes;
		size_t size;

		with[i].capture = with[i].observer = "";
		ck_assert_int_eq(wc_pack(&with[i], &origin, &bytes, &size, NULL), 0);
		ck_assert_int_eq(try(bytes, size, ROOM, NULL), WC_INVALID);
		free(bytes);
	}
	ports[0].port = 78;
	{
		uint8_t *bytes;
		size_t size;

		ck_assert_int_eq(wc_pack(&with[0], &origin, &bytes, &size, NULL), 0);
		ck_assert_int_eq(try(bytes, size, ROOM, NULL), 0);
		free(bytes);
	}
}
END_TEST

START_TEST(long_names_are_cut)
{
	static char name[WC_PACK_NAME + 10];
	struct wc_snapshot made = {.capture = name, .observer = ""}, *back;
	struct wc_pack_origin from;
	uint8_t *bytes;
	size_t size;

	memset(name, 'x', sizeof(name) - 1);
	ck_assert_int_eq(wc_pack(&made, &origin, &bytes, &size, NULL), 0);
	ck_assert_int_eq(wc_unpack(&back, &from, bytes, size, ROOM, NULL), 0);
	ck_assert_uint_eq(strlen(back->capture), WC_PACK_NAME);
	wc_snapshot_free(back);
	free(bytes);
}
END_TEST

/* Every port, both ways, of both transports. */
START_TEST(every_port)
{
	struct wc_port_row *ports = calloc(PORTS, sizeof(*ports));
	struct wc_snapshot made = {.capture = "wan", .observer = "eth0", .ports = ports};
	struct wc_snapshot *back;
	struct wc_pack_origin from;
	uint8_t *bytes;
	size_t size;

	for (unsigned i = 0; i < PORTS; i++) {
		ports[i].protocol = i < PORTS / 2 ? 6 : 17;
		ports[i].port = (uint16_t)(i % (PORTS / 2) / 2);
		ports[i].direction = i % 2;
		ports[i].total.all.packets = i;
	}
	made.port_rows = PORTS;
	ck_assert_int_eq(wc_pack(&made, &origin, &bytes, &size, NULL), 0);
	ck_assert_int_eq(wc_unpack(&back, &from, bytes, size, 64 << 20, NULL), 0);
	same_snapshots(&made, back);
	wc_snapshot_free(back);
	free(bytes);
	free(ports);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {random_snapshots_come_back,
				      no_truncation_and_no_flip_does_harm,
				      nothing_is_allocated_beyond_the_bound,
				      another_version_is_told,
				      rows_out_of_order_are_refused,
				      long_names_are_cut,
				      every_port,
				      NULL};

	return suite_run("pack", tests, 60);
}
