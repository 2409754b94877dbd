#include "page.h"

#include <string.h>

const char *wc_request_argument(const struct wc_request *request, const char *name)
{
	for (size_t i = 0; i < request->argument_count; i++)
		if (!strcmp(request->arguments[i].name, name))
			return request->arguments[i].value;
	return NULL;
}

void wc_reply_header(struct wc_reply *reply, const char *name, const char *value)
{
	if (reply->header_count < WC_HEADERS)
		reply->headers[reply->header_count++] = (struct wc_header){name, value};
	else
		reply->body.failed = true; /* better no answer than one without its policy */
}

void wc_reply_refuse(struct wc_reply *reply, unsigned status, const char *sentence)
{
	wc_buffer_clear(&reply->body);
	reply->status = status;
	reply->type = "text/plain; charset=utf-8";
	reply->header_count = 0;
	wc_buffer_text(&reply->body, sentence);
	wc_buffer_text(&reply->body, "\n");
}
