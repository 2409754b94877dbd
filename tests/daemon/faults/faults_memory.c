/* Memory, and the wall clock. */
#include "faults.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#define NS INT64_C(1000000000)

int clock_gettime(clockid_t clock, struct timespec *now)
{
	int result;
	int64_t ns;
	REAL(clock_gettime);

	result = real(clock, now);
	if (result || clock != CLOCK_REALTIME || !faults_ahead)
		return result;
	ns = (int64_t)now->tv_sec * NS + now->tv_nsec + atomic_load(faults_ahead);
	*now = (struct timespec){(time_t)(ns / NS), (long)(ns % NS)};
	return 0;
}

time_t time(time_t *out)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (out)
		*out = now.tv_sec;
	return now.tv_sec;
}

/* Whose memory it is says the address that the call returns to. */
#define DUE() (!faults_spared(__builtin_return_address(0)) && faults_fail(FAULTS_MEMORY, ENOMEM))

void *malloc(size_t size)
{
	REAL(malloc);
	return DUE() ? NULL : real(size);
}

void *calloc(size_t count, size_t size)
{
	REAL(calloc);
	return DUE() ? NULL : real(count, size);
}

void *realloc(void *old, size_t size)
{
	REAL(realloc);
	return DUE() ? NULL : real(old, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
	REAL(posix_memalign);
	return DUE() ? ENOMEM : real(out, alignment, size);
}
