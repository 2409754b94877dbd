#!/usr/bin/env bash
# run.sh TARGET SEEDS: runs a libFuzzer target for WC_FUZZ_SECONDS (20), from the files in SEEDS and
# small ones of the shared captures. What it finds stays beside TARGET, in TARGET.corpus.
set -euo pipefail

target=$1
seeds=$2
shared=${WC_SHARED:-$(dirname "${BASH_SOURCE[0]}")/../../../shared}
found=$target.corpus
mkdir -p "$found"

folders=("$found")
for folder in "$seeds" "$shared/captures/exact"; do
	[ ! -d "$folder" ] || folders+=("$folder")
done
# A leak, a crash, bad behaviour or an input that takes over 5 s ends it with an exit code.
exec "$target" -max_total_time="${WC_FUZZ_SECONDS:-20}" -timeout=5 -rss_limit_mb=2048 \
	-max_len=65536 -print_final_stats=1 -verbosity=1 -artifact_prefix="$target." "${folders[@]}"
