#!/usr/bin/env bash
# run.sh TARGET SEEDS: runs a libFuzzer target for WC_FUZZ_SECONDS (20), beginning with the files of
# SEEDS, a folder here or in the shared one. What it finds is kept in TARGET.corpus.
set -euo pipefail

target=$1
here=$(dirname "${BASH_SOURCE[0]}")
shared=${WC_SHARED:-$here/../../../shared}
corpus=$target.corpus
mkdir -p "$corpus"

folders=("$corpus")
for folder in "$here/$2" "$shared/$2"; do
	[ ! -d "$folder" ] || folders+=("$folder")
done
# A crash, a leak, undefined behaviour, or an input that takes over 30 s ends it with an exit code.
exec "$target" -max_total_time="${WC_FUZZ_SECONDS:-20}" -timeout=30 -rss_limit_mb=2048 \
	-max_len=65536 -print_final_stats=1 -artifact_prefix="$target." "${folders[@]}"
