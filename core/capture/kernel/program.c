#include "program.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include "objects.h"
#include "prefix.h"
#include "rules.h"
#include "wirecensus/error.h"

/* Two slots a row: a bucket is seldom full before the table is. */
#define SLOTS_A_ROW 2

/* A slice has room for a table up to this alone, as all frames may come by one processor. */
#define ROWS_WHOLE 2048

/* Pages for all ports of both transports, one way, in each slice. */
#define PAGES_A_SLICE (4u * 65536 * 16 / sizeof(struct wc_kernel_page))

#define MAPS 8

struct mapping {
	void *memory;
	size_t size;
};

struct wc_kernel_program {
	struct wc_kernel_objects *objects;
	struct wc_kernel_prefix *prefix; /* NULL: no filter */
	struct wc_kernel_prefix *front;  /* without one; NULL: not for a socket */
	struct wc_kernel_prefix
		*former; /* may be attached still: it goes on to no program when freed */
	struct wc_kernel_maps maps;
	struct mapping mappings[MAPS];
	size_t mapped;
};

static uint32_t power_of_two(uint32_t least)
{
	uint32_t power = 1;

	while (power < least)
		power *= 2;
	return power;
}

static uint32_t buckets(uint32_t rows, uint32_t slices)
{
	uint64_t share = rows / slices, whole = rows < ROWS_WHOLE ? rows : ROWS_WHOLE;
	uint64_t slots = (share > whole ? share : whole) * SLOTS_A_ROW;

	return rows ? power_of_two((uint32_t)(slots / WC_KERNEL_PROBES)) : 0;
}

static int fill_rules(struct wc_kernel_rules *rules, const struct wc_kernel_setup *setup)
{
	unsigned possible = (unsigned)libbpf_num_possible_cpus();
	unsigned processors = setup->processors ? setup->processors : possible;
	uint32_t slices = processors < WC_KERNEL_SLICES ? processors : WC_KERNEL_SLICES;

	*rules = (struct wc_kernel_rules){
		.processors = possible,
		.slices = slices,
		.shared = processors > slices,
		.loopback = setup->loopback,
		.pages = (slices < 2 ? 2 : slices) * (uint32_t)PAGES_A_SLICE,
		.conversation_buckets = buckets(setup->rules->conversations, slices),
		.host_buckets = buckets(setup->rules->hosts, slices),
		.five_tuple = setup->rules->five_tuple,
		.sent_only =
			setup->attach == WC_ATTACH_XDP || setup->attach == WC_ATTACH_XDP_GENERIC,
		.drop_echo = setup->drop_echo,
		.waits = 1,
	};
	return getrandom(rules->seed, sizeof(rules->seed), 0) == sizeof(rules->seed) ? 0 : errno;
}

/* Returns the map's entries in our memory, or NULL. */
static void *mapped(struct wc_kernel_program *program, const char *name)
{
	const struct bpf_map *map = wc_kernel_objects_map(program->objects, name);
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t size = (size_t)bpf_map__value_size(map) * bpf_map__max_entries(map);
	void *memory;

	size = (size + page - 1) / page * page;
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);
	if (memory == MAP_FAILED)
		return NULL;
	program->mappings[program->mapped++] = (struct mapping){memory, size};
	return memory;
}

static bool map_all(struct wc_kernel_program *program)
{
	struct wc_kernel_state *state = wc_kernel_objects_state(program->objects);
	struct wc_kernel_maps *maps = &program->maps;

	maps->control = &state->control;
	maps->pool = &state->pool;
	maps->served = &state->served;
	maps->slices = state->slices;
	memset(state->served.known[0], 0xff, WC_SERVED_WELL_KNOWN / 8);
	memset(state->served.known[1], 0xff, WC_SERVED_WELL_KNOWN / 8);
	maps->locals = mapped(program, "locals");
	maps->pages = mapped(program, "pages");
	maps->conversation_tags = mapped(program, "conversation_tags");
	maps->talks = mapped(program, "talks");
	maps->fars = mapped(program, "fars");
	maps->host_tags = mapped(program, "host_tags");
	maps->hosts = mapped(program, "hosts");
	maps->scans = mapped(program, "scans");
	maps->settler = wc_kernel_objects_settler(program->objects);
	return program->mapped == MAPS;
}

/* bpf_loop() came with Linux 5.17, the copying of bytes under XDP with 5.18. */
static int load_failed(int failure, const struct wc_kernel_setup *setup, struct wc_error *error)
{
	bool admin = setup->attach != WC_ATTACH_SOCKET;
	bool xdp = admin && setup->attach != WC_ATTACH_TCX;

	if (failure == EACCES)
		return wc_error_set(error, WC_FAILED,
				    "the kernel's verifier refuses the program that counts, which "
				    "Linux 6.1 takes with the capability CAP_PERFMON only: run as "
				    "root, or give it to the program with "
				    "setcap cap_bpf,cap_perfmon,cap_net_raw%s+ep",
				    admin ? ",cap_net_admin" : "");
	if (failure == EPERM)
		return wc_error_set(error, WC_FAILED,
				    "counting in the kernel%s needs the capabilities CAP_BPF and "
				    "CAP_NET_%s: run as root, or give them to the program with "
				    "setcap cap_bpf,cap_net_raw%s+ep",
				    admin ? " by tcx or XDP" : "", admin ? "ADMIN" : "RAW",
				    admin ? ",cap_net_admin" : "");
	return wc_error_set(error, WC_FAILED,
			    "the kernel does not take the program that counts: %s; it must be "
			    "Linux %s or later with BPF, and have the memory for its tables",
			    strerror(failure), xdp ? "5.18" : "5.17");
}

/* Loaded in any case, as there may be no privilege when it is wanted. */
static int load_front(struct wc_kernel_program *program, const struct wc_kernel_setup *setup,
		      struct wc_error *error)
{
	if (setup->attach == WC_ATTACH_TCX)
		return WC_OK;
	return wc_kernel_prefix_open(&program->front, NULL, setup->link,
				     wc_kernel_objects_fd(program->objects, "wc_count"), error);
}

/* Returns 0 or a positive errno. */
static int load(struct wc_kernel_program *program, const struct wc_kernel_setup *setup)
{
	int failed = fill_rules(&program->maps.rules, setup);

	if (!failed)
		failed = wc_kernel_objects_load(&program->objects, &program->maps.rules,
						setup->attach);
	if (failed)
		return failed;
	if (!map_all(program))
		return errno;
	program->maps.control->link = setup->link;
	return 0;
}

int wc_kernel_program_refilter(struct wc_kernel_program *program, struct wc_filter *filter,
			       struct wc_error *error)
{
	struct wc_kernel_prefix *prefix = NULL;
	int next = wc_kernel_objects_fd(program->objects, "wc_count");
	int failed = filter ? wc_kernel_prefix_open(&prefix, filter, program->maps.control->link,
						    next, error)
			    : WC_OK;

	if (failed)
		return failed;
	wc_kernel_prefix_free(program->former);
	program->former = program->prefix;
	program->prefix = prefix;
	return WC_OK;
}

int wc_kernel_program_open(struct wc_kernel_program **program, const struct wc_kernel_setup *setup,
			   struct wc_error *error)
{
	struct wc_kernel_program *made = calloc(1, sizeof(*made));
	libbpf_print_fn_t print;
	int failed;

	if (!made)
		return wc_error_set(error, WC_FAILED, "there is not enough memory to count");
	print = libbpf_set_print(NULL);
	failed = load(made, setup);
	libbpf_set_print(print);
	if (failed)
		failed = load_failed(failed, setup, error);
	else
		failed = load_front(made, setup, error);
	if (!failed)
		failed = wc_kernel_program_refilter(made, setup->filter, error);
	if (failed) {
		wc_kernel_program_free(made);
		return failed;
	}
	*program = made;
	return WC_OK;
}

void wc_kernel_program_free(struct wc_kernel_program *program)
{
	if (!program)
		return;
	for (size_t i = 0; i < program->mapped; i++)
		munmap(program->mappings[i].memory, program->mappings[i].size);
	wc_kernel_prefix_free(program->prefix);
	wc_kernel_prefix_free(program->former);
	wc_kernel_prefix_free(program->front);
	wc_kernel_objects_free(program->objects);
	free(program);
}

int wc_kernel_program_fd(const struct wc_kernel_program *program, enum wc_kernel_hook hook)
{
	const struct wc_kernel_objects *objects = program->objects;
	const struct wc_kernel_prefix *first = program->prefix;

	switch (hook) {
	case WC_KERNEL_AT_RECEIVED:
		return wc_kernel_objects_fd(objects, "wc_received");
	case WC_KERNEL_AT_SENT:
		return wc_kernel_objects_fd(objects, "wc_sent");
	case WC_KERNEL_AT_XDP:
		return wc_kernel_objects_fd(objects, "wc_xdp");
	case WC_KERNEL_AT_SOCKET_SHORT:
		first = first ? first : program->front;
		return first ? wc_kernel_prefix_fd(first) : -1;
	default:
		return first ? wc_kernel_prefix_fd(first)
			     : wc_kernel_objects_fd(objects, "wc_count");
	}
}

const struct wc_kernel_maps *wc_kernel_program_maps(const struct wc_kernel_program *program)
{
	return &program->maps;
}

uint64_t wc_kernel_program_size(const struct wc_kernel_program *program)
{
	uint64_t size = sizeof(struct wc_kernel_state);

	for (size_t i = 0; i < program->mapped; i++)
		size += program->mappings[i].size;
	return size;
}
