/* No data before its template: in any style, of any kinds of rows, in any order of what may happen.
 */
#include <string.h>

#include "ipfix.h"
#include "ipfix_sender.h"
#include "sample.h"
#include "suite.h"

enum {
	DOMAINS = 32,
	TEMPLATES = 4096,
	HEADER = 16,
	SET_HEADER = 4,
	OPTIONS_SET = 3,
	FIRST_DATA = 256
};

/* What happens to an exporter behind its first connection. */
enum event { RECONNECT, REFRESH, BUSY, QUIET, EVENTS };

#define LENGTH 3 /* of an order of events */

static struct sender sender;

/* Templates that were heard on the connection, by domain and number. */
static bool known[DOMAINS][TEMPLATES];

static size_t get_u16(const uint8_t *at)
{
	return (size_t)at[0] << 8 | at[1];
}

/* Learns the templates of a set (RFC 7011, sections 3.4.1 and 3.4.2.2). */
static void learn(uint32_t domain, const uint8_t *at, const uint8_t *end, bool options)
{
	while (end - at > SET_HEADER) {
		size_t id = get_u16(at), fields = get_u16(at + 2);

		ck_assert(id >= FIRST_DATA && id < TEMPLATES);
		known[domain][id] = true;
		at += options ? 6 : 4;
		for (; fields; fields--)
			at += at[0] & 0x80 ? 8 : 4; /* with an enterprise number, or without */
		ck_assert(at <= end);
	}
}

/* Returns how many sets of data there are, each behind its template. */
static size_t follow(const uint8_t *message, size_t length, uint32_t domain)
{
	size_t data = 0, size;

	ck_assert_uint_lt(domain, DOMAINS);
	for (size_t at = HEADER; at < length; at += size) {
		size_t id = get_u16(message + at);

		size = get_u16(message + at + 2);
		ck_assert_uint_gt(size, SET_HEADER);
		ck_assert_uint_le(at + size, length);
		if (id < FIRST_DATA)
			learn(domain, message + at + SET_HEADER, message + at + size,
			      id == OPTIONS_SET);
		else if (id >= TEMPLATES || !known[domain][id])
			ck_abort_msg("data of template %zu in domain %u before it", id, domain);
		else
			data++;
	}
	return data;
}

static size_t follow_all(void)
{
	size_t data = 0;

	for (size_t i = 0; i < sender.messages.count; i++)
		data += follow(sender_message(&sender, i), sender.messages.items[i].length,
			       sender_domain(&sender, i));
	return data;
}

static size_t happen(enum event event)
{
	const struct wc_snapshot busy = sample_busy(), quiet = sample_quiet();

	switch (event) {
	case RECONNECT:
		memset(known, 0, sizeof(known));
		sender_connect(&sender, NULL);
		break;
	case REFRESH:
		sender_refresh(&sender);
		break;
	default:
		sender_send(&sender, event == BUSY ? &busy : &quiet, NULL);
	}
	return follow_all();
}

/* Returns how many sets of data were seen in all orders of events. */
static size_t in_all_orders(void)
{
	size_t data = 0, orders = 1;

	for (int i = 0; i < LENGTH; i++)
		orders *= EVENTS;
	sender_open(&sender);
	for (size_t order = 0; order < orders; order++) {
		happen(RECONNECT);
		for (size_t rest = order; rest; rest /= EVENTS)
			data += happen((enum event)(rest % EVENTS));
	}
	return data;
}

/* Styles by their bits: profiles, biflows, our own elements with their types. */
#define STYLES 16

static void begin(const char *const *rows, unsigned style)
{
	sender_begin(&sender, rows);
	sender.framing.longest = 512;
	sender.options.profile = (int)(style & 3);
	sender.options.biflow = style & 4;
	sender.options.private_elements = sender.options.types = style & 8;
}

START_TEST(test_styles)
{
	begin(sender_all_rows, (unsigned)_i);
	ck_assert_uint_gt(in_all_orders(), 0);
	sender_end(&sender);
}
END_TEST

/* Each kind of rows by itself. */
START_TEST(test_kinds)
{
	const char *const one[] = {sender_all_rows[_i], NULL};

	begin(one, STYLES - 1);
	ck_assert_uint_gt(in_all_orders(), 0);
	sender_end(&sender);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ipfix order");
	TCase *group = tcase_create("all");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_loop_test(group, test_styles, 0, STYLES);
	tcase_add_loop_test(group, test_kinds, 0, 6);
	tcase_set_timeout(group, 120);
	suite_add_tcase(suite, group);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
