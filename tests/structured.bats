#!/usr/bin/env bats
# structured.bats -- functions of whole arrays against the 50 digits of structured.tsv, which structured.py writes.

load helper

@test "functions of whole arrays: values and gradients" {
  local name program value gradient actual
  while IFS=$'\t' read -r name program value gradient; do
    run gc -q -w x -p 17 -e "$program"
    [[ $status -eq 0 ]] || fail "$program: $output"
    assert_close "$(result y)" "$value" 1e-12 1e-14
    actual=$(result dy/dx | tr -d '[],' | xargs)
    assert_close "[${actual// /, }]" "[${gradient// /, }]" 1e-12 1e-14
  done <"$srcdir/tests/structured.tsv"
}

@test "functions of whole arrays: those that have derivatives are all there" {
  local name
  # What gives integers, booleans, constants, several results, or stands for an expression tested in formulas.bats.
  local others=' any all count argmax argmin shape len size rank split zeros ones full eye zeros_like ones_like linspace arange
    range meshgrid one_hot slogdet stop_gradient load rand randn randint cross_entropy mse mae huber hinge bce_with_logits
    leaky_relu elu selu hard_tanh '
  for name in $(sed -n 's/^\(FUNCTION\|FORMULA\) (\([a-z_0-9]*\),.*/\2/p' "$srcdir/src/ops/ops.def"); do
    [[ ${others//$'\n'/ } == *" $name "* || $name == *_lpdf || $name == *_lpmf ]] && continue
    grep -q "^$name"$'\t' "$srcdir/tests/structured.tsv" || fail "$name is not in structured.tsv"
  done
}
