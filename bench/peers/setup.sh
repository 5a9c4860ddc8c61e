#!/usr/bin/env bash
# Makes what the peers need and nothing else in this project does: Debian's PyTorch and scipy through
# apt, and a throw-away virtual environment (FOLDER/venv) with the newest PyTorch, OpenVINO and NNCF
# through pip (6 GB on disk). Idempotent. DISTILLAR_PEERS: another folder than build/peers.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=${DISTILLAR_PEERS:-build/peers}

packages=(python3-torch python3-numpy python3-scipy python3-venv python3-dev g++
    libtcmalloc-minimal4)
missing=()
for package in "${packages[@]}"; do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
    run=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || {
            echo "peers: as root, run: apt-get install ${missing[*]}" >&2
            exit 2
        }
        run=(sudo)
    fi
    echo "peers: installing ${missing[*]}"
    "${run[@]}" apt-get update -qq </dev/null
    "${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
        --no-install-recommends -o Dpkg::Use-Pty=0 "${missing[@]}" </dev/null
fi

if [ ! -e "$folder/venv/complete" ]; then
    echo "peers: making $folder/venv"
    mkdir -p "$folder"
    /usr/bin/python3 -m venv --clear "$folder/venv"
    if ! "$folder/venv/bin/pip" install --quiet torch openvino nncf numpy scipy; then
        echo "peers: pip cannot install torch, openvino, nncf; is a package index at hand?" >&2
        exit 2
    fi
    touch "$folder/venv/complete"
fi
