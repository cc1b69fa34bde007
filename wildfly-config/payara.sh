#!/usr/bin/env bash
# payara.sh BASE ADDRESS PORT JDBC_URL USER PASSWORD
#
# Writes BASE/preboot.asadmin, the commands that Payara Micro runs before it deploys: the pool, the data source under
# the name that persistence.xml uses, the same one as the default, the listen address, and HTTP limits.
set -euo pipefail
[ $# -eq 6 ] || { sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2; }
base=$1 address=$2 url=$4 user=$5 password=$6
case "$url" in
  jdbc:postgresql:*) class=org.postgresql.ds.PGSimpleDataSource ;;
  *) class=org.h2.jdbcx.JdbcDataSource ;;
esac

# asadmin separates properties by colons.
escape() { printf '%s' "$1" | sed 's/[\\:;=]/\\&/g'; }

mkdir -p "$base"
cat > "$base/preboot.asadmin" <<TEXT
create-jdbc-connection-pool --restype=javax.sql.DataSource --datasourceclassname=$class --steadypoolsize=2 --maxpoolsize=20 --property=user=$(escape "$user"):password=$(escape "$password"):url=$(escape "$url") TesseraPool
create-jdbc-resource --connectionpoolid=TesseraPool jdbc/TesseraDS
set resources.jdbc-resource.jdbc/__default.pool-name=TesseraPool
set configs.config.server-config.network-config.network-listeners.network-listener.http-listener.address=$address
set configs.config.server-config.network-config.protocols.protocol.http-listener.http.max-post-size-bytes=1073741824
set configs.config.server-config.network-config.protocols.protocol.http-listener.http.header-buffer-length-bytes=1048576
set configs.config.server-config.hazelcast-config-specific-configuration.enabled=false
TEXT
