#!/usr/bin/env bats
# claims.bats -- derivatives that somebody states: right, wrong, and why. What is right is a closed form, here by hand.

load helper

setup () {
  [[ $GRADCALC == /* ]] || GRADCALC=$PWD/$GRADCALC
  cd "$BATS_TEST_TMPDIR" || return
  # loss = (w x + b - y)^2: dloss/dw = 2 (pred - y) x = 12, dloss/db = 2 (pred - y) = 4.
  printf 'x = 3; w = 2; b = 1; y = 5\npred = w*x + b\nloss = (pred - y)^2\n' >loss.expr
  # loss = |X w - y|^2 / 2: dloss/dw = X' (X w - y) = [-32.5, -42].
  printf 'X = [[1,2],[3,4],[5,6]]; w = [0.5,-1]; y = [1,0,1]\nr = X @ w - y\nloss = sum(r^2)/2\n' >lin.expr
}

@test "claims: formulas and numbers, right and wrong, and the status" {
  run --separate-stderr gc -c 'dloss/dw = 2*(pred - y)*x' loss.expr
  assert_success
  assert_output $'dloss/dw  ok\n1 answer: 1 ok; 20 points, seed 1'
  assert_equal "$stderr" ''
  run gc -c 'dloss/dw = 12' -c 'dloss/db = 5' loss.expr
  assert_failure 1
  assert_line 'dloss/dw  ok'
  assert_line 'dloss/db  WRONG'
  assert_line "  at the program's values: yours 5, correct 4"
  assert_line '2 answers: 1 ok, 1 wrong'
  run gc -q -c 'dloss/db = 5' loss.expr
  assert_failure 1
  assert_output ''
}

@test "claims: of intermediate results, of values, in other algebraic forms" {
  run gc -c 'dloss/dpred = 2*w*x + 2*b - 2*y' -c 'dpred/dw = x' -c 'loss = 4' -c 'loss = (w*x + b)^2 - 2*(w*x+b)*y + y*y' \
    -c 'dloss/dw = (pred^2 - 2*pred*y + y^2) * 2*x/(pred - y)' loss.expr
  assert_success
  run gc -c 'loss = 5' loss.expr
  assert_failure 1
  run gc -c "dloss/dw = X' @ (X @ w) - y @ X" -c 'dloss/dr = r' -c 'dloss/dy = -r' -c 'dloss/dX = outer(r, w)' lin.expr
  assert_success
}

@test "claims: statements of the program, where claim is a name elsewhere" {
  run gc -e 'x = 3; claim dy/dx = 2*x; y = x^2'
  assert_success
  assert_output $'dy/dx  ok\n1 answer: 1 ok; 20 points, seed 1'
  run gc -e 'claim = 3; d = 2; y = claim * d + (claim) - d; claim dy/dclaim = d + 1; claim dy/dd = claim - 1'
  assert_success
  run gc --value -e 'claim = 3; y = claim'
  assert_output 'y = 3'
  run gc -e $'x = 3\ny = x^2\nclaim dy/dx = 2*z'
  assert_failure 2
  assert_line --partial "<-e>:3:17: error: 'z' is not defined"
}

@test "claims: numbers count to the digits typed" {
  run gc -e 'x = 3; y = log(x)' -c 'dy/dx = 0.333'
  assert_success
  assert_line 'dy/dx  ok  to the 3 digits given'
  run gc -e 'x = 3; y = log(x)' -c 'dy/dx = 0.334'
  assert_failure 1
  run gc -e 'x = 3; y = log(x)' -c 'dy/dx = 3.3e-1'
  assert_line 'dy/dx  ok  to the 2 digits given'
  run gc -e 'x = 3; y = x^2.001/2.001' -c 'dy/dx = 3'
  assert_failure 1
  run gc -e 'x = [3, -7]; y = sum(log(abs(x)))' -c 'dy/dx = [0.33, -0.143]'
  assert_success
  assert_line 'dy/dx  ok  to the 2 digits given'
}

@test "claims: a slip in the text or in a name is an error with its place" {
  run gc -c 'dloss/dv = 3' loss.expr
  assert_failure 2
  assert_line --partial "<-c>:1:8: error: 'v' is not a variable of the program"
  run gc -c 'dlos/dw = 3' loss.expr
  assert_failure 2
  assert_line --partial "did you mean 'loss'?"
  run gc -c 'dloss/dw' loss.expr
  assert_failure 2
  run gc -c 'dloss/dw = 2x' loss.expr
  assert_failure 2
  run gc -J -c 'dloss/dw = 12' loss.expr
  assert_failure 2
  assert_output 'gradcalc: -J and -c cannot go together'
}
