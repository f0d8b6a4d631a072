#!/usr/bin/env bats
# verdicts.bats -- right answers that are not called wrong, and wrong ones that are not called right.

load helper

setup () {
  [[ $GRADCALC == /* ]] || GRADCALC=$PWD/$GRADCALC
  cd "$BATS_TEST_TMPDIR" || return
}

@test "verdicts: a variable that a branch binds again has derivative 0 there" {
  # Where x < 0 the first x passes nothing on.
  run gc -e 'x = 1; if x < 0 { x = 4 }; y = x^2' -c 'dy/dx = 3*x'
  assert_failure 1
  assert_line 'dy/dx  WRONG'
  assert_line "  at the program's values: yours 3, correct 2"
  run gc -e 'x = 1; z = 5; if x > 0 { z = 2*x } else { z = 4 }; y = z^2' -c 'dy/dx = 8*x + z'
  assert_failure 1
  assert_line "  at the program's values: yours 10, correct 8"
  run gc -e 'x = [1, 2]; if x[0] < 0 { x = [4, 5, 6] }; y = sum(x^2)' -c 'dy/dx = 3*x'
  assert_failure 1
  run gc -e 'x = [1, 2]; y = x; if x[0] < 0 { y = 3 } else { y = x^2 }' -c 'dy/dx = 3*diag(x)'
  assert_failure 1
  run gc -e 'x = [1, 2]; y = x; if x[0] < 0 { y = [1, 1]; } else { y = x^2 }' -c 'dy/dx = 3*diag(x)'
  assert_failure 1
}

@test "verdicts: a prime on the left side is no transpose of a number" {
  local claim
  for claim in "f' = 1" "f'' = 6*x" "d(f')/dx = 3*x^2"; do
    run gc -e 'x = 1; f = x^3' -c "$claim"
    assert_failure 2
    assert_line --partial 'does not say in which variable; write d'
  done
  run gc -e 'x = [[1, 2]]' -c "x' = [[1], [2]]"
  assert_success
}

@test "verdicts: answers do not let the machine work out what is asked for" {
  local program='x = 2; f(t) = t^3; g = grad(f); h(t) = grad(f(t), t); k(t) = h(t); r(t) = rand()*t; s = grad; y = f(x)' claim
  for claim in 'grad(y, x)' 'jacobian(f)(x)' 'g(x)' 'h(x)' 'k(x)' 's(y, x)' 'rand()' 'r(x)' '(fn(t) grad(t^2, t))(x)' \
    'load("a.csv")' 'vjp(y, x, 1)' 'randint(1, 2)'; do
    run gc -e "$program" -c "dy/dx = $claim"
    assert_failure 2
    assert_line --partial '<-c>:1:'
    assert_line --partial 'an answer may not call'
    echo "dy/dx = $claim" >answers
    run gc -e "$program" -C answers
    assert_failure 2
  done
  # In the program they may, and what it computed may be named.
  run gc -e "$program; claim dy/dx = grad(y, x); claim dy/dx = g(x); d = g(x); y = f(x)" -c 'dy/dx = 3*x^2' -c 'd2y/dx2 = 6*x'
  assert_success
}
