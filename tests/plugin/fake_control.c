#include "fake_control.h"

#include <check.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "wirecensus/pack.h"

static struct fake {
	struct sockaddr_un address;
	int listener;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;

	/* Under lock. */
	enum fake_manner manner;
	bool stopping;
	uint8_t *bytes;
	size_t size;
	unsigned asked;
} fake = {.listener = -1, .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void say(int client, const void *bytes, size_t size)
{
	const char *at = bytes;

	while (size) {
		ssize_t sent = send(client, at, size, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		at += sent;
		size -= (size_t)sent;
	}
}

static void promise(int client, size_t size)
{
	char line[64];

	snprintf(line, sizeof(line), "OK %zu\n", size);
	say(client, line, strlen(line));
}

/* With the lock held. */
static void answer(int client)
{
	static const char refusal[] = "ERROR 1 there is no capture of this name, but 2 others\n";
	char nonsense[4000];

	memset(nonsense, 'x', sizeof(nonsense));
	switch (fake.manner) {
	case FAKE_ANSWERS:
		promise(client, fake.size);
		say(client, fake.bytes, fake.size);
		break;
	case FAKE_REFUSES:
		say(client, refusal, sizeof(refusal) - 1);
		break;
	case FAKE_CUTS:
		promise(client, fake.size);
		say(client, fake.bytes, fake.size / 2);
		break;
	case FAKE_LIES:
		promise(client, sizeof(nonsense));
		say(client, nonsense, sizeof(nonsense));
		break;
	case FAKE_BOASTS:
		promise(client, (size_t)1 << 40);
		break;
	default:
		say(client, nonsense, sizeof(nonsense));
		break;
	}
}

static void serve(int client)
{
	char line[64] = "";
	ssize_t got = recv(client, line, sizeof(line) - 1, 0);

	pthread_mutex_lock(&fake.lock);
	if (got > 0) {
		ck_assert_str_eq(line, "snapshot wan%20eth0\n");
		fake.asked++;
	}
	pthread_cond_broadcast(&fake.changed);
	while (fake.manner == FAKE_HANGS && !fake.stopping)
		pthread_cond_wait(&fake.changed, &fake.lock);
	if (fake.manner != FAKE_HANGS)
		answer(client);
	pthread_mutex_unlock(&fake.lock);
}

static void *thread_main(void *user)
{
	int client;

	(void)user;
	while ((client = accept(fake.listener, NULL, NULL)) >= 0) {
		serve(client);
		close(client);
	}
	return NULL;
}

void fake_control_start(const char *path)
{
	fake.address.sun_family = AF_UNIX;
	snprintf(fake.address.sun_path, sizeof(fake.address.sun_path), "%s", path);
	unlink(path);
	fake.listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(
		bind(fake.listener, (struct sockaddr *)&fake.address, sizeof(fake.address)), 0);
	ck_assert_int_eq(listen(fake.listener, 8), 0);
	fake.stopping = false;
	ck_assert_int_eq(pthread_create(&fake.thread, NULL, thread_main, NULL), 0);
}

/* Whoever has come is still answered; whoever comes later finds nothing. */
void fake_control_stop(void)
{
	unlink(fake.address.sun_path);
	pthread_mutex_lock(&fake.lock);
	fake.stopping = true;
	pthread_cond_broadcast(&fake.changed);
	pthread_mutex_unlock(&fake.lock);
	shutdown(fake.listener, SHUT_RDWR);
	pthread_join(fake.thread, NULL);
	close(fake.listener);
	free(fake.bytes);
	fake.bytes = NULL;
}

void fake_control_behave(enum fake_manner manner)
{
	pthread_mutex_lock(&fake.lock);
	fake.manner = manner;
	pthread_cond_broadcast(&fake.changed);
	pthread_mutex_unlock(&fake.lock);
}

void fake_control_serve(const struct wc_snapshot *snapshot, const char *instance)
{
	const struct wc_pack_origin origin = {instance, "host"};

	pthread_mutex_lock(&fake.lock);
	free(fake.bytes);
	ck_assert_int_eq(wc_pack(snapshot, &origin, &fake.bytes, &fake.size, NULL), 0);
	pthread_mutex_unlock(&fake.lock);
}

unsigned fake_control_asked(void)
{
	unsigned asked;

	pthread_mutex_lock(&fake.lock);
	asked = fake.asked;
	pthread_mutex_unlock(&fake.lock);
	return asked;
}
