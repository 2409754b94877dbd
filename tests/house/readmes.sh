#!/usr/bin/env bash
# readmes.sh: every folder that is built has a short README.md, and what a README names is there.
. "$(dirname "$0")/common.sh"

status=0
complain() {
	echo "$1"
	status=1
}

while IFS= read -r lists; do
	readme=$(dirname "$lists")/README.md
	if [ ! -f "$readme" ]; then
		complain "$readme is missing"
	elif [ "$(wc -l <"$readme")" -gt 30 ]; then
		complain "$readme is longer than a newcomer reads: 30 lines"
	fi
done < <(find "${tops[@]}" -name CMakeLists.txt | grep -vE '^tests/(core|exporters|plugin)')

# Links, and names of files in back-quotes, seen from the README's own folder or from the root.
while IFS= read -r readme; do
	folder=$(dirname "$readme")
	while IFS= read -r name; do
		[ -e "$folder/$name" ] || [ -e "$name" ] || complain "$readme names $name, which is not there"
	done < <(grep -oE '`[A-Za-z0-9_./-]+(\.[ch]|\.py|\.sh|\.md|/)`|\]\([^):]+\)' "$readme" |
		sed -E 's/^(`|\]\()//; s/(`|\))$//; s/#.*//' | grep -vE '^(build.*|\.\./shared.*|/.*|)$')
done < <(find README.md "${tops[@]}" -name '*.md')
exit "$status"
