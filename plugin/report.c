#include "report.h"

#include <inttypes.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

#define DIRECTIONS ((1u << WC_DIRECTIONS) - 1)

struct option {
	const char *name;
	int (*set)(void *field, const struct option *option, const char *text,
		   struct wc_error *error);
	size_t offset; /* of the field in struct wc_report */
	uint64_t max;  /* of a number */
	bool list;     /* any number of texts, else one */
};

static int set_flag(void *field, const struct option *option, const char *text,
		    struct wc_error *error)
{
	static const struct {
		const char *word;
		bool value;
	} words[] = {{"true", true}, {"false", false}, {"yes", true},
		     {"no", false},  {"on", true},     {"off", false}};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcasecmp(words[i].word, text)) {
			*(bool *)field = words[i].value;
			return WC_OK;
		}
	return wc_error_set(error, WC_INVALID, "%s: '%s' is neither true nor false", option->name,
			    text);
}

/* Reads a whole number of at most @max, and nothing behind it. */
static bool read_number(uint64_t *number, const char *text, uint64_t max)
{
	*number = 0;
	if (!*text)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		*number = *number * 10 + (uint64_t)(*text - '0');
		if (*number > max)
			return false;
	}
	return true;
}

static int set_number(void *field, const struct option *option, const char *text,
		      struct wc_error *error)
{
	uint64_t number;

	if (!read_number(&number, text, option->max))
		return wc_error_set(error, WC_INVALID,
				    "%s: '%s' is not a whole number from 0 to %" PRIu64,
				    option->name, text, option->max);
	*(uint64_t *)field = number;
	return WC_OK;
}

static int add_direction(void *field, const struct option *option, const char *text,
			 struct wc_error *error)
{
	for (int d = 0; d < WC_DIRECTIONS; d++)
		if (!strcasecmp(wc_direction_name((enum wc_direction)d), text)) {
			*(unsigned *)field |= 1u << d;
			return WC_OK;
		}
	return wc_error_set(error, WC_INVALID, "%s: '%s' is not one of in, out, local, transit",
			    option->name, text);
}

/* Reads tcp/PORT or udp/PORT. */
static bool read_port(struct wc_report_port *port, const char *text)
{
	uint64_t number;

	if (!strncasecmp(text, "tcp/", 4))
		port->protocol = IPPROTO_TCP;
	else if (!strncasecmp(text, "udp/", 4))
		port->protocol = IPPROTO_UDP;
	else
		return false;
	if (!read_number(&number, text + 4, UINT16_MAX))
		return false;
	port->port = (uint16_t)number;
	return true;
}

static bool has_port(const struct wc_report *report, const struct wc_report_port *port)
{
	for (size_t i = 0; i < report->port_count; i++)
		if (report->ports[i].port == port->port &&
		    report->ports[i].protocol == port->protocol)
			return true;
	return false;
}

/* @field is the whole report: a list has two members. A port named twice is one. */
static int add_port(void *field, const struct option *option, const char *text,
		    struct wc_error *error)
{
	struct wc_report *report = field;
	struct wc_report_port port;

	if (!read_port(&port, text))
		return wc_error_set(error, WC_INVALID,
				    "%s: '%s' is not a port such as tcp/443 or udp/53",
				    option->name, text);
	if (has_port(report, &port))
		return WC_OK;
	if (report->port_count == WC_REPORT_PORTS)
		return wc_error_set(error, WC_INVALID, "%s: '%s' is one too many: %d are allowed",
				    option->name, text, WC_REPORT_PORTS);
	report->ports[report->port_count++] = port;
	return WC_OK;
}

#define FIELD(member) offsetof(struct wc_report, member)

static const struct option options[] = {
	{"ReportTotals", set_flag, .offset = FIELD(totals)},
	{"ReportPorts", add_port, .offset = 0, .list = true},
	{"ReportServices", set_flag, .offset = FIELD(services)},
	{"ReportTop", set_number, .offset = FIELD(top), .max = 100},
	{"ReportProtocols", set_flag, .offset = FIELD(protocols)},
	{"ReportEthertypes", set_flag, .offset = FIELD(ethertypes)},
	{"ReportDirections", add_direction, .offset = FIELD(directions), .list = true},
	{"ReportInternet", set_flag, .offset = FIELD(internet)},
	{"ReportConversations", set_flag, .offset = FIELD(conversations)},
	{"ReportHosts", set_flag, .offset = FIELD(hosts)},
	{"ReportScanners", set_flag, .offset = FIELD(scanners)},
	{"ReportLoss", set_flag, .offset = FIELD(loss)},
	{"MaxSeries", set_number, .offset = FIELD(max_series), .max = 10000},
	{"NotifyLoss", set_number, .offset = FIELD(notify_loss), .max = 100},
	{"NotifyInterface", set_flag, .offset = FIELD(notify_interface)},
	{"NotifyScanners", set_flag, .offset = FIELD(notify_scanners)},
};

#define OPTIONS (sizeof(options) / sizeof(*options))

void wc_report_init(struct wc_report *report)
{
	*report = (struct wc_report){
		.totals = true,
		.services = true,
		.protocols = true,
		.ethertypes = true,
		.internet = true,
		.conversations = true,
		.hosts = true,
		.scanners = true,
		.loss = true,
		.top = 10,
		.directions = DIRECTIONS,
		.max_series = 400,
		.notify_loss = 1,
		.notify_interface = true,
		.notify_scanners = true,
	};
}

static const struct option *find(const char *name)
{
	for (size_t i = 0; i < OPTIONS; i++)
		if (!strcasecmp(options[i].name, name))
			return &options[i];
	return NULL;
}

int wc_report_set(struct wc_report *report, const char *name, const char *const *texts,
		  size_t count, struct wc_error *error)
{
	const struct option *option = find(name);
	struct wc_report changed = *report;
	int status = WC_OK;

	if (!option)
		return wc_error_set(error, WC_INVALID, "%s is not an option", name);
	if (!count || (count > 1 && !option->list))
		return wc_error_set(error, WC_INVALID, "%s takes %s, not %zu", option->name,
				    option->list ? "one value or more" : "one value", count);
	/* A list of directions stands for itself; ports are added to those before. */
	if (option->set == add_direction)
		changed.directions = 0;
	for (size_t i = 0; i < count && !status; i++)
		status = option->set((char *)&changed + option->offset, option, texts[i], error);
	if (!status)
		*report = changed;
	return status;
}

const char *wc_report_name(size_t index)
{
	return index < OPTIONS ? options[index].name : NULL;
}

bool wc_report_has_ports(const struct wc_report *report)
{
	return report->port_count || report->services || report->top;
}
