#!/usr/bin/env bash
# Runs the fuzz targets, one a core at a time, and prints a line for each: executions, coverage
# (edges of the program that were reached), findings. Exit code 1 if there is any finding.
#   fuzz/run.sh BUILD SECONDS [TARGET...]
# What is new goes to BUILD/corpus, what is wrong to BUILD/crashes, what libFuzzer says to BUILD/logs.
set -euo pipefail
[ $# -ge 2 ] || { echo "usage: fuzz/run.sh BUILD SECONDS [TARGET...]" >&2; exit 2; }
build=$1 seconds=$2
shift 2
source=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$build"/{corpus,crashes,logs}
build=$(cd "$build" && pwd)

targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
    for file in "$source"/*.cpp; do
        targets+=("$(basename "$file" .cpp)")
    done
fi

# The value of a line "stat::NAME: VALUE" of a log; 0 if a finding ended the run before it was written.
statistic() {
    local value
    value=$(sed -n "s/^stat::$1: *//p" "$2" | tail -n 1)
    echo "${value:-0}"
}

# One target; its line. @return 1 if it did not run at all.
fuzz_one() {
    local target=$1 log=$build/logs/$1.txt found coverage executions
    mkdir -p "$build/corpus/$target"
    "$build/bin/fuzz-$target" -max_total_time="$seconds" -max_len=4096 -timeout=30 \
        -rss_limit_mb=1024 -malloc_limit_mb=512 -print_final_stats=1 \
        -artifact_prefix="$build/crashes/$target-" \
        "$build/corpus/$target" "$source/corpus/$target" >"$log" 2>&1 || true
    found=$(find "$build/crashes" -name "$target-*" | wc -l)
    coverage=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
    executions=$(statistic number_of_executed_units "$log")
    if [ "$executions" -eq 0 ] && [ "$found" -eq 0 ]; then
        echo "fuzz: $target did not run; see $log" >&2
        return 1
    fi
    printf '%-20s %12s %9s %9s\n' "$target" "$executions" "${coverage:-0}" "$found"
}

export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1  # else libFuzzer goes on after a report
trap 'trap - TERM; kill 0' INT TERM                      # what runs beside ignores Ctrl-C
for target in "${targets[@]}"; do
    rm -f "$build/crashes/$target"-*
done
printf '%-20s %12s %9s %9s\n' target executions coverage findings
cores=$(nproc)
broken=0
for i in "${!targets[@]}"; do
    if [ "$i" -ge "$cores" ]; then
        wait -n || broken=1
    fi
    fuzz_one "${targets[i]}" &
done
for _ in "${targets[@]:0:$cores}"; do
    wait -n || broken=1
done
findings=0
for target in "${targets[@]}"; do
    findings=$((findings + $(find "$build/crashes" -name "$target-*" | wc -l)))
done
if [ "$findings" -ne 0 ]; then
    echo "fuzz: $findings findings in $build/crashes; again: $build/bin/fuzz-TARGET FILE" >&2
fi
[ "$findings" -eq 0 ] && [ "$broken" -eq 0 ]
