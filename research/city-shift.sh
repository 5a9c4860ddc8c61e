#!/usr/bin/env bash
# The simulated domain shifts (research/studies/city-shift.yaml), and the pictures of them in
# docs/simulation.md.
#   research/city-shift.sh [--seeds "0 1 2"] [--out runs/city-shift]
# About 100 minutes on 2 cores. A run that was stopped goes on where it was.
set -euo pipefail
cd "$(dirname "$0")/.."

distillar=${DISTILLAR_PROGRAM:-build/release/bin/distillar}
seeds="0 1 2"
out=runs/city-shift
while [ $# -gt 0 ]; do
    case $1 in
        --seeds) seeds=$2; shift 2 ;;
        --out) out=$2; shift 2 ;;
        *) echo "city-shift.sh: unknown option $1; see the head of the script" >&2; exit 2 ;;
    esac
done

"$distillar" study research/studies/city-shift.yaml --out "$out" --seeds "$seeds"

draw() { # KIND OF LABELS, SETTING, SIDE: one frame of b32, for docs/simulation.md
    local pictures
    pictures=$(mktemp -d)
    "$distillar" evaluate --quiet --setting "$2" --side "$3" --frames 2:3 --pictures "$pictures" \
        --model "$out/runs/scratch/$1/seed-${seeds%% *}/model.safetensors" \
        --data "nuscenes:$out/data/b32-test/11" >"$out/last-evaluation.txt"
    mv "$pictures"/*.png "docs/pictures/simulation/shift-$1-on-b32.png"
    rmdir "$pictures"
}
draw a64 city-a64-to-b32 target
draw b32 city-b32-to-a64 source
