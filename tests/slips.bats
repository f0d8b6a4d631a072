#!/usr/bin/env bats
# slips.bats -- wrong answers to problems of textbooks, named as what they are and where, right ones in other forms, and senseless ones.

load helper

setup () {
  cd "$BATS_TEST_TMPDIR" || return
}

# What is said of the answers of slips.tsv, those of a program at once: tables, one behind the other, in `said`.
say_table () {
  local kind place answer count=0 i
  while IFS=$'\t' read -r kind place answer; do
    case $kind in
      \#*) ;;
      program) count=$((count + 1)); printf '%s\n' "$place" >"$count.expr" ;;
      *) printf '%s\n' "$answer" >>"$count.answers" ;;
    esac
  done < <(sed $'s/\t\t/\t \t/' "$srcdir/tests/slips.tsv")
  for ((i = 1; i <= count; i++)); do
    gc -f csv -C "$i.answers" "$i.expr" 2>/dev/null | tail -n +2
  done >said
}

@test "slips: the table of problems" {
  say_table
  # shellcheck disable=SC2016 # it is a program of awk
  run awk -F '\t' '
    # The fields of a line of csv.
    function split_csv(line, fields,    i, c, n, quoted) {
      n = 1; fields[1] = ""
      for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        if (c == "\"") quoted = !quoted
        else if (c == "," && !quoted) fields[++n] = ""
        else fields[n] = fields[n] c
      }
    }
    /^#/ { next }
    $1 == "program" { program = $2; next }
    {
      if ((getline line < "said") <= 0) line = ""
      split_csv(line, said)
      verdict = said[3]; cause = said[4]; where = ""; hint = said[15]; rows[$1]++
      if (said[9] != "") where = said[9] ~ /answers$/ ? "@" substr($3, said[11]) : substr(program, said[11])
      if ($1 == "ok") good = verdict == "ok"
      else if ($1 == "none") good = verdict == "wrong" && hint == "" && cause != "ratio"
      else good = verdict == "wrong" && index("|" $1 "|", "|" cause "|") && ($2 == "" ? where == "" : index(where, $2) == 1)
      if (!good) { print program ": " $3 ": " $1 " was expected: " line; failed = 1 }
      if ($1 != "ok" && $1 != "none") slips++
    }
    END {
      if (slips < 150 || rows["ok"] < 120 || rows["none"] < 40) { print "rows are missing"; failed = 1 }
      exit failed
    }' "$srcdir/tests/slips.tsv"
  assert_success
}
