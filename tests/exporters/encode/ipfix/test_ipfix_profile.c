/* What is refused, and what -t warns of because the collector does not take it. */
#include <string.h>

#include "ipfix.h"
#include "ipfix_sender.h"
#include "place.h"
#include "suite.h"
#include "wirecensus/error.h"

static const char *const ports_only[] = {"port", NULL};
static const char *const no_rows[] = {NULL};

static struct sender sender;

static int check_of(struct wc_error *error)
{
	return wc_format_check(&wc_format_ipfix, &sender.options, &sender.framing, error);
}

START_TEST(test_refused)
{
	static const char *const totals[] = {"total", NULL};
	struct wc_error error;

	sender_begin(&sender, totals);
	ck_assert_int_eq(check_of(&error), WC_INVALID);
	ck_assert_ptr_nonnull(strstr(error.text, "no others"));
	wc_option_clear(&sender.options, wc_exporter_option_table);
	sender_begin(&sender, ports_only);
	sender.framing.longest = 511;
	ck_assert_int_eq(check_of(&error), WC_INVALID);
	ck_assert_ptr_nonnull(strstr(error.text, "512"));
	sender.framing.longest = 512;
	ck_assert_int_eq(check_of(&error), 0);
	wc_option_clear(&sender.options, wc_exporter_option_table);
}
END_TEST

/* Returns how many lines of warnings there are, and whether one begins with @word. */
static size_t warnings(const char *word, bool *found)
{
	struct wc_buffer lines = {0};
	size_t count = 0;

	*found = false;
	wc_format_ipfix.warn(&sender.options, &sender.framing, &lines);
	for (size_t at = 0; at < lines.length; count++) {
		*found |= !strncmp(lines.data + at, word, strlen(word));
		at += 1 + strcspn(lines.data + at, "\n");
	}
	wc_buffer_free(&lines);
	return count;
}

START_TEST(test_warned)
{
	static const struct {
		int profile, place;
		bool biflow, private, types;
		const char *rows, *word; /* NULL: all is well */
	} cases[] = {
		{WC_IPFIX_GENERIC, WC_PLACE_TCP, true, true, true, "ethertype", NULL},
		{WC_IPFIX_GENERIC, WC_PLACE_UDP, false, false, true, "port", "types:"},
		{WC_IPFIX_NFDUMP, WC_PLACE_UDP, true, false, false, NULL, NULL},
		{WC_IPFIX_NFDUMP, WC_PLACE_TCP, false, false, false, NULL, "address:"},
		{WC_IPFIX_NFDUMP, WC_PLACE_FILE, false, false, false, NULL, NULL},
		{WC_IPFIX_NFDUMP, WC_PLACE_UDP, false, false, false, "ethertype", "rows:"},
		{WC_IPFIX_NFDUMP, WC_PLACE_UDP, false, true, false, "port", "private_elements:"},
		{WC_IPFIX_PMACCT, WC_PLACE_UDP, false, false, false, NULL, NULL},
		{WC_IPFIX_PMACCT, WC_PLACE_TLS, false, false, false, NULL, "address:"},
		{WC_IPFIX_PMACCT, WC_PLACE_UDP, true, false, false, NULL, "biflow:"},
		{WC_IPFIX_NFDUMP, WC_PLACE_UDP, false, false, true, NULL, "types:"},
		{WC_IPFIX_LOGSTASH, WC_PLACE_TCP, false, false, false, "ethertype", NULL},
		{WC_IPFIX_LOGSTASH, WC_PLACE_UDP, true, false, false, NULL, "biflow:"},
		{WC_IPFIX_LOGSTASH, WC_PLACE_UDP, false, true, false, "port", "private_elements:"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *const rows[] = {cases[i].rows, NULL};
		bool found;

		sender_begin(&sender, cases[i].rows ? rows : no_rows);
		sender.options.profile = cases[i].profile;
		sender.framing.place = cases[i].place;
		sender.options.biflow = cases[i].biflow;
		sender.options.private_elements = cases[i].private;
		sender.options.types = cases[i].types;
		ck_assert_msg(warnings(cases[i].word ? cases[i].word : "", &found) ==
				      (cases[i].word ? 1 : 0),
			      "case %zu", i);
		ck_assert_msg(found == (cases[i].word != NULL), "case %zu", i);
		wc_option_clear(&sender.options, wc_exporter_option_table);
	}
}
END_TEST

/* Several kinds in one collector are counted several times there. */
START_TEST(test_warned_of_kinds)
{
	static const char *const kinds[] = {"conversation", "port", NULL};
	bool found;

	sender_begin(&sender, kinds);
	ck_assert_uint_eq(warnings("rows:", &found), 0);
	sender.options.profile = WC_IPFIX_NFDUMP;
	ck_assert_uint_eq(warnings("rows:", &found), 1);
	ck_assert(found);
	wc_option_clear(&sender.options, wc_exporter_option_table);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_refused, test_warned, test_warned_of_kinds, NULL};

	return suite_run("ipfix profile", tests, 60);
}
