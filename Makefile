# Every target makes the environment first; `make setup` does nothing when it is up to date.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.up-to-date
PARALLEL := -n 2 --dist loadgroup

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench screenshots times faults

help: ## say what the targets do
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

setup: $(STAMP) ## make .venv with everything pinned

$(STAMP): requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $(STAMP)

demo: setup ## run the whole bot on this machine; SCRIPT=1 plays one story and prints it
	@$(BIN)/python -m bot demo $(if $(SCRIPT),--script,)

test: setup ## run every test, on a real PostgreSQL and in a Chromium if there is one
	$(BIN)/python -m pytest $(PARALLEL)

check: setup ## what CI runs: format, lint, types, import contracts, migrations, content, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m bot check-content
	$(BIN)/python scripts/check_migrations.py
	$(BIN)/python -m pytest $(PARALLEL)

bench: setup ## measure, as ratios to limits taken in the same run
	$(BIN)/python -m bench

screenshots: setup ## take the pictures in docs/ (needs a Chromium or Chrome)
	$(BIN)/python scripts/take_screenshots.py

times: setup ## show that the times of CONTRACT.md hold on this machine
	$(BIN)/python scripts/check_times.py

faults: setup ## a minute of every fault, a minute without a database; writes docs/reliability.md
	$(BIN)/python -m tests.faults
