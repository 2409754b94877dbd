/* Which password is right, and how many may be tried. */
#include <string.h>

#include "passwords.h"
#include "suite.h"
#include "web_config.h"

#define SECOND UINT64_C(1000000000)

/* Of "secret" and of "p:w\"\u00fc", as htpasswd -nBC writes them. */
static struct wc_web_pair users[] = {
	{(char *)"alice", (char *)"$2y$04$RJEZJf/A7vSPiorMVQoBc.8idOSqXC5P3CXQM8wCzKW/a5hueQm1i"},
	{(char *)"bob", (char *)"$2y$05$vCF3BhWSdk8TGjKAlboJ3eXjvI5o8pWqQCbj.Ndg0Gf4ju/MiXgOm"},
};
static const struct wc_web_pairs pairs = {users, 2};
static struct wc_passwords *passwords;

static enum wc_password_verdict judge(const char *user, const char *password, uint64_t now)
{
	return wc_passwords_judge(passwords, user, password, now);
}

START_TEST(test_verdicts)
{
	passwords = wc_passwords_new(&pairs);
	ck_assert_int_eq(judge("alice", "secret", SECOND), WC_PASSWORD_RIGHT);
	ck_assert_int_eq(judge("bob", "p:w\"\u00fc", SECOND), WC_PASSWORD_RIGHT);
	ck_assert_int_eq(judge("alice", "Secret", SECOND), WC_PASSWORD_WRONG);
	ck_assert_int_eq(judge("nobody", "secret", SECOND), WC_PASSWORD_WRONG);
	ck_assert_int_eq(judge("", "", SECOND), WC_PASSWORD_WRONG);
	wc_passwords_free(passwords);
	wc_passwords_free(NULL);
}
END_TEST

/* A right one is known again without a try; a wrong one never is. */
START_TEST(test_tries)
{
	passwords = wc_passwords_new(&pairs);
	ck_assert_int_eq(judge("alice", "secret", SECOND), WC_PASSWORD_RIGHT);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(judge("alice", "wrong", SECOND), WC_PASSWORD_WRONG);
	ck_assert_int_eq(judge("alice", "wrong", SECOND), WC_PASSWORD_LATER);
	ck_assert_int_eq(judge("bob", "p:w\"\u00fc", SECOND), WC_PASSWORD_LATER);
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(judge("alice", "secret", SECOND), WC_PASSWORD_RIGHT);

	/* One comes back after a fifth of a second, and never more than five. */
	ck_assert_int_eq(judge("bob", "p:w\"\u00fc", SECOND * 6 / 5), WC_PASSWORD_RIGHT);
	ck_assert_int_eq(judge("alice", "wrong", SECOND * 6 / 5), WC_PASSWORD_LATER);
	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(judge("alice", "wrong", 100 * SECOND), WC_PASSWORD_WRONG);
	ck_assert_int_eq(judge("alice", "wrong", 100 * SECOND), WC_PASSWORD_LATER);
	ck_assert_int_eq(judge("alice", "wrong", 99 * SECOND), WC_PASSWORD_LATER);
	wc_passwords_free(passwords);
}
END_TEST

/* A long password is right or wrong as its first 72 bytes are: that is bcrypt. */
START_TEST(test_lengths)
{
	char password[2000];

	passwords = wc_passwords_new(&pairs);
	memset(password, 'x', sizeof(password));
	for (size_t length = 100; length < sizeof(password); length += 600) {
		password[length] = '\0';
		ck_assert_int_eq(judge("alice", password, length * SECOND), WC_PASSWORD_WRONG);
		password[length] = 'x';
	}
	wc_passwords_free(passwords);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_verdicts, test_tries, test_lengths, NULL};

	return suite_run("passwords", tests, 60);
}
