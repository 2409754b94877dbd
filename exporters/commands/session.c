#include "session.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "hostnames.h"
#include "instance.h"
#include "json.h"
#include "output.h"
#include "text.h"
#include "wirecensus/census.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"
#include "wirecensus/registry.h"

#define DESCRIPTION_SIZE 4096

static wc_encoder *const encoders[] = {
	[WC_FORMAT_TEXT] = wc_text_encode,
	[WC_FORMAT_JSON] = wc_json_encode,
};

int wc_session_begin(struct wc_session *session, const struct wc_options *options,
		     struct wc_error *error)
{
	int status;

	memset(session, 0, sizeof(*session));
	status = wc_instance_make(session->instance, error);
	if (status)
		return status;
	gethostname(session->host, sizeof(session->host) - 1);
	session->registry = wc_registry_new();
	if (!session->registry)
		return wc_error_no_memory(error, "to begin");
	session->encode = encoders[options->format];
	session->context = (struct wc_context){
		.host = session->host,
		.instance = session->instance,
		.registry = session->registry,
		.top = options->top,
	};
	return WC_OK;
}

int wc_session_name_hosts(struct wc_session *session, const struct wc_options *options,
			  struct wc_error *error)
{
	int status;

	if (!options->names)
		return WC_OK;
	status = wc_hostnames_open(&session->hostnames, &options->name_server, error);
	if (!status)
		session->context.naming = wc_hostnames_naming(session->hostnames);
	return status;
}

void wc_session_end(struct wc_session *session)
{
	wc_hostnames_free(session->hostnames);
	wc_registry_free(session->registry);
	wc_buffer_free(&session->text);
}

void wc_session_describe(const struct wc_census *census)
{
	char text[DESCRIPTION_SIZE];

	wc_output_explain(wc_census_describe(census, text, sizeof(text)));
}
