#!/usr/bin/env bash
# Installs every Debian package that building, testing and formatting need. Idempotent, and fast
# when nothing is missing: apt is not touched then. Uses sudo only when not root.
# With the argument `fuzz` also what only `make fuzz` needs.
set -euo pipefail

packages=(
    cmake ninja-build g++ make clang-format git ca-certificates pkg-config
    libtorch-dev libopenblas0-pthread libdnnl-dev libhwy-dev libturbojpeg0-dev libpng-dev
    zlib1g-dev liblzf-dev libeigen3-dev nlohmann-json3-dev libyaml-cpp-dev libcli11-dev
    libspdlog-dev libfmt-dev libxxhash-dev libgtest-dev libbenchmark-dev libgoogle-perftools-dev
    libembree-dev
)
if [ "${1:-}" = fuzz ]; then
    packages+=(clang-14 libclang-rt-14-dev)
fi

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "setup.sh: this machine has no apt: install by hand what these Debian packages hold:" >&2
    echo "  ${packages[*]}" >&2
    exit 2
fi

installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null || true)
missing=()
for package in "${packages[@]}"; do
    grep -qxF "installed $package" <<<"$installed" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

run=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "setup.sh: not root and no sudo: as root, run: apt-get install ${missing[*]}" >&2
        exit 2
    fi
    run=(sudo)
fi

echo "setup.sh: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${run[@]}" apt-get update -qq </dev/null
"${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o Dpkg::Use-Pty=0 "${missing[@]}" </dev/null
