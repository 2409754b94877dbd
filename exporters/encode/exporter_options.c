/*
 * exporter_options.c - the table of exporters' options
 */
#include "exporter_options.h"

#include <string.h>

#include "wirecensus/option_rows.h"

#define NETWORK (WC_EXPORTER_JSON | WC_EXPORTER_SYSLOG | WC_EXPORTER_GELF | WC_EXPORTER_IPFIX)
#define PLACED  (NETWORK | WC_EXPORTER_TREE)
#define ALL     (PLACED | WC_EXPORTER_JOURNALD)

#define LOGS (WC_EXPORTER_SYSLOG | WC_EXPORTER_GELF | WC_EXPORTER_JOURNALD)

#define DAY UINT64_C(86400)

#define ROW(checked, field, valid)                                                                 \
	.name = #field, .scope = (valid), checked(struct wc_exporter_options, field)

static const char *const facilities[] = {
	"kern",    "user",   "mail",   "daemon",   "auth",   "syslog", "lpr",
	"news",    "uucp",   "cron",   "authpriv", "ftp",    "ntp",    "security",
	"console", "clock",  "local0", "local1",   "local2", "local3", "local4",
	"local5",  "local6", "local7", NULL,
};
static const char *const severities[] = {
	"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug", NULL,
};
static const char *const contents[] = {
	[WC_SYSLOG_STRUCTURED] = "structured",
	[WC_SYSLOG_CEE] = "cee",
	NULL,
};
static const char *const profiles[] = {
	[WC_IPFIX_GENERIC] = "generic",
	[WC_IPFIX_NFDUMP] = "nfdump",
	[WC_IPFIX_PMACCT] = "pmacct",
	[WC_IPFIX_LOGSTASH] = "logstash",
	NULL,
};

/* clang-format off */
const struct wc_option wc_exporter_option_table[] = {
	{ROW(WC_ROW_TEXT, address, PLACED), .argument = "PLACE",
	 .help = "where to: udp://HOST:PORT, tcp://, tls://, unix:///PATH, unixgram:///PATH, "
		 "file:///PATH"},
	{ROW(WC_ROW_TEXTS, rows, ALL), .argument = "KIND",
	 .help = "kinds of rows to send; without it, those that the format is good for"},
	{ROW(WC_ROW_NUMBER, top, ALL), .max = 1000000, .unset = WC_ROWS_FITTING, .argument = "NUMBER",
	 .help = "rows of a kind, the rest is other; 0 for all; without it, what the format is good for"},
	{ROW(WC_ROW_SECONDS, interval, ALL), .min = 1, .max = DAY, .argument = "TIME",
	 .help = "send sums over so long, a multiple of the daemon's; without it, what the format "
		 "is good for"},
	{ROW(WC_ROW_SIZE, datagram, NETWORK), .min = 256, .max = 65507, .argument = "BYTES",
	 .help = "the longest datagram; without it, what passes everywhere"},
	{ROW(WC_ROW_NUMBER, pace, NETWORK), .min = 1, .max = 1000000, .argument = "NUMBER",
	 .help = "datagrams in a second; without it, what default receive buffers hold"},
	{ROW(WC_ROW_SECONDS, patience, NETWORK), .min = 1, .max = 3600, .fallback = "10s",
	 .argument = "TIME",
	 .help = "after which a name, a connection, or sending without progress has failed"},
	{ROW(WC_ROW_PATH, ca, NETWORK), .argument = "FILE",
	 .help = "certificates to trust for tls://; without it, the system's"},
	{ROW(WC_ROW_PATH, certificate, NETWORK), .argument = "FILE",
	 .help = "our own certificate for tls://"},
	{ROW(WC_ROW_PATH, key, NETWORK), .argument = "FILE",
	 .help = "the key of our own certificate"},
	{ROW(WC_ROW_TEXT, peer, NETWORK), .argument = "NAME",
	 .help = "the name that the peer's certificate must have; without it, the host's"},
	{ROW(WC_ROW_SERVICES, hide, WC_EXPORTER_TREE), .argument = "PROTO/PORT",
	 .help = "a service that is not shown in out/, such as udp/5353; may be repeated"},
	{ROW(WC_ROW_FLAG, leave_out_else, WC_EXPORTER_TREE),
	 .help = "show only what comes in and goes out"},
	{ROW(WC_ROW_FLAG, unfolded, WC_EXPORTER_TREE),
	 .help = "show far addresses, and with five_tuple the ports of clients, not INTERNET and PORT"},
	{ROW(WC_ROW_NUMBER, files, WC_EXPORTER_TREE), .min = 1, .max = 10000000, .fallback = "100000",
	 .argument = "NUMBER", .help = "files in the tree, at most; then the file FULL says so"},
	{ROW(WC_ROW_CHOICE, facility, WC_EXPORTER_SYSLOG), .choices = facilities, .fallback = "daemon",
	 .argument = "NAME", .help = "the facility of messages, as in syslog(3)"},
	{ROW(WC_ROW_CHOICE, severity, LOGS), .choices = severities, .fallback = "info",
	 .argument = "NAME", .help = "the severity of messages, as in syslog(3)"},
	{ROW(WC_ROW_CHOICE, alert_severity, LOGS), .choices = severities, .fallback = "warning",
	 .argument = "NAME", .help = "the severity of scanners, and of totals where something was lost"},
	{ROW(WC_ROW_CHOICE, content, WC_EXPORTER_SYSLOG), .choices = contents, .fallback = "structured",
	 .argument = "FORM",
	 .help = "structured: fields as structured data, and a sentence; cee: JSON behind @cee:"},
	{ROW(WC_ROW_FLAG, rfc5424, WC_EXPORTER_SYSLOG),
	 .help = "write RFC 5424 to unixgram:// as well, not what /dev/log understands"},
	{ROW(WC_ROW_CHOICE, profile, WC_EXPORTER_IPFIX), .choices = profiles, .fallback = "generic",
	 .argument = "COLLECTOR",
	 .help = "generic, nfdump, pmacct, logstash: what that collector can take"},
	{ROW(WC_ROW_FLAG, biflow, WC_EXPORTER_IPFIX),
	 .help = "one record for both ways of a conversation (RFC 5103), not one for each"},
	{ROW(WC_ROW_FLAG, private_elements, WC_EXPORTER_IPFIX),
	 .help = "add accepted, refused, port changes and unanswered as elements of our own"},
	{ROW(WC_ROW_FLAG, types, WC_EXPORTER_IPFIX),
	 .help = "describe our own elements in options (RFC 5610)"},
	{ROW(WC_ROW_NUMBER, enterprise, WC_EXPORTER_IPFIX | WC_EXPORTER_SYSLOG), .min = 1, .max = UINT32_MAX,
	 .fallback = "32473", .argument = "NUMBER",
	 .help = "the IANA private enterprise number of our own elements and of structured data; "
		 "32473 is for examples"},
	{ROW(WC_ROW_NUMBER, domain, WC_EXPORTER_IPFIX), .min = 1, .max = UINT32_MAX - 256,
	 .fallback = "1", .argument = "NUMBER",
	 .help = "the first observation domain; each capture has eight"},
	{ROW(WC_ROW_SECONDS, refresh, WC_EXPORTER_IPFIX), .min = 1, .max = DAY, .argument = "TIME",
	 .help = "after which datagrams repeat the templates; without it, a minute"},
	{.name = NULL},
};
/* clang-format on */

unsigned wc_exporter_scope(const char *format)
{
	static const struct {
		const char *format;
		unsigned scope;
	} scopes[] = {
		{"json", WC_EXPORTER_JSON}, {"syslog", WC_EXPORTER_SYSLOG},
		{"gelf", WC_EXPORTER_GELF}, {"journald", WC_EXPORTER_JOURNALD},
		{"tree", WC_EXPORTER_TREE}, {"ipfix", WC_EXPORTER_IPFIX},
	};

	for (size_t i = 0; i < sizeof(scopes) / sizeof(*scopes); i++)
		if (!strcmp(scopes[i].format, format))
			return scopes[i].scope;
	return 0;
}
