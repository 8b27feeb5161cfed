#!/usr/bin/env bash
# `make bench-events`: seats under load on SQLite and on a PostgreSQL that loses nothing, and the timetable.
set -uo pipefail
cd "$(dirname "$0")/.."
unset DATABASE_URL ELASTICSEARCH_URL SEARCH VAR_DIR DJANGO_SETTINGS_MODULE
export PYTHONPATH="site:."
code=0
.venv/bin/python -m tests.bench.events || code=1
DURABLE=1 deploy/postgresql.sh .venv/bin/python -m tests.bench.events || code=1
.venv/bin/python -m tests.bench.events_timetable || code=1
exit "$code"
