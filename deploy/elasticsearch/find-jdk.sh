#!/bin/sh
# Prints the folder of the first JDK that Elasticsearch 9 runs on, or says in one sentence what to install.
set -eu
oldest=21
for jdk in "${ES_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    [ -x "$jdk/bin/javac" ] || continue
    version=$("$jdk/bin/javac" -version 2>&1 | sed -nE 's/^javac ([0-9]+).*/\1/p')
    if [ "${version:-0}" -ge "$oldest" ]; then
        echo "$jdk"
        exit 0
    fi
done
echo "Elasticsearch needs a JDK of version $oldest or newer: please install one" \
    "('apt-get install openjdk-21-jdk-headless' on Debian 13 or Ubuntu, Eclipse Temurin elsewhere)," \
    "or name its folder in ES_JAVA_HOME." >&2
exit 1
