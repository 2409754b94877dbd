/*
 * text.h - a snapshot as a census that a person reads
 *
 * What the interval added: totals, what is wrong with them, and tables cut at
 * the context's top, whose rest is added up, so that columns make the totals.
 */
#ifndef WC_TEXT_H
#define WC_TEXT_H

#include "encode.h"

wc_encoder wc_text_encode;

#endif /* WC_TEXT_H */
