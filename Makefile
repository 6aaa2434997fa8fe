# Everything a developer types. Each target is one line over a documented tool.
PYTHON ?= python3.11
BIN := .venv/bin
STAMP := .venv/.instant-edit-setup

.PHONY: setup demo test test-slow check format bench clean
.DEFAULT_GOAL := demo

setup: $(STAMP) ## make .venv/ with everything in it; repeated only when the dependencies change

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv && $(BIN)/python -m pip install -q --upgrade 'pip>=25.1' && $(BIN)/python -m pip install -c constraints.txt -e . --group dev && touch $@

demo: setup ## the embedded model rewrites one line of a real file; nothing is written
	$(BIN)/instant-edit apply fixtures/inventory.py --lines 41:41 --show-steps

test: setup ## the quick tier
	$(BIN)/pytest -q

test-slow: setup ## the tier with the real weights
	$(BIN)/pytest -q -m slow

check: setup ## format, lint, types
	$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy

format: setup ## rewrite the sources in the house's format
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

bench: setup ## start-up, memory, the latency of one edit, many files, many edits
	$(BIN)/python benchmarks/startup.py && $(BIN)/python benchmarks/latency.py && $(BIN)/python benchmarks/selection.py && $(BIN)/python benchmarks/batches.py

clean: ## take away what the targets above made
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis dist build
