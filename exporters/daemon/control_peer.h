/*
 * control_peer.h - who sits at the other end of the control socket, and what that one may
 */
#ifndef WC_CONTROL_PEER_H
#define WC_CONTROL_PEER_H

#include <sys/types.h>

/* No group: nobody is a member of it. */
#define WC_CONTROL_NOBODY ((gid_t)-1)

enum wc_control_rights {
	WC_CONTROL_NONE,
	WC_CONTROL_READING,
	WC_CONTROL_EVERYTHING,
};

/*
 * Asks the kernel who connected @fd: root and our own user may do everything, members
 * of @group may read, by their main group or any other that they had then.
 */
enum wc_control_rights wc_control_peer_rights(int fd, gid_t group);

#endif /* WC_CONTROL_PEER_H */
