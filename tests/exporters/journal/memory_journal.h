/*
 * memory_journal.h - a journal in memory, for tests of what works with one
 */
#ifndef TESTS_MEMORY_JOURNAL_H
#define TESTS_MEMORY_JOURNAL_H

struct wc_journal; /* journal.h */

/* Opens one with room for all; to be closed with wc_journal_close(). */
struct wc_journal *memory_journal(void);

#endif /* TESTS_MEMORY_JOURNAL_H */
