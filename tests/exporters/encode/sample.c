#include "sample.h"

#include <stdlib.h>
#include <string.h>

#include "wirecensus/address.h"
#include "wirecensus/registry.h"

#define START_NS INT64_C(1700000000250000000) /* 2023-11-14T22:13:20.250Z */
#define TCP      6
#define UDP      17

const char *wc_registry_port(const struct wc_registry *registry, uint8_t protocol, uint16_t port)
{
	(void)registry;
	if (port == 443)
		return protocol == TCP ? "https" : NULL;
	if (port == 53)
		return "domain";
	return port == 666 ? "do\"om\033" : NULL;
}

const char *wc_registry_protocol(const struct wc_registry *registry, uint8_t protocol)
{
	(void)registry;
	return protocol == 1 ? "icmp" : protocol == UDP ? "udp" : NULL;
}

const char *wc_registry_ethertype(const struct wc_registry *registry, uint16_t ethertype)
{
	(void)registry;
	return ethertype == 0x0806 ? "arp" : NULL;
}

const struct wc_context sample_context = {
	.host = "census.example",
	.instance = "4f6f5c1e-0000-4000-8000-0123456789ab",
	.top = 3,
};

static size_t find_names(void *arg, const struct wc_address *address,
			 const char *names[static WC_NAMING_MAX])
{
	char text[WC_ADDRESS_TEXT];

	(void)arg;
	wc_address_format(address, text);
	if (!strcmp(text, "10.0.0.5")) {
		names[0] = "a\"\n\033[31m.example";
		names[1] = "second.example";
		names[2] = "third.example";
		return 3;
	}
	if (!strcmp(text, "2001:db8:ffff:ffff:ffff:ffff:ffff:fff0"))
		names[0] = ":ns.example.net";
	else if (!strcmp(text, "::1"))
		names[0] = "www.bank.example.com.0123456789-0123456789.evil.example";
	else
		return 0;
	return 1;
}

static const struct wc_naming naming = {.find = find_names};

const struct wc_context sample_named_context = {
	.host = "census.example",
	.instance = "4f6f5c1e-0000-4000-8000-0123456789ab",
	.naming = &naming,
	.top = 4,
};

#define PORT(proto, number, way, ...)                                                              \
	{                                                                                          \
		.protocol = (proto), .port = (number), .direction = (way), .delta = {              \
			__VA_ARGS__                                                                \
		}                                                                                  \
	}

static const struct wc_port_row ports[] = {
	PORT(TCP, 22, WC_DIRECTION_IN, {40, 5000}, 7, 5, 1),
	PORT(TCP, 443, WC_DIRECTION_IN, {1200000, 1500000000}, 12345, 12300, 45),
	PORT(TCP, 443, WC_DIRECTION_OUT, {900, 70000}, 30, 30, 0),
	PORT(TCP, 666, WC_DIRECTION_IN, {3, 180}, 3, 0, 3),
	PORT(TCP, 8080, WC_DIRECTION_IN, {0, 0}, 0, 0, 0), /* counted before, but not now */
	{.protocol = TCP,
	 .direction = WC_DIRECTION_IN,
	 .other = true,
	 .delta = {{10, 600}, 0, 0, 0}},
	PORT(UDP, 53, WC_DIRECTION_OUT, {64, 6400}, 0, 0, 2),
	PORT(UDP, 123, WC_DIRECTION_TRANSIT, {0, 0}, 0, 0, 1),
};
static const struct wc_key_row protocols[] = {
	{.key = 1, .direction = WC_DIRECTION_IN, .delta = {12, 1176}},
	{.key = 89, .direction = WC_DIRECTION_TRANSIT, .delta = {4, 312}},
	{.other = true, .direction = WC_DIRECTION_IN, .delta = {1, 60}},
};
static const struct wc_key_row fragments[] = {
	{.key = UDP, .direction = WC_DIRECTION_LOCAL, .delta = {5, 7500}},
};
static const struct wc_key_row ethertypes[] = {
	{.key = 0x0806, .direction = WC_DIRECTION_IN, .delta = {8, 480}},
	{.key = 0x0806, .direction = WC_DIRECTION_OUT, .delta = {2, 84}},
	{.key = 0x1234, .direction = WC_DIRECTION_IN, .delta = {1, 60}},
};

#define V4(a, b, c, d)                                                                             \
	{                                                                                          \
		.low = (uint64_t)(a) << 24 | (b) << 16 | (c) << 8 | (d), .version = 4              \
	}
#define V6(left, right)                                                                            \
	{                                                                                          \
		.high = (left), .low = (right), .version = 6                                       \
	}

#define SECOND INT64_C(1000000000)

static const struct wc_conversation_row conversations[] = {
	{.client = V4(10, 0, 0, 5),
	 .server = V4(203, 0, 113, 80),
	 .protocol = TCP,
	 .port = 443,
	 .client_port = 51234,
	 .direction = WC_DIRECTION_OUT,
	 .scope = WC_SCOPE_INTERNET,
	 .forward = {900, 70000, 57400, 30, 0x1b},
	 .reverse = {1200000, 1500000000, 1483200000, 0, 0x1a},
	 .first_seen_ns = START_NS - 3600 * SECOND,
	 .last_seen_ns = START_NS + 9 * SECOND + 999999999},
	{.client = V6(0x20010db800000000, 5), /* a question without an answer */
	 .server = V6(0x20010db8ffffffff, 0xfffffffffffffff0),
	 .protocol = UDP,
	 .port = 53,
	 .client_port = 40000,
	 .direction = WC_DIRECTION_TRANSIT,
	 .scope = WC_SCOPE_LOCAL,
	 .forward = {64, 6400, 5504, 0, 0},
	 .first_seen_ns = START_NS,
	 .last_seen_ns = START_NS},
	{.client = {.version = 0}, /* folded */
	 .server = V4(10, 0, 0, 5),
	 .protocol = TCP,
	 .port = 22,
	 .direction = WC_DIRECTION_IN,
	 .scope = WC_SCOPE_INTERNET,
	 .forward = {40, 5000, 4440, 7, 0x02},
	 .first_seen_ns = WC_TIME_UNKNOWN,
	 .last_seen_ns = WC_TIME_UNKNOWN},
	{.client = V4(10, 0, 0, 5), /* the server went on, the client fell silent */
	 .server = V4(10, 0, 0, 6),
	 .protocol = TCP,
	 .port = 666,
	 .direction = WC_DIRECTION_OUT,
	 .scope = WC_SCOPE_LOCAL,
	 .reverse = {3, 180, 138, 0, 0x14},
	 .first_seen_ns = START_NS - 1,
	 .last_seen_ns = START_NS},
	{.other = true,
	 .forward = {10, 600, 460, 3, 0},
	 .first_seen_ns = WC_TIME_UNKNOWN,
	 .last_seen_ns = WC_TIME_UNKNOWN},
};
static const struct wc_host_row hosts[] = {
	{.address = V4(10, 0, 0, 5),
	 .sent = {900, 70000, 30},
	 .received = {1200040, 1500005000, 7},
	 .first_seen_ns = START_NS - 3600 * SECOND,
	 .last_seen_ns = START_NS + 10 * SECOND,
	 .rates_known = true,
	 .packets_per_hour = 4323384.0004,
	 .connections_per_hour = 0.0625,
	 .bytes_per_hour = 5.4e12},
	{.address = V6(0x20010db8ffffffff, 0xfffffffffffffff0),
	 .received = {64, 6400, 0},
	 .first_seen_ns = START_NS,
	 .last_seen_ns = START_NS},
	{.address = V4(192, 0, 2, 1)}, /* has a row, and was not heard in the interval */
	{.address = V6(0, 1),
	 .sent = {3, 180, 0},
	 .first_seen_ns = WC_TIME_UNKNOWN,
	 .last_seen_ns = WC_TIME_UNKNOWN},
	{.address = V4(198, 51, 100, 7),
	 .sent = {2, 120, 2},
	 .first_seen_ns = START_NS,
	 .last_seen_ns = START_NS},
	{.other = true,
	 .sent = {1200134, 1500020928, 8},
	 .received = {935, 79828, 33},
	 .first_seen_ns = WC_TIME_UNKNOWN,
	 .last_seen_ns = WC_TIME_UNKNOWN},
};

static const struct wc_scanner_row scanners[] = {
	{V4(198, 51, 100, 7), 20, 20, 19, 1, 1, 10, START_NS, false},
	{V6(0x20010db800000000, 0x99), 123456, 4, 3, 41000, 0, 123000, WC_TIME_UNKNOWN, false},
	{V4(198, 51, 100, 8), 30, 29, 28, 2, 30, 0, START_NS, false},
	{V4(198, 51, 100, 9), 20, 20, 20, 1, 19, 0, START_NS, false},
};

static void count(struct wc_totals *totals, enum wc_class class, uint8_t direction,
		  const struct wc_counts *counts)
{
	totals->frames += counts->packets;
	totals->classes[class].packets += counts->packets;
	totals->classes[class].bytes += counts->bytes;
	totals->directions[direction].packets += counts->packets;
	totals->directions[direction].bytes += counts->bytes;
}

static void count_keys(struct wc_totals *totals, enum wc_class class, const struct wc_key_row *rows,
		       size_t number)
{
	for (size_t i = 0; i < number; i++)
		count(totals, class, rows[i].direction, &rows[i].delta);
}

/* Fills in the totals that the rows of @snapshot add up to. */
static void add_up(struct wc_snapshot *snapshot)
{
	struct wc_totals *delta = &snapshot->delta;

	for (size_t i = 0; i < snapshot->port_rows; i++) {
		const struct wc_port_row *row = &snapshot->ports[i];

		count(delta, row->protocol == TCP ? WC_CLASS_TCP : WC_CLASS_UDP, row->direction,
		      &row->delta.all);
	}
	count_keys(delta, WC_CLASS_PROTOCOL, snapshot->protocols, snapshot->protocol_rows);
	count_keys(delta, WC_CLASS_FRAGMENT, snapshot->fragments, snapshot->fragment_rows);
	count_keys(delta, WC_CLASS_ETHERTYPE, snapshot->ethertypes, snapshot->ethertype_rows);
	delta->received = delta->frames;
	snapshot->total = *delta;
}

struct wc_snapshot sample_quiet(void)
{
	return (struct wc_snapshot){
		.capture = "lo",
		.observer = "lo",
		.interval = 1,
		.start_ns = START_NS,
		.end_ns = START_NS + INT64_C(2000000000),
		.length_ns = 2000000000,
		.complete = true,
	};
}

struct wc_snapshot sample_busy(void)
{
	struct wc_snapshot snapshot = {
		.capture = "wan",
		.observer = "eth0",
		.interval = 3,
		.start_ns = START_NS,
		.end_ns = START_NS + INT64_C(10001500000),
		.length_ns = 10000500000,
		.clock_step_ns = -1500000000,
		.pending = 2,
		.offload = WC_OFFLOAD_YES,
		.ports = ports,
		.port_rows = sizeof(ports) / sizeof(*ports),
		.protocols = protocols,
		.protocol_rows = sizeof(protocols) / sizeof(*protocols),
		.fragments = fragments,
		.fragment_rows = sizeof(fragments) / sizeof(*fragments),
		.ethertypes = ethertypes,
		.ethertype_rows = sizeof(ethertypes) / sizeof(*ethertypes),
		.conversations = conversations,
		.conversation_rows = sizeof(conversations) / sizeof(*conversations),
		.hosts = hosts,
		.host_rows = sizeof(hosts) / sizeof(*hosts),
		.scanners = scanners,
		.scanner_rows = sizeof(scanners) / sizeof(*scanners),
	};

	add_up(&snapshot);
	count(&snapshot.delta, WC_CLASS_LLC, WC_DIRECTION_IN, &(struct wc_counts){5, 300});
	count(&snapshot.delta, WC_CLASS_MALFORMED, WC_DIRECTION_IN, &(struct wc_counts){2, 1000});
	snapshot.delta.internet_in = (struct wc_counts){1200040, 1500005000};
	snapshot.delta.internet_out = (struct wc_counts){900, 70000};
	snapshot.delta.merged = 17;
	snapshot.delta.lost_kernel = 33;
	snapshot.delta.lost_interface = 4;
	snapshot.delta.gone_ns = 2345678901;
	snapshot.delta.restarts = 1;
	snapshot.delta.rejected = (struct wc_counts){50, 5000};
	snapshot.delta.frames += 50;
	snapshot.delta.received = snapshot.delta.frames + 33 + 2;
	snapshot.total = snapshot.delta;
	snapshot.total.frames += 1000;
	snapshot.total.received += 1000;
	snapshot.total.classes[WC_CLASS_TCP].bytes += 60000;
	return snapshot;
}

struct wc_snapshot sample_damaged(void)
{
	struct wc_snapshot snapshot = {
		.capture = "read",
		.observer = "cut.pcap",
		.interval = 2,
		.start_ns = WC_TIME_UNKNOWN,
		.end_ns = WC_TIME_UNKNOWN,
		.offload = WC_OFFLOAD_UNKNOWN,
	};

	count(&snapshot.delta, WC_CLASS_UNSUPPORTED, WC_DIRECTION_TRANSIT,
	      &(struct wc_counts){1, UINT32_MAX});
	snapshot.delta.received = 1;
	snapshot.total = snapshot.delta;
	return snapshot;
}

struct wc_snapshot sample_full(void)
{
	struct wc_snapshot snapshot = sample_quiet();
	static struct wc_port_row rows[2 * 65536];

	for (size_t i = 0; i < 2 * 65536; i++)
		rows[i] = (struct wc_port_row){.protocol = i < 65536 ? TCP : UDP,
					       .port = (uint16_t)i,
					       .delta = {{i + 1, 1000 * i + 64}, i, i / 2, i / 3}};
	snapshot.ports = rows;
	snapshot.port_rows = 2 * 65536;
	add_up(&snapshot);
	return snapshot;
}

const char *const sample_hostile[] = {
	"",
	" ",
	"\"",
	"\\",
	"\\\"",
	"\\u0022",
	"\"}\n{\"schema\":1,\"type\":\"total\",\"frames\":0}",
	"\n",
	"\r\n",
	"\t",
	"\001\002\037",
	"\177",
	"\033[31mred\033[0m",
	"\033]0;title\007",
	"\033[2J\033[H",
	"\302\233"
	"31m", /* CSI as one character of C1 */
	"\233"
	"31m",                  /* and as a bare byte */
	"\377\376",             /* no UTF-8 at all */
	"\303",                 /* cut short */
	"\303(",                /* a byte that does not continue it */
	"\300\257",             /* overlong */
	"\340\200\257",         /* overlong */
	"\355\240\200",         /* half a surrogate pair */
	"\364\220\200\200",     /* behind the last character */
	"\370\210\200\200\200", /* five bytes */
	"\342\200\250",         /* a line separator */
	"\342\200\256gpj.exe",  /* turns the writing direction */
	"\357\273\277bom",
	"Z\303\274rich \360\237\223\246", /* harmless */
	"a<b>&'`$(reboot)`%n%s",
	"../../etc/passwd",
	NULL,
};
