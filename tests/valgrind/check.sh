#!/usr/bin/env bash
# check.sh PROGRAM: makes a small lab with a fault and checks it under valgrind. Any error or leak fails the test.
set -eu
program=$1
command -v valgrind >/dev/null || exit 77
[ -x "$program" ] || exit 77
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$program" lab new "$folder/lab" --fault issuer-missing >/dev/null
status=0
valgrind --quiet --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect \
	"$program" check "$folder/lab" >"$folder/report" || status=$?
# 1: something is refused, as it should be here
[ "$status" -eq 1 ] || { cat "$folder/report"; echo "valgrind: status $status, wanted 1" >&2; exit 1; }
