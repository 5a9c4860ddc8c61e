#!/usr/bin/env bash
# The real run: distil image features into a lidar backbone on real excerpts, train heads on the
# labels of one sensor, test on others. One recipe for all directions (configs/real-excerpts).
#   research/real-excerpts.sh [--seeds "0 1 2"] [--out runs/real-excerpts] [--demo]
# --demo: one seed, one direction, five minutes. A run that was stopped goes on where it was.
set -euo pipefail
cd "$(dirname "$0")/.."
. research/real-excerpts-common.sh

study=real-excerpts
options=()
out=
while [ $# -gt 0 ]; do
    case $1 in
        --seeds) options+=(--seeds "$2"); shift 2 ;;
        --out) out=$2; shift 2 ;;
        --demo) study=real-excerpts-demo; shift ;;
        *) unknown_option "$1" ;;
    esac
done
exec "$distillar" study research/studies/$study.yaml --out "${out:-runs/$study}" "${options[@]}"
