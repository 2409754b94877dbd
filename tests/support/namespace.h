/*
 * namespace.h - a network namespace of a test's own, gone with its process
 */
#ifndef TESTS_NAMESPACE_H
#define TESTS_NAMESPACE_H

#include <stdbool.h>

/*
 * Moves the calling process, as root or as anybody who may make user namespaces,
 * into an empty network namespace with the loopback up. Returns false when that
 * is not allowed or ip(8) is missing.
 */
bool namespace_enter(void);

/* As above, but in a child: true if tests can call it. */
bool namespace_possible(void);

/* Runs a shell command, as printf(3) would write it. Returns true if it exits with 0. */
bool namespace_run(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* TESTS_NAMESPACE_H */
