#include "privileges.h"

#include <cap-ng.h>
#include <errno.h>
#include <grp.h>
#include <linux/if_packet.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "log.h"
#include "wirecensus/error.h"

int wc_identity_find(struct wc_identity *identity, const char *name, struct wc_error *error)
{
	const struct passwd *user = name ? getpwnam(name) : NULL;

	*identity = (struct wc_identity){.uid = geteuid(), .group = getegid()};
	if (!name || (user && user->pw_uid == identity->uid))
		return WC_OK;
	if (!user || identity->uid) {
		wc_log(WC_LOG_NOTICE,
		       user ? "only root can become user %s: staying who we are"
			    : "there is no user %s: staying who we are",
		       name);
		return WC_OK;
	}
	*identity = (struct wc_identity){strdup(name), user->pw_uid, user->pw_gid};
	if (!identity->name)
		return wc_error_no_memory(error, "to begin");
	return WC_OK;
}

void wc_identity_free(struct wc_identity *identity)
{
	free(identity->name);
	identity->name = NULL;
}

static int fail(struct wc_error *error, const char *what)
{
	return wc_error_set(
		error, WC_FAILED,
		"%s cannot be given up: %s; start it as root or with the capabilities of its "
		"service only",
		what, strerror(errno));
}

/* The set that bounds what a program could gain; only with CAP_SETPCAP can it be made smaller. */
static int drop_bounds(struct wc_error *error)
{
	bool possible = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP);

	capng_clear(CAPNG_SELECT_ALL);
	if (possible && capng_apply(CAPNG_SELECT_BOUNDS))
		return fail(error, "the bounding set");
	return WC_OK;
}

static int become(const struct wc_identity *identity, struct wc_error *error)
{
	if (!identity->name)
		return WC_OK;
	if (initgroups(identity->name, identity->group) ||
	    setresgid(identity->group, identity->group, identity->group) ||
	    setresuid(identity->uid, identity->uid, identity->uid))
		return wc_error_set(error, WC_FAILED, "cannot become user %s: %s", identity->name,
				    strerror(errno));
	return WC_OK;
}

static int seal(struct wc_error *error)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return fail(error, "the gain of privileges");
#ifndef WC_SANITIZED /* the leak checker looks at its own process */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		return fail(error, "the dump of memory");
#endif
	return WC_OK;
}

int wc_privileges_drop(const struct wc_identity *identity, struct wc_error *error)
{
	int status;

	if (capng_get_caps_process())
		return fail(error, "capabilities, which cannot be read,");
	status = drop_bounds(error);
	if (!status)
		status = become(identity, error);
	if (!status && (capng_apply(CAPNG_SELECT_CAPS) || capng_apply(CAPNG_SELECT_AMBIENT)))
		status = fail(error, "capabilities");
	return status ? status : seal(error);
}

static int still(struct wc_error *error, const char *what)
{
	return wc_error_set(
		error, WC_FAILED,
		"privileges were dropped and %s all the same: this is not safe, and the "
		"daemon ends",
		what);
}

int wc_privileges_check(struct wc_error *error)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd >= 0) {
		close(fd);
		return still(error, "a packet socket can be opened");
	}
	if (geteuid() && !setuid(0))
		return still(error, "it can become root");
	if (capng_get_caps_process() || capng_have_capabilities(CAPNG_SELECT_CAPS) != CAPNG_NONE)
		return still(error, "capabilities are left");
	return WC_OK;
}
