/*
 * visitor.h - a client of an HTTP server that sends what it is told, right or wrong
 */
#ifndef TESTS_VISITOR_H
#define TESTS_VISITOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Connects to the loopback, and sends @text, which may be "". Returns the socket. */
int visitor_send(uint16_t port, const char *text);

/* Reads until the other side closes; returns what came, until the next call. */
const char *visitor_read(int fd);

/* Sends @text, reads the answer, and closes. @text says "Connection: close" itself. */
const char *visitor_ask(uint16_t port, const char *text);

/* GET @path from 127.0.0.1, with more headers, each ended by a CRLF. */
const char *visitor_get(uint16_t port, const char *path, const char *headers);

/* Asserts that @got has this status, as in "200 OK", and @text somewhere in it. */
void visitor_expect(const char *got, const char *status, const char *text);

/* True if the connection was closed by the other side; waits for up to two minutes. */
bool visitor_is_left(int fd);

#endif /* TESTS_VISITOR_H */
