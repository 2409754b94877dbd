#!/usr/bin/env bash
# prometheus.sh: promtool takes what is shipped for Prometheus, and its alerts fire when they should.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

if ! command -v promtool >/dev/null; then
	echo "promtool is not installed (package prometheus)"
	exit 77
fi
promtool check config --lint=all --lint-fatal ../../conf.d/prometheus/wirecensus.yml
promtool check rules --lint=all --lint-fatal ../../conf.d/prometheus/wirecensus-rules.yml
promtool test rules rules.yml

# Each alert is tested.
comm -3 <(sed -n 's/.*- alert: //p' ../../conf.d/prometheus/wirecensus-rules.yml | sort) \
	<(sed -n 's/.*alertname: \(\w*\).*/\1/p' rules.yml | sort -u) | tee /dev/stderr | (! grep -q .)
