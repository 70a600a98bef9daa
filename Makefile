# The two commands of the README are `make demo` and `make test`; the rest is what they need and what developers use.
.DEFAULT_GOAL := help
SHELL := /bin/bash
VENV := .venv
PYTHON ?= python3
BIN := $(VENV)/bin
HONNIN := $(BIN)/honnin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test lint bench bench-fleet docs setup setup-test system-demo system-test clean

help: ## list the goals
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

demo: setup ## set up and let customers buy certificates on an emulated terminal; sheets land in out/
	@$(HONNIN) demo --out out

test: setup-test ## set up and pass every test, lint and type check
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -n 2 --dist loadfile -q

lint: setup-test ## style and types only
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: system-test $(VENV)/.bench ## measure the budgets of the design into docs/benchmarks.md
	@$(BIN)/python -m simulator.bench --write docs/benchmarks.md

bench-fleet: system-test $(VENV)/.bench ## really run a nation's day and more into docs/benchmarks-fleet.md (about an hour on 2 cores)
	@$(BIN)/python -m simulator.bench --only fleet --full --write docs/benchmarks-fleet.md

docs: setup-test ## write the generated documents anew
	@$(BIN)/python -m terminal.fsm.render --write docs/machine
	@$(BIN)/python -m simulator.centre.openapi --write docs/centre-openapi.json

setup: system-demo $(VENV)/.demo ## what the demo needs
setup-test: system-test $(VENV)/.test ## what the tests need

system-demo:
	@scripts/system-packages demo
system-test:
	@scripts/system-packages test

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Honnin needs Python 3.11 or later, this is %s; set PYTHON=" % sys.version.split()[0])'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing Honnin into $(VENV)"
	@$(BIN)/pip install -q -c constraints.txt -e '.[fleet]' 2> >(grep -v '^WARNING: Location' >&2)
	@touch $@
$(VENV)/.test: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing Honnin and its tests into $(VENV)"
	@$(BIN)/pip install -q -c constraints.txt -e '.[test]' 2> >(grep -v '^WARNING: Location' >&2)
	@touch $@ $(VENV)/.demo
$(VENV)/.bench: pyproject.toml constraints.txt | $(VENV)/bin/python
	@$(BIN)/pip install -q -c constraints.txt -e '.[bench]' 2> >(grep -v '^WARNING: Location' >&2)
	@touch $@ $(VENV)/.test $(VENV)/.demo

clean: ## remove what was made, the virtual environment excepted
	@rm -rf out var build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .benchmarks
