#include "drain_rows.h"

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include "add.h"
#include "drain.h"
#include "program.h"
#include "rules.h"
#include "tables.h"

static void *reserve(uint64_t count, size_t size)
{
	void *memory = mmap(NULL, count ? count * size : 1, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

static void release(void *memory, uint64_t count, size_t size)
{
	if (memory)
		munmap(memory, count ? count * size : 1);
}

bool wc_kernel_rows_open(struct wc_kernel_rows *rows, const struct wc_kernel_maps *maps)
{
	uint64_t slots = (uint64_t)maps->rules.slices * WC_KERNEL_PROBES;

	rows->talks = slots * maps->rules.conversation_buckets;
	rows->hosts = slots * maps->rules.host_buckets;
	rows->talked_s = reserve(rows->talks, sizeof(*rows->talked_s));
	rows->heard_s = reserve(rows->hosts, sizeof(*rows->heard_s));
	rows->scanned = reserve(rows->hosts, sizeof(*rows->scanned));
	return rows->talked_s && rows->heard_s && rows->scanned;
}

void wc_kernel_rows_close(struct wc_kernel_rows *rows)
{
	release(rows->talked_s, rows->talks, sizeof(*rows->talked_s));
	release(rows->heard_s, rows->hosts, sizeof(*rows->heard_s));
	release(rows->scanned, rows->hosts, sizeof(*rows->scanned));
}

static uint32_t *tag_at(struct wc_kernel_bucket *buckets, uint64_t place)
{
	return &buckets[place / WC_KERNEL_PROBES].tags[place % WC_KERNEL_PROBES];
}

static bool is_over(uint32_t active_s, const struct wc_kernel_when *when, uint32_t idle_s)
{
	return idle_s && when->now_s - active_s >= idle_s;
}

/* The program takes a place that is free only when its row is empty. */
/* NOLINTNEXTLINE(readability-non-const-parameter): what is built in writes there */
static void set_free(uint32_t *tag)
{
	__atomic_store_n(tag, WC_KERNEL_TAG_FREE, __ATOMIC_RELEASE);
}

static uint64_t whole(uint64_t high, uint32_t low)
{
	return high << 32 | low;
}

static void add_talk(struct wc_tables *tables, const struct wc_kernel_talk *counts,
		     const struct wc_kernel_far *far, const struct wc_kernel_when *when)
{
	const struct wc_added_conversation added = {
		.key = {far->client_high, whole(far->client_middle, (uint32_t)counts->ends),
			far->server_high, whole(far->server_middle, (uint32_t)(counts->ends >> 32)),
			(uint16_t)counts->ports, (uint16_t)(counts->ports >> 16)},
		.kind = (uint16_t)(counts->kind & ~WC_KERNEL_HIDDEN),
		.direction = counts->direction,
		.scope = counts->scope,
		.forward = {counts->packets[0], counts->bytes[0], counts->ip_bytes[0]},
		.reverse = {counts->packets[1], counts->bytes[1], counts->ip_bytes[1]},
		.new = counts->new,
		.flags = (uint8_t)counts->flags,
		.reverse_flags = (uint8_t)(counts->flags >> 8),
		.first_ns = when->first_ns,
		.last_ns = when->last_ns,
	};

	wc_tables_add_conversation(tables, &added);
}

static void empty_talk(struct wc_kernel_talk *counts)
{
	const size_t key = offsetof(struct wc_kernel_talk, bytes);

	memset((uint8_t *)counts + key, 0, sizeof(*counts) - key);
}

/*
 * A row that has been idle for long is hidden from the program. At the next reading no
 * run of it is left that can have found the row before: then it is freed.
 */
static void drain_talk(struct wc_kernel_rows *rows, const struct wc_kernel_maps *maps,
		       struct wc_tables *tables, uint64_t place, uint32_t generation,
		       const struct wc_kernel_when *when)
{
	struct wc_kernel_talk *row[] = {&maps->talks[place], &maps->talks[rows->talks + place]};
	struct wc_kernel_talk *counts = row[generation];
	uint32_t *tag = tag_at(maps->conversation_tags, place);

	if (counts->packets[0] || counts->packets[1]) {
		add_talk(tables, counts, &maps->fars[place], when);
		empty_talk(counts);
		rows->talked_s[place] = when->now_s;
	} else if (!rows->talked_s[place]) { /* made since the generations were turned */
		rows->talked_s[place] = when->now_s;
	}
	if (*tag == WC_KERNEL_TAG_HIDDEN) {
		memset(row[0], 0, sizeof(*row[0]));
		memset(row[1], 0, sizeof(*row[1]));
		memset(&maps->fars[place], 0, sizeof(maps->fars[place]));
		rows->talked_s[place] = 0;
		set_free(tag);
	} else if (is_over(rows->talked_s[place], when, tables->rules->idle_s)) {
		*tag = WC_KERNEL_TAG_HIDDEN;
		row[0]->kind |= WC_KERNEL_HIDDEN;
		row[1]->kind |= WC_KERNEL_HIDDEN;
	}
}

static struct wc_scan_counts scan_counts(const struct wc_kernel_scan *scan)
{
	return (struct wc_scan_counts){
		.attempts = {scan->attempts[0], scan->attempts[1]},
		.answers = {scan->answers[0], scan->answers[1]},
		.refused = scan->refused,
		.port_changes = scan->port_changes,
	};
}

static struct wc_scan_counts scan_since(const struct wc_scan_counts *now,
					const struct wc_scan_counts *before)
{
	return (struct wc_scan_counts){
		.attempts = {now->attempts[0] - before->attempts[0],
			     now->attempts[1] - before->attempts[1]},
		.answers = {now->answers[0] - before->answers[0],
			    now->answers[1] - before->answers[1]},
		.refused = now->refused - before->refused,
		.port_changes = now->port_changes - before->port_changes,
	};
}

/*
 * Takes a sketch. The program may set a bit at the same time, and then those that are
 * taken come back once: they are of the same hour.
 */
/* NOLINTNEXTLINE(readability-non-const-parameter): the exchange writes */
static struct wc_sketch take_sketch(uint64_t words[2])
{
	return (struct wc_sketch){{
		__atomic_exchange_n(&words[0], 0, __ATOMIC_RELAXED),
		__atomic_exchange_n(&words[1], 0, __ATOMIC_RELAXED),
	}};
}

static void add_host(struct wc_tables *tables, const struct wc_kernel_host *counts,
		     struct wc_kernel_scan *scan, struct wc_scan_counts *scanned,
		     const struct wc_kernel_when *when)
{
	struct wc_scan_counts now = scan_counts(scan);
	struct wc_added_host added = {
		.address = {counts->high, counts->low,
			    (uint8_t)(counts->version & ~WC_KERNEL_HIDDEN)},
		.sent = {{counts->sent_packets, counts->sent_bytes}, counts->sent_new},
		.received = {{counts->received_packets, counts->received_bytes},
			     counts->received_new},
		.tried = scan_since(&now, scanned),
		.first_ns = when->first_ns,
		.last_ns = when->last_ns,
	};

	if (memcmp(&now, scanned, sizeof(now)) != 0) {
		added.hosts = take_sketch(scan->hosts);
		added.ports = take_sketch(scan->ports);
		*scanned = now;
	}
	wc_tables_add_host(tables, &added);
}

static void empty_host(struct wc_kernel_host *counts)
{
	const size_t key = offsetof(struct wc_kernel_host, sent_bytes);

	memset((uint8_t *)counts + key, 0, sizeof(*counts) - key);
}

static void drain_host(struct wc_kernel_rows *rows, const struct wc_kernel_maps *maps,
		       struct wc_tables *tables, uint64_t place, uint32_t generation,
		       const struct wc_kernel_when *when)
{
	struct wc_kernel_host *row[] = {&maps->hosts[place], &maps->hosts[rows->hosts + place]};
	struct wc_kernel_host *counts = row[generation];
	struct wc_kernel_scan *scan = &maps->scans[place];
	uint32_t *tag = tag_at(maps->host_tags, place);

	if (counts->sent_packets || counts->received_packets) {
		add_host(tables, counts, scan, &rows->scanned[place], when);
		empty_host(counts);
		rows->heard_s[place] = when->now_s;
	} else if (!rows->heard_s[place]) {
		rows->heard_s[place] = when->now_s;
	}
	if (*tag == WC_KERNEL_TAG_HIDDEN) {
		memset(row[0], 0, sizeof(*row[0]));
		memset(row[1], 0, sizeof(*row[1]));
		memset(scan, 0, sizeof(*scan));
		rows->scanned[place] = (struct wc_scan_counts){0};
		rows->heard_s[place] = 0;
		set_free(tag);
	} else if (is_over(rows->heard_s[place], when, tables->rules->idle_s)) {
		*tag = WC_KERNEL_TAG_HIDDEN;
		row[0]->version |= WC_KERNEL_HIDDEN;
		row[1]->version |= WC_KERNEL_HIDDEN;
	}
}

/* True if there is a row, at least half made, which then has no counts that are read. */
static bool is_used(const struct wc_kernel_bucket *tags, uint64_t place)
{
	uint32_t tag = __atomic_load_n(
		&tags[place / WC_KERNEL_PROBES].tags[place % WC_KERNEL_PROBES], __ATOMIC_ACQUIRE);

	return tag != WC_KERNEL_TAG_FREE && tag != WC_KERNEL_TAG_BUSY;
}

void wc_kernel_rows_drain(struct wc_kernel_rows *rows, const struct wc_kernel_maps *maps,
			  struct wc_tables *tables, uint32_t generation,
			  const struct wc_kernel_when *when)
{
	for (uint64_t place = 0; place < rows->talks; place++)
		if (is_used(maps->conversation_tags, place))
			drain_talk(rows, maps, tables, place, generation, when);
	for (uint64_t place = 0; place < rows->hosts; place++)
		if (is_used(maps->host_tags, place))
			drain_host(rows, maps, tables, place, generation, when);
}
