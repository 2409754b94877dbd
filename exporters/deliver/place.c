#include "place.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "wirecensus/error.h"

#define LONGEST_NAME  253 /* RFC 1035 2.3.4, as text */
#define LONGEST_LOCAL (sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1)

enum form { HOST, LOCAL, PATH, NOTHING };

static const struct {
	const char *name;
	enum form form;
} schemes[WC_PLACE_KINDS] = {
	[WC_PLACE_UDP] = {"udp", HOST},
	[WC_PLACE_TCP] = {"tcp", HOST},
	[WC_PLACE_TLS] = {"tls", HOST},
	[WC_PLACE_RELP] = {"relp", HOST},
	[WC_PLACE_RELPS] = {"relp+tls", HOST},
	[WC_PLACE_UNIX] = {"unix", LOCAL},
	[WC_PLACE_UNIXGRAM] = {"unixgram", LOCAL},
	[WC_PLACE_FILE] = {"file", PATH},
	[WC_PLACE_TREE] = {"tree", PATH},
	[WC_PLACE_JOURNALD] = {"journald", NOTHING},
};

static int refuse(struct wc_error *error, const char *text, const char *reason)
{
	return wc_error_set(
		error, WC_INVALID,
		"address \"%.200s\": %s; it is one of udp://HOST:PORT, tcp://HOST:PORT, "
		"tls://HOST:PORT, relp://HOST:PORT, relp+tls://HOST:PORT, "
		"unix:///PATH, unixgram:///PATH, file:///PATH, tree:///PATH, journald://, with an "
		"IPv6 address in brackets",
		text, reason);
}

static int no_memory(struct wc_error *error)
{
	return wc_error_set(error, WC_FAILED, "no memory for an address");
}

/* Letters, digits, '.', '-' and '_': what a name or an IPv4 address is made of. */
static bool is_name(const char *text, size_t length)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789.-_";

	return length > 0 && length <= LONGEST_NAME && strspn(text, allowed) >= length;
}

/* With or without a zone: fe80::1%eth0 (RFC 4007 11). */
static bool is_ipv6(const char *text, size_t length)
{
	const char *zone = memchr(text, '%', length);
	size_t digits = zone ? (size_t)(zone - text) : length;
	char address[INET6_ADDRSTRLEN];
	struct in6_addr parsed;

	if (digits >= sizeof(address) || length > LONGEST_NAME || (zone && digits + 1 == length))
		return false;
	memcpy(address, text, digits);
	address[digits] = '\0';
	return inet_pton(AF_INET6, address, &parsed) == 1;
}

static bool is_port(const char *text)
{
	size_t length = strspn(text, "0123456789");
	unsigned long number = strtoul(text, NULL, 10);

	return length > 0 && length <= 5 && !text[length] && number >= 1 && number <= 65535;
}

static int parse_host(struct wc_place *place, const char *rest, struct wc_error *error)
{
	bool brackets = *rest == '[';
	const char *host = rest + brackets;
	size_t length = strcspn(host, brackets ? "]" : ":");
	const char *port = host + length;

	if (brackets ? !is_ipv6(host, length) : !is_name(host, length))
		return refuse(error, place->text, "this is no host");
	port += brackets && *port;
	if (*port != ':' || !is_port(port + 1))
		return refuse(error, place->text, "a port from 1 to 65535 must end it");
	place->host = strndup(host, length);
	place->port = strdup(port + 1);
	return place->host && place->port ? WC_OK : no_memory(error);
}

static int parse_path(struct wc_place *place, const char *rest, struct wc_error *error)
{
	size_t length = strlen(rest);

	if (*rest != '/' || rest[length - 1] == '/')
		return refuse(error, place->text, "it needs an absolute path that names no folder");
	if (schemes[place->kind].form == LOCAL && length > LONGEST_LOCAL)
		return refuse(error, place->text,
			      "the path of a local socket has 107 bytes at most");
	place->path = strdup(rest);
	return place->path ? WC_OK : no_memory(error);
}

static int parse_rest(struct wc_place *place, const char *rest, struct wc_error *error)
{
	switch (schemes[place->kind].form) {
	case HOST:
		return parse_host(place, rest, error);
	case LOCAL:
	case PATH:
		return parse_path(place, rest, error);
	case NOTHING:
		break;
	}
	return *rest ? refuse(error, place->text, "journald:// takes nothing behind it") : WC_OK;
}

/* Returns what follows "SCHEME://" of @kind, or NULL when @text is of another. */
static const char *match_scheme(enum wc_place_kind kind, const char *text)
{
	size_t length = strlen(schemes[kind].name);

	if (strncmp(text, schemes[kind].name, length) != 0 || strncmp(text + length, "://", 3) != 0)
		return NULL;
	return text + length + 3;
}

int wc_place_parse(struct wc_place *place, const char *text, struct wc_error *error)
{
	const char *rest = NULL;
	unsigned kind = 0;
	int status;

	*place = (struct wc_place){0};
	while (kind < WC_PLACE_KINDS && !(rest = match_scheme((enum wc_place_kind)kind, text)))
		kind++;
	if (!rest)
		return refuse(error, text, "its kind is not known");
	place->kind = (enum wc_place_kind)kind;
	place->text = strdup(text);
	status = place->text ? parse_rest(place, rest, error) : no_memory(error);
	if (status)
		wc_place_free(place);
	return status;
}

void wc_place_free(struct wc_place *place)
{
	free(place->text);
	free(place->host);
	free(place->port);
	free(place->path);
	*place = (struct wc_place){0};
}

bool wc_place_datagrams(const struct wc_place *place)
{
	return place->kind == WC_PLACE_UDP || place->kind == WC_PLACE_UNIXGRAM;
}

const char *wc_place_kind_name(enum wc_place_kind kind)
{
	return schemes[kind].name;
}
