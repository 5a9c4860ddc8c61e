#!/usr/bin/env bash
# The real run: distil image features into a lidar backbone on real excerpts, train heads on the
# labels of one sensor, test on others. One recipe for all directions (configs/real-excerpts).
#   scripts/real-excerpts.sh [--seeds "0 1 2"] [--out runs/real-excerpts] [--demo]
# --demo: one seed, one direction, five minutes. A run that was stopped goes on where it was.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/real-excerpts-common.sh

seeds="0 1 2"
out=runs/real-excerpts
demo=no
while [ $# -gt 0 ]; do
    case $1 in
        --seeds) seeds=$2; shift 2 ;;
        --out) out=$2; shift 2 ;;
        --demo) demo=yes; seeds=0; out=runs/demo; shift ;;
        *) unknown_option "$1" ;;
    esac
done

shorter_pretrain=()
shorter=()
if [ $demo = yes ]; then
    shorter_pretrain=(--set steps=120)
    shorter=(--set steps=100)
fi

# The labels a network is trained on: PandaSet 002's Pandar64, or SemanticKITTI's three scans.
labels_pandaset=(--set setting=pandaset-to-kitti8 --set
    "data.train=[{format: pandaset, path: $pandaset, sequences: ['002'], sensor: pandar64}]")
labels_kitti=(--set setting=kitti-to-pandaset8 --set
    "data.train=[{format: semantickitti, path: $kitti, sequences: ['00', '07']}]")

# Where it is tested: name, then options of `distillar evaluate`.
tests_pandaset=(
    "001-pandargt --data pandaset:$pandaset --sequences 001 --sensor pandargt --setting pandar64-to-pandargt8 --side target"
    "001-pandar64 --data pandaset:$pandaset --sequences 001 --sensor pandar64 --setting pandar64-to-pandargt8 --side source"
    "kitti --data semantickitti:$kitti --sequences 00,07 --setting pandaset-to-kitti8 --side target")
tests_kitti=(
    "001-pandargt --data pandaset:$pandaset --sequences 001 --sensor pandargt --setting kitti-to-pandaset8 --side target"
    "001-pandar64 --data pandaset:$pandaset --sequences 001 --sensor pandar64 --setting kitti-to-pandaset8 --side target"
    "002-pandargt --data pandaset:$pandaset --sequences 002 --sensor pandargt --setting kitti-to-pandaset8 --side target"
    "002-pandar64 --data pandaset:$pandaset --sequences 002 --sensor pandar64 --setting kitti-to-pandaset8 --side target")

pretrain() { # SEED
    "$distillar" pretrain --config $configs/pretrain.yaml --run "$out/seed-$1/pretrain" --seed "$1" \
        "${shorter_pretrain[@]}"
}

train_one() { # SEED LABELS MODEL
    local run=$out/seed-$1/$2.$3
    local -n labels=labels_$2
    local common=(--seed "$1" --run "$run" "${labels[@]}" "${shorter[@]}")
    local distilled=$out/seed-$1/pretrain/model.safetensors
    case $3 in
        scratch)
            "$distillar" train --config $configs/scratch.yaml "${common[@]}" ;;
        scratch-no-tilt)
            "$distillar" train --config $configs/scratch.yaml "${no_tilt[@]}" "${common[@]}" ;;
        frozen-mlp)
            "$distillar" probe --config $configs/frozen.yaml --set weights="$distilled" \
                "${common[@]}" ;;
        frozen-linear)
            "$distillar" probe --config $configs/frozen.yaml --set weights="$distilled" \
                --set model.head.kind=bn_linear --set model.head.hidden=0 "${common[@]}" ;;
        fine-tuned)
            "$distillar" train --config $configs/fine-tuned.yaml \
                --set weights="$out/seed-$1/$2.frozen-mlp/model.safetensors" "${common[@]}" ;;
        fine-tuned-no-tilt)
            "$distillar" train --config $configs/fine-tuned.yaml "${no_tilt[@]}" \
                --set weights="$out/seed-$1/$2.frozen-mlp/model.safetensors" "${common[@]}" ;;
    esac
}

test_one() { # SEED LABELS MODEL
    local -n tests=tests_$2
    local test
    for test in "${tests[@]}"; do
        local name=${test%% *} result=$out/results/seed-$1/$2.$3.${test%% *}.json
        local pictures=()
        if [ "$1" = "${seeds%% *}" ] && [ "${name%%-*}" = 001 ]; then
            pictures=(--pictures "$out/pictures/$2.$3")
        fi
        # shellcheck disable=SC2086  # the options are words
        [ -e "$result" ] || "$distillar" evaluate --model "$out/seed-$1/$2.$3/model.safetensors" \
            --quiet --json "$result" "${pictures[@]}" ${test#* } >"$out/last-evaluation.txt"
    done
}

models=(scratch frozen-mlp frozen-linear fine-tuned scratch-no-tilt fine-tuned-no-tilt)
directions=(pandaset kitti)
if [ $demo = yes ]; then
    models=(scratch frozen-mlp fine-tuned)
    directions=(pandaset)
fi
for seed in $seeds; do
    start=$SECONDS
    pretrain "$seed"
    for labels in "${directions[@]}"; do
        for model in "${models[@]}"; do
            train_one "$seed" "$labels" "$model"
            test_one "$seed" "$labels" "$model"
        done
    done
    echo "seed $seed: $((SECONDS - start)) s"
done
"$(dirname "$distillar")/distillar-figures" "$out"
