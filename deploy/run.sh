#!/bin/sh
# `make run` and `make dev`: environment, packages, then deploy/run.py does the rest.
set -eu
cd "$(dirname "$0")/.."
python=$(deploy/find-python.sh)
"$python" deploy/address.py "${HOST:-127.0.0.1}" "${PORT:-8000}"
deploy/venv.sh requirements.txt
exec .venv/bin/python deploy/run.py
