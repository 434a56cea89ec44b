# Everything from a bare checkout with only Python 3.11 or newer, make and git.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
UV := .uv/bin/uv
UV_VERSION := 0.13.9

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-long check lint types contracts bench clean

help:  ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Radnice needs Python 3.11 or newer; $(PYTHON) is older. Say: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv .uv || { echo "Python has no venv module; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.synced: pyproject.toml uv.lock | $(UV)
	@echo "Installing Python packages …"
	@$(UV) sync --frozen --quiet --system-certs --python $(PYTHON)
	@touch $@

.venv/.assets: package.json package-lock.json web/assets.py web/trimming.py .venv/.synced
	@echo "Fetching browser assets …"
	@$(BIN)/python -m web.assets
	@touch $@

.venv/.locale: $(wildcard web/locale/*/LC_MESSAGES/*.po) .venv/.synced
	@$(BIN)/pybabel --quiet compile --directory web/locale --domain "messages workplace cockpit studio registers"
	@touch $@

.venv/.machine: web/machine.py .venv/.synced
	@$(BIN)/python -m web.machine
	@touch $@

setup: .venv/.synced .venv/.assets .venv/.locale .venv/.machine  ## environment, browser assets, translations, system libraries

demo: setup  ## the demo municipality on http://127.0.0.1:8000 (PORT= changes it)
	@$(BIN)/python -m web.demo --port $(PORT)

# A browser test waits much: two files at a time, each with a town and a browser of its own.
RUN_TESTS = $(BIN)/python -m tests.machine --run $(BIN)/pytest -q
NONE_CHOSEN_IS_FINE = || [ $$? -eq 5 ]

test: setup  ## all tests; services are used where reachable, started or installed where possible
	@$(RUN_TESTS) -m "not browser" -n 2 --dist loadgroup $(ARGS) $(NONE_CHOSEN_IS_FINE)
	@$(RUN_TESTS) -m browser -n 2 --dist loadfile $(ARGS) $(NONE_CHOSEN_IS_FINE)

test-long: export RADNICE_TEST_LONG = 1
test-long: test  ## the same with 20,000 random processes

lint: setup  ## format and lint
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: setup  ## mypy --strict
	@$(BIN)/mypy

contracts: setup  ## who may import whom
	@$(BIN)/lint-imports --no-cache

check: lint types contracts test  ## what .ci/run calls

bench: setup  ## speed, as ratios in one run (ARGS="completion forms" for some parts)
	@$(BIN)/python -m tests.machine --run $(BIN)/python -m tests.benchmarks $(ARGS)

clean:  ## remove everything that set-up made; the demo's data in var/ stays
	rm -rf .venv .uv node_modules web/static/vendor
