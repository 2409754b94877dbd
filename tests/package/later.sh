#!/usr/bin/env bash
# later.sh DEBS OUT: the packages of the folder DEBS as a later version whose configurations have a line more.
set -euo pipefail
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

for deb in "$1"/*.deb; do
	rm -rf "$tree"
	dpkg-deb -R "$deb" "$tree"
	sed -i 's/^Version: .*/&+later/' "$tree/DEBIAN/control"
	while read -r name; do
		echo "# changed" >>"$tree$name"
	done <"$tree/DEBIAN/conffiles"
	dpkg-deb --root-owner-group -Zgzip -z1 -b "$tree" "$2" >/dev/null
done
