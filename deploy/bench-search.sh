#!/usr/bin/env bash
# `make bench-search`: tests/bench/search.py on the engine that ENGINE names, which is started for it.
set -euo pipefail
cd "$(dirname "$0")/.."
unset DATABASE_URL ELASTICSEARCH_URL SEARCH VAR_DIR DJANGO_SETTINGS_MODULE
export PYTHONPATH="site:."
bench=(.venv/bin/python -m tests.bench.search)
case "${ENGINE:-}" in
    sqlite) exec "${bench[@]}" ;;
    # As much of the memory as PostgreSQL's manual would give it on a machine of 4 GB.
    postgresql) SHARED_BUFFERS=1GB exec deploy/postgresql.sh "${bench[@]}" ;;
    # Beside it stands the database that a site of this size has.
    elasticsearch) SHARED_BUFFERS=1GB exec deploy/postgresql.sh deploy/elasticsearch/run.sh "${bench[@]}" ;;
    *)
        echo "ENGINE is sqlite, postgresql or elasticsearch, not '${ENGINE:-}'." >&2
        exit 2
        ;;
esac
