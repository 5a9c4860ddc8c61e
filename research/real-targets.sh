#!/usr/bin/env bash
# One distilled backbone on real targets: the simulator's labels, real excerpts, a log of one's own
# (research/studies/real-targets.yaml).
#   DISTILLAR_DATA=... research/real-targets.sh [OPTIONS OF distillar study]
# A run that was stopped goes on where it was.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${DISTILLAR_DATA:?is not set; export the folder of the real excerpts}"
bin=build/release/bin
if [ ! -x $bin/distillar ] || [ ! -x $bin/distillar-as-log ]; then
    echo "$bin/distillar is not there; make build" >&2
    exit 2
fi
if [ ! -e runs/own-log/log.yaml ]; then
    rm -rf runs/own-log
    $bin/distillar-as-log "$DISTILLAR_DATA/pandaset" --format pandaset --sequences 002 --sensor pandar64 --out runs/own-log
fi
exec $bin/distillar study research/studies/real-targets.yaml --out runs/real-targets "$@"
