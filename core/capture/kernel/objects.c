#include "objects.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>

#include "count.skel.h"
#include "xdp.skel.h"

struct wc_kernel_objects {
	struct wc_count *count, *count_beside;
	struct wc_xdp *xdp, *xdp_beside; /* NULL: not for XDP */
};

/* A map has one entry at least. */
static int size_map(struct bpf_map *map, uint64_t entries)
{
	if (entries > UINT32_MAX)
		return -E2BIG;
	return bpf_map__set_max_entries(map, entries ? (uint32_t)entries : 1);
}

static int size_maps(struct wc_count *count, const struct wc_kernel_rules *rules)
{
	uint64_t talks = (uint64_t)rules->slices * rules->conversation_buckets;
	uint64_t hosts = (uint64_t)rules->slices * rules->host_buckets;
	const struct {
		struct bpf_map *map;
		uint64_t entries;
	} sizes[] = {
		{count->maps.scratch, rules->processors},
		{count->maps.waiting_room, rules->processors},
		{count->maps.waiting_frames, (uint64_t)rules->processors * WC_KERNEL_WAITING},
		{count->maps.pages, rules->pages},
		{count->maps.conversation_tags, talks},
		{count->maps.talks, talks * WC_KERNEL_PROBES * WC_KERNEL_GENERATIONS},
		{count->maps.fars, talks * WC_KERNEL_PROBES},
		{count->maps.host_tags, hosts},
		{count->maps.hosts, hosts * WC_KERNEL_PROBES * WC_KERNEL_GENERATIONS},
		{count->maps.scans, hosts * WC_KERNEL_PROBES},
	};
	int failed = 0;

	for (size_t i = 0; !failed && i < sizeof(sizes) / sizeof(*sizes); i++)
		failed = size_map(sizes[i].map, sizes[i].entries);
	return failed;
}

/* All maps of @object are @owner's, but its constants. */
static int share_maps(struct bpf_object *object, const struct bpf_map *constants,
		      const struct bpf_object *owner)
{
	struct bpf_map *map;
	int failed = 0;

	for (map = bpf_object__next_map(object, NULL); map && !failed;
	     map = bpf_object__next_map(object, map)) {
		const char *name = bpf_map__is_internal(map) ? ".bss" : bpf_map__name(map);
		struct bpf_map *shared = bpf_object__find_map_by_name(owner, name);

		if (map != constants && shared)
			failed = bpf_map__reuse_fd(map, bpf_map__fd(shared));
	}
	return failed;
}

/* What counts beside others counts as where processors share a slice, and at once. */
static struct wc_kernel_rules rules_beside(const struct wc_kernel_rules *rules)
{
	struct wc_kernel_rules beside = *rules;

	beside.shared = 1;
	beside.waits = 0;
	return beside;
}

/*
 * Loads what is to be attached only: tcx is too new for some kernels. @owner: whose maps they are,
 * and beside whom they count; NULL for the first ones, which are made.
 */
static int load_count(struct wc_count **count, const struct wc_kernel_rules *rules,
		      enum wc_attach attach, const struct bpf_object *owner)
{
	struct wc_count *made = wc_count__open();
	int failed;

	if (!made)
		return -errno;
	*count = made;
	made->rodata->rules = *rules;
	bpf_program__set_autoload(made->progs.wc_count, !owner && attach != WC_ATTACH_TCX);
	bpf_program__set_autoload(made->progs.wc_settle, owner != NULL);
	bpf_program__set_autoload(made->progs.wc_received, attach == WC_ATTACH_TCX);
	bpf_program__set_autoload(made->progs.wc_sent, attach != WC_ATTACH_SOCKET);
	failed = owner ? share_maps(made->obj, made->maps.rodata, owner) : size_maps(made, rules);
	return failed ? failed : wc_count__load(made);
}

static int load_xdp(struct wc_xdp **xdp, const struct wc_kernel_rules *rules,
		    const struct bpf_object *owner, const struct bpf_object *twin)
{
	struct wc_xdp *made = wc_xdp__open();
	int failed;

	if (!made)
		return -errno;
	*xdp = made;
	made->rodata->rules = *rules;
	failed = share_maps(made->obj, made->maps.rodata, owner);
	if (!failed && twin)
		failed = share_maps(made->obj, made->maps.rodata, twin);
	return failed ? failed : wc_xdp__load(made);
}

static int enter(const struct bpf_map *programs, uint32_t number, const struct bpf_program *program)
{
	int fd = bpf_program__fd(program);

	return fd < 0 ? 0 : bpf_map_update_elem(bpf_map__fd(programs), &number, &fd, BPF_ANY);
}

/* Programs find those beside them in these maps. */
static int join(const struct wc_kernel_objects *objects)
{
	const struct wc_count *beside = objects->count_beside;
	const struct bpf_map *programs = objects->count->maps.beside;
	int failed = enter(programs, WC_KERNEL_BESIDE_RECEIVED, beside->progs.wc_received);

	if (!failed)
		failed = enter(programs, WC_KERNEL_BESIDE_SENT, beside->progs.wc_sent);
	if (!failed && objects->xdp)
		failed = enter(objects->xdp->maps.xdp_beside, 0, objects->xdp_beside->progs.wc_xdp);
	return failed;
}

int wc_kernel_objects_load(struct wc_kernel_objects **objects, const struct wc_kernel_rules *rules,
			   enum wc_attach attach)
{
	struct wc_kernel_objects *made = calloc(1, sizeof(*made));
	const struct wc_kernel_rules beside = rules_beside(rules);
	int failed;

	if (!made)
		return ENOMEM;
	*objects = made;
	failed = load_count(&made->count, rules, attach, NULL);
	if (!failed)
		failed = load_count(&made->count_beside, &beside, attach, made->count->obj);
	if (!failed && rules->sent_only)
		failed = load_xdp(&made->xdp, rules, made->count->obj, NULL);
	if (!failed && rules->sent_only)
		failed = load_xdp(&made->xdp_beside, &beside, made->count->obj, made->xdp->obj);
	if (!failed)
		failed = join(made);
	return -failed;
}

void wc_kernel_objects_free(struct wc_kernel_objects *objects)
{
	if (!objects)
		return;
	wc_xdp__destroy(objects->xdp_beside);
	wc_xdp__destroy(objects->xdp);
	wc_count__destroy(objects->count_beside);
	wc_count__destroy(objects->count);
	free(objects);
}

const struct bpf_map *wc_kernel_objects_map(const struct wc_kernel_objects *objects,
					    const char *name)
{
	return bpf_object__find_map_by_name(objects->count->obj, name);
}

struct wc_kernel_state *wc_kernel_objects_state(const struct wc_kernel_objects *objects)
{
	return &objects->count->bss->state;
}

int wc_kernel_objects_fd(const struct wc_kernel_objects *objects, const char *name)
{
	const struct bpf_program *program =
		bpf_object__find_program_by_name(objects->count->obj, name);

	if (!program && objects->xdp)
		program = bpf_object__find_program_by_name(objects->xdp->obj, name);
	return program ? bpf_program__fd(program) : -1;
}

int wc_kernel_objects_settler(const struct wc_kernel_objects *objects)
{
	return bpf_program__fd(objects->count_beside->progs.wc_settle);
}
