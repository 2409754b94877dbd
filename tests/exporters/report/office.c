#include "office.h"

#include <math.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_S INT64_C(1000000000)
#define DAY_S    86400

/* Where the office is, 10.1.0.0/16, and where it goes to. */
#define CLIENTS  0x0a010000u
#define SERVER   0x0a010105u
#define INTERNET 0xc6336400u /* 198.51.100.0/24 */
#define SCANNER  0xcb007142u /* 203.0.113.66 */

const char *const office_hostile[] = {
	"<script>document.title='owned'</script>.example",
	"<img src=x onerror=document.title='owned'>",
	"\"><svg onload=document.title='owned'>",
	"' onmouseover='document.title=1",
	"</td></tr></table><h1>gone</h1>",
	"</title><script>document.title='owned'</script>",
	"&lt;b&gt;.example",
	"&amp;&#60;i&#62;",
	"javascript:alert(1)",
	"data:text/html,<script>1</script>",
	"<a href=//evil.example>click</a>",
	"<!-- .example",
	"--> <b>bold</b>",
	"]]><x>",
	"<base href=//evil.example>",
	"<meta http-equiv=refresh content=0>",
	"<iframe src=//evil.example>",
	"<style>*{display:none}</style>",
	"<textarea>",
	"<plaintext>",
	"a\nb.example",
	"tab\there.example",
	"\x1b[31mred.example",
	"\342\200\256elpmaxe.live",
	"\xff\xfe.example",
	"nul\\u0000.example",
	"${7*7}.example",
	"{{7*7}}.example",
	"%3Cscript%3E.example",
	":ns.<b>zone</b>.example",
};
const size_t office_hostile_count = sizeof(office_hostile) / sizeof(*office_hostile);

static const char *const sites[] = {
	"www.example.com", "cdn.example.net", "mail.example.org", "static.example.co.uk",
	"api.example.com", "img.example.net", "git.example.org",  "news.example.co.uk",
};

static size_t find(void *arg, const struct wc_address *address,
		   const char *names[static WC_NAMING_MAX])
{
	uint32_t low = (uint32_t)address->low;

	(void)arg;
	if (address->version != 4)
		return 0;
	if ((low & 0xffffff00u) == INTERNET) {
		names[0] = sites[low % (sizeof(sites) / sizeof(*sites))];
		return 1;
	}
	if (low == SERVER) {
		names[0] = "files.office.example";
		names[1] = "nas.office.example";
		return 2;
	}
	if (low > CLIENTS && low - CLIENTS <= office_hostile_count) {
		names[0] = office_hostile[low - CLIENTS - 1];
		return 1;
	}
	return 0;
}

const struct wc_naming office_naming = {find, NULL};

/* The finisher of splitmix64. */
static uint64_t mix(uint64_t word)
{
	word += UINT64_C(0x9e3779b97f4a7c15);
	word = (word ^ (word >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	word = (word ^ (word >> 27)) * UINT64_C(0x94d049bb133111eb);
	return word ^ (word >> 31);
}

/* A working day: little at night, most in the afternoon. */
static double busy(int64_t end_ns)
{
	double hour = (double)(end_ns / NS_PER_S % DAY_S) / 3600;

	return 0.08 + pow(fmax(0, sin((hour - 6) / 14 * 3.14159265)), 2);
}

struct making {
	struct wc_snapshot *snapshot;
	struct wc_port_row *ports;
	struct wc_conversation_row *conversations;
	struct wc_host_row *hosts;
	uint64_t number;
	double scale;
};

static struct wc_address v4(uint32_t low)
{
	return (struct wc_address){.low = low, .version = 4};
}

static struct wc_counts counts(struct making *making, uint64_t salt, double packets, unsigned size)
{
	uint64_t some = (uint64_t)(packets * making->scale) + mix(making->number ^ salt) % 7;

	return (struct wc_counts){some, some * size};
}

static void add_port(struct making *making, uint8_t protocol, uint16_t port, uint8_t direction,
		     struct wc_counts all, uint64_t new, uint64_t accepted, uint64_t refused)
{
	struct wc_totals *delta = &making->snapshot->delta;
	enum wc_class class = protocol == IPPROTO_TCP ? WC_CLASS_TCP : WC_CLASS_UDP;

	making->ports[making->snapshot->port_rows++] = (struct wc_port_row){
		.delta = {all, new, accepted, refused},
		.port = port,
		.protocol = protocol,
		.direction = direction,
	};
	delta->classes[class].packets += all.packets;
	delta->classes[class].bytes += all.bytes;
	delta->directions[direction].packets += all.packets;
	delta->directions[direction].bytes += all.bytes;
	delta->frames += all.packets;
	delta->received += all.packets;
}

static void add_conversation(struct making *making, uint32_t client, uint32_t server, uint16_t port,
			     uint8_t direction, struct wc_counts there, struct wc_counts back)
{
	making->conversations[making->snapshot->conversation_rows++] = (struct wc_conversation_row){
		.client = v4(client),
		.server = v4(server),
		.port = port,
		.protocol = port == 53 ? IPPROTO_UDP : IPPROTO_TCP,
		.direction = direction,
		.scope = direction == WC_DIRECTION_LOCAL ? WC_SCOPE_LOCAL : WC_SCOPE_INTERNET,
		.forward = {there.packets, there.bytes, there.bytes, there.packets / 9, 0x1b},
		.reverse = {back.packets, back.bytes, back.bytes, 0, 0x1b},
		.first_seen_ns = making->snapshot->start_ns,
		.last_seen_ns = making->snapshot->end_ns,
	};
}

static void add_host(struct making *making, struct wc_address address, struct wc_counts sent,
		     struct wc_counts received)
{
	making->hosts[making->snapshot->host_rows++] = (struct wc_host_row){
		.address = address,
		.sent = {sent.packets, sent.bytes, sent.packets / 11},
		.received = {received.packets, received.bytes, received.packets / 13},
		.first_seen_ns = making->snapshot->start_ns,
		.last_seen_ns = making->snapshot->end_ns,
		.rates_known = true,
		.packets_per_hour = (double)(sent.packets + received.packets) * 360,
		.connections_per_hour = (double)(sent.packets / 11) * 360,
		.bytes_per_hour = (double)(sent.bytes + received.bytes) * 360,
	};
}

static void add_ports(struct making *making, size_t more)
{
	static const struct {
		uint8_t protocol, direction;
		uint16_t port;
		unsigned packets, size;
	} usual[] = {
		{6, WC_DIRECTION_IN, 22, 40, 120},       {6, WC_DIRECTION_IN, 443, 900, 310},
		{6, WC_DIRECTION_OUT, 443, 2100, 95},    {6, WC_DIRECTION_IN, 51820, 3900, 1310},
		{6, WC_DIRECTION_LOCAL, 445, 1500, 870}, {17, WC_DIRECTION_OUT, 53, 220, 82},
		{17, WC_DIRECTION_OUT, 123, 8, 90},      {17, WC_DIRECTION_IN, 5353, 30, 210},
		{6, WC_DIRECTION_OUT, 40112, 700, 1180}, {6, WC_DIRECTION_TRANSIT, 8080, 120, 400},
	};

	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual); i++) {
		struct wc_counts all = counts(making, i, usual[i].packets, usual[i].size);
		bool tcp = usual[i].protocol == IPPROTO_TCP;

		add_port(making, usual[i].protocol, usual[i].port, usual[i].direction, all,
			 tcp ? all.packets / 20 : 0, tcp ? all.packets / 21 : 0,
			 usual[i].port == 22 ? all.packets / 40 : 0);
	}
	add_port(making, IPPROTO_TCP, 23, WC_DIRECTION_IN, (struct wc_counts){12, 12 * 60}, 12, 0,
		 12);
	for (size_t i = 0; i < more; i++)
		add_port(making, IPPROTO_TCP, (uint16_t)(1024 + i), WC_DIRECTION_IN,
			 counts(making, i, 1, 60), 1, 0, 1);
}

static void add_flows(struct making *making, size_t conversations, size_t hosts)
{
	for (uint32_t i = 1; i <= 45; i++) {
		struct wc_counts there = counts(making, i, 90.0 / i, 130);
		struct wc_counts back = counts(making, ~i, 130.0 / i, 1180);

		add_conversation(making, CLIENTS + i, INTERNET + i % 12, 443, WC_DIRECTION_OUT,
				 there, back);
		add_host(making, v4(CLIENTS + i), there, back);
	}
	for (uint32_t i = 0; i < 12; i++)
		add_host(making, v4(INTERNET + i), counts(making, i, 300.0 / (i + 1), 1100),
			 counts(making, i, 200.0 / (i + 1), 120));
	add_host(making, v4(SERVER), counts(making, 5, 1500, 870), counts(making, 6, 900, 140));
	add_conversation(making, CLIENTS + 3, SERVER, 445, WC_DIRECTION_LOCAL,
			 counts(making, 7, 600, 140), counts(making, 8, 900, 1200));
	add_host(making, (struct wc_address){0x20010db800010000, 0x42, 6},
		 counts(making, 9, 60, 700), counts(making, 10, 50, 110));
	for (uint32_t i = 0; i < conversations; i++)
		add_conversation(making, 0x0a020000u + i, INTERNET + i % 200, 443, WC_DIRECTION_OUT,
				 counts(making, i, 4, 200), counts(making, i, 5, 900));
	for (uint32_t i = 0; i < hosts; i++)
		add_host(making, v4(0x0a020000u + i), counts(making, i, 4, 200),
			 counts(making, i, 5, 900));
}

static void add_rest(struct making *making)
{
	struct wc_totals *delta = &making->snapshot->delta;
	struct wc_key_row *icmp = calloc(1, sizeof(*icmp));
	struct wc_scanner_row *scanner = calloc(1, sizeof(*scanner));

	*icmp = (struct wc_key_row){.delta = {14, 14 * 98}, .key = 1};
	making->snapshot->protocols = icmp;
	making->snapshot->protocol_rows = 1;
	delta->classes[WC_CLASS_PROTOCOL] = icmp->delta;
	delta->directions[WC_DIRECTION_IN].packets += 14;
	delta->directions[WC_DIRECTION_IN].bytes += 14 * 98;
	delta->frames += 14;
	delta->received += 14;
	delta->internet_in = delta->directions[WC_DIRECTION_IN];
	delta->internet_out = delta->directions[WC_DIRECTION_OUT];
	*scanner = (struct wc_scanner_row){.address = v4(SCANNER),
					   .attempts = 640,
					   .port_changes = 611,
					   .distinct_ports = 600,
					   .distinct_hosts = 2,
					   .refused = 598,
					   .unanswered = 31,
					   .first_seen_ns = making->snapshot->start_ns};
	making->snapshot->scanners = scanner;
	making->snapshot->scanner_rows = 1;
	if (making->number % 97 == 41) {
		delta->lost_kernel = 1200;
		delta->received += 1200;
		making->snapshot->complete = false;
	}
}

struct wc_snapshot *office_make(const char *capture, uint64_t number, int64_t end_ns,
				unsigned seconds, const struct office_size *size)
{
	struct wc_snapshot *snapshot = calloc(1, sizeof(*snapshot));
	struct making making = {
		.snapshot = snapshot,
		.ports = calloc(size->ports + 32, sizeof(*making.ports)),
		.conversations = calloc(size->conversations + 64, sizeof(*making.conversations)),
		.hosts = calloc(size->hosts + 64, sizeof(*making.hosts)),
		.number = number,
		.scale = busy(end_ns) * seconds / 10 * (0.75 + (double)(mix(number) % 100) / 200),
	};

	*snapshot = (struct wc_snapshot){
		.capture = capture,
		.observer = "eth0",
		.interval = number,
		.start_ns = end_ns - (int64_t)seconds * NS_PER_S,
		.end_ns = end_ns,
		.length_ns = (uint64_t)seconds * (uint64_t)NS_PER_S,
		.complete = true,
	};
	add_ports(&making, size->ports);
	add_flows(&making, size->conversations, size->hosts);
	add_rest(&making);
	snapshot->ports = making.ports;
	snapshot->conversations = making.conversations;
	snapshot->hosts = making.hosts;
	return snapshot;
}

void office_free(struct wc_snapshot *snapshot)
{
	free((void *)snapshot->ports);
	free((void *)snapshot->protocols);
	free((void *)snapshot->conversations);
	free((void *)snapshot->hosts);
	free((void *)snapshot->scanners);
	free(snapshot);
}
