/* Whom a request may be for: addresses and our own names, and nobody else's. */
#include <string.h>

#include "host_header.h"
#include "suite.h"
#include "wirecensus/options.h"

static char *ours[] = {(char *)"census.example.net", (char *)"b"};
static const struct wc_texts names = {ours, 2};

static const char *const right[] = {
	"127.0.0.1",
	"127.0.0.1:8888",
	"[::1]",
	"[::1]:8888",
	"192.0.2.1:80",
	"localhost",
	"localhost:8888",
	"Here",
	"here.:1",
	"CENSUS.example.net",
	"census.example.net.",
	"b:",
	"[2001:db8::1]:443",
};

static const char *const wrong[] = {
	"",
	":",
	"[::1",
	"[::1]x",
	"evil.example",
	"here.x",
	"localhost.x",
	"127.0.0.1.",
	"127.0.0.1.xip.io",
	"[]",
	"xlocalhost",
	"here here",
	"127.0.0.256",
	"1",
	"[evil.example",
	"census.example.net..",
	"c",
};

START_TEST(test_right)
{
	for (size_t i = 0; i < sizeof(right) / sizeof(*right); i++)
		ck_assert_msg(wc_host_header_fits(right[i], "here", &names), "%s", right[i]);
}
END_TEST

START_TEST(test_wrong)
{
	char name[1000];

	ck_assert(!wc_host_header_fits(NULL, "here", &names));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		ck_assert_msg(!wc_host_header_fits(wrong[i], "here", &names), "%s", wrong[i]);
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	ck_assert(!wc_host_header_fits(name, "here", &names));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_right, test_wrong, NULL};

	return suite_run("host_header", tests, 60);
}
