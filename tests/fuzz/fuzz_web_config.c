/* Any text as a web configuration: never a crash, no leak, and a sentence for what is refused. */
#include <stdint.h>
#include <stdlib.h>

#include "web_config.h"
#include "wirecensus/error.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wc_web_config *config;
	struct wc_error error = {""};

	if (wc_web_config_parse(&config, "/etc/web.yml", (const char *)data, size, &error)) {
		if (config || !*error.text)
			abort();
		return 0;
	}
	if (!wc_web_config_same(config, config) || config->min_version > config->max_version ||
	    config->users.count > WC_WEB_PAIRS || (config->tls && !config->certificate.path))
		abort();
	wc_web_config_free(config);
	return 0;
}
