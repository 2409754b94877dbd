#include "names_bed.h"

#include <check.h>
#include <stdio.h>

#include "wirecensus/error.h"
#include "wirecensus/options.h"

struct names_bed bed;

struct wc_address bed_host(unsigned number)
{
	return wc_address_v4((uint8_t[]){198, 51, 100, (uint8_t)number});
}

void bed_open(size_t count, unsigned milliseconds)
{
	char address[SERVERS][32], *items[SERVERS];
	struct wc_texts servers = {.items = items, .count = count};
	struct wc_names_settings settings = {.servers = &servers, .milliseconds = milliseconds};
	struct wc_error error;

	for (size_t i = 0; i < count; i++) {
		snprintf(address[i], sizeof(address[i]), "%s", fake_dns_address(bed.server[i]));
		items[i] = address[i];
	}
	ck_assert_msg(!wc_names_open(&bed.names, &settings, &error), "%s", error.text);
}

size_t bed_learn(unsigned number)
{
	struct wc_address address = bed_host(number);

	wc_names_ask(bed.names, &address);
	ck_assert(wc_names_wait(bed.names, PATIENCE));
	wc_names_stats(bed.names, &bed.stats);
	return wc_names_find(bed.names, &address, &bed.list);
}

void bed_close(size_t count)
{
	wc_names_free(bed.names);
	for (size_t i = 0; i < count; i++) {
		fake_dns_stop(bed.server[i]);
		fake_dns_free(bed.server[i]);
	}
}

void bed_with_names(void *arg, const struct fake_dns_query *query)
{
	(void)arg;
	dns_answer(&bed.reply, query->bytes, query->length, DNS_NOERROR);
	dns_ptr(&bed.reply, "h2.example.com", 600);
	dns_ptr(&bed.reply, "H2b.example.com", 900);
	fake_dns_reply(query, &bed.reply);
}
