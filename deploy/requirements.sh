#!/bin/sh
# Pins requirements*.in into requirements*.txt, without a word about the index they came from.
set -eu
cd "$(dirname "$0")/.."
export CUSTOM_COMPILE_COMMAND="make requirements"
compile() {
    .venv/bin/python -m piptools compile --quiet --strip-extras --annotation-style line \
        --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options "$@"
}
compile "$@" --output-file requirements.txt requirements.in
compile "$@" --constraint requirements.txt --output-file requirements-dev.txt requirements-dev.in
