#!/usr/bin/env bash
# `make test`: sets up what it needs, runs every check and every test, and says how each went.
# A failing step does not keep the others from running; the exit code is 1 when any failed.
set -euo pipefail
cd "$(dirname "$0")/.."
# The tests choose their own settings: nothing of the caller's shell may reach them.
unset DJANGO_SETTINGS_MODULE DATABASE_URL VAR_DIR CACHE_URL EMAIL_URL DEBUG ALLOWED_HOSTS LANGUAGES BASE_URL \
    SEARCH ELASTICSEARCH_URL
# Where the shell forbids it, each of some forty processes would compile all modules for itself: 3 s, a run of
# pytest 12 s.
unset PYTHONDONTWRITEBYTECODE

logs=$(mktemp -d)
# Nothing to end is no failure: `kill` without a process would make one of it.
trap 'kill $(jobs -p) 2>/dev/null || true; wait || true; rm -rf "$logs"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

deploy/setup-test-system.sh
# Maven brings its jars while pip brings the packages. Whatever is wrong with it, the step that needs it says.
deploy/elasticsearch/build.sh >/dev/null 2>&1 </dev/null &
deploy/venv.sh requirements-dev.txt

summary=()
failed=0

step() { # step "title" command…: runs it and keeps what it said and how it ended
    local title=$1 started=$SECONDS code=0
    shift
    "$@" >"$logs/$title.log" 2>&1 </dev/null || code=$?
    printf '%d %d\n' "$code" $((SECONDS - started)) >"$logs/$title.end"
}

tell() { # tell "title": prints a finished step
    local title=$1 code=1 seconds=0 closing
    printf '\n=== %s\n' "$title"
    cat "$logs/$title.log"
    [ ! -f "$logs/$title.end" ] || read -r code seconds <"$logs/$title.end"
    closing=$(grep -E '(passed|failed|error|no tests ran).* in [0-9.]+s' "$logs/$title.log" | tail -n 1 | tr -d '=' | sed 's/^ *//; s/ *$//' || true)
    [ "$code" -eq 0 ] || failed=1
    summary+=("$(printf '%-6s  %-28s %4d s  %s' "$([ "$code" -eq 0 ] && echo ok || echo FAILED)" "$title" "$seconds" "$closing")")
}

pytest=(.venv/bin/python -m pytest)
# Its nodes live for a minute, so Java need not compile for the long run: they start in half the time.
export ES_JAVA_OPTS=-XX:TieredStopAtLevel=1

# A third of the browser's work; it ends the shorter line.
screens=tests/browser/test_every_screen.py
# Two at a time, each with a database of its own: pytest keeps one processor busy.
{
    # Here, because the tests wait for the filled site, which those on SQLite are making meanwhile.
    step "lint" deploy/lint.sh
    # What asks no database of the run has its turn on SQLite.
    step "tests on PostgreSQL" deploy/postgresql.sh "${pytest[@]}" -m "not engine_free and not elasticsearch"
    # What the engine decides: the node itself, outages, upkeep, the admin's lists, answers, privacy. Damage in
    # the database has been mended on two databases by then.
    step "tests on Elasticsearch" deploy/elasticsearch/run.sh "${pytest[@]}" \
        tests/search/test_{elasticsearch_node,outage,upkeep,admin_search,answers,privacy,page,messages}.py \
        -m "elasticsearch or not engine_free" -k "not in_the_database and not fulltext_table"
    step "tests of the commands" "${pytest[@]}" tests/test_tooling.py
    step "screens" "${pytest[@]}" "$screens"
} &
beside=$!
step "tests on SQLite" "${pytest[@]}" --ignore tests/test_tooling.py
tell "tests on SQLite"
step "browser tests" "${pytest[@]}" tests/browser --ignore "$screens"
tell "browser tests"
wait "$beside"
tell "lint"
tell "tests on PostgreSQL"
tell "tests on Elasticsearch"
tell "tests of the commands"
tell "screens"

printf '\n=== summary\n'
printf '%s\n' "${summary[@]}"
exit "$failed"
