/* The web configuration: what is taken, and what is said of what is not. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "suite.h"
#include "web_config.h"
#include "wirecensus/error.h"

#define HASH "$2y$10$RJEZJf/A7vSPiorMVQoBc.8idOSqXC5P3CXQM8wCzKW/a5hueQm1i"

static struct wc_error error;

static struct wc_web_config *parse(const char *text)
{
	struct wc_web_config *config;
	int status = wc_web_config_parse(&config, "/f/web.yml", text, strlen(text), &error);

	ck_assert_msg(!status, "%s: %s", text, error.text);
	return config;
}

START_TEST(test_whole)
{
	struct wc_web_config *config = parse("# all of it\n"
					     "tls_server_config:\n"
					     "  cert_file: a.pem\n"
					     "  key_file: \"/k/a.key\"\n"
					     "  client_ca_file: 'ca.pem'\n"
					     "  client_auth_type: RequireAndVerifyClientCert\n"
					     "  min_version: TLS13\n"
					     "  max_version: TLS13\n"
					     "  prefer_server_cipher_suites: true\n"
					     "http_server_config:\n"
					     "  http2: false\n"
					     "  headers: {X-Frame-Options: deny}\n"
					     "basic_auth_users:\n"
					     "  alice: " HASH "\n"
					     "  'b c': '" HASH "'\n");

	ck_assert(config->tls);
	ck_assert_str_eq(config->certificate.path, "/f/a.pem");
	ck_assert_str_eq(config->key.path, "/k/a.key");
	ck_assert_str_eq(config->client_ca.path, "/f/ca.pem");
	ck_assert_int_eq(config->clients, WC_WEB_CLIENTS_VERIFIED);
	ck_assert_uint_eq(config->min_version, 3);
	ck_assert_uint_eq(config->max_version, 3);
	ck_assert_uint_eq(config->headers.count, 1);
	ck_assert_str_eq(config->headers.items[0].name, "X-Frame-Options");
	ck_assert_str_eq(config->headers.items[0].value, "deny");
	ck_assert_uint_eq(config->users.count, 2);
	ck_assert_str_eq(config->users.items[1].name, "b c");
	ck_assert_str_eq(config->users.items[1].value, HASH);
	wc_web_config_free(config);
}
END_TEST

/* Nothing in it, in as many ways as there are. */
START_TEST(test_empty)
{
	static const char *const texts[] = {
		"",
		"# nothing\n",
		"---\n",
		"{}",
		"tls_server_config:\nbasic_auth_users: {}\n",
		"tls_server_config: {}\nhttp_server_config: ~\nbasic_auth_users: null\n",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct wc_web_config *config = parse(texts[i]);

		ck_assert_msg(!config->tls && !config->users.count, "%s", texts[i]);
		ck_assert_uint_eq(config->min_version, 2);
		ck_assert_uint_eq(config->max_version, 3);
		wc_web_config_free(config);
	}
	wc_web_config_free(NULL);
}
END_TEST

#define TLS "tls_server_config:\n  cert_file: a\n  key_file: b\n"

static const struct {
	const char *text, *said;
} wrong[] = {
	{"a: b", "1: 'a' is not known here; wirecensus.conf(5) has what is"},
	{"\n\nrate_limit: {burst: 1}", "3: 'rate_limit' is not known here; wirecensus.conf(5) has "
				       "what is"},
	{"x", "1: there must be keys here, each with its value"},
	{"[1, 2]", "1: there must be keys here, each with its value"},
	{"basic_auth_users: [a]", "1: there must be keys here, each with its value"},
	{"? [a]\n: b", "1: a key must be a text"},
	{"? {a: b}\n: b", "1: a key must be a text"},
	{"basic_auth_users: {}\nbasic_auth_users: {}",
	 "2: 'basic_auth_users' stands here a second time"},
	{"basic_auth_users:\n  a: " HASH "\n  a: " HASH "\n", "3: 'a' stands here a second time"},
	{"basic_auth_users:\n  a: secret\n",
	 "2: a password stands as its bcrypt hash, which begins with $2y$; htpasswd -nBC 10 \"\" "
	 "makes one"},
	{"basic_auth_users:\n  a: $2y$15$RJEZJf/A7vSPiorMVQoBc.8idOSqXC5P3CXQM8wCzKW/a5hueQm1i\n",
	 "2: the cost of a bcrypt hash can be 14 at most, as each request may have to wait for it"},
	{"basic_auth_users:\n  a:b: " HASH "\n", "2: a user's name is not empty and has no colon"},
	{"tls_server_config:\n  cert_file: a\n", "1: TLS takes both a cert_file and a key_file"},
	{"tls_server_config:\n  cert_file: [a]\n", "2: cert_file takes a path"},
	{"tls_server_config:\n  cert_file: \"a\\0b\"\n", "2: cert_file takes a path"},
	{"tls_server_config:\n  cert_file:\n", "2: cert_file takes a path"},
	{TLS "  cipher_suites: [A]\n",
	 "4: 'cipher_suites' is not known here; wirecensus.conf(5) has what is"},
	{TLS "  client_auth_type: RequireAnyClientCert\n",
	 "4: client_auth_type can be NoClientCert, VerifyClientCertIfGiven or "
	 "RequireAndVerifyClientCert"},
	{TLS "  client_auth_type: RequireAndVerifyClientCert\n",
	 "1: client_ca_file belongs to a client_auth_type that verifies"},
	{TLS "  client_ca_file: c\n",
	 "1: client_ca_file belongs to a client_auth_type that verifies"},
	{TLS "  min_version: TLS10\n", "4: min_version can be TLS12 or TLS13"},
	{TLS "  max_version: TLS12\n  min_version: TLS13\n", "1: min_version is above max_version"},
	{"http_server_config: {http2: maybe}", "1: http2 can be true or false"},
	{"http_server_config:\n  headers:\n    Server: x\n", "3: a header Server cannot be set"},
	{"http_server_config:\n  headers:\n    X-Frame-Options: \"a\\r\\nb: c\"\n",
	 "3: a header has one line of plain text"},
	{"a: [b", "2: this is no YAML: did not find expected ',' or ']'"},
	{"{}\n---\n{}", "4: there is a second document"},
	{"basic_auth_users: *x", "1: this is no YAML: found undefined alias"},
};

START_TEST(test_wrong)
{
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct wc_web_config *config;
		char said[WC_ERROR_SIZE];
		int status = wc_web_config_parse(&config, "/f/web.yml", wrong[i].text,
						 strlen(wrong[i].text), &error);

		snprintf(said, sizeof(said), "web_config: /f/web.yml:%s", wrong[i].said);
		ck_assert_msg(status == WC_INVALID, "%s", wrong[i].text);
		ck_assert_str_eq(error.text, said);
		ck_assert_ptr_null(config);
	}
}
END_TEST

static char folder[] = "/tmp/web-config-XXXXXX";

static const char *put(const char *name, const char *text)
{
	static char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
	return path;
}

static struct wc_web_config *load(void)
{
	struct wc_web_config *config;
	char path[128];

	snprintf(path, sizeof(path), "%s/web.yml", folder);
	ck_assert_msg(!wc_web_config_read(&config, path, &error), "%s", error.text);
	return config;
}

/* Files are loaded, and make a difference. */
START_TEST(test_files)
{
	struct wc_web_config *first, *second;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	put("a", "certificate");
	put("b", "key");
	put("web.yml", TLS);
	first = load();
	ck_assert_str_eq(first->certificate.text, "certificate");
	ck_assert_str_eq(first->key.text, "key");
	second = load();
	ck_assert(wc_web_config_same(first, second));
	ck_assert(wc_web_config_same(NULL, NULL));
	ck_assert(!wc_web_config_same(first, NULL));
	wc_web_config_free(second);
	put("b", "another");
	second = load();
	ck_assert(!wc_web_config_same(first, second));
	wc_web_config_free(second);
	put("b", "key");
	put("web.yml", TLS "basic_auth_users: {a: " HASH "}");
	second = load();
	ck_assert(!wc_web_config_same(first, second));
	wc_web_config_free(first);
	wc_web_config_free(second);
}
END_TEST

static void fails(const char *path, const char *reason)
{
	struct wc_web_config *config;

	ck_assert_int_eq(wc_web_config_read(&config, path, &error), WC_FAILED);
	ck_assert_msg(strstr(error.text, reason), "%s", error.text);
	ck_assert_ptr_null(config);
}

START_TEST(test_files_that_are_not)
{
	char *large = calloc(1, WC_WEB_FILE_MAX + 2);

	ck_assert_ptr_nonnull(mkdtemp(folder));
	fails("/nowhere/web.yml", "/nowhere/web.yml: No such file or directory");
	fails(folder, "it is not a file");
	put("a", "");
	fails(put("web.yml", TLS), "/b: No such file or directory");
	memset(large, '#', WC_WEB_FILE_MAX + 1);
	fails(put("web.yml", large), "it is too large");
	free(large);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_whole, test_empty, test_wrong, test_files, test_files_that_are_not, NULL};

	return suite_run("web_config", tests, 60);
}
