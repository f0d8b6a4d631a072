#!/bin/sh
# parallel-rows.sh DATA OPTION... -- a record out for each of a csv file with a header, its blocks shared out by GNU parallel:
#
#   samples/cluster/parallel-rows.sh big.csv -a -w w,b line.expr
#
# What comes out is what one run writes, to the byte. After a bad record the status is not 0, as there, and nothing follows.
# No field may hold a line end. BLOCK is the size of a block (10M, or -2: two for each processor).
set -u
data=$1
shift
gradcalc=${GRADCALC:-gradcalc}
head -n 1 "$data" | "$gradcalc" "$@" -r - || exit
exec parallel -q -k --pipepart -a "$data" --header : --block "${BLOCK:--2}" --halt now,fail=1 \
  "$gradcalc" --no-header "$@" -r -
