#!/bin/sh
# Brings .venv in line with a requirements file: deploy/venv.sh requirements.txt
# Does nothing when that has been done: stamps in .venv hold the checksums of what is installed.
set -eu
cd "$(dirname "$0")/.."
file=$1
stamp=.venv/.$file.sum
wanted=$(cksum <"$file")

if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && .venv/bin/python -c '' 2>/dev/null; then
    exit 0
fi
if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    python=$(deploy/find-python.sh)
    if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        echo "Python's venv is incomplete here: please install it with" \
            "'apt-get install python3-venv' (or python$version-venv)." >&2
        exit 1
    fi
    rm -rf .venv
    "$python" -m venv .venv
fi

echo "Installing the packages of $file (half a minute or so) …"
rm -f .venv/.requirements*.sum
# Not compiled: Python does that itself for the modules it meets, which are far fewer.
.venv/bin/python -m pip install --quiet --no-compile --disable-pip-version-check \
    --no-input --requirement "$file"
# The file for development holds all that the other one holds.
[ "$file" != requirements-dev.txt ] || cksum <requirements.txt >.venv/.requirements.txt.sum
echo "$wanted" >"$stamp"
