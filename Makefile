# Two commands: `make run` and `make test`. They need Python 3.11 to 3.13 with venv, and make; nothing else.
# `make check` is the quick part of `make test`, `make soak` what takes too long for it. `make ui` opens the Dagster
# pages on this machine only, `make bench` measures.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Published files where there are any, else the sample county in a home of its own.
HAS_RAW := $(shell find data/raw -name '*.provenance.json' -print -quit 2>/dev/null)
HOME_DIR := $(if $(HAS_RAW),data,data/sample)

.PHONY: run check test soak lint lint-sql ui bench sbom

run: .venv/run.stamp $(if $(HAS_RAW),,data/sample/written.stamp)
	$(BIN)/rayg --home $(HOME_DIR) build

check: lint
	$(BIN)/pytest -n 2 tests/unit

test: lint lint-sql
	$(BIN)/pytest -n 2

soak: .venv/test.stamp
	RAYG_TEST_TIMES=100 $(BIN)/pytest -n 2 -m "soak or hypothesis"

lint: .venv/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lint-sql: .venv/test.stamp
	$(BIN)/sqlfluff lint --processes 2 dbt_project

ui: .venv/run.stamp $(if $(HAS_RAW),,data/sample/written.stamp)
	$(BIN)/python -m pipelines.ui $(HOME_DIR)

bench: .venv/run.stamp $(if $(HAS_RAW),,data/sample/written.stamp)
	$(BIN)/rayg --home $(HOME_DIR) build
	$(BIN)/python -m benchmarks $(HOME_DIR)

# After the locks were made again: what is installed, with licences.
sbom: .venv/test.stamp
	$(BIN)/python -m tests.sbom

data/sample/written.stamp: | .venv/run.stamp
	$(BIN)/rayg --home data/sample sample
	touch $@

.venv/bin/python:
	$(PYTHON) -m venv .venv

# Installed from the lock alone. The package is installed in place, so that edits count at once. For tests without
# dependencies of dependencies: the lock leaves out two on purpose (docs/decisions/0001-dependencies.md).
.venv/run.stamp: requirements.lock pyproject.toml | .venv/bin/python
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-build-isolation --no-deps -e .
	touch $@

.venv/test.stamp: requirements-dev.lock pyproject.toml | .venv/bin/python
	$(PIP) install --require-hashes --no-deps -r requirements-dev.lock
	$(PIP) install --no-build-isolation --no-deps -e .
	touch $@
