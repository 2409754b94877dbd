#include "change_bed.h"

#include <check.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "namespace.h"
#include "recipe.h"
#include "wirecensus/error.h"

const char *const change_engines[CHANGE_ENGINES] = {"pcap", "kernel", "ring"};

struct wc_options change_options;
struct wc_census *change_census;
static int sender;

void change_pause_ms(long ms)
{
	nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

void change_set(const char *name, const char *text)
{
	struct wc_error error = {""};
	const struct wc_option *option = wc_option_find(name, WC_SCOPE_DAEMON);

	ck_assert_ptr_nonnull(option);
	ck_assert_msg(wc_options_set(&change_options, option, name, text, &error) == 0, "%s",
		      error.text);
}

void change_set_match(const char *text)
{
	free(change_options.match);
	change_options.match = NULL;
	if (text)
		change_set("match", text);
}

void change_enter(const char *engine)
{
	ck_assert(namespace_enter());
	ck_assert(
		namespace_run("sysctl -qw net.ipv6.conf.default.disable_ipv6=1 "
			      "net.ipv6.conf.all.disable_ipv6=1 2>/dev/null; "
			      "ip link add va type veth peer name vb && "
			      "ip address add 192.0.2.1/24 dev vb && "
			      "ip link set va arp off && ip link set vb arp off && "
			      "ip link set va up && ip link set vb up && "
			      "for link in va vb; do "
			      "until ip link show $link | grep -q 'state UP'; do sleep 0.01; done; "
			      "done"));
	sender = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(wc_options_init(&change_options, NULL), 0);
	change_set("engine", engine);
}

void change_start(const char *interface)
{
	struct wc_error error = {""};
	int failed = wc_census_open_waiting(&change_census, "office", interface, &change_options,
					    &error);

	/* Whether the kernel takes its programs is not for this test to say. */
	if (failed && change_options.engine == WC_ENGINE_KERNEL) {
		printf("%s\n", error.text);
		change_set("engine", "pcap");
		failed = wc_census_open_waiting(&change_census, "office", interface,
						&change_options, &error);
	}
	ck_assert_msg(!failed, "%s", error.text);
	ck_assert_int_eq(wc_census_start(change_census, &error), 0);
}

void change_end(void)
{
	wc_census_free(change_census);
	wc_options_free(&change_options);
	close(sender);
}

void change_send_frames(const char *text, int times)
{
	struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_halen = 6};
	struct recipe recipe;

	recipe_build(&recipe, text);
	address.sll_ifindex = (int)if_nametoindex("va");
	for (int i = 0; i < times; i++)
		ck_assert_int_eq(sendto(sender, recipe.frame.bytes, recipe.captured, 0,
					(struct sockaddr *)&address, sizeof(address)),
				 (ssize_t)recipe.captured);
}

struct wc_snapshot *change_snapshot(void)
{
	struct wc_snapshot *made = NULL;

	ck_assert_int_eq(wc_census_snapshot(change_census, &made, NULL), 0);
	return made;
}

void change_reconfigure(void)
{
	struct wc_error error = {""};

	ck_assert_msg(wc_census_check(change_census, &change_options, &error) == 0, "%s",
		      error.text);
	ck_assert_msg(wc_census_reconfigure(change_census, &change_options, &error) == 0, "%s",
		      error.text);
}
