#!/usr/bin/env bash
# configure.sh HOME BASE
#
# Makes a WildFly that the wildfly-config module unpacked (HOME) serve Tessera from the instance folder BASE:
# EclipseLink and the PostgreSQL driver become server modules, and BASE/configuration is written by configure.cli.
# Idempotent: running it again on the same folders changes nothing. HOME is shared by instances, BASE is one
# instance (configuration, deployments, temporary files) and holds no data of the user. Needs JAVA_HOME (JDK 25).
set -euo pipefail
[ $# -eq 2 ] || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=$(cd "$1" && pwd)
mkdir -p "$2"
base=$(cd "$2" && pwd)

# Writes stdin to $1 only where it differs, so that a running server's files are left alone.
write_if_changed() {
  local text
  text=$(cat)
  if [ ! -f "$1" ] || [ "$(cat "$1")" != "$text" ]; then printf '%s\n' "$text" > "$1"; fi
}

persistence=$home/modules/system/layers/base/org/eclipse/persistence/main
adapter=$(basename "$persistence"/jipijapa-eclipselink-*.jar)
version=${adapter#jipijapa-eclipselink-}
sed "s/@WILDFLY_VERSION@/${version%.jar}/" "$here/eclipselink-module.xml" | write_if_changed "$persistence/module.xml"
write_if_changed "$home/modules/org/postgresql/main/module.xml" < "$here/postgresql-module.xml"

mkdir -p "$base/configuration" "$base/deployments" "$base/data" "$base/log" "$base/tmp"
for file in standalone.xml logging.properties application-roles.properties application-users.properties mgmt-groups.properties mgmt-users.properties; do
  [ -f "$base/configuration/$file" ] || cp "$home/standalone/configuration/$file" "$base/configuration/"
done

# The offline CLI keeps its own log and history; they go with the instance.
log=$base/log/configure.log
if ! JAVA_OPTS="-Djboss.server.base.dir=$base -Djboss.server.log.dir=$base/log -Djboss.cli.config=${home}/bin/jboss-cli.xml -Duser.home=$base/tmp ${TESSERA_CLI_OPTS:-}" \
    "$home/bin/jboss-cli.sh" --file="$here/configure.cli" --echo-command > "$log" 2>&1 < /dev/null; then
  echo "configuring WildFly failed; the end of $log says:" >&2
  tail -n 20 "$log" >&2
  exit 1
fi
rm -rf "$base/configuration/standalone_xml_history"
