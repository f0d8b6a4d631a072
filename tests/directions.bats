#!/usr/bin/env bats
# directions.bats -- Jacobians (-J), and changes in a direction (--along). Expected values are closed forms.

load helper

# A function of three numbers from a vector of two and a number: rows of its Jacobian by hand.
F='x = [1, 2]; w = 3; y = [x[0] * w, x[1]^2, sum(x) + w^3]'

@test "-J: text, one matrix for each source" {
  run --separate-stderr gc -J -e "$F"
  assert_success
  assert_output $'y = [3, 4, 30]\ndy/dx = [[3, 0],\n         [0, 4],\n         [1, 1]]\ndy/dw = [1, 0, 27]'
  assert_equal "$stderr" ''
}

@test "-J: csv, wide csv and json" {
  run gc -J -f csv -w w,x -e "$F"
  assert_output $'target,index,wrt,windex,grad\ny,0,w,,1\ny,1,w,,0\ny,2,w,,27\ny,0,x,0,3\ny,0,x,1,0\ny,1,x,0,0\ny,1,x,1,4\ny,2,x,0,1\ny,2,x,1,1'
  run gc -J -f csv --layout wide -w w -e "$F"
  assert_output $'y.0,y.1,y.2,dy_dw.0,dy_dw.1,dy_dw.2\n3,4,30,1,0,27'
  run gc -J -f json -e "$F"
  assert_output '{"value":{"y":[3,4,30]},"jacobian":{"y":{"x":[[3,0],[0,4],[1,1]],"w":[1,0,27]}}}'
}

@test "-J: of one number it is the gradient" {
  run gc -J -e 'x = [1, 2]; y = sum(x^2)'
  assert_output $'y = 5\ndy/dx = [2, 4]'
  run gc -J -e 'x = 3; y = x^2'
  assert_output $'y = 9\ndy/dx = 6'
}

@test "-J: fewer sources than results (forward) and fewer results than sources (reverse)" {
  # y_i = x^i: dy_i/dx = i x^(i-1)
  run gc -J -e 'x = 2; y = x^arange(6)'
  assert_output $'y = [1, 2, 4, 8, 16, 32]\ndy/dx = [0, 1, 4, 12, 32, 80]'
  run gc -J -e 'x = arange(6) + 0; s = 2; y = [sum(x) * s, x[1] * x[2]]' -w x,s
  assert_output $'y = [30, 2]\ndy/dx = [[2, 2, 2, 2, 2, 2],\n         [0, 2, 1, 0, 0, 0]]\ndy/ds = [15, 0]'
}

@test "-J: shapes are the target's, then the source's" {
  # d(A B)_ij / dA_kl = delta_ik B_lj
  run gc -J -f json -w A -e 'A = [[1, 2]]; const B = [[3, 4], [5, 6]]; Y = A @ B'
  assert_output '{"value":{"Y":[[13,16]]},"jacobian":{"Y":{"A":[[[[3,5]],[[4,6]]]]}}}'
}

@test "-J: kinks, infinite slopes and NaN are as in the gradient, in both modes" {
  run gc -q -J -e 'x = 0; y = [abs(x), sqrt(x), x * 2, x]'
  assert_output $'y = [0, 0, 0, 0]\ndy/dx = [0, Inf, 2, 1]'
  run gc -q -J -e 'x = [0, 4]; y = sqrt(x)'
  assert_output $'y = [0, 2]\ndy/dx = [[Inf, 0],\n         [0, 0.25]]'
  run gc -q -J -e 'x = [-1, 4]; y = sqrt(x)'
  assert_output $'y = [NaN, 2]\ndy/dx = [[NaN, 0],\n         [0, 0.25]]'
}

@test "-J: what is not connected is none, or zeros of the Jacobian's shape" {
  run --separate-stderr gc -J -e 'x = [1, 2]; c = [3, 4]; y = 2 * x'
  assert_line 'dy/dc = none'
  [[ $stderr == *'y does not depend on c: c is never used'* ]]
  run gc -q -J --unconnected=zero -e 'x = [1, 2]; c = [3, 4]; y = 2 * x' -w c
  assert_output $'y = [2, 4]\ndy/dc = [[0, 0],\n         [0, 0]]'
  run gc -q -J -s -e 'x = [1, 2]; c = 3; y = 2 * x'
  assert_equal "$status" 3
}

@test "-J: without elements" {
  run gc -J -e 'x = zeros(0); w = 3; c = 1; y = w*x'
  assert_line 'dy/dx = []'
  assert_line 'dy/dw = []'
  assert_line 'dy/dc = none'
  refute_output --partial 'depend on x'
  run gc -q -J -f json -e 'x = zeros(0); y = cumprod(x)'
  assert_output '{"value":{"y":[]},"jacobian":{"y":{"x":[]}}}'
  run gc --sparse -J -e 'x = zeros(0); y = 2*x'
  assert_output 'y = []'
}

@test "-J: too many axes" {
  run gc -q -J -e 'x = ones(1, 1, 1, 1, 1); y = 2 * x'
  assert_failure 2
  assert_output 'gradcalc: the Jacobian dy/dx would have 10 axes; an array has at most 8'
}

@test "--along: one direction over several inputs" {
  # dy = (w dx0 + x0 dw, 2 x1 dx1, dx0 + dx1 + 3 w^2 dw)
  run --separate-stderr gc --along x='[1, 10]' --along w=100 -e "$F"
  assert_success
  assert_output $'y = [3, 4, 30]\ndy = [103, 40, 2711]'
  assert_equal "$stderr" ''
  run gc --along x=1 -e "$F"
  assert_output $'y = [3, 4, 30]\ndy = [3, 4, 2]'
}

@test "--along: several targets, expressions, formats" {
  run gc --along x=2 -t 'y,x+1' -e 'x = 3; y = x^2'
  assert_output $'y = 9\ndy = 12\nx+1 = 4\nd(x+1) = 2'
  run gc --along x=2 -f json -e 'x = 3; loss = x^2'
  assert_output '{"value":{"loss":9},"along":{"loss":12}}'
  run gc --along x=2 -f csv -t 'y,z' -e 'x = 3; y = x^2; z = [x, 1]'
  assert_output $'target,index,value,along\ny,,9,12\nz,0,3,2\nz,1,1,0'
  run gc --along x=2 -f csv --layout wide -e 'x = 3; y = x^2'
  assert_output $'y,dy\n9,12'
  run gc --along x=2 -e 'x = 3; y = int(x)'
  assert_output --partial 'dy = none'
}

@test "--along: the reverse sweep says what holds where something is not finite" {
  run gc -q --along x=1 -e 'x = 0; y = sqrt(x)'
  assert_output $'y = 0\ndy = Inf'
  run gc -q --along x=1 -e 'x = 1.5; y = acos(clip(x, -1, 1))'
  assert_output $'y = 0\ndy = 0'
  run gc -q --along x=1 -e 'x = 0; y = where(x > 0, sqrt(x), 0)'
  assert_output $'y = 0\ndy = 0'
  run gc -q --along x=0 -e 'x = 0; y = sqrt(x)'
  assert_output $'y = 0\ndy = 0'
  # Forward an infinite change meets a factor of 0; in reverse nothing comes to the root, unless the factor varies.
  run gc -q --along x=1 -e 'x = 0; const k = 0; y = sqrt(x)*k'
  assert_output $'y = 0\ndy = 0'
  run gc -q --along x=1 -e 'x = [0, 1]; const k = [0, 2]; y = sqrt(x)*k'
  assert_output $'y = [0, 2]\ndy = [0, 1]'
  run gc -q --along x=1 -e 'x = [0, 1]; k = [0, 2]; y = sqrt(x)*k'
  assert_output $'y = [0, 2]\ndy = [NaN, 1]'
  # A flat piece passes nothing but NaN, which the sweep forward would leave behind.
  run --separate-stderr gc --along x=1 -e 'x = [nan, 2]; y = relu(x)' </dev/null
  assert_line --index 1 'dy = [NaN, 1]'
}

@test "--along and -k: why a name is no input" {
  local program='const c = 1; n = 3; x = full(n, 1.2); f(t) = t*2; z = f(2); d = load("d.csv"); b = true; for i in [1, 2] { q = i*n };
    y = sum(x^2)*n + sum(d)' name why
  cd "$BATS_TEST_TMPDIR" || return
  echo 1 >d.csv
  while IFS='|' read -r name why; do
    run gc -q --along "$name=1" -e "$program"
    assert_failure 2
    assert_line --index 0 --regexp "^<-e>:[12]:[0-9]+: error: $why; --along moves inputs alone \\(inputs: n\\)$"
    run gc -q -k -w "n,$name" -e "$program"
    assert_failure 2
    assert_line --index 0 --regexp "^<-e>:[12]:[0-9]+: error: $why; --check moves inputs alone \\(inputs: n\\)$"
  done <<'END'
c|c is const
x|x is computed from n
z|z is computed from f
d|d is data that load reads
b|b is not bound to real numbers here
i|i is the variable of a loop
q|q is computed from i
y|y is computed from x
END
  run gc -k -w n@2 -e $'n = 1\nn = 2*n\ny = n^2'
  assert_failure 2
  assert_output "gradcalc: -w: 'n@2' is a value on a line; --check moves inputs alone"
}

@test "--along and -J: mistakes" {
  run gc --along z=1 -e 'x = 1; w = 2; y = x * w'
  assert_failure 2
  assert_output "gradcalc: --along: 'z' is not a variable of <-e> (inputs: x, w; others: y)"
  run gc --along w=1,x=2 -e 'x = 1; w = 2; y = x * w'
  assert_failure 2
  assert_output "gradcalc: --along: 'w=1,x' is not a name; each takes an option of its own"
  run gc --along x='[1, 2]' -e 'x = [1, 2, 3]; y = sum(x)'
  assert_failure 2
  assert_output 'gradcalc: --along: x has shape (3), the change has shape (2)'
  run gc --along x='[1, 2]' -e 'x = 1; y = x'
  assert_output 'gradcalc: --along: x is a number, the change has shape (2)'
  run gc -u y='[1, 2]' -e 'x = 1; y = x'
  assert_output 'gradcalc: -u: y is a number, the seed has shape (2)'
  run gc --along x -e 'x = 1; y = x'
  assert_failure 2
  assert_output "gradcalc: --along: expected NAME=VALUE, found 'x'"
  local pair
  for pair in '-J --along x=1' '-J --value' '--along x=1 --value' '-J -u y=1' '--along x=1 --sum'; do
    # shellcheck disable=SC2086 # options, separated by blanks
    run gc $pair -e 'x = 1; y = x'
    assert_failure 2
    assert_output --regexp '^gradcalc: -+[a-zJ]+ and -+[a-z]+ cannot go together$'
  done
}
