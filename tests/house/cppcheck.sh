#!/usr/bin/env bash
# cppcheck.sh BUILD: cppcheck finds nothing in the program; tests are left to the compilers.
build=$(realpath "$1")
. "$(dirname "$0")/common.sh"

want cppcheck
# missingInclude: system headers are not read. normalCheckLevelMaxBranches: not a finding.
# LIBBPF_OPTS: a variable, made by a macro of libbpf's headers.
cppcheck --project="$build/compile_commands.json" --file-filter='*core/*' \
	--file-filter='*exporters/*' --file-filter='*plugin/*' -i "$PWD/tests" --quiet -j 2 \
	--error-exitcode=1 --inline-suppr '-DLIBBPF_OPTS(type,name,...)=struct type name = {0}' \
	--enable=warning,performance,portability --suppress=missingIncludeSystem
