# Everything a newcomer types. `make help` lists the targets.
CONFIGURATION ?= debug
SECONDS ?= 60
SOURCES := Sources HAL Simulator Tests Benchmarks Package.swift
BIN := .build/$(CONFIGURATION)

SEEDS ?= 10000
FROM ?= 1

.PHONY: help packages build run test lint fmt bench fuzz hil worlds canaries docs clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

packages: ## install the Debian packages that are missing
	@Scripts/install-packages

build: packages ## build the programs
	swift build -c $(CONFIGURATION) --product tenderd
	swift build -c $(CONFIGURATION) --product tenderctl
	swift build -c $(CONFIGURATION) --product tender-sim

run: build ## open a demonstration shop and make one sale in it (ONCE=1: then end)
	@Scripts/private-pcscd $(BIN)/tender-sim run

test: packages lint ## check the format, build, run every test
	swift build --build-tests
	Scripts/private-pcscd env LD_PRELOAD=libumockdev-preload.so.0 swift test --skip-build --no-parallel

lint: ## check the format
	swift format lint --strict --parallel --recursive $(SOURCES)

fmt: ## mend the format
	swift format --in-place --parallel --recursive $(SOURCES)

bench: packages ## measure the budgets; writes bench.json
	swift build -c release --product tender-bench
	swift build -c release --product tenderd
	swift build -c release --product usb-bus
	.build/release/tender-bench

fuzz: packages ## fuzz decoders and kernels for SECONDS (60)
	Tests/Fuzz/run $(SECONDS)

hil: ## try printer, scanners and card reader on a real kernel, in a machine of its own (QEMU)
	@Scripts/install-packages busybox-static kmod libccid qemu-system-x86 udev
	@$(MAKE) --no-print-directory build
	Tests/Hardware/run

worlds: packages ## try to break the promises about money in SEEDS days (10000), FROM (1) on
	swift build -c release --product tender-sim
	.build/release/tender-sim worlds --seeds $(SEEDS) --from $(FROM)

canaries: packages ## prove that the worlds find every mistake made on purpose
	swift build --build-tests
	swift test --skip-build --filter WorldTests.WorldTests/canaries

docs: packages ## make the reference from the documentation comments, in .build/docs
	Scripts/make-docs

clean: ## remove what was built
	rm -rf .build bench.json
