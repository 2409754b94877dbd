#include "control_peer.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* True if @group is among the supplementary groups of the peer, of which there may be 65,536. */
static bool is_member(int fd, gid_t group)
{
	socklen_t length = 64 * sizeof(gid_t);
	gid_t *groups = NULL;
	bool found = false;

	for (int tries = 0; tries < 2; tries++) {
		gid_t *room = realloc(groups, length);

		if (!room)
			break;
		groups = room;
		if (!getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &length)) {
			for (size_t i = 0; i < length / sizeof(*groups); i++)
				found |= groups[i] == group;
			break;
		}
		if (errno != ERANGE) /* else @length is now what is needed */
			break;
	}
	free(groups);
	return found;
}

enum wc_control_rights wc_control_peer_rights(int fd, gid_t group)
{
	struct ucred peer;
	socklen_t length = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length))
		return WC_CONTROL_NONE;
	if (peer.uid == 0 || peer.uid == geteuid())
		return WC_CONTROL_EVERYTHING;
	if (group == WC_CONTROL_NOBODY || (peer.gid != group && !is_member(fd, group)))
		return WC_CONTROL_NONE;
	return WC_CONTROL_READING;
}
