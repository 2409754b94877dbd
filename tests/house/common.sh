# shellcheck shell=bash
# Sourced by the checks beside it. Leaves the shell in the root of the source tree.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
tops=(core exporters plugin tests) # folders with sources

# want COMMAND: skips the test when the machine does not have it.
want() {
	command -v "$1" >/dev/null && return
	echo "$1 is not installed"
	exit 77
}

# c_files: all C files of the tree, without what was built. NUL-terminated.
c_files() {
	find "${tops[@]}" -name '*.[ch]' -print0 | sort -z
}
