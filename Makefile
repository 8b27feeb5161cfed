# The commands of the project. `make` alone explains them.
# Settings come from the environment: PORT, HOST, DATABASE_URL and the others of the README.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON_IN_VENV := .venv/bin/python
MANAGE := $(PYTHON_IN_VENV) manage.py
# More words for pytest, e.g. make unit ARGS="tests/crm -k consent".
ARGS ?=
# Forbidden in many containers; without it every process compiles Django and Wagtail anew, for 3 seconds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run dev test check unit unit-postgresql unit-elasticsearch browser bench bench-queries \
	bench-axe bench-lighthouse bench-search bench-policies bench-events bench-start format messages requirements samples-remove clean venv venv-dev

help: ## Explain every target (this text)
	@echo "Shangdang: promotion window and investment platform. Targets:"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-19s %s\n", $$1, $$2}' Makefile
	@echo
	@echo "PORT and HOST change the address of make run and make dev (now $${HOST:-127.0.0.1}:$${PORT:-8000})."
	@echo "SEARCH=elasticsearch has them search on an Elasticsearch node that they start themselves,"
	@echo "or on the server of ELASTICSEARCH_URL; SEARCH=database on the database, as without it."

run: ## Set everything up and serve the site with its task worker, ready to try
	@deploy/run.sh

dev: ## The same set-up, then Django's own server with DEBUG=1, reloading on change
	@DEBUG=1 deploy/run.sh

test: ## Everything: own set-up, lint, tests on SQLite, PostgreSQL, Elasticsearch, in the browser
	@deploy/test.sh

check: venv-dev ## Lint only: ruff, import-linter, djhtml, Django's checks, catalogues
	@deploy/lint.sh

unit: venv-dev ## Unit and integration tests on SQLite (ARGS="…" goes to pytest)
	@$(PYTHON_IN_VENV) -m pytest $(ARGS)

unit-postgresql: venv-dev ## The same on a PostgreSQL started for the purpose
	@deploy/postgresql.sh $(PYTHON_IN_VENV) -m pytest $(ARGS)

unit-elasticsearch: venv-dev ## The tests of search on an Elasticsearch started for the purpose
	@ES_JAVA_OPTS="$${ES_JAVA_OPTS:--XX:TieredStopAtLevel=1}" deploy/elasticsearch/run.sh $(PYTHON_IN_VENV) -m pytest tests/search \
		-m "elasticsearch or not engine_free" $(ARGS)

browser: venv-dev ## Browser tests in Chromium against a live site of their own
	@$(PYTHON_IN_VENV) -m pytest tests/browser $(ARGS)

bench: venv-dev ## The figures: queries per page, axe, Lighthouse (URLS=all: every page)
	@deploy/bench.sh

bench-queries: venv-dev ## Only the SQL queries of every page
	@$(PYTHON_IN_VENV) -m tests.bench.queries

bench-axe: venv-dev ## Only axe over the site map, both languages and schemes
	@$(PYTHON_IN_VENV) -m tests.bench.axe

bench-lighthouse: venv-dev ## Only Lighthouse, one page of each type (URLS=all: every page)
	@$(PYTHON_IN_VENV) -m tests.bench.lighthouse

bench-search: venv-dev ## Quality and speed of the search (CORPUS= QUERIES= ENGINE=sqlite|postgresql|elasticsearch OUT=)
	@deploy/bench-search.sh

bench-policies: venv-dev ## The policy library at 100,000 policies on PostgreSQL (NUMBER= BODY= ROUNDS=)
	@deploy/bench-policies.sh

bench-events: venv-dev ## Seats under load on both databases, and the timetable of meetings (CONNECTIONS= ROUNDS= KILLS=)
	@deploy/bench-events.sh

bench-start: ## Seconds from a clean clone by `make run` to the first page
	@python3 tests/bench/start.py

format: venv-dev ## Put code and templates into the house's shape
	@$(PYTHON_IN_VENV) -m ruff check --fix-only --quiet .
	@$(PYTHON_IN_VENV) -m ruff format --quiet .
	@deploy/lint.sh --format

messages: venv-dev ## Bring the catalogues in line with the code, list what lacks a translation
	@$(PYTHON_IN_VENV) -m deploy.messages

requirements: venv-dev ## Pin requirements*.in anew into requirements*.txt (ARGS="--upgrade")
	@deploy/requirements.sh $(ARGS)

samples-remove: venv ## Take away all samples; later runs leave them away
	@$(MANAGE) remove_samples

clean: ## Remove what can be made anew (keeps var/, the data of the running site)
	@rm -rf .venv node_modules .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

venv:
	@deploy/venv.sh requirements.txt

venv-dev:
	@deploy/venv.sh requirements-dev.txt
