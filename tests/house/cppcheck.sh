#!/usr/bin/env bash
# cppcheck.sh BUILD: cppcheck finds nothing in the program; tests are left to the compilers.
build=$(realpath "$1")
. "$(dirname "$0")/common.sh"

want cppcheck
# missingInclude: system headers are not read. normalCheckLevelMaxBranches: not a finding.
cppcheck --project="$build/compile_commands.json" --file-filter='*core/*' \
	--file-filter='*exporters/*' --file-filter='*plugin/*' -i "$PWD/tests" --quiet -j 2 --error-exitcode=1 --inline-suppr \
	--enable=warning,performance,portability --suppress=missingIncludeSystem
