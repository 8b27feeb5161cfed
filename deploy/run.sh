#!/bin/sh
# `make run` and `make dev`: environment, packages, then deploy/run.py does the rest.
set -eu
cd "$(dirname "$0")/.."
python=$(deploy/find-python.sh)
"$python" deploy/address.py "${HOST:-127.0.0.1}" "${PORT:-8000}"
case ${SEARCH:-} in
"" | database) ;;
elasticsearch)
    # Before the rest, so that what is missing is said at once.
    [ -n "${ELASTICSEARCH_URL:-}" ] || deploy/elasticsearch/build.sh >/dev/null
    ;;
*)
    echo "SEARCH must be 'database' or 'elasticsearch', not '$SEARCH'." >&2
    exit 1
    ;;
esac
deploy/venv.sh requirements.txt
exec .venv/bin/python deploy/run.py
