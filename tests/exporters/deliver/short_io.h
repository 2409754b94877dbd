/*
 * short_io.h - send(), recv() and write() as they may be
 *
 * One to three bytes at a time, with interruptions and full buffers between. For
 * the linker's --wrap; only what asks not to wait is cut short, as the tests' own
 * calls do not.
 */
#ifndef TESTS_SHORT_IO_H
#define TESTS_SHORT_IO_H

/* Calls that were cut short so far, in this process. */
extern unsigned short_io_cuts;

#endif /* TESTS_SHORT_IO_H */
