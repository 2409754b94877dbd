/*
 * options.c - the one table of options
 *
 * A new option is a field in struct wc_options and a row here. How text becomes
 * a value is the business of option_values.c, and option_tables.c works any table.
 */
#include "wirecensus/options.h"

#include <limits.h>
#include <stdio.h>

#include "wirecensus/option_rows.h"

#define SHOWN    (WC_SCOPE_READ | WC_SCOPE_LIVE)
#define CAPTURED (WC_SCOPE_LIVE | WC_SCOPE_DAEMON | WC_SCOPE_PLUGIN)
#define ALL      (WC_SCOPE_READ | CAPTURED)
#define TOLD     (WC_SCOPE_REPORT | WC_SCOPE_HISTORY)
#define ASKED    (WC_SCOPE_SHOW | WC_SCOPE_STATUS | WC_SCOPE_DUMP | WC_SCOPE_RELOAD)

#define DAY UINT64_C(86400)

#define ROW(checked, field, where, valid)                                                          \
	.name = #field, .group = (where), .scope = (valid), checked(struct wc_options, field)

#define FLAG(...)      ROW(WC_ROW_FLAG, __VA_ARGS__)
#define NUMBER(...)    ROW(WC_ROW_NUMBER, __VA_ARGS__)
#define SIZE(...)      ROW(WC_ROW_SIZE, __VA_ARGS__)
#define SECONDS(...)   ROW(WC_ROW_SECONDS, __VA_ARGS__)
#define CHOICE(...)    ROW(WC_ROW_CHOICE, __VA_ARGS__)
#define TEXT(...)      ROW(WC_ROW_TEXT, __VA_ARGS__)
#define TEXTS(...)     ROW(WC_ROW_TEXTS, __VA_ARGS__)
#define ADDRESS(...)   ROW(WC_ROW_ADDRESS, __VA_ARGS__)
#define ADDRESSES(...) ROW(WC_ROW_ADDRESSES, __VA_ARGS__)
#define NETWORKS(...)  ROW(WC_ROW_NETWORKS, __VA_ARGS__)
#define SERVICES(...)  ROW(WC_ROW_SERVICES, __VA_ARGS__)

static const char *const engines[] = {
	[WC_ENGINE_AUTO] = "auto",
	[WC_ENGINE_KERNEL] = "kernel",
	[WC_ENGINE_RING] = "ring",
	[WC_ENGINE_PCAP] = "pcap",
	NULL,
};
static const char *const attachments[] = {
	[WC_ATTACH_SOCKET] = "socket",
	[WC_ATTACH_TCX] = "tcx",
	[WC_ATTACH_XDP] = "xdp",
	[WC_ATTACH_XDP_GENERIC] = "xdp-generic",
	NULL,
};
static const char *const scanner_modes[] = {
	[WC_SCAN_DEFAULT] = "default",
	[WC_SCAN_PLAIN] = "plain",
	NULL,
};
static const char *const rate_modes[] = {
	[WC_RATE_DEFAULT] = "default",
	[WC_RATE_NCS] = "ncs",
	NULL,
};
static const char *const seccomp_modes[] = {
	[WC_SECCOMP_ON] = "on",
	[WC_SECCOMP_LOG] = "log",
	[WC_SECCOMP_OFF] = "off",
	NULL,
};
static const char *const formats[] = {
	[WC_FORMAT_TEXT] = "text",
	[WC_FORMAT_JSON] = "json",
	NULL,
};

/* clang-format off */
const struct wc_option wc_option_table[] = {
	{TEXTS(interface, WC_GROUP_CAPTURE, CAPTURED), .restart = true, .letter = 'i', .argument = "NAME",
	 .help = "interface to count, or any; may be repeated; without it, all that are up, "
		 "not loopback and not stacked on another; else tunnels, or the loopback"},
	{CHOICE(engine, WC_GROUP_CAPTURE, CAPTURED), .restart = true, .choices = engines, .fallback = "auto",
	 .argument = "ENGINE",
	 .help = "how frames are counted: in the kernel, out of its ring, or by libpcap"},
	{CHOICE(attach, WC_GROUP_CAPTURE, CAPTURED), .restart = true, .choices = attachments, .fallback = "socket",
	 .argument = "PLACE",
	 .help = "where the kernel engine counts: at a socket, or at the interface, for less"},
	{FLAG(drop_echo, WC_GROUP_CAPTURE, CAPTURED), .restart = true,
	 .help = "with xdp: drop ICMP echo requests, so that this host does not answer them"},
	{TEXT(filter, WC_GROUP_CAPTURE, ALL), .argument = "EXPRESSION",
	 .help = "count only the frames that match, as in pcap-filter(7)"},
	{FLAG(exclude_local_sources, WC_GROUP_CAPTURE, ALL),
	 .help = "leave out private sources: 10/8, 172.16/12, 192.168/16, fc00::/7, fe80::/10"},
	{ADDRESS(to, WC_GROUP_CAPTURE, ALL), .argument = "ADDRESS",
	 .help = "leave out packets of that address's family that go elsewhere"},
	{TEXT(match, WC_GROUP_CAPTURE, ALL), .argument = "TEXT",
	 .help = "count only frames with these bytes; letters in any case, \\xHH for any byte"},
	{TEXT(no_match, WC_GROUP_CAPTURE, ALL), .argument = "TEXT",
	 .help = "leave out frames with these bytes"},
	{NUMBER(payload_offset, WC_GROUP_CAPTURE, ALL), .max = UINT16_MAX, .fallback = "0",
	 .argument = "BYTES", .help = "where these two begin to look, VLAN tags left out"},
	{FLAG(promiscuous, WC_GROUP_CAPTURE, CAPTURED), .restart = true,
	 .help = "see frames that are meant for other hosts, too"},
	{SIZE(snaplen, WC_GROUP_CAPTURE, CAPTURED), .restart = true, .min = 14, .max = 262144,
	 .argument = "BYTES", .help = "capture so much of each frame; without it, what decoding needs"},
	{SIZE(buffer, WC_GROUP_CAPTURE, CAPTURED), .restart = true, .min = 4096, .max = 2047u << 20,
	 .argument = "BYTES", .help = "the kernel's buffer per interface; without it, a fitting one"},
	{ADDRESSES(local_address, WC_GROUP_COUNT, ALL), .argument = "ADDRESS",
	 .help = "one more address that counts as local; may be repeated"},
	{NETWORKS(local_net, WC_GROUP_COUNT, ALL), .argument = "NETWORK",
	 .help = "a network that is not the internet; may be repeated; without it, the private, "
		 "link-local and loopback ones"},
	{FLAG(five_tuple, WC_GROUP_COUNT, ALL), .restart = true,
	 .help = "tell conversations apart by the client's port, too"},
	{FLAG(fold_internet, WC_GROUP_COUNT, ALL),
	 .help = "in conversations, take all addresses outside the local networks for one"},
	{SERVICES(serve, WC_GROUP_COUNT, ALL), .argument = "PROTO/PORT",
	 .help = "a port that is a service here, as in udp/5353; may be repeated"},
	{NUMBER(conversations, WC_GROUP_COUNT, ALL), .restart = true, .min = 0, .max = 1 << 24,
	 .unset = WC_ROWS_FITTING, .argument = "NUMBER",
	 .help = "rows for conversations, the rest is other; 0 for none, which is cheaper; without "
		 "it 65536, in read 4 million"},
	{NUMBER(hosts, WC_GROUP_COUNT, ALL), .restart = true, .min = 0, .max = 1 << 24,
	 .unset = WC_ROWS_FITTING, .argument = "NUMBER",
	 .help = "rows for hosts, the rest is other; 0 for none, and no scanners; without it 65536, "
		 "in read 4 million"},
	{SECONDS(idle, WC_GROUP_COUNT, CAPTURED), .min = 1, .max = 365 * DAY, .fallback = "1h",
	 .argument = "TIME", .help = "after which a silent conversation or host frees its row"},
	{NUMBER(scanner_threshold, WC_GROUP_COUNT, ALL), .min = 1, .max = 1000000,
	 .fallback = "20", .argument = "NUMBER",
	 .help = "port changes or hosts in an hour that make a scanner"},
	{NETWORKS(scanner_ignore, WC_GROUP_COUNT, ALL), .argument = "NETWORK",
	 .help = "an address or network that is never reported as a scanner; may be repeated"},
	{CHOICE(scanner_mode, WC_GROUP_COUNT, ALL), .choices = scanner_modes, .fallback = "default",
	 .argument = "MODE", .help = "plain: by port changes of all packets, answered or not"},
	{CHOICE(rate_mode, WC_GROUP_COUNT, SHOWN | WC_SCOPE_DAEMON), .restart = true, .choices = rate_modes,
	 .fallback = "default", .argument = "MODE", .help = "ncs: hourly rates exactly as Net::Connection::Sniffer had them"},
	{FLAG(names, WC_GROUP_COUNT, SHOWN | WC_SCOPE_DAEMON | WC_SCOPE_REPORT),
	 .help = "look up the names of hosts by reverse DNS; read waits 5 s at most for those of a "
		 "file, 20 a second are asked for"},
	{TEXTS(name_server, WC_GROUP_COUNT, SHOWN | WC_SCOPE_DAEMON | WC_SCOPE_REPORT), .argument = "ADDRESS[:PORT]",
	 .help = "whom to ask for names; may be repeated; without it, as in resolv.conf(5)"},
	{TEXT(config, WC_GROUP_RUN, WC_SCOPE_RUN), .letter = 'c', .argument = "FILE",
	 .help = "the configuration; without it, /etc/wirecensus/wirecensus.conf"},
	{FLAG(check, WC_GROUP_RUN, WC_SCOPE_RUN), .letter = 't',
	 .help = "only check the configuration"},
	{FLAG(print, WC_GROUP_RUN, WC_SCOPE_RUN),
	 .help = "only check the configuration, and print every option with its value"},
	{CHOICE(seccomp, WC_GROUP_RUN, WC_SCOPE_RUN), .choices = seccomp_modes, .fallback = "on",
	 .argument = "MODE", .help = "what becomes of system calls that it has no use for: on: they "
		 "end it; log: the kernel logs them"},
	{TEXT(control, WC_GROUP_ASK, ASKED | WC_SCOPE_REPORT), .fallback = "/run/wirecensus/control.sock",
	 .argument = "PATH", .help = "the daemon's control socket"},
	{TEXT(capture, WC_GROUP_ASK, WC_SCOPE_SHOW | TOLD), .argument = "NAME",
	 .help = "one capture; without it, all of them"},
	{FLAG(total, WC_GROUP_ASK, WC_SCOPE_SHOW),
	 .help = "since the daemon's start in place of its last interval; not of conversations, "
		 "hosts and scanners"},
	{FLAG(reset, WC_GROUP_ASK, WC_SCOPE_DUMP),
	 .help = "begin a new run behind the dump: counts from 0, and another instance"},
	{TEXT(journal, WC_GROUP_ASK, TOLD), .fallback = "/var/lib/wirecensus", .argument = "PATH",
	 .help = "the daemon's journal, or its state directory, which has it as census.db"},
	{SECONDS(last, WC_GROUP_ASK, TOLD), .min = 1, .max = 3660 * DAY, .argument = "TIME",
	 .help = "the time up to now that is asked for: 10m, 1h, 7d; history without a span is 1h"},
	{TEXT(since, WC_GROUP_ASK, TOLD), .argument = "WHEN",
	 .help = "the time from then on: 2025-11-21, '2025-11-21 10:30', 10:30 (today), in UTC "
		 "2025-11-21T10:30:00Z, or @ and seconds since 1970"},
	{TEXT(until, WC_GROUP_ASK, TOLD), .argument = "WHEN",
	 .help = "the time up to then; without it, up to now"},
	{SECONDS(step, WC_GROUP_ASK, WC_SCOPE_HISTORY), .min = 1, .max = 3660 * DAY,
	 .argument = "TIME", .help = "one sum for each such time; without it, one for all of it, and "
					     "of traffic and loss a fitting number"},
	{TEXT(cache, WC_GROUP_ASK, WC_SCOPE_REPORT), .argument = "FILE",
	 .help = "keep the report in FILE, and print that as long as it is not too old"},
	{SECONDS(refresh, WC_GROUP_ASK, WC_SCOPE_REPORT), .max = 3660 * DAY, .fallback = "5m",
	 .argument = "TIME", .help = "how old a report that was kept may be"},
	{SECONDS(interval, WC_GROUP_SHOW, WC_SCOPE_LIVE), .min = 1, .max = 31 * DAY,
	 .fallback = "10s", .argument = "TIME", .help = "from one census to the next"},
	{NUMBER(count, WC_GROUP_SHOW, WC_SCOPE_LIVE), .letter = 'c', .min = 1, .max = UINT32_MAX,
	 .argument = "NUMBER", .help = "end after so many intervals; without it, when interrupted"},
	{NUMBER(top, WC_GROUP_SHOW, SHOWN | WC_SCOPE_SHOW | TOLD), .min = 1, .max = 1000000, .fallback = "10",
	 .argument = "NUMBER", .help = "rows in a table of the text; the others are added up"},
	{TEXT(ipfix, WC_GROUP_SHOW, WC_SCOPE_READ), .argument = "FILE",
	 .help = "write the census to FILE, too, as IPFIX (RFC 5655)"},
	{CHOICE(format, WC_GROUP_SHOW, SHOWN | WC_SCOPE_SHOW | WC_SCOPE_STATUS | TOLD), .choices = formats, .fallback = "text",
	 .argument = "FORMAT", .help = "tables for people, or one line of JSON per row"},
	{FLAG(verbose, WC_GROUP_SHOW, SHOWN), .letter = 'v',
	 .help = "say on standard error what was opened, and how"},
	{.name = NULL},
};
/* clang-format on */

const struct wc_option *wc_option_find(const char *name, unsigned scope)
{
	return wc_option_find_in(wc_option_table, name, scope);
}

int wc_options_init(struct wc_options *options, struct wc_error *error)
{
	*options = (struct wc_options){0};
	return wc_option_defaults(options, wc_option_table, error);
}

void wc_options_free(struct wc_options *options)
{
	wc_option_clear(options, wc_option_table);
}

int wc_options_set(struct wc_options *options, const struct wc_option *option, const char *as,
		   const char *text, struct wc_error *error)
{
	return wc_option_set(options, option, as, text, error);
}

const char *wc_options_name(const struct wc_options *options, const char *name,
			    char text[static WC_OPTION_NAME + 2])
{
	const struct wc_option *option = wc_option_find(name, UINT_MAX);
	char spelled[WC_OPTION_NAME];

	snprintf(text, WC_OPTION_NAME + 2, "%s%s",
		 options->spelling == WC_SPELLING_DASHED ? "--" : "",
		 wc_option_spell(option, options->spelling, spelled));
	return text;
}
