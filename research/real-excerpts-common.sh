# Sourced by the scripts of the real excerpts, which are at the root of the repository then.
if [ -z "${DISTILLAR_DATA:-}" ]; then
    echo "$(basename "$0"): set DISTILLAR_DATA to the folder of the excerpts (docs/data.md)" >&2
    exit 2
fi
distillar=${DISTILLAR_PROGRAM:-build/release/bin/distillar}
configs=configs/real-excerpts
pandaset=$DISTILLAR_DATA/pandaset
kitti=$DISTILLAR_DATA/semantickitti
no_tilt=(--set augmentation.tilt=0 --set augmentation.height_jitter=0)

unknown_option() {
    echo "$(basename "$0"): unknown option $1; see the head of the script" >&2
    exit 2
}
