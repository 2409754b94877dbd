#include "ipfix_profile.h"

#include "buffer.h"
#include "exporter_options.h"
#include "format.h"
#include "ipfix.h"
#include "ipfix_style.h"
#include "place.h"
#include "rows.h"

#define NFDUMP   (1U << WC_IPFIX_NFDUMP)
#define PMACCT   (1U << WC_IPFIX_PMACCT)
#define LOGSTASH (1U << WC_IPFIX_LOGSTASH)
#define GENERIC  (1U << WC_IPFIX_GENERIC)

struct question {
	const struct wc_exporter_options *options;
	const struct wc_framing *framing;
	unsigned kinds; /* of rows, as bits */
};

static bool is_stream(const struct question *question)
{
	return question->framing->place == WC_PLACE_TCP || question->framing->place == WC_PLACE_TLS;
}

static bool has_biflow(const struct question *question)
{
	return question->options->biflow;
}

static bool has_private(const struct question *question)
{
	return question->options->private_elements;
}

static bool has_types(const struct question *question)
{
	return question->options->types;
}

static bool has_idle_types(const struct question *question)
{
	return question->options->types && !question->options->private_elements;
}

static bool has_ethertypes(const struct question *question)
{
	return question->kinds & WC_ROWS_ETHERTYPE;
}

static bool has_scanners(const struct question *question)
{
	return question->kinds & WC_ROWS_SCANNER;
}

static bool has_several_kinds(const struct question *question)
{
	return question->kinds & (question->kinds - 1);
}

static const struct {
	unsigned profiles;
	bool (*holds)(const struct question *question);
	const char *sentence;
} warnings[] = {
	{NFDUMP | PMACCT, is_stream,
	 "address: nfcapd and nfacctd listen to udp:// only; what does not must stand between"},
	{NFDUMP | PMACCT, has_several_kinds,
	 "rows: several kinds count the same traffic, and this collector adds them up; give each "
	 "kind an exporter and a collector of its own"},
	{NFDUMP, has_ethertypes,
	 "rows: nfdump keeps no ethertype; all rows of ethertypes look the same to it"},
	{NFDUMP, has_scanners,
	 "rows: nfdump keeps neither attempts nor distinct hosts; a scanner is a flow without "
	 "packets to it"},
	{PMACCT, has_biflow,
	 "biflow: nfacctd shows the way back only through aggregate_primitives 29305:1 and "
	 "29305:2"},
	{LOGSTASH, has_biflow,
	 "biflow: Logstash may not know reverse elements, and then skips the whole template"},
	{NFDUMP, has_private, "private_elements: nfdump ignores them"},
	{PMACCT, has_private,
	 "private_elements: nfacctd shows them only through aggregate_primitives"},
	{LOGSTASH, has_private,
	 "private_elements: Logstash skips the whole template unless its ipfix_definitions name "
	 "them"},
	{NFDUMP | PMACCT, has_types, "types: these are options, which this collector is not sent"},
	{LOGSTASH, has_types, "types: this collector ignores them"},
	{GENERIC, has_idle_types, "types: there is nothing to describe without private_elements"},
};

void wc_ipfix_profile_style(struct wc_ipfix_style *style, const struct wc_exporter_options *options)
{
	bool nfdump = options->profile == WC_IPFIX_NFDUMP;
	/*
	 * nfcapd 1.7.1 leaves options out of its sequence, and takes the next record for lost;
	 * nfacctd 1.7.7 calls their templates malformed.
	 */
	bool wants_options = !nfdump && options->profile != WC_IPFIX_PMACCT;

	*style = (struct wc_ipfix_style){
		.biflow = options->biflow,
		.private = options->private_elements,
		/* What nfdump has no other place for. */
		.frames = nfdump,
		.options = wants_options,
		.types = wants_options && options->types,
	};
}

void wc_ipfix_profile_warn(const struct wc_exporter_options *options,
			   const struct wc_framing *framing, struct wc_buffer *lines)
{
	struct question question = {.options = options, .framing = framing};
	struct wc_selection selection;

	if (!wc_format_selection(&selection, &wc_format_ipfix, options, NULL))
		question.kinds = selection.kinds;
	for (size_t i = 0; i < sizeof(warnings) / sizeof(*warnings); i++)
		if ((warnings[i].profiles & 1U << options->profile) && warnings[i].holds(&question))
			wc_buffer_format(lines, "%s\n", warnings[i].sentence);
}
