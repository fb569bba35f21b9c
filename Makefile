# moue: `make serve` builds the page and serves it, `make test` checks everything.
# `make` alone explains the rest. Nothing is installed outside the cache folder, except the browsers
# (by apt, where this user may) and what rustup keeps.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

cache := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/moue
export MOUE_TOOLS ?= $(cache)/tools
export PATH := $(MOUE_TOOLS)/bin:$(PATH)

# Build folders: inside the checkout by hand, outside it on a machine that checks out anew each time.
# The page has its own, because trunk, unlike cargo, is not told the target by a flag.
ifdef CI
native_target := $(cache)/target
web_target := $(cache)/target-web
else
native_target := $(CURDIR)/target
web_target := $(CURDIR)/target/page
endif

# An exported RUSTFLAGS replaces the flags of .cargo/config.toml, WebAssembly SIMD among them.
ifneq ($(RUSTFLAGS)$(CARGO_ENCODED_RUSTFLAGS),)
$(warning RUSTFLAGS is exported and ignored here: it would turn off WebAssembly SIMD. Put flags into .cargo/config.toml)
endif
unexport RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_TARGET
export PICTURE

PORT ?= 8080
PYTHON ?= python3
cargo := CARGO_TARGET_DIR="$(native_target)" cargo
web_cargo := CARGO_TARGET_DIR="$(web_target)" cargo
native := --release --locked --features native
step := .ci/step

.PHONY: help
help: ## Explain the commands
	@echo "moue reads facial expressions in the browser, on the visitor's own device."
	@echo
	@echo "  Two commands to begin with:"
	@echo "    make serve   build the page and serve it at http://localhost:$(PORT)/ (the first time takes minutes)"
	@echo "    make test    run every check, the ones in real browsers too"
	@echo
	@echo "  All of them:"
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)$$/    make \1|\2/p' Makefile | column -t -s '|' 2>/dev/null \
		|| sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)$$/    make \1 - \2/p' Makefile
	@echo
	@echo "  The model is trained with the command line: cargo run --release --features native -- --help"
	@echo "  The benchmark takes about ten minutes, on a machine with nothing else to do. PYTHON=… names a Python"
	@echo "  with onnxruntime for its native rows; ONLY=\"wasm1 wasm2 webgpu first warm memory live native\" names"
	@echo "  parts and then writes no files; CHROMIUM_FLAGS=… is for a real GPU's driver."
	@echo "  bench-train wants as quiet a machine for half an hour, PYTHON=… with torch, and has the parts"
	@echo "  ONLY=\"96 128 paper cnn memory detector gradients\"."
	@echo "  Settings: PORT=8080, CHROMIUM=/path/to/chromium, FIREFOX=/path/to/firefox, ENGINES=\"firefox webkit\" (which"
	@echo "  make test asks beside Chromium), FER2013=/path/to/fer2013.csv, XDG_CACHE_HOME (tools)."
	@echo "  make test-browser BROWSER=firefox (or webkit, chromium) and make test-embed BROWSER=… run their whole lists in"
	@echo "  that browser and keep the result in the README."

# Trunk runs offline, so that it takes the tools on PATH or says what is missing, and downloads none
# of its own. That holds for cargo below it too; `.ci/install packages` has fetched by then.
trunk := CARGO_TARGET_DIR="$(web_target)" trunk

# ---- the page ---------------------------------------------------------------------------------

.PHONY: serve
serve: web-tools ## Build the page, serve it on this machine, rebuild on every change
	@echo "The page will be at http://localhost:$(PORT)/ when the build below ends. Stop it with Ctrl+C."
	@MOUE_SERVE=1 $(trunk) serve --offline --port $(PORT)

.PHONY: dist
dist: web-tools ## Build the page into dist/, for any static host below any path
	@$(trunk) build --offline
	@du -sh dist | sed 's/^\([^\t]*\)\t.*/dist: \1, ready for any static host/'

.PHONY: package
package: ## Put dist/ and npm/ together as the npm package moue-face, into package/; wants dist/ (make dist)
	@test -f dist/element.js || { echo "make: dist/element.js is missing. Run make dist first." >&2; exit 1; }
	@node .ci/package.mjs

.PHONY: scorm
scorm: ## Make the packages for learning platforms, moue-scorm12.zip, moue-scorm2004.zip and moue.h5p (SETTINGS=…, OUT=…, OPTIONS=…); wants dist/ (make dist)
	@test -f dist/index.html || { echo "make: dist/ is missing. Run make dist first." >&2; exit 1; }
	@$(cargo) run $(native) -- scorm $(if $(SETTINGS),--settings "$(SETTINGS)") $(OPTIONS) --out "$(or $(OUT),.)"

.PHONY: web-tools
web-tools:
	@.ci/install rust trunk wasm-bindgen wasm-opt packages

# ---- the checks, cheapest first ---------------------------------------------------------------

.PHONY: test
test: ## Run every check, cheapest first, and install what they need
	@.ci/install rust
	@$(step) "format" $(MAKE) --no-print-directory format-check
	@$(step) "lints" $(MAKE) --no-print-directory lint
	@$(step) "tests" $(MAKE) --no-print-directory test-native
	@$(step) "GPU kernels" $(MAKE) --no-print-directory test-gpu
	@$(step) "embedding kit" $(MAKE) --no-print-directory test-kit
	@$(step) "documentation" $(MAKE) --no-print-directory doc-check
	@$(step) "page" $(MAKE) --no-print-directory dist
	@$(step) "page in a browser" $(MAKE) --no-print-directory test-browser
	@$(step) "embedded in other pages" $(MAKE) --no-print-directory test-embed
	@$(step) "page in Firefox and WebKit" $(MAKE) --no-print-directory test-engines

.PHONY: format-check
format-check:
	@cargo fmt --check

.PHONY: lint
lint: ## clippy, warnings are errors: page, bare library, command line
	@$(cargo) clippy --release --locked --all-targets -- -D warnings
	@$(cargo) clippy $(native) --all-targets -- -D warnings
	@$(web_cargo) clippy --release --locked --features gpu,packager --target wasm32-unknown-unknown --lib --bins -- -D warnings

.PHONY: test-native
test-native: ## The tests outside a browser, examples in the documentation too
	@$(cargo) test $(native)

# A GPU that is a program, as it comes with Chromium: the loader beside the driver finds no other.
.PHONY: test-gpu
test-gpu: ## The GPU engine's kernels against their definitions, and training steps beside the CPU's, on Chromium's software driver
	@.ci/install rust browser
	@drivers="$$(dirname "$$(readlink -f "$$(.ci/install chromium-path)")")"; \
		[ -e "$$drivers/vk_swiftshader_icd.json" ] || drivers=/usr/lib/chromium; \
		test -e "$$drivers/vk_swiftshader_icd.json" \
			|| { echo "make: no vk_swiftshader_icd.json beside Chromium. Name a Chromium that has one: make test-gpu CHROMIUM=…" >&2; exit 1; }; \
		LD_LIBRARY_PATH="$$drivers" VK_ICD_FILENAMES="$$drivers/vk_swiftshader_icd.json" \
		$(cargo) test $(native) --lib -- --ignored gpu:: vulkan_device | tee "$(cache)/test-gpu.log"
	@grep -q '^test gpu::tests::.* ok$$' "$(cache)/test-gpu.log" || { echo "make: no kernel's test ran: are they still in src/gpu?" >&2; exit 1; }

.PHONY: test-kit
test-kit: ## What other pages use: the frame's messages, the examples in docs/, xAPI beside a real learning record store
	@.ci/install lrs
	@RALPH="$(MOUE_TOOLS)/lrs/bin" node --test --test-reporter=spec tests/kit/*.test.mjs

.PHONY: doc-check
doc-check:
	@RUSTDOCFLAGS="-D warnings" $(cargo) doc $(native) --no-deps

# A browser that was named on the command line; many systems export a BROWSER that means something else.
named := $(if $(filter command,$(firstword $(origin BROWSER))),$(BROWSER))
# Where a browser was named and no tests, the result is kept.
in_browser := BROWSER="$(or $(named),chromium)" CHROMIUM="$$(.ci/install chromium-path)" FIREFOX="$$(.ci/install firefox-path || true)"
wanted := $(if $(ONLY),$(ONLY),$(if $(named),--note))

.PHONY: test-browser
test-browser: ## The page in headless Chromium (or BROWSER=…), on both engines; wants dist/ (make dist)
	@test -f dist/index.html || { echo "make: dist/ is missing. Run make dist first." >&2; exit 1; }
	@.ci/install rust browser $(filter-out chromium,$(named)) browser-packages
	@$(cargo) build $(native) --bin moue
	@MOUE="$(native_target)/release/moue" $(in_browser) node tests/browser/run.mjs $(wanted)

.PHONY: test-embed
test-embed: package ## The npm package in other pages, and packages for learning platforms in a player of SCORM; wants dist/ (make dist)
	@.ci/install rust browser $(filter-out chromium,$(named)) browser-packages embed-packages lrs
	@$(cargo) build $(native) --bin moue
	@MOUE="$(native_target)/release/moue" RALPH="$(MOUE_TOOLS)/lrs/bin" $(in_browser) node tests/embed/run.mjs $(wanted)

# Not part of make test: it installs some 400 MB and takes minutes.
.PHONY: test-lms
test-lms: ## The packages in learning platforms' own code: Open edX's SCORM block, Kolibri, an H5P server; wants dist/ (make dist)
	@test -f dist/index.html || { echo "make: dist/ is missing. Run make dist first." >&2; exit 1; }
	@.ci/install rust browser browser-packages lms
	@packages="$$(mktemp -d)"; trap 'rm -rf "$$packages"' EXIT; \
		$(cargo) run $(native) -- scorm --out "$$packages" && \
		$(cargo) run $(native) -- scorm --out "$$packages/report" --settings tests/lms/report.json || exit 1; \
		export LMS_TOOLS="$(MOUE_TOOLS)/lms" $(in_browser); failed=; \
		for platform in $(or $(ONLY),h5p openedx kolibri); do node "tests/lms/$$platform.mjs" "$$packages" || failed=1; done; \
		test -z "$$failed"

ENGINES ?= firefox webkit

.PHONY: test-engines
test-engines: package ## The most telling of both lists in each of ENGINES="firefox webkit"; wants dist/ (make dist)
	@.ci/install browser $(ENGINES) browser-packages
	@failed=; for engine in $(ENGINES); do for list in browser embed; do \
		echo "$$engine, tests/$$list:"; \
		$(in_browser) BROWSER=$$engine node tests/$$list/run.mjs --telling || failed=1; \
	done; done; test -z "$$failed"

.PHONY: soak
soak: ## Ten minutes of live reading on each engine: does anything grow? SOAK_MINUTES=…; wants dist/ (make dist)
	@test -f dist/index.html || { echo "make: dist/ is missing. Run make dist first." >&2; exit 1; }
	@.ci/install browser browser-packages
	@CHROMIUM="$$(.ci/install chromium-path)" node tests/browser/soak.mjs

.PHONY: icons
icons: ## Draw www/icons/*.png from moue.svg again
	@.ci/install browser browser-packages
	@CHROMIUM="$$(.ci/install chromium-path)" node tests/browser/icons.mjs

.PHONY: picture
picture: ## Take the picture of the README again; wants dist/ (make dist)
	@$(MAKE) --no-print-directory test-browser ONLY='"looks right in light, 1280"' PICTURE=1

# ---- beside onnxruntime-web ---------------------------------------------------------------------

# What tests/bench runs on: the page, its network alone (for a browser and natively) and as ONNX.
bench_files := tests/bench/artifacts

.PHONY: bench
bench: dist bench-files ## Measure network and page beside onnxruntime-web in one Chromium: table, tests/bench/results.json, README
	@.ci/install browser bench-packages
	@CHROMIUM="$$(.ci/install chromium-path)" PYTHON="$(PYTHON)" BENCH_PROGRAM="$(native_target)/release/bench" \
		node tests/bench/run.mjs $(ONLY)

.PHONY: bench-files
bench-files:
	@.ci/install rust wasm-bindgen packages
	@mkdir -p $(bench_files)
	@$(web_cargo) build --release --locked --target wasm32-unknown-unknown --features gpu --bin bench
	@wasm-bindgen --target web --no-typescript --out-dir $(bench_files)/ours \
		"$(web_target)/wasm32-unknown-unknown/release/bench.wasm"
	@$(cargo) build $(native) --bin moue --bin bench
	@"$(native_target)/release/moue" export-onnx --out $(bench_files)/moue.onnx

.PHONY: bench-peers
bench-peers: package ## Read the labelled pictures of DATA="FOLDER…" with moue, human and face-api in one Chromium: table, tests/bench/peers.json and peers.md; wants dist/ (make dist)
	@.ci/install browser bench-packages
	@CHROMIUM="$$(.ci/install chromium-path)" node tests/bench/peers.mjs $(DATA) $(if $(MOST),--most $(MOST)) $(if $(ANSWERS),--answers $(ANSWERS)) $(if $(READER),--reader $(READER))

# ---- beside PyTorch -----------------------------------------------------------------------------

.PHONY: bench-train
bench-train: ## Measure training beside PyTorch on FER2013=… and the detector's on DATA=…: table, tests/bench/train.json, README
	@.ci/install rust
	@mkdir -p "$(cache)"
	@CARGO_TARGET_DIR="$(native_target)" "$(PYTHON)" tests/bench/train.py \
		--fer2013 "$(FER2013)" --data "$(DATA)" --cache "$(cache)" $(ONLY)

# ---- the model --------------------------------------------------------------------------------

FER2013 ?= fer2013.csv
FERPLUS ?= fer2013new.csv
RUN ?= artifacts/moue
votes_and_sources := --fer-plus "$(FERPLUS)" $(if $(SOURCES),--data "$(SOURCES)")

.PHONY: train
train: ## Train a network that reads as people do on FER2013=…, FERPLUS=… and SOURCES=… if given into RUN=…, from INIT=… if given (an hour on two cores)
	$(cargo) run $(native) -- train --data "$(FER2013)" $(votes_and_sources) --out "$(RUN)" $(if $(INIT),--init "$(INIT)")

.PHONY: evaluate
evaluate: ## Measure a trained network of RUN=… on each split of FER2013=…
	$(cargo) run $(native) -- evaluate --data "$(FER2013)" --model "$(RUN)"

# ---- the face detector --------------------------------------------------------------------------

DATA ?= faces
YUNET ?= face_detection_yunet.onnx
BENCH ?= artifacts/detector
# YuNet's script says what it wants installed.
yunet := $(PYTHON) tests/detectors/yunet.py "$(YUNET)" "$(DATA)"

.PHONY: bench-detector
bench-detector: ## Measure our face detector beside YuNet (YUNET=…) and rustface on DATA=…, into BENCH=…
	@test -f "$(DATA)/labels.jsonl" || { echo "make: $(DATA)/labels.jsonl is missing. Name a folder of labelled photographs: make bench-detector DATA=…" >&2; exit 1; }
	@test -f "$(YUNET)" || { echo "make: $(YUNET) is missing. Name YuNet's ONNX file: make bench-detector YUNET=…" >&2; exit 1; }
	@mkdir -p "$(BENCH)"
	@$(yunet) "$(BENCH)/yunet.jsonl"
	@$(yunet) "$(BENCH)/yunet-two-scales.jsonl" --scales 1,2
	@$(cargo) run --release --locked --features yardstick --example rustface -- "$(DATA)" "$(BENCH)/rustface.jsonl"
	@$(cargo) run $(native) -- evaluate-detector --data "$(DATA)" --out "$(BENCH)" \
		--detections "YuNet=$(BENCH)/yunet.jsonl" \
		--detections "YuNet, two scales=$(BENCH)/yunet-two-scales.jsonl" \
		--detections "rustface=$(BENCH)/rustface.jsonl"

.PHONY: format
format: ## Format the code
	@cargo fmt

.PHONY: clean
clean: ## Remove what was built here; the tools stay in the cache
	@rm -rf target dist package tests/{browser,embed,bench}/{artifacts,node_modules}
