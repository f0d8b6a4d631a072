#!/bin/sh
# grade.sh -- marks hand-ins by a key, a line of csv for each of them and each derivative asked:
#
#   samples/homework/grade.sh net.expr net.key answers/*.ans > marks.csv
set -u
program=$1 key=$2
shift 2
for hand_in; do
  set -- "$@" -C "$hand_in"
  shift
done
exec "${GRADCALC:-gradcalc}" -f csv --reveal=hint --key "$key" "$@" "$program"
