#!/bin/sh
# Compares one reference case: parity.sh PROGRAM NAME, a name as in the list below.
# Without DISTILLAR_REFERENCE (and DISTILLAR_DATA for preprocessing and ESPNetv2) it skips
# (exit 77), with DISTILLAR_REQUIRE_DATA set it fails.
program=$1
name=$2

need() {
    eval "folder=\${$1:-}"
    if [ -n "$folder" ] && [ -d "$folder" ]; then
        return
    fi
    echo "$1 is not set to a folder: this test needs it"
    [ -n "${DISTILLAR_REQUIRE_DATA:-}" ] && exit 1
    exit 77
}

need DISTILLAR_REFERENCE
case $name in
    losses | losses_absent | schedules)
        exec "$program" "$DISTILLAR_REFERENCE/$name.safetensors"
        ;;
    preprocess_nuscenes)
        need DISTILLAR_DATA
        set -- "$DISTILLAR_DATA"/nuscenes/samples/LIDAR_TOP/*.pcd.bin
        exec "$program" --cloud "$1" "$DISTILLAR_REFERENCE/$name.safetensors" \
            --cameras "$DISTILLAR_DATA/nuscenes/cameras.json"
        ;;
    espnetv2)
        need DISTILLAR_DATA
        exec "$program" "$DISTILLAR_DATA/weights/espnetv2_s_2.0_city_1024x512.pth" \
            "$DISTILLAR_REFERENCE/$name.case.safetensors"
        ;;
    *)
        exec "$program" "$DISTILLAR_REFERENCE/$name.pth" "$DISTILLAR_REFERENCE/$name.case.safetensors"
        ;;
esac
