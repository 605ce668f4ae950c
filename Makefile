# Everything here needs Python 3.11 or newer, make, and pip's default index; `make test` sets up the rest by itself.
#
#   make demo    rate the examples and say why    (USAGE=file.json CONTRACTS=file.json for your own)
#   make test    all fast tests and every example in the docs, with full branch coverage    (PROFILE=ci: more examples)
#   make check   lint, format, types, direction of imports, doc examples, no registry addresses
#   make help    the other targets
#
# PYTHON=python3.12 uses another interpreter, in an environment of its own.

SHELL := /bin/sh
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
TAG := $(shell $(PYTHON) -c 'import sys; v = sys.version_info; print(f"{v[0]}.{v[1]}" if v >= (3, 11) else "old")' 2>/dev/null)
VENV ?= $(if $(filter python3,$(PYTHON)),.venv,.venv-$(TAG))
BIN := $(VENV)/bin
PINNED := $(VENV)/.pinned-$(TAG)
READY := $(VENV)/.ready-$(TAG)
PEERS := $(VENV)/.peers-$(TAG)
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check

PROFILE ?= dev
WORKERS ?= 2
PYTEST = $(BIN)/python -m pytest -n $(WORKERS)
DEEP = $(wildcard tests/property tests/oracle)

.PHONY: help venv demo test test-deep check bench lock clean

help:
	@echo 'make demo | test | test-deep | check | bench | lock | clean    (PYTHON=$(PYTHON), VENV=$(VENV))'

venv: $(READY)

# The environment is made anew when the pins or the interpreter change; the library is linked anew with its metadata.
$(PINNED): requirements/dev.txt
	@case "$(TAG)" in \
	  '') echo 'No interpreter answers to "$(PYTHON)". Name one: make PYTHON=/path/to/python3.12 ...' >&2; exit 1;; \
	  old) echo '"$(PYTHON)" is older than Python 3.11. Name another: make PYTHON=python3.12 ...' >&2; exit 1;; \
	esac
	@echo 'Setting up $(VENV) for Python $(TAG); this takes a minute, once.'
	@$(PYTHON) -m venv $(if $(wildcard $(VENV)/pyvenv.cfg),--clear) $(VENV)
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

$(READY): $(PINNED) pyproject.toml
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY)
	@$(BIN)/python -m supportcontracts.cli demo $(if $(USAGE),--usage $(USAGE)) $(if $(CONTRACTS),--contracts $(CONTRACTS))

test: $(READY)
	@$(PYTEST) --hypothesis-profile=$(PROFILE) --cov --cov-report=term

test-deep: $(READY)
	@$(if $(DEEP),$(PYTEST) --hypothesis-profile=deep $(DEEP),echo 'There are no property tests yet.')

check: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q $(wildcard README.md docs)
	@# The patterns are written so that they do not match themselves.
	@if git grep --untracked -nIiE 'py[p]i\.org|python[h]osted|[-]-(extra-)?index-url|[-]-find-links|regi[s]try\.npm' -- .; \
	then echo 'Name no package registry in the project: pins are name==version with hashes.' >&2; exit 1; fi

# Without the peers, each benchmark says which it leaves out.
bench: $(READY)
	@test $(PEERS) -nt requirements/bench.txt || { echo 'Setting up the peers of the benchmarks, once.'; \
	  $(PIP) --require-hashes -r requirements/bench.txt && touch $(PEERS) || echo 'Going on without them.'; }
	@$(BIN)/python -m benchmarks $(BENCH)
	@$(BIN)/python -m benchmarks.covered
	@$(BIN)/python -m benchmarks.clocks

# Needs uv on the PATH. Takes the newest versions that all supported interpreters and systems can use.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --upgrade --generate-hashes --no-emit-index-url --no-header \
	  --all-extras --group dev pyproject.toml --output-file requirements/dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --upgrade --generate-hashes --no-emit-index-url --no-header \
	  --group bench --constraint requirements/dev.txt --output-file requirements/bench.txt

clean:
	rm -rf .venv .venv-* .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache \
	  build dist htmlcov mutants
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
