/*
 * Random traffic against a model that keeps every event and counts exact sets.
 * What is counted must be equal; what is estimated must lie within its error.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scan_world.h"
#include "suite.h"

#define EVENTS 200000

enum kind { ATTEMPT, REPEAT, ANSWER, REFUSAL };

struct event {
	enum kind kind;
	unsigned transport;
	uint64_t host;
	uint16_t port;
	bool changes_port;
	uint64_t judged_bin; /* ten minutes since 1970, when it was judged */
};

static struct event events[EVENTS];
static size_t count, judged;    /* events, and how many of them have been judged */
static int datagrams, mistaken; /* new targets, and those that were taken for a recent one */

/* What the model knows of the hour. */
struct exact {
	uint64_t attempts[WC_SCAN_TRANSPORTS], answers[WC_SCAN_TRANSPORTS];
	uint64_t refused, port_changes, unanswered;
	size_t hosts, ports;
};

/* True if a datagram goes to one of the three different targets before it. */
static bool is_repeat(uint64_t host, uint16_t port)
{
	uint64_t hosts[WC_SCAN_RECENT];
	uint16_t ports[WC_SCAN_RECENT];
	int known = 0;

	for (size_t i = count; i-- > 0 && known < WC_SCAN_RECENT;) {
		bool new = true;

		if (events[i].transport != WC_SCAN_UDP || events[i].kind > REPEAT)
			continue;
		if (events[i].host == host && events[i].port == port)
			return true;
		for (int n = 0; n < known; n++)
			new = new && !(hosts[n] == events[i].host && ports[n] == events[i].port);
		if (new) {
			hosts[known] = events[i].host;
			ports[known++] = events[i].port;
		}
	}
	return false;
}

static bool changes_port(uint16_t port)
{
	for (size_t i = count; i-- > 0;)
		if (events[i].kind == ATTEMPT)
			return events[i].port != port;
	return false;
}

static void note(enum kind kind, unsigned transport, uint64_t host, uint16_t port)
{
	struct event event = {kind, transport, host, port, false, 0};

	if (kind == ATTEMPT)
		event.changes_port = changes_port(port);
	events[count++] = event;
}

/* A datagram, which @world may take for one of a stream by mistake, but not the other way. */
static void send_datagram(struct world *world, uint64_t host, uint16_t port)
{
	uint32_t before = world->scan.counts.attempts[WC_SCAN_UDP];
	bool repeat = is_repeat(host, port), new;

	world_datagram(world, host, port);
	new = world->scan.counts.attempts[WC_SCAN_UDP] != before;
	ck_assert(!repeat || !new);
	datagrams += !repeat;
	mistaken += !repeat && !new;
	note(new ? ATTEMPT : REPEAT, WC_SCAN_UDP, host, port);
}

static int compare(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

static size_t different(uint64_t *values, size_t size)
{
	size_t found = 0;

	qsort(values, size, sizeof(*values), compare);
	for (size_t i = 0; i < size; i++)
		found += i == 0 || values[i] != values[i - 1];
	return found;
}

/* Adds up the last hour; events from @settled on may still be answered. */
static struct exact add_up(uint64_t bin, size_t settled)
{
	static uint64_t hosts[EVENTS], ports[EVENTS];
	uint64_t waiting[WC_SCAN_TRANSPORTS] = {0};
	struct exact sum = {0};
	size_t tried = 0;

	for (size_t i = 0; i < count; i++) {
		const struct event *event = &events[i];

		if (event->judged_bin + WC_SCAN_BINS <= bin)
			continue;
		if (event->kind == ATTEMPT) {
			sum.attempts[event->transport]++;
			sum.port_changes += event->changes_port;
			waiting[event->transport] += i >= settled;
			hosts[tried] = event->host;
			ports[tried++] = event->port;
		} else if (event->kind != REPEAT) {
			sum.answers[event->transport]++;
			sum.refused += event->kind == REFUSAL;
		}
	}
	for (int i = 0; i < WC_SCAN_TRANSPORTS; i++) {
		uint64_t in_time = sum.attempts[i] - waiting[i];

		sum.unanswered += in_time > sum.answers[i] ? in_time - sum.answers[i] : 0;
	}
	sum.hosts = different(hosts, tried);
	sum.ports = different(ports, tried);
	return sum;
}

/* How far an estimate may be off: five times its error, and at most the attempts. */
static void is_near(uint32_t estimate, size_t exact)
{
	ck_assert_double_le(fabs(estimate - (double)exact), 1 + (double)exact * 5 * 0.27);
	ck_assert_uint_gt(estimate, exact / 3);
}

static void compare_evidence(const struct wc_scan_evidence *evidence, const struct exact *sum)
{
	ck_assert_uint_eq(evidence->attempts, sum->attempts[0] + sum->attempts[1]);
	ck_assert_uint_eq(evidence->refused, sum->refused);
	ck_assert_uint_eq(evidence->unanswered, sum->unanswered);
	ck_assert_uint_eq(evidence->port_changes, sum->port_changes);
	is_near(evidence->distinct_hosts, sum->hosts);
	is_near(evidence->distinct_ports, sum->ports);
}

/* The rule by the exact sets; *@sure is false where the sketch may see it otherwise. */
static bool expected(const struct exact *sum, uint32_t threshold, bool *sure)
{
	uint64_t attempts = sum->attempts[0] + sum->attempts[1];
	bool half = 2 * (sum->refused + sum->unanswered) >= attempts;

	*sure = sum->port_changes >= threshold || !half || attempts < threshold ||
		sum->hosts * 5 < threshold * 2 || sum->hosts > threshold * 3;
	return attempts >= threshold && half &&
	       (sum->port_changes >= threshold || sum->hosts >= threshold);
}

/* What a source of this round does: how many targets it knows, and how often it is answered. */
struct habit {
	uint64_t hosts;
	unsigned ports, answered, refused, udp; /* the latter three in percent */
};

static void act(struct world *world, const struct habit *habit)
{
	uint64_t host = (uint64_t)random() % habit->hosts;
	uint16_t port = (uint16_t)((unsigned)random() % habit->ports);
	unsigned transport = (unsigned)random() % 100 < habit->udp ? WC_SCAN_UDP : WC_SCAN_TCP;
	unsigned fate = (unsigned)random() % 100;

	if (transport == WC_SCAN_UDP) {
		send_datagram(world, host, port);
	} else {
		note(ATTEMPT, transport, host, port);
		world_syn(world, host, port);
	}
	if (fate < habit->answered) {
		note(ANSWER, transport, 0, 0);
		world_answer(world, transport);
	} else if (fate < habit->answered + habit->refused) {
		note(REFUSAL, transport, 0, 0);
		world_refusal(world, transport);
	}
}

/* Judges the interval, and compares. Returns 1 when the source was found. */
static int judge(struct world *world, bool *tried_before, bool *found_before)
{
	uint64_t bin = (uint64_t)world->now_s / WC_SCAN_BIN_S;
	int reports = world->reports;
	bool tried = false, sure, found;
	struct exact sum;

	for (size_t i = judged; i < count; i++) {
		events[i].judged_bin = bin;
		tried = tried || events[i].kind == ATTEMPT;
	}
	sum = add_up(bin, judged);
	judged = count;
	world_judge(world);
	found = expected(&sum, world->rule.threshold, &sure);
	if (!tried && (!*tried_before || *found_before)) {
		found = false;
		sure = true;
	}
	if (sure)
		ck_assert_int_eq(world->reports - reports, found);
	if (world->reports > reports)
		compare_evidence(&world->evidence, &sum);
	*tried_before = tried;
	*found_before = world->reports > reports;
	return *found_before;
}

START_TEST(test_random)
{
	static const struct habit habits[] = {
		{1, 1000, 0, 100, 0}, {300, 1, 10, 10, 0}, {50, 10, 50, 20, 50},
		{5, 5, 20, 0, 100},   {400, 3, 95, 2, 40}, {60, 60, 45, 10, 100},
		{40, 1, 40, 10, 30},
	};
	int found = 0, quiet = 0;

	srandom(5);
	for (unsigned round = 0; round < 140; round++) {
		const struct habit *habit = &habits[round % 7];
		bool tried_before = false, found_before = false;
		struct world world;

		world_start(&world);
		world.rule.threshold = 5 + round % 60;
		world.interval_s = 1; /* it is judged by hand, and answers may be late */
		count = judged = 0;
		for (int interval = 0; interval < 60; interval++) {
			int attempts = random() % 3 ? (int)(random() % 40) : 0;

			while (attempts--)
				act(&world, habit);
			world.now_s += (double)(random() % 400);
			if (judge(&world, &tried_before, &found_before))
				found++;
			else
				quiet++;
		}
	}
	ck_assert_int_gt(datagrams, 30000);
	ck_assert_int_le(mistaken, 2 * datagrams / 20000 + 2);
	/* Both happened often enough to mean something. */
	ck_assert_int_gt(found, 1000);
	ck_assert_int_gt(quiet, 1000);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_random, NULL};

	return suite_run("scan model", tests, 120);
}
