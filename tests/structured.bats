#!/usr/bin/env bats
# structured.bats -- functions of whole arrays against the digits of structured.tsv, which structured.py writes.

load helper

@test "functions of whole arrays: values and gradients" {
  # shellcheck disable=SC2034 # the Hessian is for the next case
  local name program value gradient hessian
  while IFS=$'\t' read -r name program value gradient hessian; do
    run --separate-stderr gc -q -w x -f json -e "$program"
    # shellcheck disable=SC2154 # run sets stderr
    [[ $status -eq 0 ]] || fail "$program: $stderr"
    assert_close "$(jq -c '[.value.y, .grad.y.x] | flatten' <<<"$output")" "[$value, ${gradient// /, }]" 1e-12 1e-14 \
      || fail "$program"
  done <"$srcdir/tests/structured.tsv"
}

@test "functions of whole arrays: second derivatives" {
  # shellcheck disable=SC2034 # value and gradient are for the case above
  local name program value gradient hessian
  gc --help | grep -q -e --hessian || skip 'there is no --hessian'
  while IFS=$'\t' read -r name program value gradient hessian; do
    run --separate-stderr gc -q -H -w x -f json -e "$program"
    [[ $status -eq 0 ]] || fail "$program: $stderr"
    assert_close "$(jq -c '.hessian.y.x.x | flatten' <<<"$output")" "[${hessian// /, }]" 1e-10 1e-12 || fail "$program"
  done <"$srcdir/tests/structured.tsv"
}

@test "functions of whole arrays: those that have derivatives are all there, at three points or more" {
  local name lines
  # What gives integers, booleans or constants, or lets no gradient through.
  local others=' any all count argmax argmin shape len size rank zeros ones eye zeros_like ones_like arange range
    one_hot stop_gradient load rand randn randint '
  for name in $(sed -n 's/^\(FUNCTION\|FORMULA\) (\([a-z_0-9]*\),.*/\2/p' "$srcdir/src/ops/ops.def"); do
    [[ ${others//$'\n'/ } == *" $name "* ]] && continue
    lines=$(grep -c "^$name"$'\t' "$srcdir/tests/structured.tsv") || true
    [[ $lines -ge 3 ]] || fail "$name is in structured.tsv $lines times"
  done
}
