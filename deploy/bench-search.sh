#!/usr/bin/env bash
# `make bench-search`: tests/bench/search.py on the engine that ENGINE names, which is started for it.
set -euo pipefail
cd "$(dirname "$0")/.."
unset DATABASE_URL ELASTICSEARCH_URL SEARCH VAR_DIR DJANGO_SETTINGS_MODULE
export PYTHONPATH="site:."
bench=(.venv/bin/python -m tests.bench.search)
case "${ENGINE:-}" in
    sqlite) exec "${bench[@]}" ;;
    postgresql) exec deploy/postgresql.sh "${bench[@]}" ;;
    elasticsearch) exec deploy/elasticsearch/run.sh "${bench[@]}" ;;
    *)
        echo "ENGINE is sqlite, postgresql or elasticsearch, not '${ENGINE:-}'." >&2
        exit 2
        ;;
esac
