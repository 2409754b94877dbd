#!/usr/bin/env bash
# silent_core.sh LIBRARY...: the core prints nothing and ends no process.
. "$(dirname "$0")/common.sh"

want readelf
forbidden='(__)?(v?f?printf|v?dprintf|v?(err|warn)x?|v?syslog)(_chk)?|puts|fputs|putc|fputc|putchar'
forbidden+='|fwrite|perror|psignal|stdout|stderr|_?_?exit|_Exit|quick_exit|abort|__assert_fail'

# readelf, because nm would ask the link-time optimiser's own table, which lacks what it inlines.
found=$(readelf --wide --symbols "$@" 2>/dev/null | awk '
	/^File:/ { file = $2 }
	$7 == "UND" && $8 != "" { sub(/@.*/, "", $8); print file, $8 }' | sort -u)
if [ -z "$found" ]; then
	echo "no undefined symbols at all in $*: is this the right place to look?"
	exit 1
fi
# The controls: a library that uses the C library at all is seen to.
if ! grep -qE ' (malloc|calloc)$' <<<"$found"; then
	echo "not even malloc is used: the symbols cannot be read"
	exit 1
fi
if grep -E " ($forbidden)\$" <<<"$found"; then
	echo "the core must neither print nor exit: report through struct wc_error"
	exit 1
fi
