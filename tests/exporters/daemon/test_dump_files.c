/* Dump files: whole, where they are to be, and never written to where somebody else points. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buffer.h"
#include "config.h"
#include "control_bed.h"
#include "dump.h"
#include "dump_json.h"
#include "encode.h"
#include "sample.h"
#include "suite.h"
#include "wirecensus/options.h"

static struct bed bed;
static struct wc_config config;
static struct wc_options options;
static struct wc_context context;
static struct wc_dump *dump;
static char folder[64], path[128];
static struct wc_buffer said;
static struct wc_error error;

static void begin(void)
{
	strcpy(folder, "/tmp/wirecensus-dump-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/census.example.wan.json", folder);
	bed_make(&bed);
	options = (struct wc_options){.filter = (char *)"not port 22"};
	bed.captures[0].options = &options;
	config = (struct wc_config){.daemon.dump_path = folder};
	bed.board.config = &config;
	context = sample_context;
	bed.board.context = &context;
	dump = wc_dump_new();
	ck_assert_ptr_nonnull(dump);
}

static void end(void)
{
	wc_dump_free(dump);
	wc_buffer_free(&said);
	ck_assert_msg(!rmdir(folder), "something is left in %s", folder);
}

static int write_files(void)
{
	int status;

	wc_buffer_clear(&said);
	*error.text = '\0';
	status = wc_dump_write(dump, &bed.board, &said, &error);
	wc_buffer_add(&said, "", 1);
	return status;
}

static char *read_file(const char *name)
{
	static char text[65536];
	FILE *file = fopen(name, "r");
	size_t length;

	ck_assert_msg(file, "%s: %s", name, strerror(errno));
	length = fread(text, 1, sizeof(text) - 1, file);
	text[length] = '\0';
	fclose(file);
	return text;
}

static void check_file(void)
{
	struct stat found;

	ck_assert_int_eq(lstat(path, &found), 0);
	ck_assert_uint_eq(found.st_mode, S_IFREG | 0640);
	ck_assert_uint_eq(found.st_nlink, 1);
	ck_assert_ptr_nonnull(strstr(read_file(path), "\"type\":\"dump\""));
}

/* The bytes are the encoder's; the second capture has nothing to tell yet. */
START_TEST(test_files)
{
	struct wc_dump_facts facts = {
		.snapshot = &bed.snapshot,
		.started_ns = INT64_C(1700000000250000000),
		.options = &options,
	};
	struct wc_buffer wanted = {0};
	char lines[512], stats[160];
	mode_t before;

	begin();
	before = umask(0777);
	config.daemon.dump_perl = true;
	snprintf(stats, sizeof(stats), "%s/census.example.wan.stats", folder);
	snprintf(lines, sizeof(lines), "%s\n%s\nmy lan: no interval has ended yet\n", path, stats);
	ck_assert_msg(!write_files(), "%s", error.text);
	umask(before);
	ck_assert_str_eq(said.data, lines);
	wc_dump_json_encode(&wanted, &sample_context, &facts);
	wc_buffer_add(&wanted, "", 1);
	ck_assert_str_eq(read_file(path), wanted.data);
	ck_assert_ptr_nonnull(strstr(read_file(stats), "\n# bpf:\t\tnot port 22\n"));
	check_file();
	wc_buffer_free(&wanted);
	unlink(stats);
	unlink(path);
	end();
}
END_TEST

/* The rates of the head are those of all intervals, and begin anew with a new run. */
START_TEST(test_hits)
{
	begin();
	bed.snapshot.length_ns = 300 * UINT64_C(1000000000);
	bed.captures[0].interface = "eth0";
	wc_dump_count(dump, &bed.snapshot);
	ck_assert_int_eq(write_files(), 0);
	/* 1,201,057 packets in five minutes */
	ck_assert_ptr_nonnull(strstr(read_file(path), "\"hits_per_minute\":240211.400,"
						      "\"bytes_per_second\":5000310.507,"));
	wc_dump_forget(dump);
	ck_assert_int_eq(write_files(), 0);
	ck_assert_ptr_nonnull(strstr(read_file(path), "\"hits_per_minute\":0.000,"));
	unlink(path);
	end();
}
END_TEST

/* What somebody put there is replaced, and what it led to is as it was. */
START_TEST(test_planted)
{
	static const char *const names[] = {"census.example.wan.json",
					    ".census.example.wan.json.new"};
	char target[128], name[160];

	begin();
	snprintf(target, sizeof(target), "%s/target", folder);
	for (size_t i = 0; i < 2; i++) {
		for (int kind = 0; kind < 3; kind++) {
			FILE *made = fopen(target, "w");

			ck_assert_ptr_nonnull(made);
			fputs("precious", made);
			fclose(made);
			snprintf(name, sizeof(name), "%s/%s", folder, names[i]);
			if (kind == 0)
				ck_assert_int_eq(symlink(target, name), 0);
			else if (kind == 1)
				ck_assert_int_eq(link(target, name), 0);
			else
				ck_assert_int_eq(mkfifo(name, 0600), 0);
			ck_assert_msg(!write_files(), "%s", error.text);
			ck_assert_str_eq(read_file(target), "precious");
			check_file();
			unlink(path);
			unlink(target);
		}
	}
	end();
}
END_TEST

/* A directory in the way, a disk that cannot be written: the old file stays, nothing is left. */
START_TEST(test_failures)
{
	char draft[160];

	begin();
	ck_assert_int_eq(mkdir(path, 0700), 0);
	ck_assert_int_eq(write_files(), WC_FAILED);
	ck_assert_ptr_nonnull(strstr(error.text, "census.example.wan.json': Is a directory"));
	ck_assert_int_eq(rmdir(path), 0);
	snprintf(draft, sizeof(draft), "%s/.census.example.wan.json.new", folder);
	ck_assert_int_eq(access(draft, F_OK), -1);

	config.daemon.dump_path = (char *)"/dev/null/x";
	ck_assert_int_eq(write_files(), WC_FAILED);
	ck_assert_str_eq(error.text, "cannot write dump files to '/dev/null/x': Not a directory");
	config.daemon.dump_path = NULL;
	ck_assert_int_eq(write_files(), WC_INVALID);
	end();
}
END_TEST

/* The directory is made if only that is missing. */
START_TEST(test_folder)
{
	char deeper[80], file[160];

	begin();
	snprintf(deeper, sizeof(deeper), "%s/dump", folder);
	snprintf(file, sizeof(file), "%s/census.example.wan.json", deeper);
	config.daemon.dump_path = deeper;
	ck_assert_int_eq(write_files(), 0);
	ck_assert_int_eq(unlink(file), 0);
	ck_assert_int_eq(rmdir(deeper), 0);
	end();
}
END_TEST

/* Names of captures and hosts of any bytes are names of files in the directory, and all differ. */
START_TEST(test_hostile)
{
	size_t count = 0;

	begin();
	context.host = "../a/b";
	for (; sample_hostile[count]; count++) {
		bed.captures[0].name = sample_hostile[count];
		ck_assert_msg(!write_files(), "%s", error.text);
		/* A path ends with its line. */
		snprintf(path, sizeof(path), "%s/%%2e.%%2fa%%2fb.", folder);
		ck_assert_msg(!strncmp(said.data, path, strlen(path)), "%s", said.data);
		*strchr(said.data, '\n') = '\0';
		ck_assert_int_eq(access(said.data, F_OK), 0);
		ck_assert_ptr_null(strchr(said.data + strlen(folder) + 1, '/'));
	}
	ck_assert_uint_ge(count, 30);
	for (size_t i = 0; i < count; i++) {
		bed.captures[0].name = sample_hostile[i];
		ck_assert_int_eq(write_files(), 0);
		*strchr(said.data, '\n') = '\0';
		ck_assert_int_eq(unlink(said.data), 0);
	}
	end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_files,  test_hits,    test_planted, test_failures,
				      test_folder, test_hostile, NULL};

	return suite_run("dump_files", tests, 60);
}
