# wirecensus.bash: completion for bash, with bash-completion
# shellcheck shell=bash
#
# What there is to choose is read from the program's own help, so that it is that of its version.

# _wirecensus_rows PROGRAM COMMAND: a row for each option: letter, name, argument, choices; - for none.
_wirecensus_rows() {
	"$1" "$2" --help 2>/dev/null | awk '
		function flush(   words) {
			if (!name)
				return
			sub(/ \[[^]]*\]$/, "", text)
			words = "-"
			if (argument != "-" && match(text, /: [a-z0-9-]+(, [a-z0-9-]+)+$/)) {
				words = substr(text, RSTART + 2)
				gsub(/, /, ",", words)
			}
			print letter, name, argument, words
			name = ""
		}
		/^  (-.,|   ) --/ || /^  -h, --help/ {
			flush()
			letter = $1 ~ /^-.,$/ ? substr($1, 1, 2) : "-"
			at = letter == "-" ? 1 : 2
			name = $at
			argument = $(at + 1) ~ /^[A-Z]/ && $0 ~ ("^ .*" name " [A-Z]") ? $(at + 1) : "-"
			text = $0
			next
		}
		substr($0, 1, 30) ~ /^ +$/ { sub(/^ +/, " "); text = text $0; next }
		{ flush() }
		END { flush() }'
}

# _wirecensus_value PROGRAM COMMAND OPTION: completes the value of an option; fails if it has none.
_wirecensus_value() {
	local letter name argument choices

	while read -r letter name argument choices; do
		[[ $3 == "$letter" || $3 == "$name" ]] || continue
		[[ $argument != - ]] || return 1
		case $argument in
		NAME)
			[[ $name == --interface ]] && _available_interfaces -a
			;;
		FILE | PATH) _filedir ;;
		*)
			[[ $choices == - ]] ||
				mapfile -t COMPREPLY < <(compgen -W "${choices//,/ }" -- "$cur")
			;;
		esac
		return 0
	done < <(_wirecensus_rows "$1" "$2")
	return 1
}

# _wirecensus_commands PROGRAM: the commands that begin with the current word.
_wirecensus_commands() {
	mapfile -t COMPREPLY < <(compgen -W "$("$1" help 2>/dev/null |
		awk '/^  [a-z]/ { print $1 }')" -- "$cur")
}

# _wirecensus_operand PROGRAM COMMAND: completes what is no option.
_wirecensus_operand() {
	local help

	help=$("$1" "$2" --help 2>/dev/null | tr '\n' ' ')
	case $help in
	*" [COMMAND]"*) _wirecensus_commands "$1" ;;
	*"WHAT is one of "*)
		help=${help#*WHAT is one of }
		help=${help%%.*}
		mapfile -t COMPREPLY < <(compgen -W "${help//,/ }" -- "$cur")
		;;
	*"[OPTION]... FILE..."* | *"[OPTION]... [FILE...]"*) _filedir ;;
	esac
}

_wirecensus() {
	local cur prev words cword split

	_init_completion -s || return
	if ((cword == 1)); then
		_wirecensus_commands "$1"
		return
	fi
	[[ $prev == -* ]] && _wirecensus_value "$1" "${words[1]}" "$prev" && return
	$split && return
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_wirecensus_rows "$1" "${words[1]}" |
			awk '{ print $2 }')" -- "$cur")
	else
		_wirecensus_operand "$1" "${words[1]}"
	fi
} && complete -F _wirecensus wirecensus
