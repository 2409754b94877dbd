/*
 * credentials.h - a folder of certificates, good and bad: see certificates.sh
 */
#ifndef TESTS_CREDENTIALS_H
#define TESTS_CREDENTIALS_H

#include <check.h>
#include <stdbool.h>
#include <stdint.h>

#include "delivery.h"

/* Paths: the folder, the authority to be trusted, another one, and what a client has to show. */
struct credentials {
	char folder[64];
	char ca[96], stranger[96], certificate[96], key[96];
};

extern struct credentials credentials;

/* Has @script make them in a folder under /tmp. Returns false when it could not. */
bool credentials_make(const char *script);

/* Removes the folder. */
void credentials_remove(void);

/* The settings of a delivery that trusts the authority. */
struct wc_delivery_settings credentials_settings(uint64_t patience_ns);

/*
 * The main() of programs whose first argument is the script: runs @tests, which end with NULL,
 * with a watchdog of 60 s each. Returns the exit code, which is 77 where certtool is missing.
 */
int credentials_run(int argc, char **argv, const char *name, const TTest *const *tests);

#endif /* TESTS_CREDENTIALS_H */
