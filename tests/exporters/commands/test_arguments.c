/* Command lines, read by the option table. */
#include <string.h>

#include "arguments.h"
#include "command.h"
#include "suite.h"
#include "wirecensus/error.h"

#define WORDS_MAX 16

static struct wc_arguments arguments;
static struct wc_error error;

/* Parses @line, cut at blanks, as what follows the name of the command. */
static int parse(const char *command, const char *line)
{
	const struct wc_command *row = wc_command_table;
	char *words[WORDS_MAX], *copy = strdup(line), *rest = copy;
	int count = 0, status;

	while (strcmp(row->name, command) != 0)
		row++;
	for (char *word; (word = strsep(&rest, " ")) && count < WORDS_MAX;)
		if (*word)
			words[count++] = word;
	status = wc_arguments_parse(&arguments, row, count, words, &error);
	free(copy);
	return status;
}

static void refused(const char *command, const char *line, const char *sentence)
{
	ck_assert_msg(parse(command, line) == WC_INVALID, "%s %s was taken", command, line);
	ck_assert_str_eq(error.text, sentence);
}

START_TEST(test_values)
{
	ck_assert_int_eq(parse("live", "--interval 3 --count=4 -i eth0 -ieth1 --top 7"), WC_OK);
	ck_assert_uint_eq(arguments.options.interval, 3);
	ck_assert_uint_eq(arguments.options.count, 4);
	ck_assert_uint_eq(arguments.options.top, 7);
	ck_assert_uint_eq(arguments.options.interface.count, 2);
	ck_assert_str_eq(arguments.options.interface.items[0], "eth0");
	ck_assert_str_eq(arguments.options.interface.items[1], "eth1");
	ck_assert_uint_eq(arguments.operands.count, 0);
	ck_assert(!arguments.help);
	wc_arguments_free(&arguments);

	/* A value may look like an option, and may be empty. */
	ck_assert_int_eq(parse("read", "--filter -v --filter= f"), WC_OK);
	ck_assert_str_eq(arguments.options.filter, "");
	ck_assert(!arguments.options.verbose);
	wc_arguments_free(&arguments);
}
END_TEST

START_TEST(test_flags)
{
	ck_assert_int_eq(parse("live", "-vi eth0 -c2 --promiscuous"), WC_OK);
	ck_assert(arguments.options.verbose && arguments.options.promiscuous);
	ck_assert_str_eq(arguments.options.interface.items[0], "eth0");
	ck_assert_uint_eq(arguments.options.count, 2);
	wc_arguments_free(&arguments);
	ck_assert_int_eq(parse("live", "--promiscuous --promiscuous=no"), WC_OK);
	ck_assert(!arguments.options.promiscuous);
	wc_arguments_free(&arguments);
}
END_TEST

START_TEST(test_operands)
{
	ck_assert_int_eq(parse("read", "a --top 3 - b -- --format -c"), WC_OK);
	ck_assert_uint_eq(arguments.operands.count, 5);
	ck_assert_str_eq(arguments.operands.items[0], "a");
	ck_assert_str_eq(arguments.operands.items[1], "-");
	ck_assert_str_eq(arguments.operands.items[2], "b");
	ck_assert_str_eq(arguments.operands.items[3], "--format");
	ck_assert_str_eq(arguments.operands.items[4], "-c");
	ck_assert_uint_eq(arguments.options.top, 3);
	wc_arguments_free(&arguments);
}
END_TEST

START_TEST(test_help)
{
	ck_assert_int_eq(parse("read", "--help"), WC_OK);
	ck_assert(arguments.help);
	wc_arguments_free(&arguments);
	ck_assert_int_eq(parse("live", "-vh"), WC_OK);
	ck_assert(arguments.help);
	wc_arguments_free(&arguments);
}
END_TEST

START_TEST(test_refused)
{
	refused("read", "--bogus f",
		"read has no option --bogus: 'wirecensus read --help' lists them");
	refused("read", "--bogus=3 f",
		"read has no option --bogus: 'wirecensus read --help' lists them");
	refused("read", "--for json f",
		"read has no option --for: 'wirecensus read --help' lists them");
	refused("read", "--interface lo f",
		"read has no option --interface: 'wirecensus read --help' lists them");
	refused("read", "-i lo f", "read has no option -i: 'wirecensus read --help' lists them");
	refused("read", "-vz f", "read has no option -z: 'wirecensus read --help' lists them");
	refused("read", "-v=3 f", "-v takes no value, and '=3' follows it");
	refused("read", "--help=x", "--help takes no value, and '=x' follows it");
	refused("read", "-h=x", "-h takes no value, and '=x' follows it");
	refused("read", "f --filter", "--filter needs a value: EXPRESSION");
	refused("live", "-i", "-i needs a value: NAME");
	refused("live", "-cx", "-c: 'x' is not a whole number from 1 to 4294967295");
	refused("live", "--top=0", "--top: '0' is not a whole number from 1 to 1000000");
	refused("live", "eth0", "live takes no argument 'eth0': interfaces are named by -i");
	refused("live", "-- eth0", "live takes no argument 'eth0': interfaces are named by -i");
	refused("read", "", "read what? It is used as 'wirecensus read [OPTION]... FILE...'");
	refused("read", "--top 3",
		"read what? It is used as 'wirecensus read [OPTION]... FILE...'");
}
END_TEST

/* A name longer than any option's is no reason to read beyond a buffer. */
START_TEST(test_long)
{
	char line[1024] = "--";

	memset(line + 2, 'a', sizeof(line) - 3);
	ck_assert_int_eq(parse("read", line), WC_INVALID);
	ck_assert_ptr_eq(strstr(error.text, "read has no option --aaa"), error.text);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_values, test_flags, test_operands, test_help, test_refused, test_long, NULL,
	};

	return suite_run("arguments", tests, 60);
}
