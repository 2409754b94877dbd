/* Prints metrics with hostile names, for others to read: print_metrics text | open. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "metrics_sample.h"
#include "sample.h"

int main(int argc, char **argv)
{
	struct wc_buffer names = {0}, out = {0};
	int status = EXIT_FAILURE;

	/* All of them in one name. */
	for (const char *const *name = sample_hostile; *name; name++)
		wc_buffer_text(&names, *name);
	wc_buffer_add(&names, "", 1);
	if (argc == 2 && !names.failed)
		metrics_sample_write(&out, names.data, !strcmp(argv[1], "open"));
	if (out.length && !out.failed && fwrite(out.data, out.length, 1, stdout) == 1)
		status = EXIT_SUCCESS;
	wc_buffer_free(&names);
	wc_buffer_free(&out);
	return status;
}
