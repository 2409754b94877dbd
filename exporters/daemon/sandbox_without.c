/*
 * sandbox_without.c - in builds that have no list of system calls
 */
#include "sandbox.h"
#include "wirecensus/error.h"

int wc_sandbox_enter(enum wc_seccomp mode, struct wc_error *error)
{
	(void)mode;
	(void)error;
	return WC_OK;
}

const char *wc_sandbox_state(enum wc_seccomp mode)
{
	(void)mode;
#ifdef WC_SANITIZED
	return "off, as sanitizers need calls of their own";
#else
	return "off, as this build has no libseccomp (WC_SECCOMP)";
#endif
}
