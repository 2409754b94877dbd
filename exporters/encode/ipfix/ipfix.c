#include "ipfix.h"

#include <stdlib.h>
#include <string.h>

#include "encode.h"
#include "exporter_options.h"
#include "ipfix_options.h"
#include "ipfix_profile.h"
#include "ipfix_record.h"
#include "ipfix_rows.h"
#include "ipfix_stamp.h"
#include "ipfix_stream.h"
#include "ipfix_style.h"
#include "messages.h"
#include "place.h"
#include "rows.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

/* Domains of one capture, some of them not used yet. */
#define DOMAINS_EACH 8

/* The most captures that are told apart; more, and those of the past, share one place. */
#define CAPTURES_MAX (WC_IPFIX_DOMAINS / DOMAINS_EACH - 1)

/* On a stream a message is limited only by what is sent again after a failure. */
#define LONGEST 16384

struct capture {
	char *name;                                      /* NULL: all others */
	struct wc_ipfix_stream *streams[WC_IPFIX_KINDS]; /* NULL: not asked for */
};

struct ipfix {
	fbInfoModel_t *model;
	uint32_t domain;
	struct wc_ipfix_style style;
	struct capture *captures; /* the last one is for all others */
	size_t capture_count;
	struct wc_ipfix_stamps stamps;
};

static const struct {
	unsigned rows;
	const char *name;
} kinds[WC_IPFIX_KINDS] = {
	[WC_IPFIX_CONVERSATIONS] = {WC_ROWS_CONVERSATION, "conversations"},
	[WC_IPFIX_PORTS] = {WC_ROWS_PORT, "ports"},
	[WC_IPFIX_PROTOCOLS] = {WC_ROWS_PROTOCOL, "protocols"},
	[WC_IPFIX_ETHERTYPES] = {WC_ROWS_ETHERTYPE, "ethertypes"},
	[WC_IPFIX_HOSTS] = {WC_ROWS_HOST, "hosts"},
	[WC_IPFIX_SCANNERS] = {WC_ROWS_SCANNER, "scanners"},
};

#define ROWS_POSSIBLE                                                                              \
	(WC_ROWS_CONVERSATION | WC_ROWS_PORT | WC_ROWS_PROTOCOL | WC_ROWS_ETHERTYPE |              \
	 WC_ROWS_HOST | WC_ROWS_SCANNER)

static int check(const struct wc_selection *selection, const struct wc_framing *framing,
		 struct wc_error *error)
{
	if (selection->kinds & ~(unsigned)ROWS_POSSIBLE)
		return wc_error_set(error, WC_INVALID,
				    "ipfix has rows conversation, port, protocol, ethertype, host "
				    "and scanner, and no others");
	if (framing->longest < 512)
		return wc_error_set(error, WC_INVALID,
				    "ipfix needs datagrams of at least 512 bytes, or its "
				    "templates do not fit");
	return WC_OK;
}

static uint32_t domain_of(const struct ipfix *ipfix, size_t capture, unsigned kind)
{
	return ipfix->domain + (uint32_t)capture * DOMAINS_EACH + kind;
}

static int open_capture(struct ipfix *ipfix, size_t number, const struct wc_framing *framing,
			unsigned rows, struct wc_error *error)
{
	struct capture *capture = &ipfix->captures[number];
	size_t longest = framing->longest < LONGEST ? framing->longest : LONGEST;
	int status = WC_OK;

	if (number < ipfix->capture_count - 1) {
		capture->name = strdup(framing->captures[number]);
		if (!capture->name)
			return wc_error_no_memory(error, "for IPFIX");
	}
	for (unsigned kind = 0; kind < WC_IPFIX_KINDS && !status; kind++) {
		struct wc_ipfix_layout layout;
		uint32_t domain = domain_of(ipfix, number, kind);

		if (!(rows & kinds[kind].rows))
			continue;
		wc_ipfix_style_layout(&layout, kind, &ipfix->style);
		status = wc_ipfix_stream_new(&capture->streams[kind], ipfix->model, domain, &layout,
					     longest, error);
	}
	return status;
}

static void end(void *state)
{
	struct ipfix *ipfix = state;

	for (size_t i = 0; ipfix->captures && i < ipfix->capture_count; i++) {
		for (unsigned kind = 0; kind < WC_IPFIX_KINDS; kind++)
			wc_ipfix_stream_free(ipfix->captures[i].streams[kind]);
		free(ipfix->captures[i].name);
	}
	free(ipfix->captures);
	if (ipfix->model)
		fbInfoModelFree(ipfix->model);
	free(ipfix);
}

static int begin(void **state, const struct wc_exporter_options *options,
		 const struct wc_framing *framing, struct wc_error *error)
{
	size_t captures =
		framing->capture_count < CAPTURES_MAX ? framing->capture_count : CAPTURES_MAX;
	struct wc_selection selection;
	struct ipfix *made;
	int status = wc_format_selection(&selection, &wc_format_ipfix, options, error);

	if (status)
		return status;
	made = calloc(1, sizeof(*made));
	if (!made)
		return wc_error_no_memory(error, "for IPFIX");
	made->domain = made->stamps.first_domain = (uint32_t)options->domain;
	wc_ipfix_profile_style(&made->style, options);
	made->model = wc_ipfix_model_new((uint32_t)options->enterprise);
	made->captures = calloc(captures + 1, sizeof(*made->captures));
	made->capture_count = captures + 1;
	if (!made->captures)
		status = wc_error_no_memory(error, "for IPFIX");
	for (size_t i = 0; i <= captures && !status; i++)
		status = open_capture(made, i, framing, selection.kinds, error);
	if (status)
		end(made);
	else
		*state = made;
	return status;
}

static const struct capture *find_capture(const struct ipfix *ipfix, const char *name)
{
	size_t i = 0;

	while (i < ipfix->capture_count - 1 && strcmp(ipfix->captures[i].name, name) != 0)
		i++;
	return &ipfix->captures[i];
}

/* The rows of one kind and what is said of them, in messages of their own. */
static int add_kind(const struct ipfix *ipfix, const struct capture *capture, unsigned kind,
		    const struct wc_snapshot *snapshot, const struct wc_ipfix_observer *observer,
		    struct wc_messages *messages, struct wc_error *error)
{
	struct wc_ipfix_stream *stream = capture->streams[kind];
	uint32_t domain = domain_of(ipfix, (size_t)(capture - ipfix->captures), kind);
	int status = WC_OK;

	wc_ipfix_stream_drop(stream);
	if (ipfix->style.options)
		status = wc_ipfix_options_add(stream, domain, kinds[kind].name, snapshot, observer,
					      messages, error);
	if (!status)
		status = wc_ipfix_rows_add(stream, kind, &ipfix->style, snapshot, observer->number,
					   messages, error);
	return status ? status : wc_ipfix_stream_flush(stream, messages, error);
}

static int encode(void *state, const struct wc_context *context, const struct wc_snapshot *snapshot,
		  struct wc_messages *messages, struct wc_error *error)
{
	const struct ipfix *ipfix = state;
	const struct capture *capture = find_capture(ipfix, snapshot->capture);
	struct wc_ipfix_observer observer = {.interface = context->interface_number};
	int status = WC_OK;

	if (observer.interface)
		observer.number = context->interface_number(snapshot->observer);
	for (unsigned kind = 0; kind < WC_IPFIX_KINDS && !status; kind++)
		if (capture->streams[kind])
			status = add_kind(ipfix, capture, kind, snapshot, &observer, messages,
					  error);
	if (!status && messages->bytes.failed)
		return wc_error_no_memory(error, "for IPFIX");
	return status;
}

static int greet(void *state, struct wc_messages *messages, struct wc_error *error)
{
	const struct ipfix *ipfix = state;
	int status = WC_OK;

	for (size_t i = 0; i < ipfix->capture_count; i++) {
		for (unsigned kind = 0; kind < WC_IPFIX_KINDS && !status; kind++) {
			struct wc_ipfix_stream *stream = ipfix->captures[i].streams[kind];

			if (!stream)
				continue;
			wc_ipfix_stream_drop(stream);
			status = wc_ipfix_stream_templates(stream, messages, error);
			if (!status)
				status = wc_ipfix_stream_flush(stream, messages, error);
		}
	}
	return status;
}

static void stamp(void *state, void *message, size_t length, const struct wc_stamp *stamp)
{
	struct ipfix *ipfix = state;

	wc_ipfix_stamp(&ipfix->stamps, message, length, stamp);
}

const struct wc_format wc_format_ipfix = {
	.name = "ipfix",
	.summary = "IPFIX (RFC 7011), for nfdump, pmacct, Logstash and other flow collectors",
	.places =
		1U << WC_PLACE_UDP | 1U << WC_PLACE_TCP | 1U << WC_PLACE_TLS | 1U << WC_PLACE_FILE,
	.rows = WC_ROWS_CONVERSATION,
	.top = WC_TOP_ALL,
	.interval = 60,
	.refresh = 60,
	.refresh_messages = 4096,
	.fallback = "udp://localhost:4739",
	.check = check,
	.warn = wc_ipfix_profile_warn,
	.open = begin,
	.encode = encode,
	.greet = greet,
	.stamp = stamp,
	.close = end,
};
