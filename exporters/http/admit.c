/*
 * admit.c - may this request be: its method, its host, and who sends it
 */
#include "visit.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

#include "encode.h"
#include "host_header.h"
#include "passwords.h"
#include "server.h"
#include "tls.h"
#include "world.h"

static bool refuse(struct wc_visit *visit, unsigned status, const char *sentence)
{
	wc_reply_refuse(&visit->reply, status, sentence);
	return false;
}

static bool check_method(struct wc_visit *visit)
{
	if (!strcmp(visit->method, MHD_HTTP_METHOD_GET) ||
	    !strcmp(visit->method, MHD_HTTP_METHOD_HEAD))
		return true;
	refuse(visit, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD are answered here");
	wc_reply_header(&visit->reply, "Allow", "GET, HEAD");
	return false;
}

static bool check_host(struct wc_visit *visit)
{
	const struct wc_http *http = visit->http;
	const char *host = MHD_lookup_connection_value(visit->connection, MHD_HEADER_KIND, "Host");

	if (wc_host_header_fits(host, http->show.context->host, &http->host_names))
		return true;
	return refuse(visit, MHD_HTTP_MISDIRECTED_REQUEST,
		      "this server does not go by that name: ask for its address, or have the name "
		      "added to host_names");
}

static bool ask_password(struct wc_visit *visit)
{
	refuse(visit, MHD_HTTP_UNAUTHORIZED, "a user and a password are needed here");
	wc_reply_header(&visit->reply, "WWW-Authenticate",
			"Basic realm=\"wirecensus\", charset=\"UTF-8\"");
	return false;
}

static bool check_password(struct wc_visit *visit)
{
	enum wc_password_verdict verdict = WC_PASSWORD_WRONG;
	char *user, *password = NULL;

	if (!visit->http->passwords)
		return true;
	user = MHD_basic_auth_get_username_password(visit->connection, &password);
	if (user && password)
		verdict = wc_passwords_judge(visit->http->passwords, user, password,
					     wc_world_real.steady(NULL));
	if (password)
		explicit_bzero(password, strlen(password));
	MHD_free(password);
	MHD_free(user);
	if (verdict == WC_PASSWORD_RIGHT)
		return true;
	if (verdict == WC_PASSWORD_WRONG)
		return ask_password(visit);
	refuse(visit, MHD_HTTP_TOO_MANY_REQUESTS, "too many passwords are being tried");
	wc_reply_header(&visit->reply, "Retry-After", "1");
	return false;
}

static bool check_certificate(struct wc_visit *visit)
{
	if (!visit->http->web || wc_tls_accepts(visit->http->web, visit->connection))
		return true;
	return refuse(visit, MHD_HTTP_FORBIDDEN, "a certificate is needed here");
}

static bool check_who(struct wc_visit *visit)
{
	if (check_certificate(visit) && check_password(visit))
		return true;
	atomic_fetch_add_explicit(&visit->http->unauthorized, 1, memory_order_relaxed);
	return false;
}

bool wc_visit_admit(struct wc_visit *visit)
{
	return check_method(visit) && check_host(visit) && check_who(visit);
}
