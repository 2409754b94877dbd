#include "wirecensus/error.h"

#include <stdarg.h>
#include <stdio.h>

int wc_error_set(struct wc_error *error, enum wc_status status, const char *format, ...)
{
	va_list arguments;

	if (error) {
		va_start(arguments, format);
		vsnprintf(error->text, sizeof(error->text), format, arguments);
		va_end(arguments);
	}
	return status;
}

int wc_error_no_memory(struct wc_error *error, const char *purpose)
{
	return wc_error_set(error, WC_FAILED, "there is not enough memory %s", purpose);
}
