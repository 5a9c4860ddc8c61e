#!/usr/bin/env bash
# How the recipe of the real excerpts was fixed, without a label of a test scene: distillation
# variants by their loss on held-out unlabelled images, training variants on the labels of one
# SemanticKITTI street, tested on the other (00 and 07, both ways: the labelled side).
#   research/real-excerpts-recipe.sh [--out runs/recipe]
# About 1.5 hours on 2 cores. A study that was stopped goes on where it was.
set -euo pipefail
cd "$(dirname "$0")/.."
. research/real-excerpts-common.sh

out=runs/recipe
while [ $# -gt 0 ]; do
    case $1 in
        --out) out=$2; shift 2 ;;
        *) unknown_option "$1" ;;
    esac
done
five=(--set augmentation.tilt=5 --set augmentation.height_jitter=0.2)
ten=(--set augmentation.tilt=10 --set augmentation.height_jitter=0.3)

value() { # FILE FIELD: the last number of that name
    grep -o "\"$2\": *[-0-9.e]*" "$1" | tail -1 | cut -d: -f2
}

distil() { # NAME OPTIONS...
    local run=$out/distil/$1
    "$distillar" pretrain --config $configs/pretrain.yaml --run "$run" --seed 0 --threads 1 "${@:2}"
    printf '| %s | %.3f | %.3f |\n' "$1" "$(value "$run/metrics.jsonl" validation.loss)" \
        "$(value "$run/metrics.jsonl" validation.cosine)" >>"$out/distillation.md"
}

street() { # NAME TRAINED TESTED STAGE CONFIG OPTIONS...: one training, its test on the other street
    local run=$out/streets/$1.$2
    "$distillar" "$4" --config "$configs/$5.yaml" --run "$run" --seed 0 --threads 1 \
        --set setting=kitti-to-pandaset8 "${@:6}" \
        --set "data.train=[{format: semantickitti, path: $kitti, sequences: ['$2']}]"
    [ -e "$run.json" ] || "$distillar" evaluate --model "$run/model.safetensors" --quiet \
        --data "semantickitti:$kitti" --sequences "$3" --setting kitti-to-pandaset8 --side source \
        --json "$run.json" >"$out/last-evaluation.txt"
}

streets() { # NAME STAGE CONFIG OPTIONS...; @ in an option is the street trained on
    local options=("${@:4}") row="| $1 |" of field
    street "$1" 00 07 "$2" "$3" "${options[@]//@/00}"
    street "$1" 07 00 "$2" "$3" "${options[@]//@/07}"
    for of in 00 07; do
        for field in miou_common accuracy; do
            row+=$(printf ' %.3f |' "$(value "$out/streets/$1.$of.json" $field)")
        done
    done
    echo "$row" >>"$out/streets.md"
}

mkdir -p "$out/streets"
printf '| distillation, seed 0 | held-out loss | cosine |\n|---|---|---|\n' >"$out/distillation.md"
printf '| training, seed 0 | 00 -> 07 miou_common | accuracy | 07 -> 00 miou_common | accuracy |\n%s\n' \
    '|---|---|---|---|---|' >"$out/streets.md"

# The distillations that were compared are shorter than the final one.
short=(--set steps=700 --set optimiser.learning_rate=0.002)
distil "no tilt" "${no_tilt[@]}" "${short[@]}"
distil "no tilt, 96 channels" "${no_tilt[@]}" "${short[@]}" --set model.backbone.channels=96
distil "no tilt, 2000 steps" "${no_tilt[@]}" "${short[@]}" --set steps=2000
distil "tilt 5 degrees, 0.2 m" "${five[@]}" "${short[@]}"
distil "tilt 10 degrees, 0.3 m" "${ten[@]}" "${short[@]}"
distil "tilt 10 degrees, 0.3 m, learning rate 0.004" "${ten[@]}" --set steps=700 \
    --set optimiser.learning_rate=0.004

streets "scratch, no tilt" train scratch "${no_tilt[@]}"
streets "scratch, tilt 5 degrees, 0.2 m" train scratch "${five[@]}"
streets "scratch, tilt 10 degrees, 0.3 m" train scratch "${ten[@]}"
distilled="$out/distil/tilt 10 degrees, 0.3 m, learning rate 0.004/model.safetensors"
probed="$out/streets/frozen, MLP.@/model.safetensors"
streets "frozen, MLP" probe frozen --set weights="$distilled"
streets "fine-tuned, layer decay 0.9" train fine-tuned --set weights="$probed" \
    --set optimiser.layer_decay=0.9
streets "fine-tuned, layer decay 1" train fine-tuned --set weights="$probed" \
    --set optimiser.layer_decay=1
streets "fine-tuned, layer decay 1, statistics learned" train fine-tuned --set weights="$probed" \
    --set optimiser.layer_decay=1 --set optimiser.freeze_statistics=false
streets "fine-tuned, layer decay 0.9, fresh head" train fine-tuned --set weights="$distilled" \
    --set optimiser.layer_decay=0.9

echo
cat "$out/distillation.md"
echo
cat "$out/streets.md"
