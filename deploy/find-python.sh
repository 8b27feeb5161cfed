#!/bin/sh
# Prints the first Python that is new enough, or says in one sentence what to install.
set -eu
for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$name" >/dev/null 2>&1 &&
        "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        command -v "$name"
        exit 0
    fi
done
if command -v python3 >/dev/null 2>&1; then
    echo "$(python3 --version 2>&1) is too old here: please install Python 3.11 or newer." >&2
else
    echo "Python is missing: please install it with 'apt-get install python3 python3-venv'." >&2
fi
exit 1
