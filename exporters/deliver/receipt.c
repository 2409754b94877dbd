#include "receipt.h"

#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>

/*
 * A local peer that goes away throws its unread bytes away, and they leave the
 * count as if they had been read. The hang-up shows before that happens.
 */
static bool hung_up(int fd)
{
	struct pollfd polled = {.fd = fd};

	return poll(&polled, 1, 0) != 0;
}

bool wc_receipt(int fd, bool local, uint64_t written, uint64_t *received)
{
	int held;

	if (ioctl(fd, SIOCOUTQ, &held) || held < 0 || (local && hung_up(fd)))
		return false;
	/* Of a local socket it is their memory, which is more than their bytes. */
	*received = (uint64_t)held < written ? written - (uint64_t)held : 0;
	return true;
}
