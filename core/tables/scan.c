#include "scan.h"

_Static_assert(sizeof(struct wc_scan) == 64, "a cache line");
_Static_assert(sizeof(struct wc_scan_history) == 400, "as the header says");

static uint32_t saturated(uint64_t sum)
{
	return sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX;
}

static void add(uint32_t *count, uint32_t more)
{
	*count = saturated((uint64_t)*count + more);
}

static uint32_t sum(const uint32_t by_transport[static WC_SCAN_TRANSPORTS])
{
	return saturated((uint64_t)by_transport[WC_SCAN_TCP] + by_transport[WC_SCAN_UDP]);
}

void wc_scan_merge(struct wc_scan *scan, const struct wc_scan *more)
{
	for (int i = 0; i < WC_SCAN_TRANSPORTS; i++) {
		scan->counts.attempts[i] += more->counts.attempts[i];
		scan->counts.answers[i] += more->counts.answers[i];
	}
	scan->counts.refused += more->counts.refused;
	scan->counts.port_changes += more->counts.port_changes;
	wc_sketch_merge(&scan->hosts, &more->hosts);
	wc_sketch_merge(&scan->ports, &more->ports);
}

void wc_scan_clear(struct wc_scan *scan)
{
	scan->hosts = scan->ports = (struct wc_sketch){{0}};
}

static struct wc_scan_counts since(const struct wc_scan_counts *now,
				   const struct wc_scan_counts *before)
{
	struct wc_scan_counts delta = {
		.refused = now->refused - before->refused,
		.port_changes = now->port_changes - before->port_changes,
	};

	for (int i = 0; i < WC_SCAN_TRANSPORTS; i++) {
		delta.attempts[i] = now->attempts[i] - before->attempts[i];
		delta.answers[i] = now->answers[i] - before->answers[i];
	}
	return delta;
}

static void add_bin(struct wc_scan_bin *bin, const struct wc_scan_bin *more)
{
	for (int i = 0; i < WC_SCAN_TRANSPORTS; i++) {
		add(&bin->counts.attempts[i], more->counts.attempts[i]);
		add(&bin->counts.answers[i], more->counts.answers[i]);
	}
	add(&bin->counts.refused, more->counts.refused);
	add(&bin->counts.port_changes, more->counts.port_changes);
	wc_sketch_merge(&bin->hosts, &more->hosts);
	wc_sketch_merge(&bin->ports, &more->ports);
}

/* Empties the bins that have begun since the source was last judged. Returns the open one. */
static struct wc_scan_bin *open_bin(struct wc_scan_history *history, uint64_t now_s)
{
	uint64_t last = history->judged_s / WC_SCAN_BIN_S, open;

	if (now_s > history->judged_s)
		history->judged_s = now_s;
	open = history->judged_s / WC_SCAN_BIN_S;
	for (uint64_t i = 0; i < open - last && i < WC_SCAN_BINS; i++)
		history->bins[(open - i) % WC_SCAN_BINS] = (struct wc_scan_bin){0};
	return &history->bins[open % WC_SCAN_BINS];
}

static struct wc_scan_bin hour(const struct wc_scan_history *history)
{
	struct wc_scan_bin all = {0};

	for (int i = 0; i < WC_SCAN_BINS; i++)
		add_bin(&all, &history->bins[i]);
	return all;
}

/* Attempts less answers; @waiting are attempts that may still be answered. */
static uint32_t unanswered(const struct wc_scan_counts *all,
			   const uint32_t waiting[static WC_SCAN_TRANSPORTS])
{
	uint32_t count = 0;

	for (int i = 0; i < WC_SCAN_TRANSPORTS; i++) {
		uint64_t settled = (uint64_t)all->answers[i] + waiting[i];

		if (all->attempts[i] > settled)
			add(&count, all->attempts[i] - (uint32_t)settled);
	}
	return count;
}

static uint32_t at_most(uint32_t value, uint32_t bound)
{
	return value < bound ? value : bound;
}

static struct wc_scan_evidence gather(const struct wc_scan_history *history,
				      const uint32_t waiting[static WC_SCAN_TRANSPORTS])
{
	struct wc_scan_bin all = hour(history);
	uint32_t attempts = sum(all.counts.attempts);

	return (struct wc_scan_evidence){
		.attempts = attempts,
		/* A stream to a closed port is one attempt, and refused frame by frame. */
		.refused = at_most(all.counts.refused, attempts),
		.unanswered = unanswered(&all.counts, waiting),
		.port_changes = all.counts.port_changes,
		/* What is counted exactly bounds what is not. */
		.distinct_ports = at_most(wc_sketch_count(&all.ports), attempts),
		.distinct_hosts = at_most(wc_sketch_count(&all.hosts), attempts),
	};
}

static bool is_scanner(const struct wc_scan_evidence *evidence, const struct wc_scan_rule *rule)
{
	if (rule->mode == WC_SCAN_PLAIN)
		return evidence->port_changes >= rule->threshold;
	if (evidence->attempts < rule->threshold)
		return false;
	if (evidence->port_changes < rule->threshold &&
	    (uint64_t)evidence->distinct_hosts * 4 < (uint64_t)rule->threshold * 3)
		return false;
	return ((uint64_t)evidence->refused + evidence->unanswered) * 2 >= evidence->attempts;
}

/* Decides, with what the last interval added to the source. */
static void decide(struct wc_scan_history *history, const struct wc_scan_counts *delta,
		   const struct wc_scan_rule *rule, bool settled)
{
	static const uint32_t none[WC_SCAN_TRANSPORTS];
	bool tried = sum(delta->attempts) != 0;
	bool goes_on = tried || (history->tried && !history->found);

	history->found = false;
	history->tried = tried;
	if (goes_on) {
		struct wc_scan_evidence evidence =
			gather(history, settled ? none : delta->attempts);

		if (rule->mode == WC_SCAN_PLAIN)
			evidence.unanswered = 0;
		history->found = is_scanner(&evidence, rule);
		if (history->found && evidence.attempts > history->evidence.attempts)
			history->evidence = evidence;
	}
}

void wc_scan_judge(struct wc_scan_history *history, const struct wc_scan *scan,
		   const struct wc_scan_rule *rule, uint64_t now_s, bool settled)
{
	struct wc_scan_bin delta = {
		.counts = since(&scan->counts, &history->before),
		.hosts = scan->hosts,
		.ports = scan->ports,
	};

	add_bin(open_bin(history, now_s), &delta);
	history->before = scan->counts;
	decide(history, &delta.counts, rule, settled);
}

bool wc_scan_report(struct wc_scan_history *history, struct wc_scan_evidence *evidence)
{
	if (!history->evidence.attempts)
		return false;
	*evidence = history->evidence;
	history->evidence = (struct wc_scan_evidence){0};
	return true;
}

bool wc_scan_is_ignored(const struct wc_networks *ignored, const struct wc_address *source)
{
	for (size_t i = 0; i < ignored->count; i++)
		if (wc_network_has(&ignored->items[i], source))
			return true;
	return false;
}
