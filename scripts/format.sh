#!/usr/bin/env bash
# clang-format on every source that git does not ignore. With --check nothing is changed: a file
# that is not formatted is an error.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -d '' -t sources < <(git ls-files -z --cached --others --exclude-standard -- '*.cpp' '*.hpp' '*.h' '*.c')
if [ ${#sources[@]} -eq 0 ]; then
    echo "format.sh: git lists no sources here; run it in a checkout" >&2
    exit 2
fi
if [ "${1:-}" = --check ]; then
    if ! clang-format --dry-run -Werror "${sources[@]}"; then
        echo "format.sh: not formatted as .clang-format says; run: make format" >&2
        exit 1
    fi
    echo "format: ${#sources[@]} sources are formatted"
else
    clang-format -i "${sources[@]}"
fi
