/*
 * dump_json.h - a dump file as JSON rows
 *
 * The rows of json.h, one object a line, so that a file of a million hosts is read line
 * by line. First one of the type "dump" with what the file is about; then "total",
 * "port", "protocol", "fragment", "ethertype", "llc", "malformed" and "unsupported" since
 * the start, as their "start" says; then a "host" for each that has a row, also the silent
 * ones: their rates are of now, their counts of the last interval. "row" and "rows" run
 * over the whole file, so that one that was cut short is known.
 *
 * Files of several hosts, or captures, are merged by adding up: counts, rates, the hits
 * of the first row. Not its users: one host can be in several files.
 */
#ifndef WC_DUMP_JSON_H
#define WC_DUMP_JSON_H

#include "dump_facts.h"

wc_dump_encoder wc_dump_json_encode;

#endif /* WC_DUMP_JSON_H */
