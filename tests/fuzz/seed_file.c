/* seed_file.c FOLDER - writes small captures of every kind, for fuzz_file to begin with */

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "capture.h"

static const uint8_t frame[20] = "twenty bytes of data";
static const char *folder;

static void save(struct capture *capture, const char *name)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s-%s", folder, name, capture->big ? "big" : "little");
	capture_save(capture, path, capture->size);
	capture_free(capture);
}

static void seed_pcap(struct capture *capture, uint32_t magic, uint16_t minor, const char *name)
{
	capture_pcap(capture, magic, minor, 1);
	capture_record(capture, 1, 2, 20, 20, frame, 20);
	capture_record(capture, 3, 4, 0, 60, frame, 0);
	save(capture, name);
}

static void seed_pcapng(struct capture *capture)
{
	size_t begin;

	capture_section(capture);
	capture_interface(capture, 105, 0);
	capture_interface_ticks(capture, 1, 9, 1);
	capture_enhanced(capture, 1, 5, 60, frame, 20);
	capture_packet(capture, 0, 5, 60, frame, 19);
	begin = capture_begin(capture, 5);
	capture_end(capture, begin);
	capture_section(capture);
	capture_interface(capture, 101, 18);
	capture_simple(capture, 60, frame, 18);
	save(capture, "pcapng");
}

int main(int count, char **arguments)
{
	struct capture capture = {0};

	if (count != 2)
		return EXIT_FAILURE;
	folder = arguments[1];
	mkdir(folder, 0777);
	for (int big = 0; big < 2; big++) {
		capture.big = big;
		seed_pcap(&capture, CAPTURE_MICROSECONDS, 4, "microseconds");
		seed_pcap(&capture, CAPTURE_MICROSECONDS, 2, "swapped");
		seed_pcap(&capture, CAPTURE_NANOSECONDS, 3, "nanoseconds");
		seed_pcap(&capture, CAPTURE_MODIFIED, 4, "modified");
		seed_pcapng(&capture);
	}
	return EXIT_SUCCESS;
}
