#include "control_bed.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "buffer.h"
#include "sample.h"

#define TURNS_MAX 100000

struct wc_exporter_status bed_exporter;
struct wc_journal_state bed_journal;

/* In place of those that deliver and those that write. */
void wc_exporter_status(struct wc_exporter *exporter, struct wc_exporter_status *status)
{
	(void)exporter;
	*status = bed_exporter;
}

void wc_journal_state(const struct wc_journal *journal, struct wc_journal_state *state)
{
	(void)journal;
	*state = bed_journal;
}

static int answer(const struct bed_actions *done, struct wc_buffer *said, struct wc_error *error)
{
	if (done->said)
		wc_buffer_text(said, done->said);
	if (done->sentence)
		wc_error_set(error, WC_FAILED, "%s", done->sentence);
	return done->status;
}

static int reload(void *arg, struct wc_buffer *said, struct wc_error *error)
{
	struct bed_actions *done = arg;

	done->reloads++;
	return answer(done, said, error);
}

static int dump(void *arg, bool reset, struct wc_buffer *said, struct wc_error *error)
{
	struct bed_actions *done = arg;

	done->dumps++;
	done->resets += reset;
	return answer(done, said, error);
}

void bed_make(struct bed *bed)
{
	static struct wc_exporter *const exporters[] = {NULL, NULL};
	static const char *const names[] = {"json/fluentd", "syslog/\033[31m"};
	static char description[] = "engine pcap, as asked for\nfilter none\n";
	static int nothing;

	memset(bed, 0, sizeof(*bed));
	bed_exporter = (struct wc_exporter_status){.last_ns = WC_TIME_UNKNOWN};
	bed_journal = (struct wc_journal_state){0};
	bed->snapshot = sample_busy();
	bed->captures[0] = (struct wc_board_capture){
		.name = "wan",
		.interface = "eth0",
		.last = &bed->snapshot,
		.description = description,
		.present = true,
	};
	bed->captures[1] =
		(struct wc_board_capture){.name = "my lan", .interface = "eth1", .present = true};
	bed->board = (struct wc_board){
		.config_path = "/etc/wirecensus/wirecensus.conf",
		.context = &sample_context,
		.started_ns = INT64_C(1700000000250000000),
		.captures = bed->captures,
		.capture_count = 2,
		.exporters = exporters,
		.exporter_names = names,
		.exporter_count = 2,
		.journal = (struct wc_journal *)(void *)&nothing,
	};
	bed->actions = (struct wc_control_actions){&bed->done, reload, dump};
	bed->now_ns = UINT64_C(1000000000);
}

void bed_open(struct bed *bed, const char *group)
{
	struct wc_error error;

	bed_make(bed);
	strcpy(bed->folder, "/tmp/wirecensus-control-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(bed->folder));
	snprintf(bed->path, sizeof(bed->path), "%s/control.sock", bed->folder);
	ck_assert_msg(!wc_control_open(&bed->control, bed->path, group, &bed->board, &bed->actions,
				       &error),
		      "%s", error.text);
}

void bed_close(struct bed *bed)
{
	wc_control_close(bed->control);
	ck_assert_int_eq(access(bed->path, F_OK), -1);
	ck_assert_int_eq(rmdir(bed->folder), 0);
}

int bed_connect(const struct bed *bed)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	strcpy(address.sun_path, bed->path);
	ck_assert_int_ge(fd, 0);
	ck_assert_msg(!connect(fd, (struct sockaddr *)&address, sizeof(address)), "%s",
		      strerror(errno));
	return fd;
}

void bed_send(int fd, const char *bytes, size_t length)
{
	ck_assert_int_eq(send(fd, bytes, length, MSG_NOSIGNAL), (ssize_t)length);
}

void bed_turn(struct bed *bed, int turns)
{
	while (turns--)
		wc_control_work(bed->control, bed->now_ns);
}

const char *bed_receive(struct bed *bed, int fd, size_t wanted, size_t *length)
{
	static struct wc_buffer got;
	char piece[65536];

	wc_buffer_clear(&got);
	for (int turn = 0; turn < TURNS_MAX && (!wanted || got.length < wanted); turn++) {
		size_t room = wanted && wanted - got.length < sizeof(piece) ? wanted - got.length
									    : sizeof(piece);
		ssize_t count;

		bed_turn(bed, 1);
		count = recv(fd, piece, room, 0);
		if (count > 0)
			wc_buffer_add(&got, piece, (size_t)count);
		else if (!count || errno == ECONNRESET)
			break;
	}
	wc_buffer_add(&got, "", 1);
	*length = --got.length;
	return got.data;
}

const char *bed_ask(struct bed *bed, const char *line)
{
	int fd = bed_connect(bed);
	const char *answer_text;
	size_t length;

	bed_send(fd, line, strlen(line));
	bed_send(fd, "\n", 1);
	shutdown(fd, SHUT_WR);
	answer_text = bed_receive(bed, fd, 0, &length);
	close(fd);
	return answer_text;
}

void bed_expect(struct bed *bed, const char *line, const char *wanted)
{
	const char *got = bed_ask(bed, line);

	ck_assert_msg(!strcmp(got, wanted), "%s was answered by:\n%s", line, got);
}
