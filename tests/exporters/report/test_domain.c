/* Which domain a name was registered under. */
#include <string.h>

#include "domain.h"
#include "suite.h"

static void check(const struct wc_domains *domains, const char *name, const char *wanted)
{
	char domain[WC_DOMAIN_SIZE];

	ck_assert_str_eq(wc_domain_of(domains, name, domain), wanted);
}

START_TEST(test_names)
{
	struct wc_domains *domains = wc_domains_new();

	check(domains, "www.example.com", "example.com");
	check(domains, "a.b.c.example.com", "example.com");
	check(domains, "example.com", "example.com");
	check(domains, ":ns1.example.net", "example.net");
	check(domains, "localhost", "localhost");
	check(domains, "WWW.Example.ORG.", "example.org");
	check(domains, "", "");
	check(domains, ".", ".");
	wc_domains_free(domains);
}
END_TEST

#ifdef WC_HAVE_PSL
START_TEST(test_public_suffixes)
{
	struct wc_domains *domains = wc_domains_new();

	check(domains, "www.example.com.au", "example.com.au");
	check(domains, "www.example.co.uk", "example.co.uk");
	check(domains, "a.example.co.uk", "example.co.uk");
	check(domains, "co.uk", "co.uk"); /* a suffix is its own domain */
	wc_domains_free(domains);
}
END_TEST
#endif

START_TEST(test_without_list)
{
	check(NULL, "www.example.com", "example.com");
	check(NULL, "com", "com");
	check(NULL, "..", ".");
}
END_TEST

/* Names of strangers: as long as can be, and no names at all. */
START_TEST(test_hostile)
{
	struct wc_domains *domains = wc_domains_new();
	char name[4 * WC_DOMAIN_SIZE], domain[WC_DOMAIN_SIZE];

	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	ck_assert_uint_eq(strlen(wc_domain_of(domains, name, domain)), WC_DOMAIN_SIZE - 1);
	for (size_t i = 0; i < sizeof(name) - 1; i++)
		name[i] = i % 2 ? '.' : '\xff';
	ck_assert_uint_lt(strlen(wc_domain_of(domains, name, domain)), WC_DOMAIN_SIZE);
	check(domains, "<b>.example.com", "example.com");
	wc_domains_free(domains);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_names,
#ifdef WC_HAVE_PSL
				      test_public_suffixes,
#endif
				      test_without_list, test_hostile, NULL};

	return suite_run("domain", tests, 60);
}
