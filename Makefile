.PHONY: setup demo check test proof bench openapi schema screenshots lock
PYTHON ?= python3
BIN := .venv/bin

setup: .venv/ready

demo: setup ; $(BIN)/calltally demo

test: setup ; $(BIN)/pytest -n 2 --dist worksteal

# The laws on more and other examples than `make test` tries; ten thousand steps of reports over the lake against the ledger.
proof: setup ; PROOF_STEPS=10000 $(BIN)/pytest -n 2 --dist worksteal --timeout 0 -m "hypothesis or proof"

check: setup ; $(BIN)/ruff check && $(BIN)/ruff format --check && $(BIN)/pyright && $(BIN)/lint-imports

bench: setup ; $(BIN)/python -m tests.bench

# What is written from the code: the document of the API, the definitions of the numbers, what to paste where in dialers.
openapi: setup ; $(BIN)/calltally openapi && $(BIN)/calltally metrics --markdown > docs/metrics.md && $(BIN)/calltally dialers --markdown > docs/dialers.md

schema: setup ; $(BIN)/python -m tests.sql.schema

# The pictures of the README, taken of the demo's floor in Chromium.
screenshots: setup ; $(BIN)/python -m tests.browser.screenshots

# Made anew when the pinned dependencies or the packaging change.
.venv/ready: requirements-dev.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "calltally needs Python 3.11 or later; try: make PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate
lock:
	$(LOCK) $(UPGRADE) -o requirements.lock
	$(LOCK) $(UPGRADE) --extra dev -c requirements.lock -o requirements-dev.lock
