#include "drain_rows.h"

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

/*
 * A row that has been idle for long is hidden from the program. At the next reading no
 * run of it is left that can have found the row before: then it is freed. Returns
 * true when it is time to empty it.
 */
static bool is_over(uint32_t *tag, uint32_t active_s, const struct wc_kernel_when *when,
		    uint32_t idle_s)
{
	if (*tag == WC_KERNEL_TAG_HIDDEN)
		return true;
	if (idle_s && when->now_s - active_s >= idle_s)
		*tag = WC_KERNEL_TAG_HIDDEN;
	return false;
}

/* Rows of one kind. */
struct table {
	struct wc_kernel_bucket *buckets;
	struct wc_kernel_numbers *numbers;
	struct wc_kernel_free *unused;
	uint32_t buckets_a_slice;
};

/* Returns the number of the row at @place, which is used. */
static uint32_t row_at(const struct table *table, uint64_t place)
{
	return table->buckets[place / WC_KERNEL_PROBES].rows[place % WC_KERNEL_PROBES];
}

static uint32_t *tag_at(const struct table *table, uint64_t place)
{
	return &table->buckets[place / WC_KERNEL_PROBES].tags[place % WC_KERNEL_PROBES];
}

/* The program finds row and place free only when the row is empty. */
static void set_free(const struct table *table, uint64_t place)
{
	uint32_t rows = table->buckets_a_slice * WC_KERNEL_PROBES;
	uint32_t slice = (uint32_t)(place / rows);
	struct wc_kernel_free *unused = &table->unused[slice];
	uint32_t at = slice * rows + unused->given % rows;

	table->numbers[at / WC_KERNEL_PROBES].rows[at % WC_KERNEL_PROBES] = row_at(table, place);
	__atomic_store_n(&unused->given, unused->given + 1, __ATOMIC_RELEASE);
	__atomic_store_n(tag_at(table, place), WC_KERNEL_TAG_FREE, __ATOMIC_RELEASE);
}

static void add_talk(struct wc_tables *tables, const struct wc_kernel_conversation *row,
		     const struct wc_kernel_talk *counts, const struct wc_kernel_when *when)
{
	const struct wc_added_conversation added = {
		.key = {row->client_high, row->client_low, row->server_high, row->server_low,
			row->port, row->client_port},
		.kind = row->kind,
		.direction = row->direction,
		.scope = row->scope,
		.forward = {counts->packets, counts->bytes, counts->ip_bytes},
		.reverse = {counts->reverse_packets, counts->reverse_bytes,
			    counts->reverse_ip_bytes},
		.new = counts->new,
		.flags = (uint8_t)counts->flags,
		.reverse_flags = (uint8_t)(counts->flags >> 8),
		.first_ns = when->first_ns,
		.last_ns = when->last_ns,
	};

	wc_tables_add_conversation(tables, &added);
}

static struct table talks_of(const struct wc_kernel_maps *maps)
{
	return (struct table){maps->conversation_tags, maps->conversation_numbers, maps->free_talks,
			      maps->rules.conversation_buckets};
}

static void drain_talk(struct wc_kernel_rows *rows, const struct wc_kernel_maps *maps,
		       struct wc_tables *tables, uint64_t place, uint32_t generation,
		       const struct wc_kernel_when *when)
{
	const struct table table = talks_of(maps);
	struct wc_kernel_conversation *row = &maps->conversations[row_at(&table, place)];
	struct wc_kernel_talk *counts = generation ? &row->odd : &row->even;

	if (counts->packets || counts->reverse_packets) {
		add_talk(tables, row, counts, when);
		memset(counts, 0, sizeof(*counts));
		rows->talked_s[place] = when->now_s;
	} else if (!rows->talked_s[place]) { /* made since the generations were turned */
		rows->talked_s[place] = when->now_s;
	}
	if (is_over(tag_at(&table, place), rows->talked_s[place], when, tables->rules->idle_s)) {
		memset(row, 0, sizeof(*row));
		rows->talked_s[place] = 0;
		set_free(&table, place);
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

static void add_host(struct wc_tables *tables, const struct wc_kernel_host *row,
		     const struct wc_kernel_traffic *counts, struct wc_kernel_scan *scan,
		     struct wc_scan_counts *scanned, const struct wc_kernel_when *when)
{
	struct wc_scan_counts now = scan_counts(scan);
	struct wc_added_host added = {
		.address = {row->high, row->low, (uint8_t)row->version},
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

static struct table hosts_of(const struct wc_kernel_maps *maps)
{
	return (struct table){maps->host_tags, maps->host_numbers, maps->free_hosts,
			      maps->rules.host_buckets};
}

static void drain_host(struct wc_kernel_rows *rows, const struct wc_kernel_maps *maps,
		       struct wc_tables *tables, uint64_t place, uint32_t generation,
		       const struct wc_kernel_when *when)
{
	const struct table table = hosts_of(maps);
	uint32_t number = row_at(&table, place);
	struct wc_kernel_host *row = &maps->hosts[number];
	struct wc_kernel_scan *scan = &maps->scans[number];
	struct wc_kernel_traffic *counts = generation ? &row->odd : &row->even;

	if (counts->sent_packets || counts->received_packets) {
		add_host(tables, row, counts, scan, &rows->scanned[place], when);
		memset(counts, 0, sizeof(*counts));
		rows->heard_s[place] = when->now_s;
	} else if (!rows->heard_s[place]) {
		rows->heard_s[place] = when->now_s;
	}
	if (is_over(tag_at(&table, place), rows->heard_s[place], when, tables->rules->idle_s)) {
		memset(row, 0, sizeof(*row));
		memset(scan, 0, sizeof(*scan));
		rows->scanned[place] = (struct wc_scan_counts){0};
		rows->heard_s[place] = 0;
		set_free(&table, place);
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
