#include "world.h"

#include <sys/random.h>
#include <time.h>

#include "delivery.h"

#define NS 1000000000

static uint64_t real_steady(void *arg)
{
	struct timespec now;

	(void)arg;
	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * NS + (uint64_t)now.tv_nsec;
}

static int64_t real_wall(void *arg)
{
	struct timespec now;

	(void)arg;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * NS + now.tv_nsec;
}

static uint64_t real_random(void *arg)
{
	uint64_t number = 0;

	(void)arg;
	if (getrandom(&number, sizeof(number), GRND_NONBLOCK) != sizeof(number))
		number = real_steady(NULL);
	return number;
}

static int real_deliver(void *arg, struct wc_delivery **delivery, const struct wc_place *place,
			const struct wc_delivery_settings *settings, struct wc_error *error)
{
	(void)arg;
	return wc_delivery_new(delivery, place, settings, error);
}

const struct wc_world wc_world_real = {
	.steady = real_steady,
	.wall = real_wall,
	.random = real_random,
	.deliver = real_deliver,
};
