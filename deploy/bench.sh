#!/bin/sh
# `make bench`: all the figures, one after the other; fails at the end when a threshold was missed.
set -u
cd "$(dirname "$0")/.." || exit 1
deploy/setup-test-system.sh || exit 1
missed=""
for name in queries axe lighthouse; do
    .venv/bin/python -m "tests.bench.$name" || missed="$missed $name"
done
[ -z "$missed" ] || echo "Missed:$missed"
[ -z "$missed" ]
