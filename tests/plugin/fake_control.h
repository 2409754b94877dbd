/*
 * fake_control.h - the control socket of a daemon, as far as the plugin asks it
 *
 * A thread that answers every question with what the test has set, well or badly.
 */
#ifndef TESTS_FAKE_CONTROL_H
#define TESTS_FAKE_CONTROL_H

struct wc_snapshot; /* wirecensus/snapshot.h */

enum fake_manner {
	FAKE_ANSWERS,
	FAKE_REFUSES, /* ERROR and a sentence */
	FAKE_HANGS,   /* until it is told something else */
	FAKE_CUTS,    /* breaks off in the middle */
	FAKE_LIES,    /* an answer of the right length that is no snapshot */
	FAKE_BOASTS,  /* promises more than anybody takes */
	FAKE_BABBLES, /* no line that ends */
};

/* Listens at @path. One at a time. */
void fake_control_start(const char *path);

/* Stops answering, and takes the socket away. */
void fake_control_stop(void);

/* How it answers from now on. */
void fake_control_behave(enum fake_manner manner);

/* What it answers from now on: @snapshot of the capture "wan eth0", packed, of @instance. */
void fake_control_serve(const struct wc_snapshot *snapshot, const char *instance);

/* How many questions were asked, of which each was for the capture "wan eth0". */
unsigned fake_control_asked(void);

#endif /* TESTS_FAKE_CONTROL_H */
