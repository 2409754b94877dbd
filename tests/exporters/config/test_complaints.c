/* What is wrong with a configuration: each sentence, with its file and line, all at once. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "conf.h"
#include "config.h"
#include "suite.h"
#include "wirecensus/error.h"

/* 128 bytes. */
#define LONG8 "/a/b/c/d"
#define LONG                                                                                       \
	LONG8 LONG8 LONG8 LONG8 LONG8 LONG8 LONG8 LONG8 LONG8 LONG8 LONG8 LONG8 LONG8 LONG8 LONG8  \
		LONG8

/* A file, and all that is said about it. */
static const struct {
	const char *text, *said;
} wrong[] = {
	/* Names. */
	{"interval = 10\nintervall = 3\n", "main.conf:2: there is no option 'intervall' outside of "
					   "sections; did you mean interval?\n"},
	{"capture a {\n\tengin = pcap\n}\n",
	 "main.conf:2: there is no option 'engin' in a section capture; did you mean engine?\n"},
	{"capture a { FiveTuple = yes }", "main.conf:1: there is no option 'FiveTuple' in a "
					  "section capture; did you mean five_tuple?\n"},
	{"capture a { five-tuple = yes }", "main.conf:1: there is no option 'five-tuple' in a "
					   "section capture; did you mean five_tuple?\n"},
	{"filter = tcp", "main.conf:1: there is no option 'filter' outside of sections; it is one "
			 "of a section capture\n"},
	{"capture a { group = x }", "main.conf:1: there is no option 'group' in a section capture; "
				    "it is one outside of sections\n"},
	{"capture a { count = 3 }", "main.conf:1: there is no option 'count' in a section capture; "
				    "wirecensus.conf(5) has them all\n"},
	{"\n\ncaptur a { anything { goes = {1} } here() }\n x = 1",
	 "main.conf:3: there is no section 'captur'; did you mean capture?\n"
	 "main.conf:4: there is no option 'x' outside of sections; wirecensus.conf(5) has them "
	 "all\n"},
	{"nonsense { }",
	 "main.conf:1: there is no section 'nonsense'; wirecensus.conf(5) has them all\n"},
	{"journal = 3", "main.conf:1: journal is a section: write journal { ... }\n"},
	{"json = 3", "main.conf:1: json is a section: write json TITLE { ... }\n"},
	{"interval { }", "main.conf:1: interval is an option: write interval = TIME\n"},
	{"capture a { names { } }", "main.conf:1: names is an option: write names = yes\n"},
	{"capture a {\njournal { }\n}", "main.conf:2: 'journal' cannot be a section in a section "
					"capture; perhaps a } is missing before it\n"},
	{"capture a {\ninclude(\"b\")\n}",
	 "main.conf:2: include cannot stand in a section; perhaps a } is missing before it\n"},
	{"load(\"x\") interval = 0",
	 "main.conf:1: 'load' cannot be called; only include(\"FILE\") can\n"
	 "main.conf:1: interval: '0' is not a time from 1 to 86400 seconds; s, m, h or d may "
	 "follow the number\n"},
	/* Titles. */
	{"capture { }", "main.conf:1: capture needs a title: write capture TITLE { ... }\n"},
	{"journal x { }",
	 "main.conf:1: there is one journal only, without a title: write journal { ... }\n"},
	{"json \"a b\" { }", "main.conf:1: 'a b' cannot be a title: it takes 1 to 63 letters, "
			     "digits, '_', '-' or '.', and begins with one of the first three\n"},
	{"json \"\" { }", "main.conf:1: '' cannot be a title: it takes 1 to 63 letters, digits, "
			  "'_', '-' or '.', and begins with one of the first three\n"},
	{"json ../x { }", "main.conf:1: '../x' cannot be a title: it takes 1 to 63 letters, "
			  "digits, '_', '-' or '.', and begins with one of the first three\n"},
	/* Twice. */
	{"interval = 1\n\ninterval = 2",
	 "main.conf:3: interval is given a second time; the first is at main.conf:1\n"},
	{"capture a {}\ncapture b {}\ncapture \"a\" {}",
	 "main.conf:3: there is a section capture a already, at main.conf:1\n"},
	{"journal {}\njournal {}",
	 "main.conf:2: there is a section journal already, at main.conf:1\n"},
	{"capture a { interface = a interface += b }",
	 "main.conf:1: interface: += is not known here; give all values in one list: interface = "
	 "{\"A\", \"B\"}\n"},
	/* Values. */
	{"interval = {1, 2}", "main.conf:1: interval takes one value\n"},
	{"interval = {}", "main.conf:1: interval takes one value\n"},
	{"state = var",
	 "main.conf:1: state: 'var' is not an absolute path: it must begin with /\n"},
	{"capture a { scanner_mode = fast }",
	 "main.conf:1: scanner_mode: 'fast' is not one of default, plain\n"},
	{"capture a {\n promiscuous = maybe\n snaplen = 1\n to = x\n}",
	 "main.conf:2: promiscuous: 'maybe' is neither yes nor no; true, false, on and off will "
	 "do, too\n"
	 "main.conf:3: snaplen: '1' is not a size from 14 to 262144 bytes; K, M or G may follow "
	 "the number\n"
	 "main.conf:4: to: 'x' is not an address: write one like 192.0.2.1 or 2001:db8::1\n"},
	{"capture a { serve = {tcp/80, 80, udp} }",
	 "main.conf:1: serve: '80' is not a service: write one like tcp/443 or udp/53\n"
	 "main.conf:1: serve: 'udp' is not a service: write one like tcp/443 or udp/53\n"},
	{"capture a { interface = {eth0, abcdefghijklmnop} }",
	 "main.conf:1: interface: 'abcdefghijklmnop' cannot be the name of an interface: it has at "
	 "most 15 characters and no /\n"},
	{"user = \"a\nb\" x = 1", "main.conf:2: there is no option 'x' outside of sections; "
				  "wirecensus.conf(5) has them all\n"},
	{"user = \"a\\x1b[0m\" group = {\"\\n\"}\ninterval = \"\\n\"",
	 "main.conf:2: interval: '?' is not a time from 1 to 86400 seconds; s, m, h or d may "
	 "follow the number\n"},
	{"capture a {\n match = 'a\\x' filter = tcp\n no_match = '\\zz' }",
	 "main.conf:2: match: 'a\\x' has a backslash that is not followed by x and two hexadecimal "
	 "digits: write a backslash itself as \\x5c\n"
	 "main.conf:3: no_match: '\\zz' has a backslash that is not followed by x and two "
	 "hexadecimal digits: write a backslash itself as \\x5c\n"},
	/* What goes together. */
	{"interval = 7\njson a { interval = 10 }",
	 "main.conf:2: interval: 10 s is no multiple of the daemon's interval, 7 s\n"},
	{"json a {\n\n rows = {total, ports} }",
	 "main.conf:3: no rows are called ports: use total, port, protocol, fragment, ethertype, "
	 "llc, malformed, unsupported, conversation, host, scanner or loss\n"},
	{"json a { address = \"tcp://h:1\"\n ca = /x\n peer = y\n datagram = 1K\n pace = 3 }",
	 "main.conf:2: ca has no meaning for tcp://, which is not encrypted\n"
	 "main.conf:3: peer has no meaning for tcp://, which is not encrypted\n"
	 "main.conf:4: datagram has no meaning for tcp://, which takes no datagrams\n"
	 "main.conf:5: pace has no meaning for tcp://, which takes no datagrams\n"},
	{"json a { address = \"tls://h:1\"\n key = /x }",
	 "main.conf:2: certificate and key belong together: give both, or none\n"},
	{"json a { address = \"relp://h:1\" }",
	 "main.conf:1: address: json cannot go to relp://, only to udp://, tcp://, tls://, "
	 "unix://, unixgram://, file://\n"},
	{"tree t { }",
	 "main.conf:1: tree/t needs an address: write address = \"tree:///DIRECTORY\"\n"},
	{"journal { size = 4M\n undelivered = 5M }",
	 "main.conf:2: undelivered: it is a part of size and cannot be larger\n"},
	{"dump { trigger = \"tcp://127.0.0.1:1\" }",
	 "main.conf:1: trigger: it is taken by udp:// only\n"},
	{"dump { trigger = 5 }", "main.conf:1: trigger: write udp://ADDRESS:PORT\n"},
	{"http { listen = \"localhost:8888\" }",
	 "main.conf:1: listen: 'localhost:8888' is no address with a port: write one like "
	 "127.0.0.1:8888 or [::1]:8888\n"},
	{"http {\n listen = \"[::]:8888\" }",
	 "main.conf:2: listen: anybody who reaches this address could read all counts: give "
	 "a web_config with a certificate and passwords, or write public = yes\n"},
	/* A value that was refused hides nothing else, and is not told twice. */
	{"capture a {\n snaplen = 1\n match = '\\y'\n}",
	 "main.conf:2: snaplen: '1' is not a size from 14 to 262144 bytes; K, M or G may follow "
	 "the number\n"
	 "main.conf:3: match: '\\y' has a backslash that is not followed by x and two hexadecimal "
	 "digits: write a backslash itself as \\x5c\n"},
	{"json a {\n address = \"relp://h:1\"\n top = -1\n}",
	 "main.conf:2: address: json cannot go to relp://, only to udp://, tcp://, tls://, "
	 "unix://, unixgram://, file://\n"
	 "main.conf:3: top: '-1' is not a whole number from 0 to 1000000\n"},
	{"json a { adress = \"tls://h:1\" ca = /x }",
	 "main.conf:1: there is no option 'adress' in a section json; did you mean address?\n"},
	{"interval = x\njson a { interval = 7 }",
	 "main.conf:1: interval: 'x' is not a time from 1 to 86400 seconds; s, m, h or d may "
	 "follow the number\n"},
	/* What has no meaning; a default may stand anywhere. */
	{"json a { address = \"file:///a\"\n patience = 1m }\n"
	 "json b { address = \"file:///a\" patience = 10 }\n",
	 "main.conf:2: patience has no meaning for file://, which waits for nobody\n"},
	{"syslog a { address = \"tcp://h:1\"\n rfc5424 = yes }\n"
	 "syslog b { address = \"unixgram:///dev/log\" content = cee rfc5424 = yes }\n",
	 "main.conf:2: rfc5424 has no meaning for tcp://, where that is written anyway\n"},
	{"dump {\n allow = 10.0.0.0/8 }",
	 "main.conf:2: allow has no meaning without trigger: nobody can ask\n"},
	{"http { clients = 64 timeout = 30s\n top = 3\n web_config = /w }",
	 "main.conf:2: top has no meaning without listen: nothing is to be had\n"
	 "main.conf:3: web_config has no meaning without listen: nothing is to be had\n"},
	/* Engines, each once. */
	{"capture a { filter = tcp match = x\n engine = ring\n attach = tcx }",
	 "main.conf:3: attach is for the kernel engine: leave it out, or set engine to kernel\n"},
	{"capture a { attach = tcx\n drop_echo = yes }",
	 "main.conf:2: drop_echo works by XDP alone: set attach to xdp or xdp-generic\n"},
#ifdef WC_HAVE_KERNEL
	{"capture a {\n engine = kernel\n match = x }",
	 "main.conf:2: counting in the kernel does not look into the payload of frames\n"},
	{"capture a { interface = {lo, any}\n engine = kernel }",
	 "main.conf:2: counting in the kernel is for one interface, not for 'any'\n"},
	{"capture a { filter = tcp\n attach = tcx engine = kernel }",
	 "main.conf:2: counting at an interface by tcx or XDP takes no filter: attach to "
	 "socket instead\n"},
#endif
	/* Captures of one name. */
	{"capture lo {\n interface = {lo, lo} }",
	 "main.conf:2: interface: two captures would be called 'lo-lo': name each interface "
	 "once\n"},
	{"capture a-lo { interface = eth0 }\ncapture a { interface = {lo, ifb0} }",
	 "main.conf:2: two captures would be called 'a-lo', the other by the section a-lo at "
	 "main.conf:1: give one of the sections another title\n"},
#ifdef WC_HAVE_NAMES
	{"capture a { names = yes\n name_server = foo }",
	 "main.conf:2: 'foo' is not a name server: write an address like 192.0.2.53, "
	 "192.0.2.53:5353 or [2001:db8::53]:5353\n"},
#endif
	{"control = " LONG,
	 "main.conf:1: control: the path of a socket has at most 107 bytes, and this has 128\n"},
	/* Grammar: what follows in the file is not looked at, what came before is. */
	{"intervall = 1\ninterval 10\nusr = x",
	 "main.conf:1: there is no option 'intervall' outside of sections; did you mean interval?\n"
	 "main.conf:2: missing equal sign after option 'interval'; what follows in this file was "
	 "not looked at\n"},
	{"capture a {\n interface = eth0\n",
	 "main.conf:3: this cannot be read; perhaps a } is missing or one too many\n"},
	{"interval = 10\n}\n",
	 "main.conf:2: unexpected closing brace; what follows in this file was not looked at\n"},
	{"interval = 10 }\n",
	 "main.conf:1: unexpected closing brace; what follows in this file was not looked at\n"},
	{"interval =\n = 3",
	 "main.conf:2: unexpected token '='; what follows in this file was not looked at\n"},
	{"capture a { interface = {a b} }",
	 "main.conf:1: unexpected token 'b'; what follows in this file was not looked at\n"},
	{"wrong {\n", "main.conf:1: there is no section 'wrong'; wirecensus.conf(5) has them all\n"
		      "main.conf:2: this cannot be read; perhaps a } is missing or one too many\n"},
	{"\"interval\" = 10",
	 "main.conf:1: this cannot be read; perhaps a } is missing or one too many\n"},
	/* Words. */
	{"interval = 1\n\nuser = \"abc\nd",
	 "main.conf:3: the text that begins here does not end: a quote is missing; what follows in "
	 "this file was not looked at\n"},
	{"user = 'abc", "main.conf:1: the text that begins here does not end: a quote is missing; "
			"what follows in this file was not looked at\n"},
	{"/* one\n two */ user = x\n /* three",
	 "main.conf:3: the comment that begins here does not end: */ is missing; what follows in "
	 "this file was not looked at\n"},
	{"include(conf.d/*.conf)", "main.conf:1: '*' can stand in quotes only; what follows in "
				   "this file was not looked at\n"},
	{"interval = 1 + 1", "main.conf:1: '+' can stand in quotes only; what follows in this file "
			     "was not looked at\n"},
	{"user = ${HOME}", "main.conf:1: '${' can stand in quotes only; what follows in this file "
			   "was not looked at\n"},
	{"user = \"${HOME\"",
	 "main.conf:1: ${ begins the name of an environment variable, which must end with }; write "
	 "it in single quotes to mean itself; what follows in this file was not looked at\n"},
	{"capture a {\n match = \"a\\x00b\" }",
	 "main.conf:2: a NUL would end the text here; where \\x00 is meant for match or no_match, "
	 "write the text in single quotes; what follows in this file was not looked at\n"},
	{"user = \"\\400\"", "main.conf:1: invalid octal number '\\400'; what follows in this file "
			     "was not looked at\n"},
	/* Variables; what they leave is not looked at. */
	{"capture a { filter = \"not host ${WC_TEST_NONE}\" }",
	 "main.conf:1: the environment has no variable WC_TEST_NONE: set it, or write "
	 "${WC_TEST_NONE:-TEXT} for what stands in its place; in single quotes it means itself\n"},
	{"user = \"${WC_TEST_NONE}\"\njson a {\n address = \"tcp://${WC_TEST_NONE}:1\"\n"
	 "}\njson b { rows = {\"${WC_TEST_NONE:-total}\", '${WC_TEST_NONE}'} }",
	 "main.conf:1: the environment has no variable WC_TEST_NONE: set it, or write "
	 "${WC_TEST_NONE:-TEXT} for what stands in its place; in single quotes it means itself\n"
	 "main.conf:3: the environment has no variable WC_TEST_NONE: set it, or write "
	 "${WC_TEST_NONE:-TEXT} for what stands in its place; in single quotes it means itself\n"
	 "main.conf:5: no rows are called ${WC_TEST_NONE}: use total, port, protocol, fragment, "
	 "ethertype, llc, malformed, unsupported, conversation, host, scanner or loss\n"},
	/* Includes. */
	{"\ninclude(\"missing.conf\")", "main.conf:2: include: there is no missing.conf; write a "
					"wildcard for files that may be missing\n"},
	{"include(\"main.conf\")",
	 "main.conf:1: include: cannot read main.conf: it has been read already\n"},
	{"include(\".\")", "main.conf:1: include: cannot read .: it is not a file\n"},
	{"include()\ninclude(a b) interval = x\ninclude({a}) ",
	 "main.conf:1: include takes the name of one file: write include(\"FILE\")\n"
	 "main.conf:2: include takes the name of one file: write include(\"FILE\")\n"
	 "main.conf:2: interval: 'x' is not a time from 1 to 86400 seconds; s, m, h or d may "
	 "follow the number\n"
	 "main.conf:3: include takes the name of one file: write include(\"FILE\")\n"},
	{"include(\"a\"",
	 "main.conf:1: include takes the name of one file: write include(\"FILE\")\n"},
};

START_TEST(test_each)
{
	conf_begin();
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct wc_config *config;

		conf_write("main.conf", wrong[i].text);
		config = conf_read();
		ck_assert_msg(!config, "taken: %s", wrong[i].text);
		ck_assert_str_eq(conf_said(), wrong[i].said);
	}
	conf_end();
}
END_TEST

/* libpcap's words are its own. */
START_TEST(test_filter)
{
	static const char begin[] = "main.conf:3: the filter 'prot 22' does not compile: ";
	static const char more[] = "\nmain.conf:4: interval: 'x' is not a time";

	conf_begin();
	conf_write("main.conf", "capture a { filter = udp }\ncapture b {\nfilter = \"prot 22\" }\n"
				"interval = x\n");
	ck_assert_ptr_null(conf_read());
	ck_assert_msg(!strncmp(conf_said(), begin, strlen(begin)), "%s", conf_said());
	ck_assert_msg(strstr(conf_said(), more), "%s", conf_said());
	conf_end();
}
END_TEST

/* One reading tells of all files, and one file that is no grammar hides no other. */
START_TEST(test_all_files)
{
	conf_begin();
	conf_write("main.conf", "include(\"conf.d/*.conf\")\n\ncapture a { }\nusr = x\n");
	conf_write("conf.d/1.conf", "interval = 7\n\ncapture a { }\n");
	conf_write("conf.d/2.conf", "json b { address = \"nowhere\" \n = }\n");
	conf_write("conf.d/3.conf", "interval = 5\njson c { interval = 10 }\n");
	conf_write("conf.d/4.txt", "not looked at\n");
	ck_assert_ptr_null(conf_read());
	ck_assert_str_eq(
		conf_said(),
		"main.conf:4: there is no option 'usr' outside of sections; did you mean user?\n"
		"conf.d/1.conf:3: there is a section capture a already, at main.conf:3\n"
		"conf.d/2.conf:2: unexpected token '='; what follows in this file was not looked "
		"at\n"
		"conf.d/3.conf:1: interval is given a second time; the first is at "
		"conf.d/1.conf:1\n"
		"conf.d/3.conf:2: interval: 10 s is no multiple of the daemon's interval, 7 s\n");
	conf_end();
}
END_TEST

START_TEST(test_unreadable)
{
	conf_begin();
	ck_assert_ptr_null(conf_read());
	ck_assert_str_eq(conf_said(), "! cannot read the configuration main.conf: No such file or "
				      "directory; name another one with -c");
	ck_assert_int_eq(mkdir("main.conf", 0700), 0);
	ck_assert_ptr_null(conf_read());
	ck_assert_str_eq(conf_said(), "! cannot read the configuration main.conf: it is not a "
				      "file; name another one with -c");
	conf_end();
}
END_TEST

/* What is wrong with TLS, in a build with it and in one without. */
#ifdef WC_HAVE_TLS
#define TLS_SAID                                                                                   \
	"main.conf:3: ca \"/nonexistent\" cannot be used: Error while reading file; it must be a " \
	"PEM "                                                                                     \
	"file that this user may read\n"
#else
#define TLS_SAID                                                                                   \
	"main.conf:2: TLS to \"h\" is not in this build: use tcp:// or relp://, or build with "    \
	"GnuTLS (WC_TLS)\n"
#endif

static int refuse_http(const struct wc_config *config, struct wc_error *error)
{
	return wc_error_set(error, WC_FAILED, "web_config: cannot read %s",
			    config->daemon.http.web_config);
}

/* Files that are named are tried with everything else. */
START_TEST(test_tried)
{
	conf_begin();
	conf_write("main.conf",
		   "json a {\n address = \"tls://h:1\"\n ca = /nonexistent\n top = -1 }\n"
		   "json b { address = \"file:///nonexistent/file\" }\n"
		   "http { listen = \"127.0.0.1:1\"\n web_config = /w }\n");
	conf_try(refuse_http);
	ck_assert_ptr_null(conf_read());
	ck_assert_str_eq(conf_said(),
			 TLS_SAID "main.conf:4: top: '-1' is not a whole number from 0 to 1000000\n"
				  "main.conf:7: web_config: cannot read /w\n");
	conf_try(NULL);
	conf_end();
}
END_TEST

/* A pipe in the place of a file is not waited for. */
START_TEST(test_pipe)
{
	conf_begin();
	conf_write("main.conf", "include(\"conf.d/*.conf\")");
	conf_write("conf.d/a.conf", "interval = 3\n");
	ck_assert_int_eq(mkfifo("conf.d/b.conf", 0600), 0);
	ck_assert_ptr_null(conf_read());
	ck_assert_str_eq(conf_said(),
			 "main.conf:1: include: cannot read conf.d/b.conf: it is not a file\n");
	conf_end();
}
END_TEST

/* Who makes a thousand mistakes begins with the first hundred. */
START_TEST(test_many)
{
	FILE *file;
	int lines = 0;

	conf_begin();
	file = fopen("main.conf", "w");
	ck_assert_ptr_nonnull(file);
	for (int i = 0; i < 1000; i++)
		fprintf(file, "x%d = 1\n", i);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_ptr_null(conf_read());
	for (const char *c = conf_said(); *c; c++)
		lines += *c == '\n';
	ck_assert_int_eq(lines, 101);
	ck_assert_ptr_nonnull(strstr(conf_said(), "\n"
						  "main.conf:100: "));
	ck_assert_ptr_nonnull(strstr(conf_said(), "\n900 more are not shown\n"));
	conf_end();
}
END_TEST

START_TEST(test_too_many_sections)
{
	FILE *file;

	conf_begin();
	file = fopen("main.conf", "w");
	ck_assert_ptr_nonnull(file);
	for (int i = 1; i <= 512; i++)
		fprintf(file, "capture c%d { }\n", i);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_ptr_null(conf_read());
	ck_assert_str_eq(conf_said(),
			 "main.conf:512: this section is one too many: there can be 511\n");
	conf_end();
}
END_TEST

START_TEST(test_too_large)
{
	FILE *file;

	conf_begin();
	file = fopen("main.conf", "w");
	ck_assert_ptr_nonnull(file);
	for (int i = 0; i < 1 << 16; i++)
		fputs("# sixteen bytes\n", file);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_ptr_null(conf_read());
	ck_assert_str_eq(conf_said(), "! cannot read the configuration main.conf: it is larger "
				      "than a configuration; name another one with -c");
	file = fopen("main.conf", "w");
	ck_assert_ptr_nonnull(file);
	fwrite("a\0b", 3, 1, file);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_ptr_null(conf_read());
	ck_assert_str_eq(conf_said(), "! cannot read the configuration main.conf: it has a NUL in "
				      "it and is no text; name another one with -c");
	conf_end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_each, test_filter, test_all_files,         test_unreadable, test_tried,
		test_pipe, test_many,   test_too_many_sections, test_too_large,  NULL,
	};

	return suite_run("complaints", tests, 60);
}
