/* Names, in a mount namespace of its own with files that name a server of the test's. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "courier.h"
#include "fake_dns.h"
#include "namespace.h"
#include "peer.h"
#include "resolve.h"
#include "suite.h"

#define TYPE_A    1
#define TYPE_AAAA 28

static char folder[] = "/tmp/resolve-XXXXXX";
static struct fake_dns *server;
static unsigned asked; /* questions that the server got, by its own thread alone */

/* The type of a question: the 16 bits behind its name. */
static unsigned question_type(const struct fake_dns_query *query)
{
	const uint8_t *at = query->bytes + 12;

	while (*at)
		at += *at + 1;
	return (unsigned)at[1] << 8 | at[2];
}

/* both.test has two addresses, four.test one; silent.test gets no answer; others are not there. */
static void answer(void *arg, const struct fake_dns_query *query)
{
	const char *name = (const char *)query->bytes + 13;
	unsigned type = question_type(query);
	struct dns_message message;

	(void)arg;
	__atomic_fetch_add(&asked, 1, __ATOMIC_RELAXED);
	if (strncmp(name, "silent", 6) == 0)
		return;
	dns_answer(&message, query->bytes, query->length,
		   strncmp(name, "both", 4) == 0 || strncmp(name, "four", 4) == 0 ? 0 : 3);
	if (type == TYPE_A && message.bytes[3] % 16 == 0)
		dns_record(&message, DNS_ANSWERS, TYPE_A, 60, "\x7f\0\0\x01", 4);
	if (type == TYPE_AAAA && strncmp(name, "both", 4) == 0)
		dns_record(&message, DNS_ANSWERS, TYPE_AAAA, 60, &in6addr_loopback, 16);
	fake_dns_reply(query, &message);
}

/* The server takes whatever port the system chooses: in a network of its own, that is 53. */
static void setup(void)
{
	ck_assert(namespace_enter());
	ck_assert_int_eq(unshare(CLONE_NEWNS), 0);
	ck_assert_int_eq(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	ck_assert(namespace_run("cd /proc/sys/net/ipv4 && echo 0 >ip_unprivileged_port_start && "
				"echo 53 53 >ip_local_port_range"));
	server = fake_dns_start(answer, NULL);
	ck_assert_str_eq(fake_dns_address(server), "127.0.0.1:53");
	ck_assert(namespace_run("echo 32768 60999 >/proc/sys/net/ipv4/ip_local_port_range"));
	ck_assert(namespace_run("cd %s && echo nameserver 127.0.0.1 >resolv.conf && "
				"echo 192.0.2.7 listed.test >hosts && touch /etc/resolv.conf && "
				"mount --bind resolv.conf /etc/resolv.conf && "
				"mount --bind hosts /etc/hosts",
				folder));
}

static void teardown(void)
{
	fake_dns_stop(server);
	fake_dns_free(server);
}

static int look_up(const char *name, struct wc_resolved *found, struct wc_error *error)
{
	struct wc_resolve *resolve;
	int status = wc_resolve_start(&resolve, name, "3334", error);

	ck_assert_int_eq(status, 0);
	while (!(status = wc_resolve_work(resolve, found, error))) {
		struct pollfd fds[WC_DELIVERY_FDS];
		int milliseconds;
		size_t count = wc_resolve_wait(resolve, fds, &milliseconds);

		poll(fds, count, milliseconds);
	}
	wc_resolve_free(resolve);
	return status;
}

START_TEST(numeric_hosts_need_no_look_up)
{
	struct wc_resolved found;

	ck_assert(wc_resolve_numeric(&found, "192.0.2.1", "80"));
	ck_assert_uint_eq(found.count, 1);
	ck_assert_uint_eq(found.item[0].address.ss_family, AF_INET);
	ck_assert(wc_resolve_numeric(&found, "2001:db8::1", "80"));
	ck_assert_uint_eq(found.item[0].length, sizeof(struct sockaddr_in6));
	ck_assert(wc_resolve_numeric(&found, "LocalHost", "80"));
	ck_assert_uint_eq(found.count, 2);
	ck_assert(!wc_resolve_numeric(&found, "both.test", "80"));
	ck_assert_uint_eq(__atomic_load_n(&asked, __ATOMIC_RELAXED), 0);
}
END_TEST

START_TEST(both_families_are_found)
{
	struct wc_resolved found;
	struct wc_error error = {""};
	unsigned families = 0;

	ck_assert_msg(look_up("both.test", &found, &error) == 1, "%s", error.text);
	ck_assert_uint_eq(found.count, 2);
	for (size_t i = 0; i < 2; i++) {
		struct sockaddr_in *address = (struct sockaddr_in *)&found.item[i].address;

		families |= 1u << found.item[i].address.ss_family;
		ck_assert_uint_eq(ntohs(address->sin_port), 3334);
	}
	ck_assert_uint_eq(families, 1u << AF_INET | 1u << AF_INET6);
	ck_assert_int_eq(look_up("four.test", &found, &error), 1);
	ck_assert_uint_eq(found.count, 1);
}
END_TEST

START_TEST(the_hosts_file_comes_first)
{
	struct wc_resolved found;
	struct sockaddr_in *address = (struct sockaddr_in *)&found.item[0].address;

	ck_assert_int_eq(look_up("listed.test", &found, NULL), 1);
	ck_assert_uint_eq(ntohl(address->sin_addr.s_addr), 0xc0000207);
}
END_TEST

START_TEST(unknown_names_are_told)
{
	struct wc_resolved found;
	struct wc_error error = {""};

	ck_assert_int_eq(look_up("nowhere.test", &found, &error), WC_FAILED);
	ck_assert_ptr_nonnull(strstr(error.text, "\"nowhere.test\" was not found"));
}
END_TEST

/* A delivery looks up once for each opening. */
START_TEST(a_delivery_finds_its_collector)
{
	struct courier courier;
	uint16_t port;
	int listener = peer_listen(&port, 0);
	unsigned once;

	courier_init(&courier, NULL, "tcp://both.test:%u", port);
	ck_assert_msg(courier_open(&courier) == WC_DELIVERY_OPEN, "%s", courier.error.text);
	once = __atomic_load_n(&asked, __ATOMIC_RELAXED);
	ck_assert_uint_eq(once, 2);
	courier.delivery->ops->close(courier.delivery);
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
	ck_assert_uint_eq(__atomic_load_n(&asked, __ATOMIC_RELAXED), 2 * once);
	courier_free(&courier);
	close(listener);
}
END_TEST

START_TEST(silent_servers_end_with_patience)
{
	const struct wc_delivery_settings settings = {.patience_ns = 300000000};
	struct courier courier;

	courier_init(&courier, &settings, "udp://silent.test:3334");
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_CLOSED);
	ck_assert_ptr_nonnull(strstr(courier.error.text, "no name server answers"));
	courier_free(&courier);
}
END_TEST

int main(void)
{
	SRunner *runner;
	Suite *suite = suite_create("resolve");
	TCase *group = tcase_create("resolve");
	int failed;

	if (!namespace_run("unshare -m true 2>/dev/null") || !namespace_possible()) {
		puts("skipped: no namespaces can be made here");
		return 77;
	}
	if (!mkdtemp(folder))
		return EXIT_FAILURE;
	tcase_set_timeout(group, 60);
	tcase_add_checked_fixture(group, setup, teardown);
	tcase_add_test(group, numeric_hosts_need_no_look_up);
	tcase_add_test(group, both_families_are_found);
	tcase_add_test(group, the_hosts_file_comes_first);
	tcase_add_test(group, unknown_names_are_told);
	tcase_add_test(group, a_delivery_finds_its_collector);
	tcase_add_test(group, silent_servers_end_with_patience);
	suite_add_tcase(suite, group);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	namespace_run("rm -r %s", folder);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
