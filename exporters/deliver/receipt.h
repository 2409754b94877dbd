/*
 * receipt.h - how much of a stream is on the other side
 *
 * A write that succeeded says only that our kernel has the bytes. What the other
 * side has is what was written, less what our kernel still holds (SIOCOUTQ).
 */
#ifndef WC_RECEIPT_H
#define WC_RECEIPT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Fills in how many of the @written bytes are certainly on the other side of @fd: on TCP those
 * that the peer's kernel acknowledged; on a local socket (@local) those that the
 * peer's process has read. Returns false when that cannot be known any more.
 */
bool wc_receipt(int fd, bool local, uint64_t written, uint64_t *received);

#endif /* WC_RECEIPT_H */
