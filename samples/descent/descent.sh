#!/bin/sh
# descent.sh DATA -- fits line.expr to a file of any length by gradient descent; a step is one pass over the records.
rate=0.3 w=0 b=0 near=
until [ "$near" ]; do
  total=$("${GRADCALC:-gradcalc}" --reduce=mean --no-header -f tsv -w w,b -D "w=$w" -D "b=$b" -r "$1" "$(dirname "$0")/line.expr") || exit
  read -r w b near <<END
$(echo "$w $b $total" | awk -v rate=$rate '
    { printf "%.17g %.17g %s", $1 - rate*$4, $2 - rate*$5, $4^2 + $5^2 < 1e-18 ? "near" : "" }')
END
done
printf 'w = %.6g; b = %.6g\n' "$w" "$b"
