#!/usr/bin/env bash
# format.sh [--fix]: every C file is laid out as .clang-format says.
. "$(dirname "$0")/common.sh"

want clang-format
if [ "${1:-}" = --fix ]; then
	c_files | xargs -0 -r clang-format -i
else
	c_files | xargs -0 -r clang-format --dry-run -Werror
fi
