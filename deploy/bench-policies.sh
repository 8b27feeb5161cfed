#!/usr/bin/env bash
# `make bench-policies`: tests/bench/policies.py on a PostgreSQL of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
unset DATABASE_URL ELASTICSEARCH_URL SEARCH VAR_DIR DJANGO_SETTINGS_MODULE
export PYTHONPATH="site:."
# As much of the memory as PostgreSQL's manual would give it on a machine of 4 GB.
SHARED_BUFFERS=1GB exec deploy/postgresql.sh .venv/bin/python -m tests.bench.policies
