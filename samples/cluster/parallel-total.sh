#!/bin/sh
# parallel-total.sh DATA OPTION... -- the total over a csv file with a header, its blocks shared out by GNU parallel:
#
#   samples/cluster/parallel-total.sh big.csv --reduce=mean -w w,b line.expr
#
# It is that of one run to the last digit. Where a block fails or is lost there is none, and the status is not 0.
# No field may hold a line end. BLOCK is the size of a block (10M, or -2: two for each processor).
set -u
data=$1
shift
gradcalc=${GRADCALC:-gradcalc}
parts=$(mktemp) || exit 3
trap 'rm -f "$parts"' EXIT
# The header alone has a total too, with all names, of no records: parallel starts nothing where there are none.
head -n 1 "$data" | "$gradcalc" -f json "$@" -r - >"$parts" || exit
parallel -q --pipepart -a "$data" --header : --block "${BLOCK:--2}" --halt now,fail=1 \
  "$gradcalc" -f json "$@" -r - >>"$parts" || exit
"$gradcalc" --merge --expect=$(($(grep -c '[^[:space:]]' "$data") - 1)) "$parts"
