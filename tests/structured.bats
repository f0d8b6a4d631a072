#!/usr/bin/env bats
# structured.bats -- functions of whole arrays against the digits of structured.tsv, which structured.py writes.

load helper

# compared FILTER [OPTION...]: the lines of structured.tsv with one more column, what the jq FILTER makes of gc's JSON.
# There is one jq for all of them, as it takes longer to start than the program takes to run.
compared () {
  local program status=0
  while IFS=$'\t' read -r _ program _; do
    gc -q -w x -f json "${@:2}" -e "$program" >>"$BATS_TEST_TMPDIR/json" || { echo "$program"; status=1; }
  done <"$srcdir/tests/structured.tsv"
  jq -c "$1" "$BATS_TEST_TMPDIR/json" >"$BATS_TEST_TMPDIR/actual" || status=1
  paste "$srcdir/tests/structured.tsv" "$BATS_TEST_TMPDIR/actual" >"$BATS_TEST_TMPDIR/compared"
  return "$status"
}

# agrees RTOL ATOL: standard input has PROGRAM, ACTUAL, EXPECTED.
agrees () {
  run find_differences "$1" "$2"
  assert_output ''
  assert_success
}

@test "functions of whole arrays: values and gradients" {
  compared '[.value.y, .grad.y.x] | flatten'
  agrees 1e-12 1e-14 < <(awk -F '\t' -v OFS='\t' '{ gsub(/ /, ",", $4); print $2, $6, "[" $3 "," $4 "]" }' \
    "$BATS_TEST_TMPDIR/compared")
}

@test "functions of whole arrays: second derivatives" {
  gc --help | grep -q -e --hessian || skip 'there is no --hessian'
  compared '.hessian.y.x.x | flatten' -H
  agrees 1e-10 1e-12 < <(awk -F '\t' -v OFS='\t' '{ gsub(/ /, ",", $5); print $2, $6, "[" $5 "]" }' \
    "$BATS_TEST_TMPDIR/compared")
}

@test "functions of whole arrays: those that have derivatives are all there, at three points or more" {
  local name lines
  # What gives integers, booleans or constants, or lets no gradient through, has none; arange ends at a jump.
  for name in $(sed -n '/^FUNCTION ([^"]*\(INTEGER\|TRUTH\|CONSTANT\)/d; s/^\(FUNCTION\|FORMULA\) (\([a-z_0-9]*\),.*/\2/p' \
    "$srcdir/src/ops/ops.def"); do
    [[ $name == arange ]] && continue
    lines=$(grep -c "^$name"$'\t' "$srcdir/tests/structured.tsv") || true
    [[ $lines -ge 3 ]] || fail "$name is in structured.tsv $lines times"
  done
}
