#!/usr/bin/env bash
# shell.sh: shellcheck finds nothing in the shell scripts.
. "$(dirname "$0")/common.sh"

want shellcheck
{
	find setup .ci/run -print0
	find "${tops[@]}" -name '*.sh' -print0
} | xargs -0 shellcheck --external-sources
