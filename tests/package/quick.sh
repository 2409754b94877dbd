#!/usr/bin/env bash
# quick.sh BUILD SENDER: packages of what is built, installed on this machine, used, and purged again. All of
# it in a mount namespace whose changes are thrown away.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

if ! command -v dh >/dev/null; then
	echo "debhelper is not installed"
	exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/first" "$folder/later"
./debs.sh "$1" "$folder/first"
./later.sh "$folder/first" "$folder/later"
./installed.py "$folder/first" "$folder/later" "$2"
