#!/usr/bin/env bash
# manual.sh: the manual of the configuration is well-formed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

if ! command -v mandoc >/dev/null; then
	echo "mandoc is not installed"
	exit 77
fi
# Which other manuals are installed is not for this one to say.
found=$(mandoc -T lint exporters/wirecensus.conf.5 2>&1 | grep -vE 'not found|outdated' || true)
if [ -n "$found" ]; then
	echo "$found"
	exit 1
fi
