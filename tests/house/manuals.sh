#!/usr/bin/env bash
# manuals.sh: manual pages are well-formed, and refer to pages that are there.
. "$(dirname "$0")/common.sh"
want mandoc

status=0
mapfile -t pages < <(find exporters plugin -name '*.[1-8]' | sort)
# Which other manuals are installed is not for this to say.
found=$(mandoc -T lint "${pages[@]}" 2>&1 | grep -vE 'not found|outdated' || true)
if [ -n "$found" ]; then
	echo "$found"
	status=1
fi

# References to pages of this tree lead somewhere.
while IFS=: read -r page name section; do
	find exporters plugin -name "$name.$section" | grep -q . && continue
	echo "$page refers to $name($section), which is not there"
	status=1
done < <(grep -oE '^\.Xr [a-z.-]*wirecensus[a-z.-]* [1-8]' "${pages[@]}" |
	sed -E 's/:\.Xr ([^ ]*) ([1-8])/:\1:\2/' | sort -u)
exit "$status"
