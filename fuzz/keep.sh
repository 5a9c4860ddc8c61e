#!/usr/bin/env bash
# Takes into fuzz/corpus the small inputs of BUILD/corpus that reach something the seeds do not: at
# most 12 files of less than 512 bytes a target, the largest first, as they get furthest.
#   fuzz/keep.sh BUILD [TARGET...]
set -euo pipefail
[ $# -ge 1 ] || { echo "usage: fuzz/keep.sh BUILD [TARGET...]" >&2; exit 2; }
build=$(cd "$1" && pwd)
shift
most_files=12 most_bytes=512
corpus=$(cd "$(dirname "$0")" && pwd)/corpus
[ $# -gt 0 ] || set -- $(ls "$corpus")

for target in "$@"; do
    small=$(mktemp -d) kept=$(mktemp -d)
    find "$corpus/$target" -name 'seed-*' -exec cp -t "$kept" {} +
    find "$build/corpus/$target" -type f -size -${most_bytes}c -exec cp -t "$small" {} + 2>/dev/null || true
    "$build/bin/fuzz-$target" -set_cover_merge=1 "$kept" "$small" >/dev/null 2>&1 || true
    find "$kept" -type f -not -name 'seed-*' -printf '%s %f\n' | sort -rn | sed -n "1,${most_files}p" |
        while read -r _ name; do cp "$kept/$name" "$corpus/$target/"; done
    rm -rf "$small" "$kept"
    echo "$target: $(find "$corpus/$target" -type f | wc -l) files"
done
