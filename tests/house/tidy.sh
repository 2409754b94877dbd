#!/usr/bin/env bash
# tidy.sh BUILD [quick]: clang-tidy, with the checks of .clang-tidy, finds nothing in the program.
# quick: without the analysis of paths, which takes nearly all of the time.
build=$(realpath "$1")
quick=${2:-}
. "$(dirname "$0")/common.sh"

want clang-tidy

# tidy WHERE...: what find is told. *.bpf.c is for another machine, and no part of the database.
tidy() {
	find "$@" -name '*.c' ! -name '*.bpf.c' -print0 | sort -z |
		xargs -0 -n 4 -P 2 clang-tidy --quiet -p "$build" --checks="$checks" 2>/dev/null
}

checks=${quick:+-clang-analyzer-*}
tidy core exporters plugin -path core/capture/kernel -prune -o
# It takes what libbpf's headers free for a leak.
checks=${checks:--clang-analyzer-unix.Malloc}
tidy core/capture/kernel
