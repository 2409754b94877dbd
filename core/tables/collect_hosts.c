#include "collect_hosts.h"

#include <stdlib.h>

#include "collect.h"
#include "merge.h"
#include "tables.h"
#include "wirecensus/snapshot.h"

#define NS 1000000000

/* A source that tried less than a part of the threshold since the start is not worth a look. */
#define WORTH_A_LOOK 4

static struct wc_host_way host_since(const struct wc_host_counts *now,
				     const struct wc_host_counts *before)
{
	return (struct wc_host_way){
		.packets = now->all.packets - before->all.packets,
		.bytes = now->all.bytes - before->all.bytes,
		.new = now->new - before->new,
	};
}

static void add_host_way(struct wc_host_way *to, const struct wc_host_way *way)
{
	to->packets += way->packets;
	to->bytes += way->bytes;
	to->new += way->new;
}

static struct wc_rate_delta rate_delta(const struct wc_host_way *sent,
				       const struct wc_host_way *received)
{
	return (struct wc_rate_delta){
		.packets = sent->packets + received->packets,
		.connections = sent->new + received->new,
		.bytes = sent->bytes + received->bytes,
	};
}

/* Reads a host's rates as they are with this interval, on a copy of their state. */
static void fill_rates(struct wc_host_row *row, const struct wc_tables *set, struct wc_rate rate,
		       const struct wc_span *span)
{
	const struct wc_rules *rules = set->rules;
	int64_t now_ns = rules->rates_by_frame ? span->frame_ns : (int64_t)span->end_ns;
	struct wc_rates rates;

	if (!rules->rates_by_frame) {
		struct wc_rate_delta delta = rate_delta(&row->sent, &row->received);

		wc_rate_add(&rate, &delta, (int64_t)span->start_ns, (int64_t)span->end_ns);
	}
	row->rates_known = wc_rate_read(&rate, &set->hosts.rates, now_ns, &rates);
	row->packets_per_hour = rates.packets;
	row->connections_per_hour = rates.connections;
	row->bytes_per_hour = rates.bytes;
}

static void make_host(struct wc_host_row *row, const struct wc_tables *set, uint32_t number,
		      const struct wc_span *span)
{
	const struct wc_hosts *hosts = &set->hosts;
	const struct wc_host_entry *now = wc_hosts_row(hosts, number);
	const struct wc_host_notes *notes = wc_hosts_notes(hosts, number);
	struct wc_host_counts sent = {now->sent, notes->sent_new};
	struct wc_host_counts received = {now->received, notes->received_new};

	*row = (struct wc_host_row){
		.address = {now->key.high, now->key.low, (uint8_t)now->head.kind},
		.sent = host_since(&sent, &notes->sent_before),
		.received = host_since(&received, &notes->received_before),
		.first_seen_ns = notes->first_ns,
		.last_seen_ns = now->last_ns,
	};
	fill_rates(row, set,
		   set->rules->rates_by_frame ? wc_hosts_rate_now(hosts, number)
					      : *wc_hosts_rate(hosts, number),
		   span);
}

/* True if a source has tried often enough, or was judged before. */
static bool is_candidate(const struct wc_tables *set, uint32_t number)
{
	const struct wc_scan_counts *counts = &wc_hosts_scan(&set->hosts, number)->counts;
	uint32_t attempts = counts->attempts[WC_SCAN_TCP] + counts->attempts[WC_SCAN_UDP];

	return attempts && (attempts >= set->rules->scan.threshold / WORTH_A_LOOK ||
			    wc_hosts_history(&set->hosts, number)->judged_s);
}

/* How many rows of hosts there are, and how many of them may be scanners. */
static void count_rows(struct wc_tables *const *now, size_t count, size_t *hosts, size_t *scanners)
{
	*hosts = *scanners = 0;
	for (size_t i = 0; i < count; i++) {
		const struct wc_keyed *table = &now[i]->hosts.table;

		*hosts += table->used;
		for (uint32_t n = 0; n < table->touched; n++)
			*scanners += wc_keyed_row(table, n)->used && is_candidate(now[i], n);
	}
}

bool wc_collect_hosts(struct wc_snapshot *snapshot, struct wc_tables *const *now, size_t count,
		      const struct wc_span *span)
{
	struct wc_host_row *rows, *next;
	struct wc_host_row other = {
		.other = true, .first_seen_ns = WC_TIME_UNKNOWN, .last_seen_ns = WC_TIME_UNKNOWN};
	size_t hosts, scanners;

	count_rows(now, count, &hosts, &scanners);
	snapshot->hosts = next = rows = malloc((hosts + 1) * sizeof(*rows));
	snapshot->scanners = malloc((scanners + 1) * sizeof(*snapshot->scanners));
	if (!snapshot->hosts || !snapshot->scanners)
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct wc_hosts *set = &now[i]->hosts;
		struct wc_host_way sent = host_since(&set->other_sent, &set->other_sent_before);
		struct wc_host_way received =
			host_since(&set->other_received, &set->other_received_before);

		for (uint32_t n = 0; n < set->table.touched; n++)
			if (wc_keyed_row(&set->table, n)->used)
				make_host(next++, now[i], n, span);
		add_host_way(&other.sent, &sent);
		add_host_way(&other.received, &received);
	}
	if (count > 1)
		next = rows + wc_merge_hosts(rows, (size_t)(next - rows));
	if (other.sent.packets || other.received.packets)
		*next++ = other;
	snapshot->host_rows = (size_t)(next - rows);
	return true;
}

/* Judges a source: a file's by the time at which it was last seen, and for good. */
static void judge(struct wc_snapshot *snapshot, struct wc_tables *set, uint32_t number,
		  const struct wc_span *span)
{
	const struct wc_host_entry *row = wc_hosts_row(&set->hosts, number);
	struct wc_scan_history *history = wc_hosts_history(&set->hosts, number);
	struct wc_scan *scan = wc_hosts_scan(&set->hosts, number);
	struct wc_address address = {row->key.high, row->key.low, (uint8_t)row->head.kind};
	uint64_t file_s = row->last_ns < 0 ? 0 : (uint64_t)row->last_ns / NS;
	uint64_t now_s = set->rules->file ? file_s : span->end_ns / NS;
	bool settled = set->rules->file ||
		       span->end_ns - span->start_ns >= UINT64_C(1) * WC_SCAN_BIN_S * NS;
	struct wc_scan_evidence found;

	wc_scan_judge(history, scan, &set->rules->scan, now_s, settled);
	wc_scan_clear(scan);
	if (!wc_scan_report(history, &found) ||
	    (set->rules->never && wc_scan_is_ignored(set->rules->never, &address)))
		return;
	((struct wc_scanner_row *)snapshot->scanners)[snapshot->scanner_rows++] =
		(struct wc_scanner_row){
			.address = address,
			.attempts = found.attempts,
			.port_changes = found.port_changes,
			.distinct_ports = found.distinct_ports,
			.distinct_hosts = found.distinct_hosts,
			.refused = found.refused,
			.unanswered = found.unanswered,
			.plain = set->rules->scan.mode == WC_SCAN_PLAIN,
			.first_seen_ns = wc_hosts_notes(&set->hosts, number)->first_ns,
		};
}

/* Returns true when the row is to be freed: in mode ncs by the ancestor's rule, of a day. */
static bool settle(struct wc_tables *set, uint32_t number, const struct wc_span *span)
{
	struct wc_host_entry *row = wc_hosts_row(&set->hosts, number);
	struct wc_host_notes *notes = wc_hosts_notes(&set->hosts, number);
	struct wc_host_counts sent = {row->sent, notes->sent_new};
	struct wc_host_counts received = {row->received, notes->received_new};
	struct wc_host_way sent_since = host_since(&sent, &notes->sent_before);
	struct wc_host_way received_since = host_since(&received, &notes->received_before);
	struct wc_rate_delta delta = rate_delta(&sent_since, &received_since);
	uint32_t now_s = (uint32_t)(span->end_ns / NS);

	if (delta.packets)
		notes->active_s = now_s;
	if (delta.packets && !set->rules->rates_by_frame)
		wc_rate_add(wc_hosts_rate(&set->hosts, number), &delta, (int64_t)span->start_ns,
			    (int64_t)span->end_ns);
	notes->sent_before = sent;
	notes->received_before = received;
	if (set->rules->idle_s && set->rules->rate_mode == WC_RATE_NCS)
		return wc_rate_is_old(wc_hosts_rate(&set->hosts, number), span->frame_ns);
	return wc_keyed_is_over(&row->head, notes->active_s, now_s, set->rules->idle_s);
}

void wc_collect_settle_hosts(struct wc_snapshot *snapshot, struct wc_tables *set,
			     const struct wc_span *span)
{
	struct wc_hosts *hosts = &set->hosts;

	for (uint32_t n = 0; n < hosts->table.touched; n++) {
		if (!wc_keyed_row(&hosts->table, n)->used)
			continue;
		if (is_candidate(set, n))
			judge(snapshot, set, n, span);
		if (settle(set, n, span))
			wc_keyed_remove(&hosts->table, n);
	}
	hosts->other_sent_before = hosts->other_sent;
	hosts->other_received_before = hosts->other_received;
}
