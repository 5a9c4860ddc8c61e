#!/usr/bin/env bash
# What the teacher of the real-targets study (ESPNetv2) knows about lidar points, before anything is
# distilled: a linear layer on its features at the points that a camera sees.
#   DISTILLAR_DATA=... research/teacher-at-points.sh [FOLDER OF THE STUDY, default runs/real-targets]
# The study's drives and image features are used; research/real-targets.sh makes them.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${DISTILLAR_DATA:?is not set; export the folder of the real excerpts}"
study=${1:-runs/real-targets}
probe=build/release/bin/distillar-point-probe
if [ ! -x $probe ] || [ ! -d "$study/data/d-pandaset" ]; then
    echo "teacher-at-points.sh: $probe or $study/data is not there; make build, then research/real-targets.sh" >&2
    exit 2
fi
drive() { # CITY-RIG SEED
    case $1 in
        *-kitti) echo "{format: semantickitti, path: $study/data/$1/$2}" ;;
        *) echo "{format: log, path: $study/data/$1/$2/pandar64}" ;;
    esac
}
pandaset() { # SEQUENCE SENSOR
    echo "{format: pandaset, path: $DISTILLAR_DATA/pandaset, sequences: ['$1'], sensor: $2}"
}
row() { # NAME SETTING TRAIN TEST
    $probe --config configs/domain-shift/pretrain.yaml --points 200 --row "$1" --setting "$2" \
        --set teacher.kind=espnetv2 --set "teacher.features=$study/features" \
        --set "teacher.weights=$DISTILLAR_DATA/weights/espnetv2_s_2.0_city_1024x512.pth" \
        --set "data.train=[$3]" --set "data.validation=[$4]"
}
simulated=$(for city in a b c d; do echo "$(drive $city-kitti 31), $(drive $city-pandaset 31),"; done)
echo '| labels -> test | points | accuracy, % | miou_common, % | 2-wheeled | pedestrian | driveable | sidewalk | other ground | manmade | vegetation | 4-wheeled |'
echo '|---|---|---|---|---|---|---|---|---|---|---|---|'
row 'simulated -> other simulated drives' simulated-to-kitti8 "${simulated%,}" \
    "$(drive a-kitti 32), $(drive b-kitti 32), $(drive c-kitti 32), $(drive d-kitti 32)"
row 'simulated -> PandaSet 001, Pandar64' simulated-to-pandaset8 "${simulated%,}" "$(pandaset 001 pandar64)"
row 'PandaSet 002 -> PandaSet 001, PandarGT' pandar64-to-pandargt8 "$(pandaset 002 pandar64)" \
    "$(pandaset 001 pandargt)"
