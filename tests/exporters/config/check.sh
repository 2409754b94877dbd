#!/usr/bin/env bash
# check.sh PROGRAM SAMPLE: `daemon -t` says what is wrong and how, prints what can be read again, and
# leaves nothing behind.
set -euo pipefail
program=$(realpath "$1")
sample=$(realpath "$2")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

# expect CODE FILE ARGUMENT...: runs it, and keeps both outputs in FILE.
expect() {
	local code=$1 file=$2 got=0
	shift 2
	"$program" daemon "$@" >"$file" 2>&1 || got=$?
	if [ "$got" -ne "$code" ]; then
		echo "daemon $*: exit code $got in place of $code:"
		cat "$file"
		exit 1
	fi
}

# want FILE LINE: the line is in it, as a whole.
want() {
	grep -qxF -- "$2" "$1" || {
		echo "no line '$2' in:"
		cat "$1"
		exit 1
	}
}

expect 0 said -t -c "$sample"

cat >right.conf <<-END
	state = "$folder/state"
	control = "$folder/control.sock"
	capture a { interface = "not-there" filter = "port 1" }
	json b { address = "file://$folder/rows" }
	json c { address = "unix://$folder/socket" }
END
expect 0 once -t --print -c right.conf
expect 0 twice -t --print -c once
cmp once twice
want once "	path = \"$folder/state/census.db\""

printf 'intervall = 3\n\ncapture a { filter = "prot 1" }\n' >wrong.conf
expect 2 said -t -c wrong.conf
want said "wrong.conf:1: there is no option 'intervall' outside of sections; did you mean interval?"
grep -q "^wrong.conf:3: the filter 'prot 1' does not compile: " said
printf 'interval = 1\0' >nul.conf
for check in -t ""; do
	expect 2 said ${check:+"$check"} -c missing.conf
	expect 2 said ${check:+"$check"} -c "$folder"
	expect 2 said ${check:+"$check"} -c nul.conf
done
rm nul.conf

# What is named is tried with everything else, by -t and by a start.
cat >tried.conf <<-END
	interval = x
	http {
		listen = "127.0.0.1:8888"
		web_config = "/nonexistent"
	}
	json a { address = "tls://h:1" ca = "/nonexistent" }
	json b { address = "tls://h:1" ca = "/nonexistent" }
END
for check in -t ""; do
	expect 2 said ${check:+"$check"} -c tried.conf
	for line in 1 4 6 7; do
		grep -q "^tried.conf:$line: " said || {
			echo "nothing is said of line $line by 'daemon $check':"
			cat said
			exit 1
		}
	done
done

# Nothing was made but what this script wrote itself.
ls -A >left
printf '%s\n' left once right.conf said tried.conf twice wrong.conf | diff - left
