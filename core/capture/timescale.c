#include "timescale.h"

#include "wirecensus/snapshot.h"

#define NS_PER_S   UINT64_C(1000000000)
#define NS_DIGITS  9
#define BINARY     0x80 /* of if_tsresol: a power of 2 */
#define POWER_MAX  19   /* the largest power of 10 that 64 bits hold */
#define SHIFT_MAX  127
#define SHIFT_FINE 32 /* 2^-32 s are less than a nanosecond: what is finer is cut off */

static uint64_t power_of_10(unsigned exponent)
{
	uint64_t power = 1;

	while (exponent-- > 0)
		power *= 10;
	return power;
}

struct wc_timescale wc_timescale_make(uint8_t resolution, int64_t offset_s)
{
	struct wc_timescale scale = {.offset_s = offset_s};
	unsigned exponent = resolution & (BINARY - 1);

	if (resolution & BINARY)
		scale.shift = (uint8_t)exponent;
	else if (exponent <= NS_DIGITS)
		scale.multiplier = power_of_10(NS_DIGITS - exponent);
	else if (exponent - NS_DIGITS <= POWER_MAX)
		scale.divisor = power_of_10(exponent - NS_DIGITS);
	else
		scale.shift =
			SHIFT_MAX; /* as good: of either, 64 bits are less than a nanosecond */
	return scale;
}

/* Sets @ns to @ticks of 2^-@shift seconds. Returns false when that overflows. */
static bool from_binary(uint64_t ticks, unsigned shift, uint64_t *ns)
{
	uint64_t seconds, fraction;

	if (shift > SHIFT_FINE) {
		unsigned finer = shift - SHIFT_FINE;

		ticks = finer < 64 ? ticks >> finer : 0;
		shift = SHIFT_FINE;
	}
	seconds = ticks >> shift;
	fraction = ticks & ((UINT64_C(1) << shift) - 1);
	return !__builtin_mul_overflow(seconds, NS_PER_S, ns) &&
	       !__builtin_add_overflow(*ns, fraction * NS_PER_S >> shift, ns);
}

int64_t wc_timescale_ns(const struct wc_timescale *scale, uint64_t ticks)
{
	uint64_t ns;
	int64_t offset, time;
	bool fits = true;

	if (scale->multiplier)
		fits = !__builtin_mul_overflow(ticks, scale->multiplier, &ns);
	else if (scale->divisor)
		ns = ticks / scale->divisor;
	else
		fits = from_binary(ticks, scale->shift, &ns);
	if (!fits || __builtin_mul_overflow(scale->offset_s, (int64_t)NS_PER_S, &offset) ||
	    __builtin_add_overflow(ns, offset, &time))
		return WC_TIME_UNKNOWN;
	return time;
}
