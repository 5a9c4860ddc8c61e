# A thin wrapper over the CMake presets. Every target installs what is missing first.
JOBS ?= $(shell nproc)
CTEST = ctest --output-on-failure --no-tests=error -j 2

# The rooms whose tests CI runs under the address sanitizer: those that read files.
ASAN_QUICK = base|formats|datasets|runtime|library

# The rooms of the deployment library; the others are the same in the release build.
DEPLOY = base|geometry|formats|kernels|runtime|library
tests_of = $(addprefix test-,$(subst |, ,$(1)))

.PHONY: help build test demo test-asan test-asan-quick test-tsan test-deploy fuzz soak bench peers \
        format check-format clean setup

help:
	@echo "make build        release build: build/release/bin/distillar"
	@echo "make test         release build, format check, all tests"
	@echo "make demo         the whole method on simulated data: distil, train, adapt, compare"
	@echo "make test-deploy  build without training, tests, proof that nothing links LibTorch"
	@echo "make test-asan    tests under the address and undefined-behaviour sanitizers"
	@echo "make test-tsan    tests under the thread sanitizer"
	@echo "make fuzz         libFuzzer on every reader (FUZZ_SECONDS=600 each; clang)"
	@echo "make soak         a training killed 200 times ends with the same bits"
	@echo "make bench        benchmarks (BENCH=preprocess: only that one)"
	@echo "make peers        comparison with PyTorch, OpenVINO, numpy (PEERS='--only network'; 6 GB)"
	@echo "make format       clang-format on all sources"
	@echo "make clean        remove build/"

setup:
	@scripts/setup.sh

build/%/build.ninja: CMakePresets.json | setup
	cmake --preset $*

build: build/release/build.ninja
	cmake --build --preset release --parallel $(JOBS)

check-format: | setup
	@scripts/format.sh --check

test: check-format build
	cd build/release && $(CTEST)

demo: build
	build/release/bin/distillar study configs/studies/demo.yaml --out runs/demo

test-asan: build/asan/build.ninja
	cmake --build --preset asan --parallel $(JOBS)
	cd build/asan && $(CTEST)

test-asan-quick: build/asan/build.ninja
	cmake --build --preset asan --parallel $(JOBS) --target $(call tests_of,$(ASAN_QUICK))
	cd build/asan && $(CTEST) -L '^($(ASAN_QUICK))$$'

test-tsan: build/tsan/build.ninja
	cmake --build --preset tsan --parallel $(JOBS)
	cd build/tsan && $(CTEST)

test-deploy: build/deploy/build.ninja
	cmake --build --preset deploy --parallel $(JOBS) \
	    --target distillar_library 01_segment 02_segment $(call tests_of,$(DEPLOY))
	cd build/deploy && $(CTEST) -L '^($(DEPLOY))$$'
	@scripts/check-deployment.sh build/deploy

# Every target for FUZZ_SECONDS, one a core at a time (FUZZ='pcd ply': only those). Clang is installed
# for this alone.
FUZZ_SECONDS ?= 600
fuzz:
	@scripts/setup.sh fuzz
	cmake --preset fuzz
	cmake --build --preset fuzz --parallel $(JOBS) --target fuzz-all
	fuzz/run.sh build/fuzz $(FUZZ_SECONDS) $(FUZZ)

soak: build
	DISTILLAR_KILLS=200 build/release/bin/test-cli --gtest_filter='Interrupt.Killed*'

# Benchmarks are built beside the release build, so that they measure the same libraries.
bench: setup
	cmake --preset release -DDISTILLAR_BENCH=ON
	cmake --build --preset release --parallel $(JOBS)
	@set -e; for program in build/release/bin/bench-$(or $(BENCH),*); do \
	    echo "== $$program"; "$$program"; \
	done

# What the peers need is installed by the script itself; it is not needed for anything else.
peers: setup
	cmake --preset release -DDISTILLAR_BENCH=ON
	cmake --build --preset release --parallel $(JOBS) \
	    --target distillar bench-waffleiron bench-teachers
	/usr/bin/python3 bench/peers/compare.py $(PEERS)

format: | setup
	@scripts/format.sh

clean:
	rm -rf build
