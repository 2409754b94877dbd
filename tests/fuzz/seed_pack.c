/* seed_pack.c FOLDER - writes packed snapshots, for fuzz_pack to begin with */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "wirecensus/pack.h"
#include "wirecensus/snapshot.h"

static int save(const char *folder, const char *name, const struct wc_snapshot *snapshot)
{
	const struct wc_pack_origin origin = {"id", "host"};
	char path[4096];
	uint8_t *bytes;
	size_t size, written;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (wc_pack(snapshot, &origin, &bytes, &size, NULL))
		return 1;
	file = fopen(path, "w");
	written = file ? fwrite(bytes, 1, size, file) : 0;
	free(bytes);
	return !file || fclose(file) || written != size;
}

int main(int count, char **arguments)
{
	const struct wc_port_row ports[] = {{.port = 53, .protocol = 6},
					    {.port = 9, .protocol = 17}};
	const struct wc_key_row keys[] = {{.key = 1}, {.key = 2}, {.other = true}};
	const struct wc_conversation_row talks[] = {{.protocol = 6, .client = {0, 1, 4}}};
	const struct wc_host_row hosts[] = {{.address = {1, 2, 6}}, {.other = true}};
	const struct wc_scanner_row scanners[] = {{.address = {0, 9, 4}, .attempts = 40}};
	const struct wc_snapshot empty = {.capture = "a", .observer = "b"};
	const struct wc_snapshot full = {
		.capture = "wan",
		.observer = "eth0",
		.ports = ports,
		.port_rows = 2,
		.protocols = keys,
		.protocol_rows = 3,
		.fragments = keys,
		.fragment_rows = 2,
		.ethertypes = keys,
		.ethertype_rows = 1,
		.conversations = talks,
		.conversation_rows = 1,
		.hosts = hosts,
		.host_rows = 2,
		.scanners = scanners,
		.scanner_rows = 1,
	};

	if (count != 2)
		return EXIT_FAILURE;
	mkdir(arguments[1], 0777);
	return save(arguments[1], "empty", &empty) || save(arguments[1], "full", &full);
}
