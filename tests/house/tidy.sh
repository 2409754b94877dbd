#!/usr/bin/env bash
# tidy.sh BUILD: clang-tidy, with the checks of .clang-tidy, finds nothing in the program.
build=$(realpath "$1")
. "$(dirname "$0")/common.sh"

want clang-tidy
find core exporters plugin -name '*.c' -print0 | sort -z |
	xargs -0 -n 4 -P 2 clang-tidy --quiet -p "$build" 2>/dev/null
