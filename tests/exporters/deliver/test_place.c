#include "place.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "suite.h"
#include "wirecensus/error.h"

static const struct {
	const char *text;
	enum wc_place_kind kind;
	const char *host, *port, *path;
} good[] = {
	{"udp://127.0.0.1:4739", WC_PLACE_UDP, "127.0.0.1", "4739", NULL},
	{"tcp://localhost:3334", WC_PLACE_TCP, "localhost", "3334", NULL},
	{"tls://log_1.example-2.net.:65535", WC_PLACE_TLS, "log_1.example-2.net.", "65535", NULL},
	{"tcp://[::1]:1", WC_PLACE_TCP, "::1", "1", NULL},
	{"udp://[fe80::1%eth0]:514", WC_PLACE_UDP, "fe80::1%eth0", "514", NULL},
	{"relp://192.0.2.1:2514", WC_PLACE_RELP, "192.0.2.1", "2514", NULL},
	{"relp+tls://host:2514", WC_PLACE_RELPS, "host", "2514", NULL},
	{"unix:///run/a socket", WC_PLACE_UNIX, NULL, NULL, "/run/a socket"},
	{"unixgram:///dev/log", WC_PLACE_UNIXGRAM, NULL, NULL, "/dev/log"},
	{"file:///var/log/x.json", WC_PLACE_FILE, NULL, NULL, "/var/log/x.json"},
	{"journald://", WC_PLACE_JOURNALD, NULL, NULL, NULL},
};

static void same(const char *one, const char *other)
{
	ck_assert_int_eq(!one, !other);
	if (one && other)
		ck_assert_str_eq(one, other);
}

START_TEST(reads_every_kind)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct wc_place place;
		struct wc_error error = {""};

		ck_assert_msg(!wc_place_parse(&place, good[i].text, &error), "%s", error.text);
		ck_assert_int_eq(place.kind, good[i].kind);
		same(place.text, good[i].text);
		same(place.host, good[i].host);
		same(place.port, good[i].port);
		same(place.path, good[i].path);
		ck_assert_int_eq(wc_place_datagrams(&place),
				 place.kind == WC_PLACE_UDP || place.kind == WC_PLACE_UNIXGRAM);
		ck_assert_int_eq(strncmp(place.text, wc_place_kind_name(place.kind),
					 strlen(wc_place_kind_name(place.kind))),
				 0);
		wc_place_free(&place);
		ck_assert_ptr_null(place.text);
	}
}
END_TEST

START_TEST(refuses_the_rest)
{
	static const char *const bad[] = {
		"",
		"tcp",
		"tcp:",
		"tcp://",
		"tcp://:1",
		"tcp://host",
		"tcp://host:",
		"tcp://host:0",
		"tcp://host:65536",
		"tcp://host:99999999999999999999",
		"tcp://host:+1",
		"tcp://host:1 ",
		"tcp://host:1/path",
		"tcp://host name:1",
		"tcp://user@host:1",
		"tcp://::1:1",
		"tcp://[::1:1",
		"tcp://[::1]",
		"tcp://[::1]1",
		"tcp://[127.0.0.1]:1",
		"tcp://[fe80::1%]:1",
		"tcp://[]:1",
		"TCP://host:1",
		"tcps://host:1",
		"http://host:1",
		"file://",
		"file://relative",
		"file:///",
		"file:///folder/",
		"unix://host:1",
		"journald://x",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct wc_place place;
		struct wc_error error = {""};

		ck_assert_msg(wc_place_parse(&place, bad[i], &error) == WC_INVALID, "%s", bad[i]);
		ck_assert_ptr_nonnull(strstr(error.text, "unixgram:///PATH"));
		ck_assert_ptr_null(place.text);
	}
}
END_TEST

START_TEST(local_paths_fit_their_address)
{
	struct wc_place place;
	struct wc_error error = {""};
	char text[7 + 108 + 1] = "unix://";

	memset(text + 7, 'p', 108);
	text[7] = '/';
	ck_assert_int_eq(wc_place_parse(&place, text, &error), WC_INVALID);
	text[7 + 107] = '\0';
	ck_assert_int_eq(wc_place_parse(&place, text, &error), WC_OK);
	wc_place_free(&place);
}
END_TEST

/* Changes bytes of good places at random; what is then taken must still keep its promises. */
START_TEST(any_bytes_are_read_or_refused)
{
	static const char bytes[] = "/:[]%.0169afx-+ \x01\xff";
	uint32_t seed = 1, taken = 0;

	for (unsigned round = 0; round < 200000; round++) {
		struct wc_place place;
		char text[64];
		size_t length;

		snprintf(text, sizeof(text), "%s", good[round % 11].text);
		length = strlen(text);
		for (unsigned change = 0; change <= round % 3; change++) {
			seed = seed * 1664525 + 1013904223;
			text[(seed >> 16) % length] = bytes[(seed >> 8) % sizeof(bytes)];
		}
		if (wc_place_parse(&place, text, NULL))
			continue;
		taken++;
		ck_assert_str_eq(place.text, text);
		ck_assert(!place.host == !place.port);
		ck_assert(!place.path || place.path[0] == '/');
		ck_assert(!place.port || (strtoul(place.port, NULL, 10) >= 1 &&
					  strtoul(place.port, NULL, 10) <= 65535));
		wc_place_free(&place);
	}
	ck_assert_uint_gt(taken, 1000);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		reads_every_kind,
		refuses_the_rest,
		local_paths_fit_their_address,
		any_bytes_are_read_or_refused,
		NULL,
	};

	return suite_run("place", tests, 60);
}
