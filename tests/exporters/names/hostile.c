#include "hostile.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#define L10 "abcdefghij"
#define L61 L10 L10 L10 L10 L10 L10 "k"
#define L63 L61 "lm"

const char hostile_longest[] = L63 "." L63 "." L63 "." L61;

/* One label of these bytes, NUL included where it stands. */
#define LABEL(function, bytes)                                                                     \
	static void function(struct dns_message *message)                                          \
	{                                                                                          \
		dns_ptr_label(message, bytes, sizeof(bytes) - 1);                                  \
	}

LABEL(quote, "a'b")
LABEL(double_quote, "a\"],\"x\":\"")
LABEL(backtick, "`id`")
LABEL(command, "$(id);reboot")
LABEL(escape, "\033[31mred\033]0;t\007")
LABEL(nul, "evil\0good")
LABEL(script, "<script>alert(1)</script>")
LABEL(format, "%n%n%s")
LABEL(line_feed, "a\nlost 0")
LABEL(carriage_return, "a\rb")
LABEL(tab, "a\tb")
LABEL(space, "a b")
LABEL(inner_dot, "www.bank.test")
LABEL(backslash, "a\\x41")
LABEL(slash, "../../etc/passwd")
LABEL(utf8, "\xd1\x80\xe2\x80\xae")
LABEL(high_bytes, "\x80\xff\x9b")
LABEL(delete, "a\x7f")
LABEL(colon, ":ns")
LABEL(bracket, "a]x=\"y\"")

static void longest(struct dns_message *message)
{
	dns_ptr(message, hostile_longest, 600);
}

static void too_long(struct dns_message *message)
{
	dns_ptr(message, L63 "." L63 "." L63 "." L61 "n", 600);
}

/* A target that ends in a pointer to @offset, behind one label. */
static void point(struct dns_message *message, size_t offset)
{
	uint8_t data[] = {1, 'x', (uint8_t)(0xc0 | offset >> 8), (uint8_t)offset};

	dns_record(message, DNS_ANSWERS, DNS_PTR, 600, data, sizeof(data));
}

/* Where the data of the record that is added next will be. */
static size_t next_data(const struct dns_message *message)
{
	return message->length + 12;
}

static void loop_to_itself(struct dns_message *message)
{
	point(message, next_data(message));
}

static void loop_of_two(struct dns_message *message)
{
	size_t first = next_data(message);

	point(message, first + 16);
	point(message, first);
}

static void pointer_forward(struct dns_message *message)
{
	point(message, next_data(message) + 16);
	dns_ptr(message, "later.example", 600);
}

static void pointer_outside(struct dns_message *message)
{
	point(message, 0x3fff);
}

static void pointer_to_header(struct dns_message *message)
{
	/* The question count, 0 and 1: an empty label. So this is "x". */
	point(message, DNS_QUESTIONS);
}

static void pointer_cut(struct dns_message *message)
{
	dns_record(message, DNS_ANSWERS, DNS_PTR, 600, "\001x\xc0", 3);
}

static void label_too_long(struct dns_message *message)
{
	dns_record(message, DNS_ANSWERS, DNS_PTR, 600, "\077short", 6);
}

static void label_reserved(struct dns_message *message)
{
	dns_record(message, DNS_ANSWERS, DNS_PTR, 600, "\x41" L63, 65);
}

static void without_end(struct dns_message *message)
{
	dns_record(message, DNS_ANSWERS, DNS_PTR, 600, "\003www", 4);
}

static void empty_data(struct dns_message *message)
{
	dns_record(message, DNS_ANSWERS, DNS_PTR, 600, "", 0);
}

static void root(struct dns_message *message)
{
	dns_ptr(message, "", 600);
}

static void data_outside(struct dns_message *message)
{
	dns_ptr(message, "www.example", 600);
	message->length -= 4;
}

static void huge_counts(struct dns_message *message)
{
	dns_ptr(message, "www.example", 600);
	dns_set_count(message, DNS_ANSWERS, 0xffff);
}

static void other_class(struct dns_message *message)
{
	size_t at = message->length;

	dns_ptr(message, "chaos.example", 600);
	message->bytes[at + 5] = 3;
}

static void text_record(struct dns_message *message)
{
	dns_record(message, DNS_ANSWERS, DNS_TXT, 600, "\013www.example", 12);
}

static void cname_chain(struct dns_message *message)
{
	dns_cname(message, "1.0/25.100.51.198.in-addr.arpa", 600);
	dns_cname(message, "1.b'd.example", 600);
	dns_ptr(message, "chained.example", 600);
}

static void cname_only(struct dns_message *message)
{
	dns_cname(message, "loop.example", 600);
	dns_cname(message, "loop.example", 600);
}

static void no_time(struct dns_message *message)
{
	dns_ptr(message, "brief.example", 0);
}

static void endless_time(struct dns_message *message)
{
	dns_ptr(message, "endless.example", 0x80000000);
}

static void same_twice(struct dns_message *message)
{
	dns_ptr(message, "twin.example", 600);
	dns_ptr(message, "TWIN.example", 600);
}

static void clean_among_dirty(struct dns_message *message)
{
	quote(message);
	dns_ptr(message, "Clean_1.example-2.test", 600);
	nul(message);
	dns_ptr(message, "other.example", 600);
}

static void nine_names(struct dns_message *message)
{
	char name[32];

	for (unsigned i = 1; i <= 9; i++) {
		snprintf(name, sizeof(name), "n%u.example", i);
		dns_ptr(message, name, 600);
	}
}

/* Makes the answer one of NXDOMAIN. */
static void nxdomain(struct dns_message *message)
{
	message->bytes[3] = 0x80 | DNS_NXDOMAIN;
}

static void nxdomain_dirty(struct dns_message *message)
{
	nxdomain(message);
	dns_soa(message, "ns'<b>.example", 600);
}

static void nxdomain_bare(struct dns_message *message)
{
	nxdomain(message);
}

static void nxdomain_huge(struct dns_message *message)
{
	nxdomain(message);
	dns_set_count(message, DNS_AUTHORITY, 0xffff);
}

static void servfail_with_name(struct dns_message *message)
{
	message->bytes[3] = 0x80 | DNS_SERVFAIL;
	dns_ptr(message, "www.example", 600);
}

static void no_response(struct dns_message *message)
{
	message->bytes[2] = 0x01;
	dns_ptr(message, "www.example", 600);
}

static void other_opcode(struct dns_message *message)
{
	message->bytes[2] = DNS_QR | DNS_OPCODE_STATUS;
	dns_ptr(message, "www.example", 600);
}

static void cut_in_question(struct dns_message *message)
{
	message->length = DNS_QUESTION + 3;
}

static void cut_in_header(struct dns_message *message)
{
	message->length = 5;
}

const struct hostile hostile_answers[] = {
	{"a single quote", quote, 0, {0}},
	{"double quotes out of JSON", double_quote, 0, {0}},
	{"backticks", backtick, 0, {0}},
	{"a shell command", command, 0, {0}},
	{"terminal escapes", escape, 0, {0}},
	{"a NUL", nul, 0, {0}},
	{"a script element", script, 0, {0}},
	{"printf's %n", format, 0, {0}},
	{"a line feed", line_feed, 0, {0}},
	{"a carriage return", carriage_return, 0, {0}},
	{"a tab", tab, 0, {0}},
	{"a space", space, 0, {0}},
	{"a dot inside a label", inner_dot, 0, {0}},
	{"a backslash", backslash, 0, {0}},
	{"a path", slash, 0, {0}},
	{"text from right to left", utf8, 0, {0}},
	{"bytes above 0x7f", high_bytes, 0, {0}},
	{"DEL", delete, 0, {0}},
	{"a colon, as if there were no name", colon, 0, {0}},
	{"the end of a syslog element", bracket, 0, {0}},
	{"the longest name", longest, 1, {hostile_longest}},
	{"a name too long", too_long, 0, {0}},
	{"a pointer to its own name", loop_to_itself, 0, {0}},
	{"two names that point to each other", loop_of_two, 0, {0}},
	{"a pointer forward", pointer_forward, 1, {"later.example"}},
	{"a pointer outside", pointer_outside, 0, {0}},
	{"a pointer into the header", pointer_to_header, 1, {"x"}},
	{"half a pointer", pointer_cut, 0, {0}},
	{"a label longer than its data", label_too_long, 0, {0}},
	{"a label of a reserved kind", label_reserved, 0, {0}},
	{"a name without its end", without_end, 0, {0}},
	{"no data", empty_data, 0, {0}},
	{"the root", root, 0, {0}},
	{"data longer than the message", data_outside, 0, {0}},
	{"more records than there are", huge_counts, 0, {0}},
	{"another class", other_class, 0, {0}},
	{"a text record", text_record, 0, {0}},
	{"a chain of CNAMEs", cname_chain, 1, {"chained.example"}},
	{"nothing but CNAMEs", cname_only, 0, {0}},
	{"no time to live", no_time, 1, {"brief.example"}},
	{"2^31 seconds to live", endless_time, 1, {"endless.example"}},
	{"the same name twice", same_twice, 1, {"twin.example"}},
	{"clean names among dirty ones",
	 clean_among_dirty,
	 2,
	 {"Clean_1.example-2.test", "other.example"}},
	{"more names than are kept",
	 nine_names,
	 8,
	 {"n1.example", "n2.example", "n3.example", "n4.example", "n5.example", "n6.example",
	  "n7.example", "n8.example"}},
	{"NXDOMAIN and a dirty server", nxdomain_dirty, 0, {0}},
	{"NXDOMAIN and no server", nxdomain_bare, 0, {0}},
	{"NXDOMAIN and more records than there are", nxdomain_huge, 0, {0}},
	{"SERVFAIL with a name", servfail_with_name, 0, {0}},
	{"a question for an answer", no_response, 0, {0}},
	{"another opcode", other_opcode, 0, {0}},
	{"a message cut in its question", cut_in_question, 0, {0}},
	{"a message cut in its header", cut_in_header, 0, {0}},
};

const size_t hostile_count = sizeof(hostile_answers) / sizeof(hostile_answers[0]);

void hostile_expect(const struct hostile *hostile, const struct wc_name_list *list)
{
	ck_assert_msg(list->count == hostile->count, "%s: %zu names", hostile->what, list->count);
	for (size_t i = 0; i < list->count; i++) {
		ck_assert_str_eq(list->name[i], hostile->name[i]);
		for (const char *byte = list->name[i]; *byte; byte++)
			ck_assert_msg(strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
					     "0123456789-_.",
					     *byte),
				      "%s: '%s'", hostile->what, list->name[i]);
	}
}
