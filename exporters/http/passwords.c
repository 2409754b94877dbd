#include "passwords.h"

#include <crypt.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "web_config.h"

#define SECOND_NS UINT64_C(1000000000)

/* SHA-256, for as few rounds as there can be: half a millisecond. */
#define QUICK_PREFIX "$5$"
#define QUICK_ROUNDS 1000

/* The hash of no password at all, for users who do not exist. */
static const char nobody[] = "$2y$10$CwTycUXWue0Thq9StjUM0uJ8bH0Fg1Bz2wLJr5o1dT0fVfM7bVZ6W";

struct wc_passwords {
	const struct wc_web_pairs *users;
	pthread_mutex_t lock;
	char (*quick)[CRYPT_OUTPUT_SIZE]; /* of each user's right password; "" until it is known */
	uint64_t refilled_ns;
	unsigned tries; /* left */
};

struct wc_passwords *wc_passwords_new(const struct wc_web_pairs *users)
{
	struct wc_passwords *passwords = calloc(1, sizeof(*passwords));

	if (!passwords)
		return NULL;
	passwords->quick = calloc(users->count + 1, sizeof(*passwords->quick));
	if (!passwords->quick) {
		free(passwords);
		return NULL;
	}
	passwords->users = users;
	passwords->tries = WC_PASSWORDS_PER_SECOND;
	pthread_mutex_init(&passwords->lock, NULL);
	return passwords;
}

void wc_passwords_free(struct wc_passwords *passwords)
{
	if (!passwords)
		return;
	explicit_bzero(passwords->quick, (passwords->users->count + 1) * sizeof(*passwords->quick));
	free(passwords->quick);
	pthread_mutex_destroy(&passwords->lock);
	free(passwords);
}

/* Compares without telling by its time how far they are the same. */
static bool same(const char *a, const char *b)
{
	size_t length = strlen(a);
	unsigned differ = 0;

	if (length != strlen(b))
		return false;
	for (size_t i = 0; i < length; i++)
		differ |= (unsigned char)a[i] ^ (unsigned char)b[i];
	return !differ;
}

/* Hashes @password as @setting says. Returns false when that cannot be. */
static bool hash(char result[static CRYPT_OUTPUT_SIZE], const char *password, const char *setting)
{
	struct crypt_data *work = calloc(1, sizeof(*work));
	const char *made = work ? crypt_r(password, setting, work) : NULL;
	bool good = made && *made != '*';

	if (good)
		strcpy(result, made);
	if (work)
		explicit_bzero(work, sizeof(*work));
	free(work);
	return good;
}

static bool matches(const char *password, const char *wanted)
{
	char made[CRYPT_OUTPUT_SIZE];

	return hash(made, password, wanted) && same(made, wanted);
}

static size_t find(const struct wc_passwords *passwords, const char *user)
{
	size_t i = 0;

	while (i < passwords->users->count && strcmp(passwords->users->items[i].name, user) != 0)
		i++;
	return i;
}

/* Remembers a password that was right, if the system has random bytes for it. */
static void remember(struct wc_passwords *passwords, size_t user, const char *password)
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE], made[CRYPT_OUTPUT_SIZE];

	if (!crypt_gensalt_rn(QUICK_PREFIX, QUICK_ROUNDS, NULL, 0, setting, sizeof(setting)) ||
	    !hash(made, password, setting))
		return;
	pthread_mutex_lock(&passwords->lock);
	strcpy(passwords->quick[user], made);
	pthread_mutex_unlock(&passwords->lock);
}

static bool is_remembered(struct wc_passwords *passwords, size_t user, const char *password)
{
	char quick[CRYPT_OUTPUT_SIZE];

	pthread_mutex_lock(&passwords->lock);
	strcpy(quick, passwords->quick[user]);
	pthread_mutex_unlock(&passwords->lock);
	return *quick && matches(password, quick);
}

/* Takes one of the tries, of which some come back each second. */
static bool may_try(struct wc_passwords *passwords, uint64_t now_ns)
{
	uint64_t step = SECOND_NS / WC_PASSWORDS_PER_SECOND, steps;
	bool may;

	pthread_mutex_lock(&passwords->lock);
	steps = now_ns > passwords->refilled_ns ? (now_ns - passwords->refilled_ns) / step : 0;
	passwords->refilled_ns += steps * step;
	if (steps > WC_PASSWORDS_PER_SECOND - passwords->tries)
		passwords->tries = WC_PASSWORDS_PER_SECOND;
	else
		passwords->tries += (unsigned)steps;
	may = passwords->tries;
	passwords->tries -= may;
	pthread_mutex_unlock(&passwords->lock);
	return may;
}

enum wc_password_verdict wc_passwords_judge(struct wc_passwords *passwords, const char *user,
					    const char *password, uint64_t now_ns)
{
	size_t number = find(passwords, user);
	bool exists = number < passwords->users->count;

	if (exists && is_remembered(passwords, number, password))
		return WC_PASSWORD_RIGHT;
	if (!may_try(passwords, now_ns))
		return WC_PASSWORD_LATER;
	if (!matches(password, exists ? passwords->users->items[number].value : nobody) || !exists)
		return WC_PASSWORD_WRONG;
	remember(passwords, number, password);
	return WC_PASSWORD_RIGHT;
}
