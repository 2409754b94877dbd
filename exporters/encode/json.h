/*
 * json.h - a snapshot as JSON rows, one object a line
 *
 * A stable contract, schema 1: names are never changed, only added. Rows hold
 * what the interval added; a row that it added nothing to is left out, except
 * "total". What cannot be known is null.
 */
#ifndef WC_JSON_H
#define WC_JSON_H

#include "encode.h"

wc_encoder wc_json_encode;

#endif /* WC_JSON_H */
