#!/bin/sh
# Brings the system packages that `make test` needs, through apt when some are missing.
set -eu
missing=""
need() { # need PACKAGE COMMAND…: the package is missing unless one of the commands is there
    package=$1
    shift
    for name in "$@"; do
        command -v "$name" >/dev/null 2>&1 && return
        [ -x "$name" ] && return
    done
    missing="$missing $package"
}

need chromium /usr/bin/chromium
need gettext xgettext
# Debian keeps the server's programs off the path, in a folder of their version.
need postgresql /usr/lib/postgresql/*/bin/initdb
need maven mvn
# Chinese shows as boxes without a font.
[ -n "$(ls -d /usr/share/fonts/opentype/noto/NotoSansCJK* 2>/dev/null)" ] || missing="$missing fonts-noto-cjk"
python3 -c 'import venv, ensurepip' 2>/dev/null || [ -x .venv/bin/python ] || missing="$missing python3 python3-venv"

# Elasticsearch's JDK is a package of another name in each release, and none in Debian 12 (there the
# sentence of find-jdk.sh says what to do). Without it the tests on Elasticsearch fail, the rest runs.
if ! deploy/elasticsearch/find-jdk.sh >/dev/null 2>&1; then
    [ "$(id -u)" -ne 0 ] || apt-get update >/dev/null 2>&1 || true
    jdk=""
    for package in openjdk-25-jdk-headless openjdk-21-jdk-headless temurin-25-jdk temurin-21-jdk; do
        if apt-cache policy "$package" 2>/dev/null | grep -q 'Candidate: [0-9]'; then
            jdk=$package
            break
        fi
    done
    missing="$missing${jdk:+ $jdk}"
    [ -n "$jdk" ] || deploy/elasticsearch/find-jdk.sh || true
fi

[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null 2>&1; then
    echo "These packages are missing, please install them:$missing" >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "System packages are missing, please run: sudo apt-get install$missing" >&2
    exit 1
fi
echo "Installing system packages:$missing …"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # one word per package
if ! { apt-get update && apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "apt-get could not install:$missing" >&2
    exit 1
fi
