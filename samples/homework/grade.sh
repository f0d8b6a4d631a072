#!/bin/sh
# grade.sh -- marks answer files against one program, a CSV line for each file:
#
#   samples/homework/grade.sh net.expr answers/*.ans > marks.csv
#
# A right answer counts 1, one that is carried forward too, because the step from the wrong answer before it is right.
set -u
program=$1
shift
echo file,answers,ok,carried,wrong,undecided,mark
for answers in "$@"; do
  # Status 1 and 4 are wrong and undecided answers, which are marks too; from 2 on the file could not be read.
  report=$("${GRADCALC:-gradcalc}" -f json --reveal=none -C "$answers" "$program" 2>/dev/null)
  case $? in
    0 | 1 | 4)
      printf '%s\n' "$report" | jq -r --arg file "$answers" \
        '[$file, (.checks | length), .ok, .carried, .wrong, .undecided, (100 * (.ok + .carried) / (.checks | length) | round)] | @csv'
      ;;
    *) printf '"%s",,,,,,0\n' "$answers" ;;
  esac
done
