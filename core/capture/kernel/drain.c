#include "drain.h"

#include <bpf/bpf.h>
#include <linux/membarrier.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "add.h"
#include "drain_rows.h"
#include "packet.h"
#include "program.h"
#include "rules.h"
#include "tables.h"
#include "wirecensus/error.h"

/* A thousand times as long as a run of the program. */
#define LONG_NS 100000000

/* Memory for a run's frame may be short for a moment. */
#define SETTLE_TRIES 20

struct wc_kernel_drain {
	const struct wc_kernel_maps *maps;
	struct wc_kernel_rows rows;
};

static long membarrier(int command)
{
	return syscall(SYS_membarrier, command, 0, 0);
}

int wc_kernel_drain_open(struct wc_kernel_drain **drain, const struct wc_kernel_maps *maps,
			 struct wc_error *error)
{
	struct wc_kernel_drain *made;
	long commands = membarrier(MEMBARRIER_CMD_QUERY);

	if (commands < 0 || !(commands & MEMBARRIER_CMD_GLOBAL))
		return wc_error_set(error, WC_FAILED,
				    "counting in the kernel needs membarrier(2), which this kernel "
				    "does not have, or not with nohz_full");
	made = calloc(1, sizeof(*made));
	if (!made || !wc_kernel_rows_open(&made->rows, maps)) {
		wc_kernel_drain_free(made);
		return wc_error_set(error, WC_FAILED, "there is not enough memory to count");
	}
	made->maps = maps;
	*drain = made;
	return WC_OK;
}

void wc_kernel_drain_free(struct wc_kernel_drain *drain)
{
	if (!drain)
		return;
	wc_kernel_rows_close(&drain->rows);
	free(drain);
}

/* Runs are sections of RCU, for the end of which MEMBARRIER_CMD_GLOBAL waits. */
void wc_kernel_drain_wait(void)
{
	const struct timespec pause = {.tv_nsec = LONG_NS};

	if (membarrier(MEMBARRIER_CMD_GLOBAL))
		nanosleep(&pause, NULL);
}

/* A run needs a frame, of an Ethernet header at least. */
static void settle(int settler)
{
	const uint8_t frame[64] = {0};
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame, .data_size_in = sizeof(frame));

	for (int i = 0; bpf_prog_test_run_opts(settler, &options) && i < SETTLE_TRIES; i++)
		wc_kernel_drain_wait();
}

/*
 * Returns the generation that is left: nobody counts into it any more. Frames that wait in it
 * are counted by a run that follows on their processor, or by ours, so that there are two to
 * wait for.
 */
static uint32_t turn(const struct wc_kernel_maps *maps)
{
	uint32_t left = maps->control->generation;

	__atomic_store_n(&maps->control->generation, left ^ 1, __ATOMIC_SEQ_CST);
	wc_kernel_drain_wait();
	settle(maps->settler);
	wc_kernel_drain_wait();
	return left;
}

static struct wc_counts plain(const struct wc_kernel_counts *counts)
{
	return (struct wc_counts){counts->packets, counts->bytes};
}

static void add_plain(struct wc_tables *tables, const struct wc_kernel_counts *counts,
		      enum wc_class class, unsigned direction, unsigned key)
{
	const struct wc_added_row row = {
		.counters = {[WC_COUNTER_PACKETS] = counts->packets,
			     [WC_COUNTER_BYTES] = counts->bytes},
		.key = (uint16_t)key,
		.class = (uint8_t) class,
		.direction = (uint8_t)direction,
	};

	if (counts->packets)
		wc_tables_add_row(tables, &row);
}

static void drain_plain(const struct wc_kernel_slice *slice, struct wc_tables *tables)
{
	const struct wc_counts in = plain(&slice->internet[0]), out = plain(&slice->internet[1]);

	for (unsigned direction = 0; direction < WC_KERNEL_DIRECTIONS; direction++) {
		add_plain(tables, &slice->llc[direction], WC_CLASS_LLC, direction, 0);
		add_plain(tables, &slice->malformed[direction], WC_CLASS_MALFORMED, direction, 0);
		for (unsigned key = 0; key < 256; key++)
			add_plain(tables, &slice->protocols[direction][key], WC_CLASS_PROTOCOL,
				  direction, key);
		add_plain(tables, &slice->fragments[direction][WC_PROTOCOL_TCP & 1],
			  WC_CLASS_FRAGMENT, direction, WC_PROTOCOL_TCP);
		add_plain(tables, &slice->fragments[direction][WC_PROTOCOL_UDP & 1],
			  WC_CLASS_FRAGMENT, direction, WC_PROTOCOL_UDP);
	}
	wc_counts_add(&tables->sums.internet_in, &in);
	wc_counts_add(&tables->sums.internet_out, &out);
}

/* Frames for which the program had no row. */
static void drain_others(const struct wc_kernel_slice *slice, struct wc_tables *tables)
{
	const struct wc_way way = {
		.packets = slice->no_conversation.packets,
		.bytes = slice->no_conversation.bytes,
		.ip_bytes = slice->no_conversation_ip_bytes,
	};
	const struct wc_host_counts sent = {plain(&slice->no_source), slice->no_source.new};
	const struct wc_host_counts received = {plain(&slice->no_destination),
						slice->no_destination.new};

	wc_tables_add_no_conversation(tables, &way, slice->no_conversation.new);
	wc_tables_add_no_host(tables, &sent, &received);
}

static const uint8_t classes[WC_KERNEL_PAGED] = {
	[WC_KERNEL_TCP] = WC_CLASS_TCP,
	[WC_KERNEL_UDP] = WC_CLASS_UDP,
	[WC_KERNEL_ETHERTYPE] = WC_CLASS_ETHERTYPE,
};

static void add_row(struct wc_tables *tables, const struct wc_kernel_row *counts, unsigned table,
		    unsigned direction, unsigned key, bool other)
{
	struct wc_added_row row = {
		.counters = {[WC_COUNTER_PACKETS] = counts->packets,
			     [WC_COUNTER_BYTES] = counts->bytes},
		.key = (uint16_t)key,
		.class = classes[table],
		.direction = (uint8_t)direction,
		.other = other,
	};

	if (!(counts->packets | counts->new | counts->accepted | counts->refused))
		return;
	if (table == WC_KERNEL_TCP) {
		row.counters[WC_COUNTER_TCP_NEW] = counts->new;
		row.counters[WC_COUNTER_TCP_ACCEPTED] = counts->accepted;
		row.counters[WC_COUNTER_TCP_REFUSED] = counts->refused;
	} else if (table == WC_KERNEL_UDP) {
		row.counters[WC_COUNTER_UDP_REFUSED] = counts->refused;
	}
	wc_tables_add_row(tables, &row);
}

static void drain_pages(const struct wc_kernel_maps *maps, const struct wc_kernel_slice *slice,
			struct wc_tables *tables, unsigned table, unsigned direction)
{
	for (unsigned i = 0; i < WC_KERNEL_PAGES; i++) {
		uint32_t number = slice->pages[table][direction][i];
		struct wc_kernel_page *page;

		if (!number)
			continue;
		page = &maps->pages[number - 1];
		for (unsigned row = 0; row < WC_KERNEL_PAGE_ROWS; row++)
			add_row(tables, &page->rows[row], table, direction,
				i * WC_KERNEL_PAGE_ROWS + row, false);
		memset(page, 0, sizeof(*page));
	}
	add_row(tables, &slice->other[table][direction], table, direction, 0, true);
}

static void drain_slice(const struct wc_kernel_maps *maps, struct wc_kernel_slice *slice,
			struct wc_tables *tables, struct wc_kernel_frames *frames)
{
	for (unsigned table = 0; table < WC_KERNEL_PAGED; table++)
		for (unsigned direction = 0; direction < WC_KERNEL_DIRECTIONS; direction++)
			drain_pages(maps, slice, tables, table, direction);
	drain_plain(slice, tables);
	drain_others(slice, tables);
	frames->counted += slice->frames;
	frames->merged += slice->merged;
	memset(slice, 0, sizeof(*slice));
}

static void learn(const struct wc_kernel_maps *maps, struct wc_served *served)
{
	for (unsigned i = 0; i < 1024; i++)
		served->learned[i] |= maps->served->learned[i];
}

void wc_kernel_drain_serve(struct wc_kernel_drain *drain, const struct wc_served *served)
{
	struct wc_kernel_served *to = drain->maps->served;

	for (unsigned transport = 0; transport < WC_SERVED_TRANSPORTS; transport++)
		for (unsigned i = WC_SERVED_WELL_KNOWN / 64; i < 1024; i++)
			if (to->known[transport][i] != served->known[transport][i])
				to->known[transport][i] = served->known[transport][i];
}

void wc_kernel_drain_run(struct wc_kernel_drain *drain, struct wc_tables *tables,
			 const struct wc_kernel_when *when, struct wc_kernel_frames *frames)
{
	const struct wc_kernel_maps *maps = drain->maps;
	uint32_t left = turn(maps);

	*frames = (struct wc_kernel_frames){0};
	for (uint32_t i = 0; i < maps->rules.slices; i++)
		drain_slice(maps, &maps->slices[left * WC_KERNEL_SLICES + i], tables, frames);
	__atomic_store_n(&maps->pool->taken[left], 0, __ATOMIC_SEQ_CST);
	wc_kernel_rows_drain(&drain->rows, maps, tables, left, when);
	learn(maps, &tables->conversations.served);
	tables->sums.frames += frames->counted;
}
