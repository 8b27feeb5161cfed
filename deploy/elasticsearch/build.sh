#!/usr/bin/env bash
# Makes the node, unless that has been done, and prints its folder: jars from Maven Central, the two
# classes of java/ compiled, laid out as the server expects it, and an archive of what Java reads at a
# start. The jars carry Elastic's licence: they stay out of the tree (docs/decisions/0008-elasticsearch-node.md).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=${ELASTICSEARCH_HOME_DIR:-$here/../../var/elasticsearch-node}
mkdir -p "$(dirname "$home")"
home=$(cd "$(dirname "$home")" && pwd)/$(basename "$home")
wanted=$(cat "$here/pom.xml" "$here"/java/*.java "${BASH_SOURCE[0]}" | cksum)

built() { [ "$(cat "$home/.sum" 2>/dev/null)" = "$wanted" ]; }
if built; then
    echo "$home"
    exit 0
fi

jdk=$("$here/find-jdk.sh")
if ! command -v mvn >/dev/null 2>&1; then
    echo "Elasticsearch's jars are fetched with Maven: please install it with 'apt-get install maven'." >&2
    exit 1
fi
# Who comes second waits, and finds it done.
exec 9>"$home.lock"
flock 9
if built; then
    echo "$home"
    exit 0
fi

echo "Building the Elasticsearch node in $home …" >&2
started=$SECONDS
new=$(mktemp -d "$home.XXXXXX")
trap 'rm -rf "$new"' EXIT
mkdir -p "$new"/{lib,plugins/front,modules/transport-netty4}
command -v java >/dev/null 2>&1 || export JAVA_HOME=$jdk # Maven's own
mvn --batch-mode --quiet --file "$here/pom.xml" \
    org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies \
    -DincludeScope=runtime -DoutputDirectory="$new/lib" >"$new/maven.log" 2>&1 || {
    tail -n 20 "$new/maven.log" >&2
    echo "Maven could not fetch the jars of Elasticsearch: is Maven Central within reach?" >&2
    exit 1
}
rm "$new/maven.log"
netty=$new/modules/transport-netty4
mv "$new"/lib/{netty-*,transport-netty4-*,elasticsearch-ssl-config-*}.jar "$netty"
# The descriptors of modules are in their jars, and looked for beside them.
(cd "$netty" && "$jdk/bin/jar" --extract --file transport-netty4-*.jar META-INF/es-plugins)
mv "$netty"/META-INF/es-plugins/transport-netty4/plugin-descriptor.properties "$netty"
rm -r "$netty/META-INF"

compile() { # compile SOURCE JAR
    "$jdk/bin/javac" --release 21 -nowarn -classpath "$new/lib/*" -d "$new/classes" "$here/java/$1" 1>&2
    "$jdk/bin/jar" --create --file "$2" -C "$new/classes" .
    rm -r "$new/classes"
}
compile ElasticsearchNode.java "$new/launcher.jar"
compile RootPlugin.java "$new/plugins/front/front.jar"
version=$(sed -n 's:.*<elasticsearch.version>\(.*\)</.*:\1:p' "$here/pom.xml")
cat >"$new/plugins/front/plugin-descriptor.properties" <<EOF
name=front
description=GET /
version=$version
classname=RootPlugin
java.version=21
elasticsearch.version=$version
EOF

echo "$wanted" >"$new/.sum"
rm -rf "$home"
mv "$new" "$home"
# A first start leaves the classes as Java needs them, which takes a third off each later one. It is for this
# folder, so it is done here at the end, and whoever finds no archive or another Java's starts without it.
archive=$home/classes.jsa
ES_JAVA_OPTS=-XX:ArchiveClassesAtExit=$archive.new python3 "$here/node.py" true >/dev/null 2>&1 || true
[ ! -f "$archive.new" ] || mv "$archive.new" "$archive"
echo "Built Elasticsearch $version in $((SECONDS - started)) s ($(du -sh "$home" | cut -f1))." >&2
echo "$home"
