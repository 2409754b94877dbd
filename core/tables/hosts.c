#include "hosts.h"

#include "sums.h"

_Static_assert(sizeof(struct wc_host_entry) == 64, "a row is one cache line");

#define NS 1000000000

int wc_hosts_open(struct wc_hosts *hosts, const struct wc_rules *rules)
{
	static const size_t sides[WC_KEYED_SIDES] = {
		[WC_HOST_NOTES] = sizeof(struct wc_host_notes),
		[WC_HOST_RATE] = sizeof(struct wc_rate),
		[WC_HOST_SCAN] = sizeof(struct wc_scan),
		[WC_HOST_HISTORY] = sizeof(struct wc_scan_history),
	};

	hosts->rates = (struct wc_rate_rule){.mode = rules->rate_mode, .start_ns = -1};
	return wc_keyed_open(&hosts->table, rules->hosts, sizeof(struct wc_host_entry), sides);
}

void wc_hosts_close(struct wc_hosts *hosts)
{
	wc_keyed_close(&hosts->table);
}

struct wc_host_entry *wc_hosts_find(struct wc_hosts *hosts, const struct wc_address *address,
				    uint32_t tag, uint32_t number, const struct wc_packet *packet)
{
	struct wc_host_key key = {address->high, address->low};
	struct wc_host_entry *row = wc_keyed_find(&hosts->table, number, tag, address->version,
						  &key, sizeof(key), sizeof(*row));

	if (row && wc_host_is_fresh(row)) {
		wc_hosts_notes(hosts, wc_hosts_number(hosts, row))->first_ns = packet->time_ns;
		row->last_ns = packet->time_ns;
	}
	return row;
}

/* Connections are few beside frames, so that they are counted apart from the row's line. */
static void count_new(struct wc_hosts *hosts, const struct wc_host_entry *source,
		      const struct wc_host_entry *destination)
{
	if (source)
		wc_hosts_notes(hosts, wc_hosts_number(hosts, source))->sent_new++;
	else
		hosts->other_sent.new ++;
	if (destination)
		wc_hosts_notes(hosts, wc_hosts_number(hosts, destination))->received_new++;
	else
		hosts->other_received.new ++;
}

static void attempt(struct wc_hosts *hosts, const struct wc_rules *rules,
		    const struct wc_host_entry *source, const struct wc_packet *packet)
{
	struct wc_scan *scan;

	if (!source)
		return;
	scan = wc_hosts_scan(hosts, wc_hosts_number(hosts, source));
	if (packet->class == WC_CLASS_TCP)
		wc_scan_attempt(scan, WC_SCAN_TCP, packet->destination_hash, packet->key);
	else if (rules->scan.mode == WC_SCAN_PLAIN)
		wc_scan_attempt(scan, WC_SCAN_UDP, packet->destination_hash, packet->key);
	else
		wc_scan_datagram(scan, packet->destination_hash, packet->key);
}

static void answer(struct wc_hosts *hosts, const struct wc_host_entry *destination,
		   unsigned transport, bool refused)
{
	if (destination)
		wc_scan_answer(wc_hosts_scan(hosts, wc_hosts_number(hosts, destination)), transport,
			       refused);
}

void wc_hosts_count_scan(struct wc_hosts *hosts, const struct wc_rules *rules,
			 const struct wc_packet *packet, const struct wc_host_entry *source,
			 const struct wc_host_entry *destination, bool reverse)
{
	bool plain = rules->scan.mode == WC_SCAN_PLAIN, refused = packet->event == WC_EVENT_REFUSED;

	if (packet->class == WC_CLASS_TCP) {
		if (plain || wc_scan_is_attempt(packet->tcp_flags))
			attempt(hosts, rules, source, packet);
		else if (refused || packet->event == WC_EVENT_ACCEPTED)
			answer(hosts, destination, WC_SCAN_TCP, refused);
	} else if (packet->class == WC_CLASS_UDP) {
		if (plain || !reverse)
			attempt(hosts, rules, source, packet);
		else
			answer(hosts, destination, WC_SCAN_UDP, false);
	} else if (refused && reverse && !plain) {
		answer(hosts, destination, WC_SCAN_UDP, true);
	}
}

/* All that was counted of a host, as its rates see it. */
static struct wc_rate_delta counted(const struct wc_hosts *hosts, size_t number)
{
	const struct wc_host_entry *row = wc_hosts_row(hosts, (uint32_t)number);
	const struct wc_host_notes *notes = wc_hosts_notes(hosts, number);

	return (struct wc_rate_delta){
		.packets = row->sent.packets + row->received.packets,
		.connections = notes->sent_new + notes->received_new,
		.bytes = row->sent.bytes + row->received.bytes,
	};
}

struct wc_rate wc_hosts_rate_now(const struct wc_hosts *hosts, size_t number)
{
	const struct wc_rate_delta *binned = &wc_hosts_notes(hosts, number)->binned;
	struct wc_rate_delta all = counted(hosts, number);
	struct wc_rate rate = *wc_hosts_rate(hosts, number);

	rate.packets = all.packets - binned->packets;
	rate.connections = all.connections - binned->connections;
	rate.bytes = all.bytes - binned->bytes;
	return rate;
}

/* Begins the first bin of a host's rate, with a packet not yet counted. */
static void begin_rate(struct wc_hosts *hosts, size_t number, int64_t now_ns)
{
	struct wc_rate rate = {0};

	wc_rate_turn(&rate, &hosts->rates, now_ns);
	*wc_hosts_rate(hosts, number) = rate;
}

/* A bin of the host's rate is over, or its first begins, with a packet not yet counted. */
static void turn_rate(struct wc_hosts *hosts, size_t number, int64_t now_ns)
{
	struct wc_rate rate = wc_hosts_rate_now(hosts, number);
	struct wc_rate_delta all = counted(hosts, number);

	wc_rate_turn(&rate, &hosts->rates, now_ns);
	*wc_hosts_rate(hosts, number) = rate;
	wc_hosts_notes(hosts, number)->binned = (struct wc_rate_delta){
		.packets = all.packets - rate.packets,
		.connections = all.connections - rate.connections,
		.bytes = all.bytes - rate.bytes,
	};
}

/*
 * In a file a source is judged by the time it was last seen, before it is counted
 * again. When that was long ago its attempts had their time to be answered.
 */
static void judge_if_due(struct wc_hosts *hosts, const struct wc_rules *rules, size_t number,
			 int64_t last_ns, int64_t now_ns)
{
	struct wc_scan *scan = wc_hosts_scan(hosts, number);
	struct wc_scan_history *history = wc_hosts_history(hosts, number);
	bool settled = now_ns / NS - last_ns / NS >= WC_SCAN_BIN_S;

	if (!(scan->counts.attempts[WC_SCAN_TCP] | scan->counts.attempts[WC_SCAN_UDP]) ||
	    last_ns < 0 || !wc_scan_is_due(history, (uint64_t)now_ns / NS))
		return;
	wc_scan_judge(history, scan, &rules->scan, (uint64_t)last_ns / NS, settled);
	wc_scan_clear(scan);
}

/* When the bin of ten minutes that @now_ns lies in is over, or the end of time. */
static int64_t scan_bin_over(int64_t now_ns)
{
	int64_t over_s = (now_ns / NS / WC_SCAN_BIN_S + 1) * WC_SCAN_BIN_S;

	return over_s > INT64_MAX / NS ? INT64_MAX : over_s * NS;
}

/* What is to be done with a host when the frames' time passes some point; seldom. */
static void catch_up(struct wc_hosts *hosts, const struct wc_rules *rules,
		     struct wc_host_entry *row, int64_t now_ns)
{
	size_t number = wc_hosts_number(hosts, row);
	int64_t over_ns, bin_ns = scan_bin_over(now_ns);

	if (hosts->rates.start_ns < 0)
		hosts->rates.start_ns = now_ns;
	if (wc_host_is_fresh(row)) {
		begin_rate(hosts, number, now_ns);
	} else {
		if (now_ns >= wc_hosts_rate(hosts, number)->over_ns)
			turn_rate(hosts, number, now_ns);
		if (rules->file)
			judge_if_due(hosts, rules, number, row->last_ns, now_ns);
	}
	over_ns = wc_hosts_rate(hosts, number)->over_ns;
	row->head.due = wc_host_units(over_ns < bin_ns ? over_ns : bin_ns);
}

static inline void look_at_time(struct wc_hosts *hosts, const struct wc_rules *rules,
				struct wc_host_entry *row, int64_t now_ns)
{
	if (row && wc_host_is_due(row, now_ns))
		catch_up(hosts, rules, row, now_ns);
}

void wc_hosts_count(struct wc_hosts *hosts, const struct wc_rules *rules,
		    const struct wc_packet *packet, struct wc_host_entry *source,
		    struct wc_host_entry *destination, bool reverse)
{
	struct wc_counts counts = wc_counts_of(packet);

	if (rules->rates_by_frame)
		look_at_time(hosts, rules, source, packet->time_ns);
	wc_counts_add(source ? &source->sent : &hosts->other_sent.all, &counts);
	if (rules->rates_by_frame)
		look_at_time(hosts, rules, destination, packet->time_ns);
	wc_counts_add(destination ? &destination->received : &hosts->other_received.all, &counts);
	if (packet->event == WC_EVENT_NEW)
		count_new(hosts, source, destination);
	wc_hosts_count_scan(hosts, rules, packet, source, destination, reverse);
	if (source)
		wc_host_see(source, packet->time_ns);
	if (destination)
		wc_host_see(destination, packet->time_ns);
}
