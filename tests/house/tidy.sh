#!/usr/bin/env bash
# tidy.sh BUILD: clang-tidy, with the checks of .clang-tidy, finds nothing in the program.
build=$(realpath "$1")
. "$(dirname "$0")/common.sh"

want clang-tidy

# tidy WHERE...: what find is told. *.bpf.c is for another machine, and no part of the database.
tidy() {
	find "$@" -name '*.c' ! -name '*.bpf.c' -print0 | sort -z |
		xargs -0 -n 4 -P 2 clang-tidy --quiet -p "$build" "${more[@]}" 2>/dev/null
}

more=()
tidy core exporters plugin -path core/capture/kernel -prune -o
# It takes what libbpf's headers free for a leak.
more=(--checks=-clang-analyzer-unix.Malloc)
tidy core/capture/kernel
