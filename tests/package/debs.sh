#!/usr/bin/env bash
# debs.sh BUILD OUT: both packages from a tree that is built already, into the folder OUT. Everything
# of debian/ is used but its rules, which would compile again.
set -euo pipefail
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$1 out=$2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/tree"
cp -r "$source"/debian "$source"/*.md "$work/tree/"
cd "$work/tree"
DESTDIR=$PWD/staged cmake --install "$build" --prefix /usr >"$out/log"
mv staged/usr/share/zsh/site-functions staged/usr/share/zsh/vendor-completions
cat >debian/rules <<'END'
#!/usr/bin/make -f
.RECIPEPREFIX = >
%:
> dh $@ --buildsystem=none
override_dh_install:
> dh_install --sourcedir=staged
override_dh_builddeb:
> dh_builddeb -- -Zgzip -z1
END
DEB_BUILD_OPTIONS=noautodbgsym debian/rules binary >>"$out/log" 2>&1 || {
	cat "$out/log"
	exit 1
}
cp "$work"/*.deb "$out/"
