#!/usr/bin/env bash
# Everything that docs/simulation.md shows: its pictures, and its tables of realism, of the teacher's
# view and of calibration.
#   research/simulation-page.sh [--out runs/simulation-page] [--pictures FOLDER] [PART...]
# Parts: pictures realism teacher calibration; all by default. realism and teacher compare with real
# data (DISTILLAR_DATA). Tables go to OUT/*.md, pictures to docs/pictures/simulation. Logs that are
# in OUT already are not simulated again.
set -euo pipefail
cd "$(dirname "$0")/.."

distillar=${DISTILLAR_PROGRAM:-build/release/bin/distillar}
tools=$(dirname "$distillar")
out=runs/simulation-page
pictures=docs/pictures/simulation
parts=()
while [ $# -gt 0 ]; do
    case $1 in
        --out) out=$2; shift 2 ;;
        --pictures) pictures=$2; shift 2 ;;
        pictures | realism | teacher | calibration) parts+=("$1"); shift ;;
        *) echo "simulation-page.sh: unknown option $1; see the head of the script" >&2; exit 2 ;;
    esac
done
[ ${#parts[@]} -gt 0 ] || parts=(pictures realism teacher calibration)
if [ -z "${DISTILLAR_DATA:-}" ] && [[ " ${parts[*]} " =~ \ (realism|teacher)\  ]]; then
    echo "simulation-page.sh: ${BASH_REMATCH[1]} needs DISTILLAR_DATA, the folder of the excerpts (docs/data.md)" >&2
    exit 2
fi
mkdir -p "$out" "$pictures"

log() { # FOLDER CITY RIG SEED FRAMES OPTIONS...: a frame each 5 s, so that it sees many streets
    "$distillar" simulate --city "$2" --rig "$3" --seed "$4" --frames "$5" --interval 5 \
        --out "$out/$1" "${@:6}"
}

# Streets as a camera sees them, as three lidars do, and the lidar drawn into the image.
make_pictures() {
    local city seed=3
    draw() { # LOG PICTURE OPTIONS...: the fifth frame
        "$distillar" draw "$out/picture/$city-$1" --frame 4:5 --out "$pictures/$city-$2.png" "${@:3}"
    }
    for city in a b c d; do
        log "picture/$city-kitti" $city kitti "$seed" 6
        log "picture/$city-nuscenes" $city nuscenes "$seed" 6
        log "picture/$city-pandaset" $city pandaset "$seed" 6
        cp "$out/picture/$city-pandaset/front_camera/000004.jpg" "$pictures/$city-front.jpg"
        draw kitti points --camera image_2
        draw kitti hdl64e --taxonomy semantickitti-pd8
        draw pandaset/pandar64 pandar64 --taxonomy semantickitti-pd8
        draw nuscenes hdl32e --taxonomy nuscenes-pd8
        seed=$((seed + 1)) # other light and weather
    done
}

# A real lidar and its simulated twin in all cities: quantiles, distances of histograms, classes.
compare() { # NAME RIG FOLDER-OF-THE-LIDAR OPTIONS...
    local city simulated=()
    for city in a b c; do
        log "realism/$2-$city" $city "$2" 5 6
        simulated+=(--simulated "$out/realism/$2-$city$3")
    done
    {
        printf '\n### %s\n\n' "$1"
        "$tools/distillar-realism" "${simulated[@]}" "${@:4}" --markdown \
            --picture "$pictures/realism-$1.svg"
    } >>"$out/realism.md"
}

compare_all() {
    rm -f "$out/realism.md"
    compare HDL-64E hdl64e "" --real "semantickitti:$DISTILLAR_DATA/semantickitti" \
        --real-sequences 00,07
    compare HDL-32E hdl32e "" --real "nuscenes:$DISTILLAR_DATA/nuscenes"
    # PandaSet's frame is the vehicle's: its lidars stand where the rig has them.
    compare Pandar64 pandaset /pandar64 --real "pandaset:$DISTILLAR_DATA/pandaset" \
        --real-sensor pandar64 --real-origin 1.8,0,0.31 --max-range 200
    compare PandarGT pandaset /pandargt --real "pandaset:$DISTILLAR_DATA/pandaset" \
        --real-sensor pandargt --real-origin 2.4,0,0.01 --max-range 200
    compare OS1-64 rellis "" --real "folder:$DISTILLAR_DATA/rellis3d"
    cat "$out/realism.md"
}

# ESPNetv2's classes of simulated images, beside those of PandaSet's at labelled points.
look_through_the_teacher() {
    local weights=$DISTILLAR_DATA/weights/espnetv2_s_2.0_city_1024x512.pth
    local city seed images row
    printf '| images | number | accuracy, %% | road | sidewalk | building, wall | vegetation | vehicle | person | sky |\n%s\n' \
        '|---|---|---|---|---|---|---|---|---|---|' >"$out/teacher.md"
    view() { # NAME OPTIONS...
        "$tools/distillar-teacher-view" --weights "$weights" --row "$1" "${@:2}" >>"$out/teacher.md"
    }
    for city in a b c; do
        for row in "kitti image_2 1 2 3 4" "nuscenes CAM_* 1 2"; do
            set -- $row
            images=$out/teacher/images-$city-$1
            rm -rf "$images"
            mkdir -p "$images/images" "$images/classes"
            for seed in "${@:3}"; do
                log "teacher/$city-$1-$seed" $city "$1" "$seed" 4
                gather "$out/teacher/$city-$1-$seed" "$2" "$images" "$seed"
            done
            view "city $city, rig $1" --images "$images/images" --classes "$images/classes" \
                --pictures "$out/teacher/pictures-$city-$1"
        done
    done
    cp "$out/teacher/pictures-b-kitti/1-image_2-000002.png" "$pictures/teacher.png"
    view "PandaSet 001, points" --pandaset "$DISTILLAR_DATA/pandaset" --sequence 001
    cat "$out/teacher.md"
}

gather() { # LOG CAMERAS TO PREFIX: links to images and their classes, under one name each
    local file kind name
    while read -r file; do
        kind=images
        [[ $file != */extras/* ]] || kind=classes
        name=$4-$(basename "$(dirname "$file")")-$(basename "$file")
        ln -s "$(realpath "$file")" "$3/$kind/$name"
    done < <(find "$1" \( -path "*/extras/classes/$2/*" -o -path "*/$2/*" -not -path '*/extras/*' \) \
        \( -name '*.jpg' -o -name '*.png' \))
}

# The class of a point against that of its pixel, on the simulator's own frames.
check_calibration() {
    local city rig
    printf '| city, rig, vehicle | frames | points | hidden | 28 categories | SemanticKITTI 19 | PandaSet 8 |\n%s\n' \
        '|---|---|---|---|---|---|---|' >"$out/calibration.md"
    compare_classes() { # OPTIONS...
        "$tools/distillar-calibration" --city $city --rig $rig --seed 1 --frames 3 --interval 1 \
            "$@" >>"$out/calibration.md"
    }
    for city in a b c; do
        for rig in kitti nuscenes; do
            compare_classes --row "$city, $rig"
            compare_classes --row "$city, $rig, ideal lidar" --ideal
        done
    done
    cat "$out/calibration.md"
}

for part in "${parts[@]}"; do
    case $part in
        pictures) make_pictures ;;
        realism) compare_all ;;
        teacher) look_through_the_teacher ;;
        calibration) check_calibration ;;
    esac
done
