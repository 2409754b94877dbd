/* Which sections of the configuration mean the same exporter, and the same messages. */
#include "section.h"

#include "config.h"
#include "format.h"
#include "suite.h"

static char place[] = "tcp://127.0.0.1:1", name[] = "json/a";

static struct wc_config_exporter make(void)
{
	return (struct wc_config_exporter){
		.name = name,
		.format = wc_format_find("json"),
		.options = {.address = place, .top = 10, .patience = 30},
	};
}

/* What changes messages changes the digest. */
START_TEST(test_digest)
{
	struct wc_config_exporter one = make(), other = make();
	uint64_t digest = wc_section_digest(&one, 10);

	ck_assert_uint_ne(digest, 0);
	ck_assert_uint_eq(digest, wc_section_digest(&other, 10));
	ck_assert_uint_ne(digest, wc_section_digest(&other, 20));
	other.options.top = 11;
	ck_assert_uint_ne(digest, wc_section_digest(&other, 10));
	other = make();
	other.options.datagram = 1000;
	ck_assert_uint_ne(digest, wc_section_digest(&other, 10));
	other = make();
	other.format = wc_format_find("gelf");
	ck_assert_uint_ne(digest, wc_section_digest(&other, 10));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_digest, NULL};

	return suite_run("section", tests, 60);
}
