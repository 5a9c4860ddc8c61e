#!/usr/bin/env bash
# The stand-in teacher of docs/stand-in-teacher.md: simulates its images, trains it by both
# objectives, compares them by a linear probe, keeps the weights and draws the page's picture.
#   research/stand-in-teacher.sh [--out runs/stand-in-teacher] [PART...]
# Parts: simulate train probe keep picture; all by default. About 40 minutes on 2 idle cores. A part that
# was stopped goes on where it was. The same processor gives the same bits (one thread).
set -euo pipefail
cd "$(dirname "$0")/.."

distillar=${DISTILLAR_PROGRAM:-build/release/bin/distillar}
out=runs/stand-in-teacher
parts=()
while [ $# -gt 0 ]; do
    case $1 in
        --out) out=$2; shift 2 ;;
        simulate | train | probe | keep | picture) parts+=("$1"); shift ;;
        *) echo "stand-in-teacher.sh: unknown option $1; see the head of the script" >&2; exit 2 ;;
    esac
done
[ ${#parts[@]} -gt 0 ] || parts=(simulate train probe keep picture)
data=$out/data
kept=configs/teachers/stand-in.safetensors

# City c teaches. The probe's layer is trained on drives 21 and 22 of cities a and b, and tested on
# drives 23 and 24: the teacher has seen none of them.
teaching="1 2 3 4 5 6 7 8" more_teaching="9 10 11 12"
probing="21 22"
testing="23 24"

drive() { # CITY RIG SEED FRAMES: a frame each 5 s, so that it sees many streets
    "$distillar" simulate --city "$1" --rig "$2" --seed "$3" --frames "$4" --interval 5 \
        --out "$data/$1-$2-$3" --quiet
}

simulate() {
    local seed city
    for seed in $teaching; do
        drive c kitti "$seed" 10
        drive c nuscenes "$seed" 4
    done
    for seed in $more_teaching; do drive c pandaset "$seed" 3; done
    for city in a b; do
        for seed in $probing $testing; do
            drive $city kitti "$seed" 5
            drive $city nuscenes "$seed" 2
        done
    done
}

train() {
    local objective
    for objective in supervised masked; do
        "$distillar" teacher train --config configs/teachers/stand-in.yaml --threads 1 \
            --set objective=$objective --data "$data"/c-* --run "$out/$objective"
    done
    # What the probe finds in weights that have learnt nothing.
    "$distillar" teacher train --config configs/teachers/stand-in.yaml --threads 1 \
        --set steps=1 --set warmup_steps=0 --set learning_rate=0 --data "$data"/c-* --run "$out/untrained"
}

drives() { # CITY SEEDS...
    local seed
    for seed in "${@:2}"; do printf '%s\n' "$data/$1-kitti-$seed" "$data/$1-nuscenes-$seed"; done
}

probe() {
    local teacher city
    {
        echo "| teacher, feature, city | images | patches | accuracy, % | mIoU, % |"
        echo "|---|---|---|---|---|"
        for teacher in untrained masked supervised; do
            for city in a b; do
                probe_one "$out/$teacher/model.safetensors" $city \
                    --row "$teacher, before the norm, city $city"
                probe_one "$out/$teacher/model.safetensors" $city --norm \
                    --row "$teacher, after the norm, city $city"
            done
        done
    } | tee "$out/probe.md"
}

probe_one() { # WEIGHTS CITY OPTIONS...
    "$(dirname "$distillar")/distillar-teacher-probe" --weights "$1" "${@:3}" \
        --train $(drives a $probing) $(drives b $probing) --test $(drives "$2" $testing)
}

for part in "${parts[@]}"; do
    case $part in
        simulate) simulate ;;
        train) train ;;
        probe) probe ;;
        keep) cp "$out/supervised/model.safetensors" "$kept" ;;
        picture)
            probe_one stand-in a --image 2 --picture docs/pictures/stand-in-teacher.jpg \
                >"$out/classes.txt"
            cat "$out/classes.txt"
            ;;
    esac
done
