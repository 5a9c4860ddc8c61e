#!/usr/bin/env bash
# Proof that nothing in a build without training links LibTorch: ldd of every program and shared
# library in it. Then libdistillar is installed into a temporary folder, and the examples are built
# against it as a user's project would (find_package) and run.
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

library=$(find "$build/lib" -name 'libdistillar.so.*' -type f)
soname=$(readelf -d "$library" | sed -n 's/.*soname: \[\(.*\)\]/\1/p')
foreign=$(nm -D --defined-only -C "$library" | awk '{$1 = $2 = ""; print}' |
    grep -vE '^ *(DISTILLAR_|distillar_|distillar::|(typeinfo|typeinfo name|vtable) for distillar::)' || true)
if [[ ! $soname =~ ^libdistillar\.so\.[0-9]+$ ]] || [ -n "$foreign" ]; then
    echo "check-deployment.sh: $library has soname '$soname' and exports: $foreign" >&2
    exit 1
fi

prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
cmake --install "$build" --component deployment --prefix "$prefix/usr" >/dev/null
cmake -S "$(dirname "$0")/../examples" -B "$prefix/build" -DCMAKE_PREFIX_PATH="$prefix/usr" >/dev/null
cmake --build "$prefix/build" >/dev/null
for example in 01_segment 02_segment; do
    # Without arguments an example says how it is called.
    status=0
    usage=$("$prefix/build/$example" 2>&1) || status=$?
    if [ $status -ne 2 ] || [[ $usage != usage:* ]]; then
        echo "check-deployment.sh: $example of the installed library answered $status: $usage" >&2
        exit 1
    fi
done
echo "deployment: $soname exports its interface alone; find_package(distillar) builds both examples"
