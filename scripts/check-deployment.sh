#!/usr/bin/env bash
# Proof that nothing in a build without training links LibTorch: ldd of every program and shared
# library in it.
set -euo pipefail
build=${1:?usage: check-deployment.sh BUILD-FOLDER}

mapfile -d '' -t programs < <(find "$build" -not -path '*/CMakeFiles/*' -type f \
    \( -path "$build/bin/*" -o -name '*.so' -o -name '*.so.*' \) -print0)
if [ ${#programs[@]} -eq 0 ]; then
    echo "check-deployment.sh: $build holds no program; build it first (make test-deploy)" >&2
    exit 2
fi
for program in "${programs[@]}"; do
    libraries=$(ldd "$program")
    if grep -E 'libtorch|libc10|libcaffe2|not found' <<<"$libraries"; then
        echo "check-deployment.sh: $program links the libraries above" >&2
        exit 1
    fi
done
echo "deployment: none of ${#programs[@]} programs and libraries links LibTorch"
