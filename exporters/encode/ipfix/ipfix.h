/*
 * ipfix.h - the format `ipfix` (RFC 7011)
 *
 * Conversations alone by default, so that a collector's sums are right; other kinds of
 * rows by the configuration, each in an observation domain of its own: domain + 8 x
 * capture + kind.
 */
#ifndef WC_IPFIX_H
#define WC_IPFIX_H

#include "format.h"

extern const struct wc_format wc_format_ipfix;

#endif /* WC_IPFIX_H */
