/* In a build without the libraries: each says what it lacks. */
#include <string.h>

#include "courier.h"
#include "suite.h"

START_TEST(names_are_refused)
{
	struct courier courier;

	courier_init(&courier, NULL, "udp://collector.test:4739");
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_CLOSED);
	ck_assert_ptr_nonnull(strstr(courier.error.text, "WC_NAMES"));
	courier_free(&courier);
	courier_init(&courier, NULL, "udp://localhost:4739");
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
	courier_free(&courier);
}
END_TEST

START_TEST(kinds_are_refused)
{
	static const struct {
		const char *place, *reason;
	} lacking[] = {
		{"tls://localhost:1", "WC_TLS"},
		{"relp+tls://localhost:1", "WC_TLS"},
		{"journald://", "this build has no journald"},
	};
	const struct wc_delivery_settings settings = {.patience_ns = 1};

	for (size_t i = 0; i < sizeof(lacking) / sizeof(lacking[0]); i++) {
		struct wc_place place;
		struct wc_delivery *delivery;
		struct wc_error error = {""};

		ck_assert_int_eq(wc_place_parse(&place, lacking[i].place, &error), 0);
		ck_assert_int_eq(wc_delivery_new(&delivery, &place, &settings, &error), WC_INVALID);
		ck_assert_ptr_null(delivery);
		ck_assert_msg(strstr(error.text, lacking[i].reason) != NULL, "%s", error.text);
		wc_place_free(&place);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {names_are_refused, kinds_are_refused, NULL};

	return suite_run("without", tests, 60);
}
