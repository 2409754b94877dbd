/*
 * syslog.h - the format `syslog`: a message for each row
 *
 * RFC 5424 with the fields as structured data and a sentence, or as JSON behind @cee:.
 * In a stream each message is counted (RFC 6587, section 3.4.1); a datagram that
 * would be too long does without the sentence. To a local socket as /dev/log, the
 * form that syslog(3) writes, with JSON, as nothing else is understood there.
 */
#ifndef WC_SYSLOG_H
#define WC_SYSLOG_H

#include "format.h"

extern const struct wc_format wc_format_syslog;

#endif /* WC_SYSLOG_H */
