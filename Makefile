# Everything that one does with Paperboy; each target does the set-up that it needs by itself.
#
#   make test ARGS="-k digest"      ARGS goes to the program that the target runs
#   make setup PYTHON=python3.12    the Python to make .venv with, if not the first that will do
#   make lock UPGRADE=yes           newest versions; without it, only what pyproject.toml needs

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up

PYTHON ?=
PYTHONS := $(or $(PYTHON),python3.13 python3.12 python3.11 python3)

# The lock is made by the oldest Python. What only newer ones need comes after it, with its marker:
# from Python 3.13 on discord.py needs audioop-lts, which replaces a module that Python dropped.
LOCK_PYTHON ?= python3.11
NEWER_PYTHON ?= python3.13
NEWER_MARKER := python_version >= "3.13"
NEWER_PACKAGES := audioop-lts
LOCK := build/lock
COMPILE_OPTIONS := --quiet --generate-hashes --no-header --strip-extras --allow-unsafe \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options

PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test soak check bench format lock

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(STAMP) ## make .venv with everything, at the versions of requirements.txt

$(STAMP): pyproject.toml requirements.txt
	@if ! $(PIP) --version >/dev/null 2>&1; then \
	  for python in $(PYTHONS) ''; do \
	    if [ -z "$$python" ]; then \
	      echo "No Python 3.11 or newer with venv among: $(PYTHONS). Try make setup PYTHON=…" >&2; \
	      exit 1; \
	    fi; \
	    "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
	      >/dev/null 2>&1 && break; \
	  done; \
	  echo "Making $(VENV) with $$("$$python" --version)"; \
	  "$$python" -m venv --clear $(VENV); \
	fi
	@echo "Installing what requirements.txt locks"
	@$(PIP) install --no-deps --require-hashes --requirement requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@touch $@

demo: $(STAMP) ## the bot in a simulated Discord in the browser: no token, no network
	@$(BIN)/paperboy demo $(ARGS)

test: $(STAMP) ## the tests
	@$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

soak: $(STAMP) ## kill the bot at many more random moments (KILLS=500)
	@PAPERBOY_KILLS=$(or $(KILLS),500) $(BIN)/python -m pytest tests/process/test_random_kills.py $(ARGS)

check: $(STAMP) ## all that must be right before a commit: what CI runs
	@echo "== format"
	@$(BIN)/ruff format --check
	@echo "== lint"
	@$(BIN)/ruff check
	@echo "== types"
	@$(BIN)/mypy
	@echo "== imports"
	@$(BIN)/lint-imports --no-logo
	@echo "== tests"
	@HYPOTHESIS_PROFILE=$${HYPOTHESIS_PROFILE:-ci} $(BIN)/python -m pytest -n auto --dist loadfile --cov $(ARGS)

bench: $(STAMP) ## the benchmarks
	@$(BIN)/python -m tests.benchmarks $(ARGS)

format: $(STAMP) ## format the code and mend what can be mended by itself
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix

lock: ## write requirements.txt again from pyproject.toml (needs python3.11 and python3.13)
	@rm -rf $(LOCK) && mkdir -p $(LOCK)
	@$(LOCK_PYTHON) -m venv $(LOCK)/oldest && $(NEWER_PYTHON) -m venv $(LOCK)/newer
	@for venv in oldest newer; do \
	  $(LOCK)/$$venv/bin/python -m pip --quiet --quiet --disable-pip-version-check \
	    install 'pip-tools>=7.4,<8' || exit 1; \
	done
	@echo "Locking for $(LOCK_PYTHON)"
	@cp requirements.txt $(LOCK)/requirements.txt 2>/dev/null || true
	@$(LOCK)/oldest/bin/pip-compile $(COMPILE_OPTIONS) $(if $(UPGRADE),--upgrade) \
	  --extra demo --extra dev --extra llm --all-build-deps \
	  --output-file $(LOCK)/requirements.txt pyproject.toml
	@echo "Locking for $(NEWER_PYTHON)"
	@printf '%s\n' $(NEWER_PACKAGES) > $(LOCK)/newer.in
	@$(LOCK)/newer/bin/pip-compile $(COMPILE_OPTIONS) --no-annotate \
	  --output-file $(LOCK)/newer.txt $(LOCK)/newer.in
	@{ cat $(LOCK)/requirements.txt; \
	   echo; \
	   echo "# What only newer Pythons need, by the Makefile's NEWER_PACKAGES:"; \
	   sed 's/^\([a-z0-9-]*==[^ ]*\)/\1 ; $(NEWER_MARKER)/' $(LOCK)/newer.txt; \
	 } > $(LOCK)/whole.txt
	@mv $(LOCK)/whole.txt requirements.txt
	@rm -rf $(LOCK) && rmdir build 2>/dev/null || true
