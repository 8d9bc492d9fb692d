# Everything on a fresh machine with only python3 (3.11 or newer) and make.
PYTHON ?= python3
VENV := .venv
PYWB := .venv-pywb
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test pywb chromium lint types docs wheel bench bench-check bench-verdicts bench-year bench-scale clean help

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-16s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "linkwatch needs Python 3.11 or newer; name one with: make PYTHON=python3.12" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	@ln -sf bin/python $@

$(VENV)/run.stamp: pyproject.toml | $(VENV)/python
	$(BIN)/python -m pip install --quiet --editable '.[browse]'
	@touch $@

$(VENV)/dev.stamp: pyproject.toml | $(VENV)/python
	$(BIN)/python -m pip install --quiet --editable '.[all,dev]'
	@touch $@ $(VENV)/run.stamp

run: $(VENV)/run.stamp  ## see it work on a simulated web, no internet needed
	$(BIN)/linkwatch demo

test: $(VENV)/dev.stamp lint types  ## lint, types and all tests
	$(BIN)/python -m pytest

pywb: $(PYWB)/pywb.stamp  ## a real pywb in an environment of its own, for the tests of replay

$(PYWB)/pywb.stamp:
	$(PYTHON) -m venv $(PYWB)
	$(PYWB)/bin/python -m pip install --quiet 'pywb>=2.10,<3'
	@touch $@

chromium:  ## a real browser for the tests of pages, from Debian's packages (as root)
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } >/dev/null

lint: $(VENV)/dev.stamp  ## ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev.stamp  ## mypy --strict
	$(BIN)/mypy

docs: $(VENV)/dev.stamp  ## write the command line's help into the README
	$(BIN)/python tests/readme.py

wheel: $(VENV)/dev.stamp  ## build the wheel into dist/
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

bench: $(VENV)/dev.stamp  ## what a harvest costs beside lychee
	$(BIN)/python tests/benchmarks/harvest.py

bench-check: $(VENV)/dev.stamp  ## what checks cost beside lychee: CPU, elapsed time, memory (15 minutes)
	$(BIN)/python tests/benchmarks/checking.py

bench-verdicts: $(VENV)/dev.stamp  ## how right the verdicts are, beside three other link checkers
	$(BIN)/python tests/benchmarks/verdicts.py

bench-year: $(VENV)/dev.stamp  ## a year of nights over 20,000 URLs that die, flap and recover
	$(BIN)/python tests/benchmarks/year.py

bench-scale: $(VENV)/dev.stamp  ## what 1,000,000 URLs with 10,000,000 checks cost (8 GB of disk)
	$(BIN)/python tests/benchmarks/scale.py

clean:  ## remove what was made
	rm -rf $(VENV) $(PYWB) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
