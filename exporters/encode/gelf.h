/*
 * gelf.h - the format `gelf`: Graylog Extended Log Format 1.1, a message for each row
 *
 * In a stream each message ends with a NUL; a datagram that would be too long goes in
 * chunks. The fields of a row have their names with an underscore in front.
 */
#ifndef WC_GELF_H
#define WC_GELF_H

#include "format.h"

extern const struct wc_format wc_format_gelf;

#endif /* WC_GELF_H */
