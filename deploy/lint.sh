#!/bin/sh
# `make check`: everything that judges the code without running the site. Runs all, then fails once.
# With --format it puts the templates into shape instead (ruff does the same for the code).
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python
PYTHONPATH="site:."
export PYTHONPATH
# Migrations must be complete whatever database the environment names, so none is asked for.
DATABASE_URL="sqlite://:memory:"
DJANGO_SETTINGS_MODULE=config.settings.test
export DATABASE_URL DJANGO_SETTINGS_MODULE

# djhtml and djjs over the templates and scripts of our own: markup [--check]. Not djcss: it would
# indent the whole of a file once more for its @layer, and leave the comments where they are.
# shellcheck disable=SC2120
markup() {
    code=0
    for kind in html js; do
        find . \( -path ./.venv -o -path ./var -o -path ./node_modules -o -path ./.git -o -path ./docs \) \
            -prune -o -type f \( -path '*/templates/*' -o -path '*/static/*' \) -name "*.$kind" -print0 |
            xargs -0 -r "$python" ".venv/bin/dj$kind" --tabwidth 2 "$@" || code=1
    done
    return "$code"
}

if [ "${1:-}" = --format ]; then
    markup >/dev/null 2>&1 || true # it says "1" when it changed something
    exit 0
fi

failed=""
step() { # step "title" command…
    title=$1
    shift
    if output=$("$@" 2>&1); then
        echo "ok      $title"
    else
        echo "FAILED  $title"
        echo "$output" | sed 's/^/        /'
        failed="$failed, $title"
    fi
}

step "ruff check" "$python" -m ruff check .
step "ruff format" "$python" -m ruff format --check .
step "import order (import-linter)" "$python" .venv/bin/lint-imports --no-cache --no-logo
step "templates and scripts (djhtml)" markup --check
step "Django's checks" "$python" manage.py check --fail-level WARNING
step "migrations complete" "$python" manage.py makemigrations --check --dry-run
step "catalogues complete" "$python" -m deploy.messages --check

if [ -n "$failed" ]; then
    echo "Lint failed:${failed#,}. 'make format' mends what is only a matter of shape."
    exit 1
fi
