/* fuzz_dns.c - any bytes, as an answer of a name server: clean names or none */
#undef NDEBUG
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "dns_answer.h"

static void check_name(const char *name)
{
	size_t length = strlen(name);

	assert(length > 0 && length <= 253);
	assert(strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.") ==
	       length);
	assert(name[0] != '.' && name[length - 1] != '.' && !strstr(name, ".."));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct wc_dns_answer answer;
	enum wc_dns_answer_verdict verdict = wc_dns_answer_read(data, size, &answer);
	unsigned seconds = wc_dns_answer_seconds(&answer, size % 2);

	assert(verdict < WC_DNS_NONE);
	assert(verdict <= WC_DNS_NO_DOMAIN || !answer.names.count);
	assert(answer.names.count <= WC_NAMES_MAX);
	assert(seconds >= WC_NAMES_TTL_FLOOR && seconds <= WC_NAMES_TTL_CAP);
	for (size_t i = 0; i < answer.names.count; i++) {
		bool zone = verdict == WC_DNS_NO_DOMAIN;

		assert((answer.names.name[i][0] == ':') == zone);
		check_name(answer.names.name[i] + zone);
	}
	return 0;
}
