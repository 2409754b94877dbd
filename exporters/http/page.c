#include "page.h"

#include <string.h>

const char *wc_request_argument(const struct wc_request *request, const char *name)
{
	for (size_t i = 0; i < request->argument_count; i++)
		if (!strcmp(request->arguments[i].name, name))
			return request->arguments[i].value;
	return NULL;
}

void wc_answer_header(struct wc_answer *answer, const char *name, const char *value)
{
	if (answer->header_count < WC_HEADERS)
		answer->headers[answer->header_count++] = (struct wc_header){name, value};
	else
		answer->body.failed = true; /* better no answer than one without its policy */
}

void wc_answer_refuse(struct wc_answer *answer, unsigned status, const char *sentence)
{
	wc_buffer_clear(&answer->body);
	answer->status = status;
	answer->type = "text/plain; charset=utf-8";
	answer->header_count = 0;
	wc_buffer_text(&answer->body, sentence);
	wc_buffer_text(&answer->body, "\n");
}
