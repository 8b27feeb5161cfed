#!/usr/bin/env bash
# Runs a command with DATABASE_URL naming a PostgreSQL of its own, and takes that away afterwards:
#   deploy/postgresql.sh .venv/bin/python -m pytest
# The server listens on a free port of the loopback address, runs as an ordinary user (it refuses
# to be root), and is tuned to forget: nothing it holds has to survive. DURABLE=1 has it keep its word
# as on a server.
set -euo pipefail

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb || echo /nowhere/initdb)")
if [ ! -x "$bin/initdb" ]; then
    echo "PostgreSQL is missing: please install it with 'apt-get install postgresql'." >&2
    exit 1
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/postgresql.XXXXXX")
as_server=()
if [ "$(id -u)" -eq 0 ]; then
    user=nobody
    id postgres >/dev/null 2>&1 && user=postgres
    chown "$user" "$folder"
    as_server=(runuser -u "$user" --)
fi
# The current folder may be closed to that user.
server() { (cd "$folder" && "${as_server[@]}" "$@"); }

cleanup() {
    if [ -f "$folder/data/postmaster.pid" ]; then
        server "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
    fi
    rm -rf "$folder"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
password=$(python3 -c 'import secrets; print(secrets.token_hex(16))')
printf '%s\n' "$password" | server tee "$folder/password" >/dev/null
server "$bin/initdb" -D "$folder/data" -U shangdang --auth=scram-sha-256 --pwfile="$folder/password" \
    --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$folder.log" 2>&1 || {
    cat "$folder.log" >&2
    exit 1
}
rm -f "$folder.log"
cat >>"$folder/data/postgresql.conf" <<EOF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$folder'
shared_buffers = ${SHARED_BUFFERS:-128MB}
max_connections = 50
EOF
[ -n "${DURABLE:-}" ] || cat >>"$folder/data/postgresql.conf" <<EOF
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
EOF
server "$bin/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w start >/dev/null || {
    cat "$folder/server.log" >&2
    exit 1
}

export DATABASE_URL="postgres://shangdang:$password@127.0.0.1:$port/postgres"
# In the background and waited for: a trap runs at once only then.
"$@" &
child=$!
trap 'kill -TERM "$child" 2>/dev/null; wait "$child"; exit 143' TERM HUP
trap 'kill -TERM "$child" 2>/dev/null; wait "$child"; exit 130' INT
code=0
wait "$child" || code=$?
exit "$code"
