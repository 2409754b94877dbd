/* Any text as the daemon's configuration: never a crash, no leak; what is taken prints and reads.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"
#include "config.h"
#include "wirecensus/error.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char path[] = "/tmp/fuzz-config-XXXXXX";

static void put(const void *data, size_t size)
{
	FILE *file = fopen(path, "w");

	if (!file || (size && fwrite(data, size, 1, file) != 1) || fclose(file))
		abort();
}

static void remove_file(void)
{
	unlink(path);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	int fd = mkstemp(path);

	(void)argc;
	(void)argv;
	if (fd < 0)
		abort();
	close(fd);
	atexit(remove_file);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wc_buffer text = {0}, said = {0};
	struct wc_config *config, *again;
	struct wc_error error;

	/* Files of this machine and names in filters, which are looked up, are nobody's business.
	 */
	if (memmem(data, size, "include", 7) || memmem(data, size, "filter", 6))
		return 0;
	put(data, size);
	if (!wc_config_read(&config, path, NULL, &said, &error)) {
		wc_config_print(&text, config);
		put(text.data, text.length);
		if (wc_config_read(&again, path, NULL, &said, &error) ||
		    wc_config_restarts(&said, config, again))
			abort();
		wc_config_free(again);
	}
	wc_config_free(config);
	wc_buffer_free(&text);
	wc_buffer_free(&said);
	return 0;
}
