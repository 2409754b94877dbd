#include "namespace.h"

#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static bool write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	bool good = file && fputs(text, file) >= 0;

	if (file && fclose(file))
		good = false;
	return good;
}

bool namespace_run(const char *format, ...)
{
	char command[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(command, sizeof(command), format, arguments);
	va_end(arguments);
	return system(command) == 0;
}

bool namespace_enter(void)
{
	char map[32];

	snprintf(map, sizeof(map), "0 %u 1", (unsigned)getuid());
	if (geteuid() == 0) {
		if (unshare(CLONE_NEWNET))
			return false;
	} else if (unshare(CLONE_NEWUSER | CLONE_NEWNET) ||
		   !write_file("/proc/self/uid_map", map)) {
		return false;
	}
	return namespace_run("ip link set lo up 2>/dev/null");
}

bool namespace_possible(void)
{
	pid_t child = fork();
	int status = 1;

	if (child == 0)
		_exit(namespace_enter() ? 0 : 1);
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}
