#include "dns_servers.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wirecensus/error.h"
#include "wirecensus/options.h"

static int parse_port(const char *text, uint16_t *port)
{
	char *end;
	unsigned long value;

	if (*text < '0' || *text > '9')
		return WC_INVALID;
	value = strtoul(text, &end, 10);
	if (*end || !value || value > UINT16_MAX)
		return WC_INVALID;
	*port = (uint16_t)value;
	return WC_OK;
}

/* Splits @text in front of @port, which is NULL if there is none, at the only or the last colon. */
static int split(const char *text, char address[static WC_ADDRESS_TEXT], const char **port)
{
	const char *start = text, *end = text + strlen(text), *colon = strchr(text, ':');

	*port = NULL;
	if (*text == '[') {
		start = text + 1;
		end = strchr(text, ']');
		if (!end || (end[1] && end[1] != ':'))
			return WC_INVALID;
		if (end[1])
			*port = end + 2;
	} else if (colon && !strchr(colon + 1, ':')) {
		end = colon;
		*port = colon + 1;
	}
	if (end - start >= WC_ADDRESS_TEXT)
		return WC_INVALID;
	snprintf(address, WC_ADDRESS_TEXT, "%.*s", (int)(end - start), start);
	return WC_OK;
}

static int parse_server(struct wc_dns_server *server, const char *text, struct wc_error *error)
{
	char address[WC_ADDRESS_TEXT];
	const char *port;

	server->port = NS_DEFAULTPORT;
	if (split(text, address, &port) || wc_address_parse(&server->address, address, NULL) ||
	    (port && parse_port(port, &server->port)))
		return wc_error_set(error, WC_INVALID,
				    "'%s' is not a name server: write an address like 192.0.2.53, "
				    "192.0.2.53:5353 or [2001:db8::53]:5353",
				    text);
	return WC_OK;
}

int wc_dns_servers_parse(struct wc_dns_servers *servers, const struct wc_texts *texts,
			 struct wc_error *error)
{
	int status;

	servers->count = 0;
	if (texts->count > WC_DNS_SERVERS_MAX)
		return wc_error_set(error, WC_INVALID,
				    "%zu name servers are given and at most %d are asked: leave "
				    "some out",
				    texts->count, WC_DNS_SERVERS_MAX);
	for (size_t i = 0; i < texts->count; i++) {
		status = parse_server(&servers->item[i], texts->items[i], error);
		if (status)
			return status;
		servers->count++;
	}
	return WC_OK;
}

static void copy(struct wc_dns_servers *servers, const struct ares_addr_port_node *node)
{
	servers->count = 0;
	for (; node && servers->count < WC_DNS_SERVERS_MAX; node = node->next) {
		struct wc_dns_server *server = &servers->item[servers->count++];

		if (node->family == AF_INET)
			server->address = wc_address_v4((const uint8_t *)&node->addr.addr4);
		else
			server->address = wc_address_v6((const uint8_t *)&node->addr.addr6);
		server->port = (uint16_t)(node->udp_port ? node->udp_port : NS_DEFAULTPORT);
	}
}

int wc_dns_servers_system(struct wc_dns_servers *servers, struct wc_error *error)
{
	struct ares_addr_port_node *nodes = NULL;
	ares_channel channel;
	int status = ares_init(&channel);

	if (!status) {
		status = ares_get_servers_ports(channel, &nodes);
		ares_destroy(channel);
	}
	if (status || !nodes)
		return wc_error_set(error, WC_FAILED,
				    "the name servers could not be read from /etc/resolv.conf: %s; "
				    "give them by hand",
				    ares_strerror(status));
	copy(servers, nodes);
	ares_free_data(nodes);
	return WC_OK;
}
