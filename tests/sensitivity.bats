#!/usr/bin/env bats
# sensitivity.bats -- --uncertainty and --elasticity. Expected values are worked out by hand, or with mpmath.

setup () {
  load helper
  cd "$BATS_TEST_TMPDIR" || return
  cp "$srcdir"/samples/{loss,lin}.expr .
}

@test "--uncertainty: a number, each input's share, every format" {
  # 8 * 0.5 = 4 and 12 * 0.25 = 3
  local given=(--uncertainty x=0.5 --uncertainty w=0.25 loss.expr)
  run -0 --separate-stderr gc "${given[@]}"
  assert_output $'loss = 4\nsd(loss) = 5\nshare(loss, x) = 0.64\nshare(loss, w) = 0.36'
  assert_equal "$stderr" ''
  run -0 gc -f csv "${given[@]}"
  assert_output $'target,index,value,sd,wrt,share\nloss,,4,5,x,0.64\nloss,,4,5,w,0.36'
  run -0 gc -f csv --layout=wide "${given[@]}"
  assert_output $'loss,sd_loss,share_loss_x,share_loss_w\n4,5,0.64,0.36'
  run -0 gc -f json "${given[@]}"
  assert_output '{"value":{"loss":4},"uncertainty":{"loss":{"sd":5,"share":{"x":0.64,"w":0.36}}}}'
  run -0 gc -f markdown "${given[@]}"
  assert_output $'| result | value |\n| --- | --- |\n| `loss` | 4 |\n| `sd(loss)` | 5 |\n| `share(loss, x)` | 0.64 |\n| `share(loss, w)` | 0.36 |'
  # mpmath: sqrt((exp(x) sin(z) 0.01)^2 + (exp(x) cos(z) 0.02)^2), and the parts of its square
  run -0 gc --uncertainty x=0.01 --uncertainty z=0.02 -e 'x = 0.5; z = 1.2; y = exp(x)*sin(z)'
  assert_result 'sd(y)' 0.0194654531544583 1e-12
  assert_result 'share(y, x)' 0.623208969778337 1e-12
  assert_result 'share(y, z)' 0.376791030221663 1e-12
}

@test "--uncertainty: arrays, of targets and of inputs" {
  # r = X w - y: rows (1 2), (3 4), (5 6) times deviations (1 2); sqrt(17), sqrt(73), 13
  run -0 --separate-stderr gc --uncertainty w='[1, 2]' -t r lin.expr
  assert_equal "$stderr" ''
  assert_result 'sd(r)' '[4.123105625617661, 8.54400374531753, 13]' 1e-15
  assert_line 'share(r, w) = [1, 1, 1]'
  # Elementwise, one deviation for all elements: 2 x 0.1, and 0.6 and 0.8 beside it
  run -0 gc -f json --uncertainty x=0.5 --uncertainty c=1 -e 'x = [3, 0]; c = 4; y = x^2 + [4, 0]*c/4*4'
  assert_output '{"value":{"y":[25,0]},"uncertainty":{"y":{"sd":[5,0],"share":{"x":[0.36,0],"c":[0.64,0]}}}}'
  # A hundred thousand elements that do not meet
  run -0 gc -f json --uncertainty x=3 -t 'max(y), min(y)' -e 'x = arange(100000); y = 2*x'
  run -0 gc --uncertainty x=3 -p 3 -t 'y[99999], sum(y)' -e 'x = arange(100000); y = 2*x'
  # sqrt(100000) * 6 = 1897.4
  assert_line 'sd(y[99999]) = 6'
  assert_line 'sd(sum(y)) = 1.9e+3'
}

@test "--uncertainty: what is exact, not connected, huge, tiny or infinite" {
  run -0 gc -q --uncertainty x=0 -e 'x = 3; y = x^2'
  assert_output $'y = 9\nsd(y) = 0\nshare(y, x) = 0'
  run -0 --separate-stderr gc --uncertainty c=1 -e 'c = 4; x = 3; y = x^2'
  assert_output $'y = 9\nsd(y) = 0\nshare(y, c) = none'
  assert_regex "$stderr" 'note: y does not depend on c: c is never used'
  run -3 gc -q -s --uncertainty c=1 -e 'c = 4; x = 3; y = x^2'
  run -0 gc -q --unconnected=zero --uncertainty c=1 -f csv -e 'c = 4; x = 3; y = x^2'
  assert_line 'y,,9,0,c,0'
  # Squares of these would leave the range.
  run -0 gc -p 15 --uncertainty x=3e200 --uncertainty z=4e200 -e 'x = 1; z = 1; y = x + z'
  assert_line 'sd(y) = 5e+200'
  run -0 gc -p 15 --uncertainty x=3e-200 --uncertainty z=4e-200 -e 'x = 1; z = 1; y = x + z'
  assert_line 'sd(y) = 5e-200'
  run -0 gc -q --uncertainty x=1 -e 'x = 0; y = sqrt(x)'
  assert_output $'y = 0\nsd(y) = Inf\nshare(y, x) = NaN'
  # The last of several counts.
  run -0 gc --uncertainty x=1 --uncertainty x=2 -e 'x = 1; y = 3*x'
  assert_line 'sd(y) = 6'
}

@test "--uncertainty: what is no input and no deviation" {
  local given
  while IFS='|' read -r given message; do
    run -2 gc --uncertainty "$given" -e 'x = 3; v = [1, 2]; y = x^2 * sum(v)'
    assert_line --index 0 "$message"
  done <<'END'
q=1|gradcalc: --uncertainty: 'q' is not a variable of <-e> (inputs: x, v; others: y)
y=1|<-e>:1:20: error: y is computed from x; --uncertainty is for inputs alone (inputs: x, v)
x=-1|gradcalc: --uncertainty: the standard deviation of x is -1; it has to be a number from 0 on
x=nan|gradcalc: --uncertainty: the standard deviation of x is nan; it has to be a number from 0 on
x=[1,2]|gradcalc: --uncertainty: x is a number, the standard deviation has shape (2)
v=[1,2,3]|gradcalc: --uncertainty: v has shape (2), the standard deviation has shape (3)
x|gradcalc: --uncertainty: expected NAME=VALUE, found 'x'
END
}

@test "--elasticity: numbers and arrays, every format" {
  # gradient * at / value: 8*3/4, 12*2/4, 4*1/4, -4*5/4
  run -0 --separate-stderr gc --elasticity loss.expr
  assert_output $'loss = 4\nelasticity(loss, x) = 6\nelasticity(loss, w) = 6\nelasticity(loss, b) = 1\nelasticity(loss, y) = -5'
  assert_equal "$stderr" ''
  run -0 gc -f csv --elasticity -w x loss.expr
  assert_output $'target,wrt,index,at,elasticity\nloss,x,,3,6'
  run -0 gc -f csv --layout=wide --elasticity -w x,w -t loss,pred loss.expr
  assert_output "$(printf 'loss,elasticity_loss_x,elasticity_loss_w,pred,elasticity_pred_x,elasticity_pred_w\n4,6,6,7,%s,%s' \
    0.8571428571428571 0.8571428571428571)"
  run -0 gc -f json --elasticity -w w -e 'w = [1, 2]; y = w[0]^3 * w[1]'
  assert_output '{"value":{"y":2},"elasticity":{"y":{"w":[3,1]}}}'
  run -0 gc -f markdown --elasticity -e 'x = 2; y = x^3'
  assert_line '| `elasticity(y, x)` | 3 |'
  # Of arrays, their sum: 2 x_i^2 / (9 + 16)
  run -0 --separate-stderr gc --elasticity -e 'x = [3, 4]; y = x^2'
  assert_output $'y = [9, 16]\nelasticity(y, x) = [0.72, 1.28]'
  assert_regex "$stderr" 'y has 2 elements; the elasticity is that of their sum'
  run -0 gc -q --elasticity --sum -t 'y,z' -e 'x = 3; y = x^2; z = 1'
  assert_output $'y+z = 10\nelasticity(y+z, x) = 1.8\nelasticity(y+z, z) = 0.1'
  # mpmath: z cos(z) / sin(z)
  run -0 gc --elasticity -w z -e 'z = 1.2; y = 5 * sin(z)'
  assert_result 'elasticity(y, z)' 0.466535483241846 1e-14
}

@test "--elasticity: of 0, of nothing, at the ends of the range" {
  run -0 --separate-stderr gc --elasticity -e 'x = 1; y = x - 1'
  assert_output $'y = 0\nelasticity(y, x) = NaN'
  assert_regex "$stderr" '<-e>:1:8: warning: y is 0, of which there are no percents; its elasticities are NaN'
  run -3 gc -q -s --elasticity -e 'x = 1; y = x - 1'
  run -0 gc -q --elasticity -e 'c = 1; x = 2; y = x^2'
  assert_output $'y = 4\nelasticity(y, c) = none\nelasticity(y, x) = 2'
  run -0 gc -q --elasticity -w x -e 'x = 1e200; y = x * 1e100'
  assert_line 'elasticity(y, x) = 1'
  run -0 gc -q --elasticity -w x -e 'x = 1e-200; y = x * 1e-110'
  assert_result 'elasticity(y, x)' 1 1e-2
}

@test "--uncertainty: an input without elements has no share" {
  run -0 gc --uncertainty x=0.1 -e 'x = []; y = sum(x)'
  assert_output $'y = 0\nsd(y) = 0\nshare(y, x) = 0'
}
