/* names_clock.h - the time that everything here is reckoned in */
#ifndef WC_NAMES_CLOCK_H
#define WC_NAMES_CLOCK_H

#include <stdint.h>

/* Milliseconds of a clock that only goes forward. */
int64_t wc_names_clock(void);

#endif /* WC_NAMES_CLOCK_H */
