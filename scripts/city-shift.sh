#!/usr/bin/env bash
# The simulated domain shifts: one network from scratch on each of four kinds of data (city a or b,
# HDL-64E or HDL-32E), tested on drives that none of them saw. Settings city-a64-to-b64,
# city-a64-to-a32, city-a64-to-b32 and city-b32-to-a64 are its rows and columns.
#   scripts/city-shift.sh [--seeds "0 1 2"] [--out runs/city-shift]
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

# Drives 1-4 train, drive 11 tests: other streets, in the same city's style.
train_drives="1 2 3 4" train_frames=30
test_drive=11 test_frames=40
kinds="a64 b64 a32 b32"

format_of() { # KIND
    case $1 in *64) echo semantickitti ;; *32) echo nuscenes ;; esac
}

setting_of() { # KIND OF LABELS, KIND OF TEST: any setting with both formats
    case $1-$2 in
        *64-*64) echo city-a64-to-b64 ;;
        *64-*32) echo city-a64-to-b32 ;;
        *32-*64) echo city-b32-to-a64 ;;
        *32-*32) echo city-b32-to-a64 ;;
    esac
}

side_of() { # KIND OF LABELS, KIND OF TEST
    case $1-$2 in *32-*32) echo source ;; *) echo target ;; esac
}

drive() { # KIND DRIVE FRAMES: a frame each 3 s, so that a drive sees many streets
    "$distillar" simulate --city "${1:0:1}" --rig "hdl${1:1:2}e" --seed "$2" --frames "$3" \
        --interval 3 --format "$(format_of "$1")" --out "$out/data/$1/$2"
}

train_one() { # SEED KIND
    local entries="" drive
    for drive in $train_drives; do
        entries+="${entries:+, }{format: $(format_of "$2"), path: $out/data/$2/$drive}"
    done
    mkdir -p "$out/seed-$1"
    "$distillar" train --config configs/city-shift/scratch.yaml --seed "$1" --threads 1 \
        --set setting="$(setting_of "$2" a64)" --set "data.train=[$entries]" \
        --run "$out/seed-$1/$2.scratch" >"$out/seed-$1/$2.log" 2>&1 || {
        tail -n 1 "$out/seed-$1/$2.log" >&2
        return 1
    }
}

train_pair() { # SEED KIND KIND: both at once, a thread each
    train_one "$1" "$2" & local first=$!
    train_one "$1" "$3" & local second=$!
    local failed=0
    wait $first || failed=1
    wait $second || failed=1
    [ $failed = 0 ] || return 1
    echo "city-shift: seed $1, $2 and $3 are trained"
}

test_one() { # SEED KIND OF LABELS, KIND OF TEST
    local result=$out/results/seed-$1/$2.scratch.$3.json
    [ ! -e "$result" ] || return 0
    local pictures=()
    [ "$1" != "${seeds%% *}" ] || pictures=(--pictures "$out/pictures/$2-on-$3")
    "$distillar" evaluate --model "$out/seed-$1/$2.scratch/model.safetensors" \
        --data "$(format_of "$3"):$out/data/$3/$test_drive" --setting "$(setting_of "$2" "$3")" --side "$(side_of "$2" "$3")" --quiet \
        --json "$result" "${pictures[@]}" >"$out/last-evaluation.txt"
}

for kind in $kinds; do
    for drive in $train_drives; do drive "$kind" "$drive" "$train_frames"; done
    drive "$kind" "$test_drive" "$test_frames"
done
for seed in $seeds; do
    train_pair "$seed" a64 b32
    train_pair "$seed" b64 a32
    for labels in $kinds; do
        for test in $kinds; do
            test_one "$seed" "$labels" "$test"
        done
    done
done
"$(dirname "$distillar")/distillar-figures" "$out"
for labels in a64 b32; do # the same frame, for docs/simulation.md
    pictures=("$out/pictures/$labels-on-b32"/*.png)
    cp "${pictures[2]}" "docs/pictures/simulation/shift-$labels-on-b32.png"
done
