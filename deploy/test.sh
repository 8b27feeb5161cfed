#!/usr/bin/env bash
# `make test`: sets up what it needs, runs every check and every test, and says how each went.
# A failing step does not keep the others from running; the exit code is 1 when any failed.
set -euo pipefail
cd "$(dirname "$0")/.."
# The tests choose their own settings: nothing of the caller's shell may reach them.
unset DJANGO_SETTINGS_MODULE DATABASE_URL VAR_DIR CACHE_URL EMAIL_URL DEBUG ALLOWED_HOSTS LANGUAGES BASE_URL \
    SEARCH ELASTICSEARCH_URL

deploy/setup-test-system.sh
deploy/venv.sh requirements-dev.txt

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
summary=()
failed=0

step() { # step "title" command…
    local title=$1 started=$SECONDS code=0 closing
    shift
    printf '\n=== %s\n' "$title"
    "$@" 2>&1 | tee "$logs/step" || code=$?
    closing=$(grep -E '(passed|failed|error|no tests ran).* in [0-9.]+s' "$logs/step" | tail -n 1 | tr -d '=' | sed 's/^ *//; s/ *$//' || true)
    [ "$code" -eq 0 ] || failed=1
    summary+=("$(printf '%-6s  %-28s %4d s  %s' "$([ "$code" -eq 0 ] && echo ok || echo FAILED)" "$title" $((SECONDS - started)) "$closing")")
}

pytest=(.venv/bin/python -m pytest)
step "lint" deploy/lint.sh
step "tests on SQLite" "${pytest[@]}"
# What asks no database of the run has had its turn already.
step "tests on PostgreSQL" deploy/postgresql.sh "${pytest[@]}" -m "not engine_free and not elasticsearch"
# Its nodes live for a minute, so Java need not compile for the long run: they start in half the time.
export ES_JAVA_OPTS=-XX:TieredStopAtLevel=1
step "tests on Elasticsearch" deploy/elasticsearch/run.sh "${pytest[@]}" tests/search \
    -m "elasticsearch or not engine_free"
step "browser tests" "${pytest[@]}" tests/browser

printf '\n=== summary\n'
printf '%s\n' "${summary[@]}"
exit "$failed"
