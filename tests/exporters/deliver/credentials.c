#include "credentials.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "namespace.h"
#include "suite.h"

struct credentials credentials;

bool credentials_make(const char *script)
{
	struct credentials *made = &credentials;
	char folder[] = "/tmp/deliver-XXXXXX";

	if (!mkdtemp(folder) || !namespace_run("%s %s", script, folder))
		return false;
	strcpy(made->folder, folder);
	snprintf(made->ca, sizeof(made->ca), "%s/trusted.pem", folder);
	snprintf(made->stranger, sizeof(made->stranger), "%s/stranger.pem", folder);
	snprintf(made->certificate, sizeof(made->certificate), "%s/client.pem", folder);
	snprintf(made->key, sizeof(made->key), "%s/client.key", folder);
	return true;
}

void credentials_remove(void)
{
	namespace_run("rm -r %s", credentials.folder);
}

struct wc_delivery_settings credentials_settings(uint64_t patience_ns)
{
	return (struct wc_delivery_settings){.tls.ca = credentials.ca, .patience_ns = patience_ns};
}

int credentials_run(int argc, char **argv, const char *name, const TTest *const *tests)
{
	int result;

	if (argc < 2 || !namespace_run("command -v certtool >/dev/null")) {
		puts("skipped: no certtool to make certificates with (package gnutls-bin)");
		return 77;
	}
	if (!credentials_make(argv[1]))
		return EXIT_FAILURE;
	result = suite_run(name, tests, 60);
	credentials_remove();
	return result;
}
