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

# Templates, styles and scripts of our own; generated or foreign ones are not there.
own_markup() {
    find . \( -path ./.venv -o -path ./var -o -path ./node_modules -o -path ./.git -o -path ./docs \) \
        -prune -o -type f \( -path '*/templates/*.html' -o -path '*/static/*.css' -o -path '*/static/*.js' \) \
        -print0
}

if [ "${1:-}" = --format ]; then
    own_markup | xargs -0 -r "$python" -m djhtml --tabwidth 2 2>&1 | tail -n 1
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

markup() { own_markup | xargs -0 -r "$python" -m djhtml --check --tabwidth 2; }
step "ruff check" "$python" -m ruff check .
step "ruff format" "$python" -m ruff format --check .
step "import order (import-linter)" "$python" .venv/bin/lint-imports --no-cache --no-logo
step "templates, styles, scripts (djhtml)" markup
step "Django's checks" "$python" manage.py check --fail-level WARNING
step "migrations complete" "$python" manage.py makemigrations --check --dry-run
step "catalogues complete" "$python" -m deploy.messages --check

if [ -n "$failed" ]; then
    echo "Lint failed:${failed#,}. 'make format' mends what is only a matter of shape."
    exit 1
fi
