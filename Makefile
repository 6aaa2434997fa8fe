# Everything a developer types. Each target is one line over a documented tool.
PYTHON ?= python3.11
BIN := .venv/bin
STAMP := .venv/.instant-edit-setup
VSCODE := editor-plugins/vscode
NPM := cd $(VSCODE) && PATH="$(CURDIR)/$(BIN):$$PATH" npm
PACKAGES := $(VSCODE)/node_modules/.package-lock.json

.PHONY: setup demo test test-slow test-neovim test-vscode test-vscode-weights test-vscode-browser vsix vsix-pictures check check-neovim format recording bench bench-apply bench-server train clean
.DEFAULT_GOAL := demo

setup: $(STAMP) ## make .venv/ with everything in it; repeated only when the dependencies change

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv && $(BIN)/python -m pip install -q --upgrade 'pip>=25.1' && $(BIN)/python -m pip install -c constraints.txt -e . --group dev && touch $@

demo: setup ## the embedded model writes a missing line of a real file; nothing is written
	$(BIN)/instant-edit apply fixtures/inventory.py --lines 49:49 --show-steps

test: setup ## the quick tier
	$(BIN)/pytest -q

test-slow: setup ## the tier with the real weights
	$(BIN)/pytest -q -m 'slow and not neovim'

test-neovim: setup ## the Neovim plugin in a real Neovim, some of it with the real weights
	$(BIN)/pytest -q -m neovim

test-vscode: $(PACKAGES) ## the VS Code extension: types, units, a Node client of the real server
	$(NPM) test

test-vscode-weights: $(PACKAGES) ## the same client with the real weights
	$(NPM) run test:weights

test-vscode-browser: vsix ## the packaged extension in code-server, driven in a headless Chromium
	$(NPM) run test:browser

vsix-pictures: vsix ## the pictures of the VS Code extension, made with the embedded model
	$(NPM) run pictures

vsix: $(PACKAGES) ## the VS Code extension, ready to be installed
	$(NPM) run vsix

$(PACKAGES): $(STAMP) $(VSCODE)/package-lock.json
	$(BIN)/python -m pip install -q -c constraints.txt --group vscode && $(NPM) ci && touch $(CURDIR)/$(PACKAGES)

check: setup ## format, lint, types
	$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy

check-neovim: $(PACKAGES) ## the format of the Lua sources
	PATH="$(CURDIR)/$(BIN):$$PATH" npx --yes @johnnymorganz/stylua-bin@2.5.2 --check editor-plugins/neovim tests/neovim/specs

format: setup ## rewrite the sources in the house's format
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

recording: setup ## the animation in the Neovim plugin's README, from a real session
	$(BIN)/python -m tests.neovim.recording editor-plugins/neovim/session.svg

bench: setup ## tables and plots of what an edit costs, into benchmarks/results/
	$(BIN)/instant-edit bench --out benchmarks/results && $(BIN)/python benchmarks/startup.py

bench-apply: setup ## many files, many edits
	$(BIN)/python benchmarks/selection.py && $(BIN)/python -m benchmarks.many_files && $(BIN)/python benchmarks/batches.py

bench-server: setup ## the language server over stdio: answers, drafts, pings, cancels, memory
	$(BIN)/python benchmarks/server.py

RUN ?=
EXCLUDE ?=
DEVICE ?= cpu
STEPS ?= 20000
BATCH ?= 32
TRAINING := $(BIN)/python -m instant_edit.training

train: setup ## train the shipped weights further: make train RUN=FOLDER EXCLUDE=FOLDER_OF_EVALUATION_SETS DEVICE=cuda
	@test -n "$(RUN)" && test -d "$(EXCLUDE)" || { echo "name RUN=, a folder for the run, and EXCLUDE=, that of the evaluation sets to keep out" >&2; exit 2; }
	$(TRAINING) base --out $(RUN)/base
	test -s $(RUN)/corpus/manifest.json || $(TRAINING) corpus --out $(RUN)/corpus --downloads $(RUN)/downloads --exclude $(EXCLUDE)
	$(TRAINING) train --base $(RUN)/base/*.gguf --corpus $(RUN)/corpus --run $(RUN) --weights instant_edit/models/weights/embedded.gguf --device $(DEVICE) --steps $(STEPS) --batch $(BATCH)
	$(TRAINING) evaluate --base $(RUN)/base/*.gguf --corpus $(RUN)/corpus --run $(RUN) --device $(DEVICE)
	$(TRAINING) curve --run $(RUN) --out $(RUN)/curve.svg
	$(TRAINING) export --base $(RUN)/base/*.gguf --run $(RUN) --out $(RUN)/embedded.gguf

clean: ## take away what the targets above made
	rm -rf $(VSCODE)/node_modules $(VSCODE)/dist $(VSCODE)/.browser $(VSCODE)/*.vsix
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis dist build
