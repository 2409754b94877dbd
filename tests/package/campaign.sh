#!/usr/bin/env bash
# campaign.sh SENDER: the packages as a distribution makes and takes them. Built twice from what is
# committed, as an ordinary user without network, once with all tests; looked at by lintian; installed on
# a bare system and tried there by autopkgtest, piuparts and installed.py. Takes bare systems from a mirror
# of Debian, some 300 MB, and a quarter of an hour.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source=$(cd "$here/../.." && pwd)
sender=$1

for program in mmdebstrap lintian piuparts autopkgtest dpkg-buildpackage git; do
	if ! command -v "$program" >/dev/null; then
		echo "$program is not installed"
		exit 77
	fi
done
if [ "$(id -u)" -ne 0 ]; then
	echo "this needs root, for mounts and network namespaces"
	exit 77
fi
work=$(mktemp -d /var/tmp/wc-campaign-XXXXXX)
trap 'rm -rf --one-file-system "$work"' EXIT

# bare FOLDER VARIANT PACKAGES: a system without anything else.
bare() {
	mmdebstrap --quiet --variant="$2" --include="$3" bookworm "$work/bare.tar" || {
		echo "no mirror of Debian can be reached"
		exit 77
	}
	mkdir "$1"
	tar -C "$1" --exclude='./dev/*' -xf "$work/bare.tar"
}

# failed_tests LOG: what the tests said that failed. Each line of the log has its test's number.
failed_tests() {
	sed -nE '/^The following tests FAILED:/,/^Errors/s/^[^0-9]*([0-9]+) - .*/\1/p' "$1" |
		while read -r number; do
			sed -n "s/^$number: /test &/p" "$1" | tail -200
		done
}

# built NAME UMASK OPTIONS: builds the packages in a folder of that name.
built() {
	local tree=$work/root/build/$1/wirecensus
	mkdir -p "$tree"
	git -C "$source" archive HEAD | tar -x -C "$tree"
	chown -R 1234:1234 "$work/root/build"
	unshare -m -n -p -f bash -c '
		set -e
		ip link set lo up
		mount -t proc proc "$1/proc"
		mount --rbind /dev "$1/dev"
		mount -t tmpfs -o mode=1777 tmpfs "$1/tmp"
		mount -t tmpfs tmpfs "$1/run"
		exec chroot --userspec=1234:1234 "$1" env -i HOME=/build PATH=/usr/bin:/bin LANG=C.UTF-8 \
			DEB_BUILD_OPTIONS="$4" sh -c "umask $3; cd /build/$2/wirecensus; exec dpkg-buildpackage -us -uc -b"
		' sh "$work/root" "$1" "$2" "$3" >"$work/$1.log" 2>&1 || {
		failed_tests "$work/$1.log"
		tail -50 "$work/$1.log"
		exit 1
	}
	echo "built: $1, with '$3': $(grep -oE '[0-9]+% tests passed.*' "$work/$1.log" || echo "no tests")"
}

build_packages() {
	local needed
	needed=$(sed -n '/^Build-Depends:/,/^Standards/p' "$source/debian/control" |
		sed -E '/^Standards/d; s/^Build-Depends://; s/<[^>]*>|\([^)]*\)|,| //g; s/^dh-sequence.*//; s/-compat//' |
		grep . | paste -sd,)
	bare "$work/root" buildd "$needed,fakeroot"
	mkdir "$work/root/build"
	built one 0022 "parallel=$(nproc)"
	built a-folder-of-another-name 0002 "nocheck parallel=1"
	local deb
	for deb in "$work"/root/build/one/*.deb; do
		cmp "$deb" "$work/root/build/a-folder-of-another-name/$(basename "$deb")"
		echo "the same bytes twice: $(basename "$deb")"
	done
	mkdir "$work/debs" "$work/later"
	cp "$work"/root/build/one/*_amd64.deb "$work/debs/"
	rm "$work"/debs/*-dbgsym_*
	lintian --allow-root --fail-on error,warning "$work"/root/build/one/*.changes
	echo "lintian: no errors, no warnings"
}

try_packages() {
	local needed deb
	needed=$(for deb in "$work"/debs/*.deb; do dpkg-deb -f "$deb" Depends; done |
		tr , '\n' | sed -E 's/\|.*//; s/\(.*//; s/ //g' | grep . | sort -u | paste -sd,)
	bare "$work/bare" minbase "$needed,iproute2,systemd"
	"$here/later.sh" "$work/debs" "$work/later"
	"$here/installed.py" "$work/debs" "$work/later" "$sender" "$work/bare"
	echo "installed on a bare system"
	cp /etc/resolv.conf "$work/bare/etc/"
	unshare -m bash -c '
		mount --rbind /dev "$1/bare/dev"
		mount -t proc proc "$1/bare/proc"
		mount -t sysfs sysfs "$1/bare/sys"
		exec autopkgtest --setup-commands "apt-get update" -B "$1"/debs/*.deb "$1/root/build/one/wirecensus/" -- chroot "$1/bare"
		' sh "$work" >"$work/autopkgtest.log" 2>&1 || [ $? -eq 2 ] || { # 2: some were skipped
		tail -50 "$work/autopkgtest.log"
		exit 1
	}
	grep -E '^(live|plugin|service) +(PASS|SKIP|FAIL)' "$work/autopkgtest.log" | sort -u
	gzip -1 "$work/bare.tar"
	piuparts --no-eatmydata --basetgz="$work/bare.tar.gz" -d bookworm "$work"/debs/*.deb \
		>"$work/piuparts.log" 2>&1 || {
		tail -50 "$work/piuparts.log"
		exit 1
	}
	echo "piuparts: clean"
}

build_packages
try_packages
