#!/usr/bin/env bash
# What bf16 and int8 cost in labels and mIoU, on models trained by research/city-shift.sh: int8 scales
# from a drive of training, labels and mIoU on drive 11. Prints the table of docs/performance.md.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-runs/city-shift}
distillar=build/release/bin/distillar
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

model_of() { echo "$runs/runs/scratch/$2/seed-$1/model.safetensors"; }
if [ ! -e "$(model_of 0 a64)" ]; then
    echo "precision-study.sh: $(model_of 0 a64) is not there: run research/city-shift.sh first" >&2
    exit 2
fi

miou() { # SIDE DATA PRECISION
    "$distillar" evaluate --quiet --model "$out/int8.safetensors" --data "$2" --precision "$3" \
        --setting city-a64-to-b32 --side "$1" --json "$out/metrics.json" >/dev/null
    awk -F '[:,]' '$1 ~ /"miou"/ {printf "%.2f\n", 100 * $2; exit}' "$out/metrics.json"
}

study() { # SEED KIND FORMAT SIDE
    local data=$runs/data/$2 test=$runs/data/$2-test/11 line
    line=$("$distillar" quantize --quiet --model "$(model_of "$1" "$2")" \
        --calibrate "$3:$data/2" --out "$out/int8.safetensors" | sed -n 's/.*int8 \([0-9.]* %\), bf16 \([0-9.]* %\)/\2 | \1/p')
    echo "| $2, seed $1 | $line | $(miou "$4" "$3:$test" fp32) | $(miou "$4" "$3:$test" bf16) | $(miou "$4" "$3:$test" int8) |"
}

echo "| model | same labels, bf16 | int8 | mIoU, fp32 | bf16 | int8 |"
echo "|---|---|---|---|---|---|"
for seed in 0 1 2; do
    study "$seed" a64 semantickitti source
    study "$seed" b32 nuscenes target
done
