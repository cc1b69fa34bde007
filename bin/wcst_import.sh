#!/usr/bin/env bash
# The name under which rasdaman users know the import command.
exec "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../tessera" import "$@"
