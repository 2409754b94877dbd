/* fuzz_file.c - any bytes as a capture file: the reader ends, and every frame can be touched */

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "file.h"
#include "source.h"
#include "wirecensus/error.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void touch(void *user, const struct wc_frame *frame)
{
	for (uint32_t i = 0; i < frame->captured; i++)
		*(volatile unsigned *)user += frame->bytes[i];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", 0), kept = dup2(fd, STDIN_FILENO);
	struct wc_source *source;
	struct wc_error error;
	unsigned sum = 0;

	if (kept < 0 || write(fd, data, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET) < 0)
		abort();
	close(fd);
	if (wc_file_open(&source, "-", NULL, &error) < 0)
		return 0;
	while (source->ops->run(source, 7, touch, &sum, &error) >= 0)
		;
	source->ops->close(source);
	return 0;
}
