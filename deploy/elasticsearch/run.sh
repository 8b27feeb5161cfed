#!/usr/bin/env bash
# Runs a command with ELASTICSEARCH_URL naming an Elasticsearch node of its own, and takes that away
# afterwards: deploy/elasticsearch/run.sh .venv/bin/python -m pytest -m elasticsearch
# The node is built before, if need be, and listens on a free port of the loopback address.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [ $# -eq 0 ]; then
    echo "Usage: deploy/elasticsearch/run.sh COMMAND…" >&2
    exit 2
fi
"$here/build.sh" >/dev/null
exec python3 "$here/node.py" "$@"
