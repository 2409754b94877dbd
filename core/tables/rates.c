#include "rates.h"

#define HOUR_S    3600
#define ALL_BIN   (60 * WC_RATE_SECOND)
#define DAY       (86400 * WC_RATE_SECOND)
#define FIRST_MIN 5 /* packets in a first bin of the ancestor's */
#define RATE_MINIMUM                                                                               \
	1 /* packets an hour: below it the ancestor takes the sum to be without a rate */

_Static_assert(sizeof(struct wc_rate) == 64, "a cache line");

/* What a host's open bin is. */
enum {
	PHASE_NONE,  /* no packet with a time yet */
	PHASE_FIRST, /* the first, whose begin is when the host was first seen */
	PHASE_LATER,
};

static int64_t whole_seconds(int64_t ns)
{
	return ns - ns % WC_RATE_SECOND;
}

static double seconds(int64_t from_ns, int64_t to_ns)
{
	return (double)(to_ns - from_ns) / (double)WC_RATE_SECOND;
}

static int64_t later(int64_t ns, int64_t by_ns)
{
	return ns > INT64_MAX - by_ns ? INT64_MAX : ns + by_ns;
}

/* The rate when a bin with @count is @window_s long, and @before was the rate at its begin. */
static double low_pass(const struct wc_rate *rate, double before, uint64_t count, double window_s)
{
	if (rate->phase == PHASE_FIRST)
		return (double)count * HOUR_S / window_s;
	return (before + (double)count) * HOUR_S / (HOUR_S + window_s);
}

/* What the rates are when @window_s have passed since the open bin began. */
static struct wc_rates rates_after(const struct wc_rate *rate, double window_s)
{
	return (struct wc_rates){
		.packets = low_pass(rate, rate->packets_per_hour, rate->packets, window_s),
		.connections =
			low_pass(rate, rate->connections_per_hour, rate->connections, window_s),
		.bytes = low_pass(rate, rate->bytes_per_hour, rate->bytes, window_s),
	};
}

int64_t wc_rate_opened(const struct wc_rate *rate)
{
	return rate->phase == PHASE_NONE ? -1 : rate->over_ns - WC_RATE_BIN;
}

/* Ends the open bin at @now_ns, which lies behind its begin, and opens an empty one there. */
static void close_bin(struct wc_rate *rate, int64_t now_ns)
{
	struct wc_rates rates = rates_after(rate, seconds(wc_rate_opened(rate), now_ns));

	*rate = (struct wc_rate){
		.over_ns = later(now_ns, WC_RATE_BIN),
		.packets_per_hour = rates.packets,
		.connections_per_hour = rates.connections,
		.bytes_per_hour = rates.bytes,
		.phase = PHASE_LATER,
	};
}

void wc_rate_turn(struct wc_rate *rate, const struct wc_rate_rule *rule, int64_t now_ns)
{
	bool ncs = rule->mode == WC_RATE_NCS;

	if (now_ns < 0)
		return;
	if (ncs)
		now_ns = whole_seconds(now_ns);
	if (rate->phase == PHASE_NONE) {
		rate->phase =
			ncs && now_ns != whole_seconds(rule->start_ns) ? PHASE_LATER : PHASE_FIRST;
		rate->over_ns = later(now_ns, WC_RATE_BIN);
		return;
	}
	if (ncs && rate->phase == PHASE_FIRST && rate->packets < FIRST_MIN)
		return;
	close_bin(rate, now_ns);
}

void wc_rate_add(struct wc_rate *rate, const struct wc_rate_delta *delta, int64_t start_ns,
		 int64_t end_ns)
{
	if (!delta->packets || start_ns < 0 || end_ns < start_ns)
		return;
	if (rate->phase == PHASE_NONE) {
		rate->phase = PHASE_FIRST;
		rate->over_ns = later(start_ns, WC_RATE_BIN);
	} else if (start_ns >= rate->over_ns) {
		close_bin(rate, start_ns);
	}
	rate->packets += delta->packets;
	rate->connections += delta->connections;
	rate->bytes += delta->bytes;
	if (end_ns >= rate->over_ns)
		close_bin(rate, end_ns);
}

bool wc_rate_read(const struct wc_rate *rate, const struct wc_rate_rule *rule, int64_t now_ns,
		  struct wc_rates *rates)
{
	int64_t opened_ns = wc_rate_opened(rate), passed_ns = 0;

	*rates = (struct wc_rates){
		.packets = rate->packets_per_hour,
		.connections = rate->connections_per_hour,
		.bytes = rate->bytes_per_hour,
	};
	if (rule->mode == WC_RATE_NCS) {
		rates->connections = rates->packets;
		return true;
	}
	if (rate->phase == PHASE_NONE)
		return false;
	if (now_ns > opened_ns)
		passed_ns = now_ns - opened_ns;
	if (rate->phase == PHASE_FIRST && passed_ns < WC_RATE_KNOWN)
		return false;
	/* The packet that opened a bin has a rate only when time has passed. */
	if (passed_ns)
		*rates = rates_after(rate, (double)passed_ns / (double)WC_RATE_SECOND);
	return true;
}

bool wc_rate_is_old(const struct wc_rate *rate, int64_t now_ns)
{
	int64_t opened_ns = wc_rate_opened(rate);

	return opened_ns >= 0 && now_ns > opened_ns &&
	       whole_seconds(now_ns) - whole_seconds(opened_ns) > DAY;
}

void wc_rate_all_start(struct wc_rate_all *all, int64_t start_ns)
{
	start_ns = start_ns < 0 ? 0 : whole_seconds(start_ns);
	*all = (struct wc_rate_all){
		.start_ns = start_ns,
		.over_ns = later(start_ns, WC_RATE_BIN),
		.updated_ns = start_ns,
	};
}

void wc_rate_all_turn(struct wc_rate_all *all, int64_t now_ns)
{
	bool fresh = all->packets_per_hour < RATE_MINIMUM;
	double window_s;

	if (fresh && all->packets < FIRST_MIN)
		return;
	now_ns = whole_seconds(now_ns);
	window_s =
		fresh ? seconds(all->start_ns, now_ns) : HOUR_S + seconds(all->updated_ns, now_ns);
	all->packets_per_hour = (all->packets_per_hour + (double)all->packets) * HOUR_S / window_s;
	all->bytes_per_hour = (all->bytes_per_hour + (double)all->bytes) * HOUR_S / window_s;
	all->packets = all->bytes = 0;
	all->updated_ns = now_ns;
	all->over_ns = later(now_ns, ALL_BIN);
}
