#!/usr/bin/env bash
# exports.sh PLUGIN: what wirecensus.so shows of itself, and what it brings into the daemon.
set -euo pipefail

plugin=$1
status=0

exported=$(nm --dynamic --defined-only "$plugin" | awk '{ print $3 }')
if [ "$exported" != module_register ]; then
	echo "exported, where only module_register should be:" "$exported"
	status=1
fi

# The daemon refuses anything but a regular file.
if [ -L "$plugin" ] || [ "$(basename "$plugin")" != wirecensus.so ]; then
	echo "$plugin is not a regular file called wirecensus.so"
	status=1
fi

libraries=$(ldd "$plugin" | awk '{ print $1 }')
if ! grep -q '^libpcap' <<<"$libraries"; then
	echo "not even libpcap is linked: the libraries cannot be read"
	status=1
fi
if grep -E '^lib(fixbuf|sqlite|ssl|crypto|gnutls|microhttpd|confuse|cares|relp)' <<<"$libraries"; then
	echo "the plugin must not bring these into the daemon"
	status=1
fi

# Whatever else it needs, the daemon or a library of its own has.
missing=$(ldd "$plugin" | grep 'not found' || true)
if [ -n "$missing" ]; then
	echo "$missing"
	status=1
fi
exit "$status"
