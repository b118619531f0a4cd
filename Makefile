# `make help` lists what can be made. Python 3.11 and make are all that is needed.

VENV ?= .venv
WORKERS ?= 2
PORT ?= 8000
TESTS ?= tests
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.installed-runtime
DEVELOPMENT := $(VENV)/.installed-development
BROWSER := tests/browser/.chromium/ready
SERVICES := $(BIN)/python -m mall.services

.PHONY: help install test check fmt demo demo-reset manage bench bench-full audit faults mutants soak screens messages lock

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(DEVELOPMENT)  ## build .venv with everything that is locked

$(RUNTIME): requirements/base.txt requirements/local.txt
	@requirements/install $(VENV) base local
	@touch $@

$(DEVELOPMENT): $(RUNTIME) requirements/dev.txt
	@requirements/install $(VENV) base local dev
	@touch $@

$(BROWSER): $(DEVELOPMENT) tests/browser/package-lock.json tests/browser/chromium.py
	@$(BIN)/python -m tests.browser.chromium

demo: $(RUNTIME)  ## run the mall with demo data (PORT=8000; SCALE=20: a fifth of the people and orders; Ctrl-C stops everything)
	@exec env PORT=$(PORT) $(BIN)/python -m mall.services.demo --attached $(if $(DATA),--data $(DATA)) $(if $(ACCOUNTS),--accounts $(ACCOUNTS)) $(if $(SCALE),--scale $(SCALE))

demo-reset: $(RUNTIME)  ## forget the demo's data; the next `make demo` starts afresh
	@$(BIN)/python -m mall.services.demo --reset $(if $(DATA),--data $(DATA))

manage: $(RUNTIME)  ## run a command in the running demo, as in: make manage DO="advance_clock --days 8"
	@$(SERVICES) --join $(if $(DATA),--data $(DATA)) -- $(BIN)/python manage.py $(DO)

test: $(DEVELOPMENT) $(BROWSER)  ## run all tests on real servers and a real browser (TESTS=tests/orders for a part)
	@$(SERVICES) --fast --temporary -- $(BIN)/pytest -n $(WORKERS) $(TESTS)

check: $(DEVELOPMENT)  ## format, lint, types, imports, templates, missing migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint --lint --quiet .
	DJANGO_SETTINGS_MODULE=mall.settings.test $(SERVICES) --fast --temporary -- $(BIN)/python manage.py makemigrations --check --dry-run

fmt: $(DEVELOPMENT)  ## format the code
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

bench: $(DEVELOPMENT)  ## measure settlement, ledger and what lives on them (GROUP=pages or desks: those), prove the books, write bench/results.json
	@$(SERVICES) --temporary -- $(BIN)/python -m bench $(GROUP)

bench-full: $(DEVELOPMENT)  ## the same with a million members
	@$(SERVICES) --temporary --buffers 4GB -- $(BIN)/python -m bench --full

mutants: $(DEVELOPMENT)  ## change the rules in small ways, see whether a test notices (half an hour)
	@requirements/install $(VENV) base local dev proofs
	@$(SERVICES) --fast --temporary -- $(BIN)/python -m tests.proofs.mutants

faults: $(DEVELOPMENT)  ## one fault after the other in a mall under load, each proved to bite, books proved after it (TIMES=3)
	@$(BIN)/python -m tests.proofs.faults --times $(or $(TIMES),3)

soak: $(DEVELOPMENT)  ## a mall under load whose processes are killed, its books proved every minute (MINUTES=10)
	@$(BIN)/python -m tests.proofs.soak --minutes $(or $(MINUTES),10)

audit: $(DEVELOPMENT) $(BROWSER)  ## let Lighthouse judge six pages as a phone on slow 4G, write docs/evidence/
	@$(BIN)/python -m tests.audit

screens: $(DEVELOPMENT) $(BROWSER)  ## write pictures of every page, light and dark, to docs/screens/
	@$(BIN)/python -m tests.browser.screens

messages: $(RUNTIME)  ## bring the English catalogue up to date and name what lacks a translation
	@DJANGO_SETTINGS_MODULE=mall.settings.test $(BIN)/python manage.py collect_messages

lock:  ## lock the requirements anew (needs uv)
	for part in base local dev proofs; do uv pip compile --quiet --generate-hashes --python-version 3.11 --no-header --no-annotate --no-emit-index-url requirements/$$part.in -o requirements/$$part.txt; done
