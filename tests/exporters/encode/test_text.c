/* The census that a person reads. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "buffer.h"
#include "golden.h"
#include "rows.h"
#include "sample.h"
#include "suite.h"
#include "text.h"

START_TEST(test_golden)
{
	struct wc_snapshot busy = sample_busy(), quiet = sample_quiet(), damaged = sample_damaged();

	golden_check("busy.txt", wc_text_encode, &busy);
	golden_check("quiet.txt", wc_text_encode, &quiet);
	golden_check("damaged.txt", wc_text_encode, &damaged);
}
END_TEST

/* Names end no line and bring no control character to the terminal. */
START_TEST(test_hostile)
{
	struct wc_snapshot snapshot = sample_quiet();
	size_t lines = 0;

	for (size_t i = 0; sample_hostile[i]; i++) {
		struct wc_buffer text = {0};
		size_t found = 0;

		snapshot.observer = snapshot.capture = sample_hostile[i];
		wc_text_encode(&text, &sample_context, &snapshot);
		ck_assert(!text.failed);
		for (size_t j = 0; j < text.length; j++) {
			unsigned char byte = (unsigned char)text.data[j];

			found += byte == '\n';
			ck_assert_msg(byte == '\n' || (byte >= 0x20 && byte != 0x7f),
				      "name %zu: byte 0x%02x", i, byte);
			ck_assert_msg(byte != 0xc2 || (unsigned char)text.data[j + 1] >= 0xa0,
				      "name %zu: a control character of C1", i);
		}
		lines = i ? lines : found;
		ck_assert_uint_eq(found, lines);
		wc_buffer_free(&text);
	}
}
END_TEST

/* What the rows show, the remainder included, is what was counted. */
START_TEST(test_columns_add_up)
{
	struct wc_snapshot snapshot = sample_full();
	struct wc_buffer text = {0};
	const char *line;

	wc_text_encode(&text, &sample_context, &snapshot);
	wc_buffer_add(&text, "", 1);
	line = strstr(text.data, "\nTCP port");
	ck_assert_ptr_nonnull(line);
	/* Port n has n + 1 packets; the largest three, the rest, and all. */
	line = strchr(line + 1, '\n');
	ck_assert(!strncmp(line, "\n 65535 ", 8) && strstr(line, " 65,536 "));
	line = strchr(line + 1, '\n');
	ck_assert(!strncmp(line, "\n 65534 ", 8) && strstr(line, " 65,535 "));
	line = strchr(line + 1, '\n');
	ck_assert(!strncmp(line, "\n 65533 ", 8) && strstr(line, " 65,534 "));
	line = strchr(line + 1, '\n');
	ck_assert(!strncmp(line, "\n       other ", 14) && strstr(line, " 2,147,319,811 "));
	line = strchr(line + 1, '\n');
	ck_assert(!strncmp(line, "\n       all ", 12) && strstr(line, " 2,147,516,416 "));
	ck_assert_uint_eq(2147516416, snapshot.delta.classes[WC_CLASS_TCP].packets);
	wc_buffer_free(&text);
}
END_TEST

/* The client's port stands behind its address where it tells conversations apart. */
START_TEST(test_five_tuple)
{
	struct wc_snapshot snapshot = sample_busy();
	struct wc_buffer text = {0};

	snapshot.five_tuple = true;
	wc_text_encode(&text, &sample_context, &snapshot);
	wc_buffer_add(&text, "", 1);
	ck_assert_ptr_nonnull(strstr(text.data, "\n10.0.0.5:51234 "));
	ck_assert_ptr_nonnull(strstr(text.data, "\n[2001:db8::5]:40000 "));
	ck_assert_ptr_nonnull(strstr(text.data, "\n  203.0.113.80 "));
	wc_buffer_free(&text);
}
END_TEST

/* The first name ends the line of its host; of a long one, the end of it is shown. */
START_TEST(test_names)
{
	static const char *const ends[] = {
		"new  name\n",
		"    7  a\"\\x0a\\x1b[31m.example\n",
		"    -  :ns.example.net\n",
		"    -  ...m.0123456789-0123456789.evil.example\n",
	};
	static const char *const begins[] = {"\nhost ", "\n10.0.0.5 ",
					     "\n2001:db8:ffff:", "\n::1 "};
	struct wc_snapshot snapshot = sample_busy();
	struct wc_buffer text = {0};
	const char *table;

	wc_text_encode(&text, &sample_named_context, &snapshot);
	wc_buffer_add(&text, "", 1);
	table = strstr(text.data, "\nhost ");
	ck_assert_ptr_nonnull(table);
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		const char *line = strstr(table, begins[i]), *end;

		ck_assert_ptr_nonnull(line);
		end = strchr(line + 1, '\n') + 1;
		ck_assert_msg(!strncmp(end - strlen(ends[i]), ends[i], strlen(ends[i])), "%.*s",
			      (int)(end - line), line);
	}
	ck_assert_ptr_nonnull(strstr(table, "\n198.51.100.7 "));
	ck_assert(!strstr(table, "second.example"));
	wc_buffer_free(&text);
}
END_TEST

/* Rows of some kinds only: the tables of the whole census, or a word that there are none. */
START_TEST(test_kinds)
{
	static const struct {
		unsigned kinds;
		const char *begins;
	} cases[] = {
		{WC_ROWS_TOTAL, "\nframes "},
		{WC_ROWS_PORT, "\nTCP port "},
		{WC_ROWS_CONVERSATION, "\nclient "},
		{WC_ROWS_HOST, "\n                                             sent "},
		{WC_ROWS_PROTOCOL, "\nIP protocol "},
		{WC_ROWS_FRAGMENT, "\nfragment of "},
		{WC_ROWS_ETHERTYPE, "\nethertype "},
		{WC_ROWS_SCANNER, "\nscanner, "},
		{WC_ROWS_LLC, "\nnone\n\n"},
	};
	static const char title[] =
		"wan: eth0\ninterval 3, 2023-11-14 22:13:20 to 22:13:30 UTC, 10.000 s\n";
	struct wc_snapshot snapshot = sample_busy();
	struct wc_buffer whole = {0}, part = {0};

	wc_text_encode(&whole, &sample_context, &snapshot);
	wc_buffer_add(&whole, "", 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		wc_buffer_clear(&part);
		wc_text_encode_rows(&part, &sample_context, &snapshot, cases[i].kinds);
		wc_buffer_add(&part, "", 1);
		ck_assert(!strncmp(part.data, title, strlen(title)));
		ck_assert_msg(!strncmp(part.data + strlen(title), cases[i].begins,
				       strlen(cases[i].begins)),
			      "%s", part.data);
		for (size_t j = 0; j < sizeof(cases) / sizeof(*cases); j++)
			ck_assert(j == i || !strstr(part.data, cases[j].begins));
		if (cases[i].kinds != WC_ROWS_LLC && cases[i].kinds != WC_ROWS_TOTAL) {
			part.data[part.length - 2] = '\0'; /* the empty line at the end */
			ck_assert_ptr_nonnull(strstr(whole.data, part.data + strlen(title)));
		}
	}
	wc_buffer_free(&whole);
	wc_buffer_free(&part);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_golden, test_hostile, test_columns_add_up, test_five_tuple, test_names,
		test_kinds,  NULL,
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return suite_run("text", tests, 60);
}
