/*
 * Configurations that were damaged: whatever they say, there is a configuration or a
 * complaint with its line, never a crash, and all memory is given back. What is taken
 * can be printed and read again.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "config.h"
#include "suite.h"

#define MUTATIONS 2000
#define SIZE      2048

static const char whole[] =
	"interval = 10 # the first\nuser = \"wirecensus\"\nstate = '/var/lib/x'\n"
	"journal { size = \"256M\" age = 30d }\n/* of two\nlines */\n"
	"dump { perl = no allow = {\"127.0.0.0/8\", ::1}\n"
	"trigger = \"udp://127.0.0.1:1\" }\n"
	"capture wan {\n\tinterface = {\"eth0\", \"eth1\"}\n\tfilter = \"not port 22\"\n"
	"\tserve = {udp/5353, tcp/8080}\n\tmatch = '\\x00\\''\n}\n"
	"json a { address = \"tcp://localhost:3334\" rows = {total, port} top = 100 }\n"
	"include(\"conf.d/*.conf\")\n";

/* What damages a file best. */
static const char *const pieces[] = {
	"{",     "}",   "=",         "\"",          "'",    "/*",   "*/",
	"#",     "//",  "(",         ")",           ",",    "+=",   "\\",
	"\n",    "${",  "${X}",      "include(",    "json", "x { ", "capture a {",
	"\\x00", "\\0", "journal {", "interval = ", "\r",   "\x80",
};

#define PIECES (sizeof(pieces) / sizeof(*pieces))

static uint64_t state = 88172645463325252u;

/* Xorshift: the same damage in every run. */
static size_t below(size_t bound)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (size_t)(state % bound);
}

/* Cuts, doubles, or puts a piece in, somewhere. */
static void damage(char text[static SIZE])
{
	size_t length = strlen(text);
	size_t at = below(length + 1);
	size_t span = below(length - at + 1);
	const char *piece = pieces[below(PIECES)];

	switch (below(4)) {
	case 0:
		text[at] = '\0';
		break;
	case 1:
		memmove(text + at, text + at + span, length - at - span + 1);
		break;
	case 2:
		if (length + span < SIZE)
			memmove(text + at + span, text + at, length - at + 1);
		break;
	default:
		if (length + strlen(piece) < SIZE) {
			memmove(text + at + strlen(piece), text + at, length - at + 1);
			memcpy(text + at, piece, strlen(piece));
		}
		break;
	}
}

/* Every line begins with FILE:LINE. */
static void check_complaints(const char *said, const char *text)
{
	for (const char *line = said; *line; line = strchr(line, '\n') + 1) {
		unsigned number;

		ck_assert_msg(sscanf(line, "main.conf:%u: ", &number) == 1 && number >= 1,
			      "%s\n--- said of\n%s", said, text);
	}
}

static void check_again(struct wc_config *config, const char *text)
{
	char *printed = conf_printed(config);
	struct wc_config *again;

	conf_write("main.conf", printed);
	again = conf_read();
	ck_assert_msg(again, "%s\n--- printed of\n%s\n--- said\n%s", printed, text, conf_said());
	wc_config_free(again);
	free(printed);
}

START_TEST(test_mutations)
{
	char text[SIZE];
	size_t taken = 0;

	conf_begin();
	for (int i = 0; i < MUTATIONS; i++) {
		struct wc_config *config;

		strcpy(text, whole);
		for (size_t times = below(3) + 1; times; times--)
			damage(text);
		conf_write("main.conf", text);
		config = conf_read();
		if (config) {
			taken++;
			check_again(config, text);
		} else {
			check_complaints(conf_said(), text);
		}
		wc_config_free(config);
	}
	/* The damage does harm, and some of it none. */
	ck_assert_uint_gt(taken, MUTATIONS / 100);
	ck_assert_uint_lt(taken, MUTATIONS / 2);
	conf_end();
}
END_TEST

/* Cut off behind each byte. */
START_TEST(test_cuts)
{
	char text[SIZE];

	conf_begin();
	for (size_t length = 0; length <= strlen(whole); length++) {
		struct wc_config *config;

		snprintf(text, sizeof(text), "%.*s", (int)length, whole);
		conf_write("main.conf", text);
		config = conf_read();
		if (!config)
			check_complaints(conf_said(), text);
		ck_assert(config || length < strlen(whole));
		wc_config_free(config);
	}
	conf_end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_mutations, test_cuts, NULL};

	return suite_run("mutations", tests, 300);
}
