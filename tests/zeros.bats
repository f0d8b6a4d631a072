#!/usr/bin/env bats
# zeros.bats -- zeros that meet an infinite slope: one that is a rule passes nothing, one that came out as 0 is no number
# there. zeros-test.c compares the modes over all functions.

load helper

# gives OUTPUT OPTION...: the results, on one line.
gives () {
  local wanted=$1
  shift
  run --separate-stderr gc "$@" </dev/null
  assert_success
  assert_equal "${output//$'\n'/ | }" "$wanted"
}

@test "zeros: what came out as 0, times infinity" {
  gives 'y = 0 | dy/dx = NaN' -e 'x = 0; y = cbrt(x)^3'
  gives 'y = 0 | dy/dx = NaN' -e 'x = 0; y = sqrt(x)^2'
  gives 'y = 0 | dy/dx = NaN' -e 'x = 0; y = sqrt(x^2)'
  gives 'y = 0 | dy/dx = NaN' -e 'x = 0; y = exp(log(x))'
  gives 'y = 0 | dy/dx = NaN' -e 'x = 0; y = 1/(1/x)'
  gives 'y = 0 | dy/dx = NaN' -e 'x = 0; y = x*sqrt(x)'
  gives 'y = Inf | dy/dx = NaN' -e 'x = 1000; y = log(1+exp(x))'
  gives 'y = 0 | dy/dx = NaN' -e 'x = 1000; y = 1/(1+exp(x))'
  gives 'y = Inf | dy/dx = [NaN, 0]' -e 'x = [1000, 0]; y = log(sum(exp(x)))'
  gives 'y = 0 | dy/dx = NaN' -e 'x = 0; u = sqrt(x); v = u*u; y = v'
}

@test "zeros: what is 0 by a rule passes nothing" {
  gives 'y = 0 | dy/dx = 0' -e 'x = 0; y = where(x > 0, sqrt(x), 0)'
  gives 'y = 0 | dy/dx = 0' -e 'x = 0; y = 0 * sqrt(x)'
  gives 'y = 0 | dy/dx = 0' -e 'x = 0; y = sqrt(x) * 0'
  gives 'y = 0 | dy/dx = 0' -e 'x = 0; u = sqrt(x); const k = 0; y = k*u'
  gives 'y = 0 | dy/dx = 0' -e 'x = 1; y = acos(clip(x, -1, 1))'
  gives 'y = 0 | dy/dx = 0' -e 'x = 1.5; y = acos(clip(x, -1, 1))'
  gives 'y = 0 | dy/dx = 0' -e 'x = 0; y = relu(sqrt(x))'
  gives 'y = 0 | dy/dx = 0' -e 'x = 0; y = floor(sqrt(x))'
  gives 'y = 0 | dy/dx = 0' -e 'x = 0; y = 0 / (1 + sqrt(x))'
  gives 'y = 1 | dy/dx = 0' -e 'x = 0; y = 1 ^ sqrt(x)'
  gives 'y = 0 | dy/dx = 0' -e 'x = 0; y = xlogy(0, 1 + sqrt(x))'
}

@test "zeros: a rule above the infinite slope holds too" {
  gives 'y = 0 | dy/dx = 0' -e 'x = 0; y = sqrt(0*x)'
  gives 'y = 0 | dy/dx = 0' -e 'x = 0; u = 0*x; y = sqrt(u)'
  gives 'y = 0 | dy/dx = NaN' -e 'x = 0; u = x*x; y = sqrt(u)'
  gives 'y = 1 | dy/dx = [0, 0.5]' -e 'x = [0, 1]; u = [0, 1]*x; y = sum(sqrt(u))'
  gives 'y = 0 | dy/dx = 0' -e 'x = 0; s = x; for i in 0:100 { s = s*0.5 + 0*x }; y = sqrt(0*s)'
  # What the program prints it prints once.
  run --separate-stderr gc -e 'x = 0; print "once"; u = 0*x; y = sqrt(u)' </dev/null
  assert_equal "$stderr" once
}

@test "zeros: in arrays, element by element" {
  gives 'y = 1 | dy/dx = [NaN, 1]' -e 'x = [0, 1]; y = sum(sqrt(x)^2)'
  gives 'y = 1 | dy/dx = [Inf, 0.5]' -e 'x = [0, 1]; y = sum(sqrt(x))'
  gives 'y = 1 | dy/dx = [0, 0.5]' -e 'x = [0, 1]; y = sum([0, 1]*sqrt(x))'
  gives 'y = 1 | dy/dx = [0, 0.5]' -e 'x = [0, 1]; y = sum([0, 1]*sqrt(x) + 0)'
  gives 'y = 1 | dy/dx = [0, 0.5]' -e 'x = [0, 1]; y = sqrt(x)[1]'
  gives 'y = 1 | dy/dx = [0, 0.5]' -e 'x = [0, 1]; y = max(sqrt(x))'
  gives 'y = 1 | dy/dx = [NaN, 0.5]' -e 'x = [0, 1]; y = norm(sqrt(x))'
  gives 'y = 2 | dy/dx = [Inf, 0]' -e 'x = [0, 4]; u = sqrt(x); u[1] = 2; y = sum(u)'
}

@test "zeros: in matrices" {
  gives 'y = 3 | dy/dx = [0, 1.5]' -e 'x = [0, 1]; const A = [[0, 1], [0, 2]]; y = sum(A @ sqrt(x))'
  gives 'y = 3 | dy/dx = [NaN, 1.5]' -w x -e 'x = [0, 1]; A = [[0, 1], [0, 2]]; y = sum(A @ sqrt(x))'
  gives 'y = 1 | dy/dx = [0, 0.5]' -e 'x = [0, 1]; y = solve(eye(2), sqrt(x))[1]'
  gives 'y = 1 | dy/dx = [0, 0.5]' -e 'x = [0, 1]; y = einsum("ij,j->i", [[0, 0], [0, 1]], sqrt(x))[1]'
  gives 'y = 1 | dy/dx = [0, 0.5]' -e 'x = [0, 1]; y = sum(sqrt(x) @ [[0, 0], [0, 1]])'
  gives 'y = 1 | dy/dx = [0, 0.5]' -e 'x = [0, 1]; y = cumsum(flip(sqrt(x)))[0]'
}

@test "zeros: in every mode" {
  gives 'y = 0 | dy/dx = NaN' -J -e 'x = 0; y = cbrt(x)^3'
  gives 'y = 0 | dy/dx = NaN' -J --sparse -e 'x = 0; y = cbrt(x)^3'
  gives 'y = 0 | dy/dx = 0' -J -e 'x = 0; y = 0 * sqrt(x)'
  gives 'y = 0' -J --sparse -e 'x = 0; y = 0 * sqrt(x)'
  gives 'y = 0 | dy = NaN' --along x=1 -e 'x = 0; y = cbrt(x)^3'
  gives 'y = 0 | dy = 0' --along x=1 -e 'x = 0; y = 0 * sqrt(x)'
  gives 'y = 0 | dy = 0' --along x=0 -e 'x = 0; y = sqrt(x)'
  gives 'target,wrt,index,at,grad | y,x,,0,NaN' -f csv -e 'x = 0; y = exp(log(x))'
}

@test "zeros: a hint where there is a form that has a slope" {
  hint () { run --separate-stderr gc -e "$1" </dev/null; assert_regex "$stderr" "hint: $2"; }
  hint 'x = 0; y = cbrt(x)^3' 'cbrt\(x\)\^3 is x'
  hint 'x = 0; y = sqrt(x)^2' 'sqrt\(x\)\^2 is x'
  hint 'x = 0; y = exp(log(x))' 'exp\(log\(x\)\) is x'
  hint 'x = 0; y = 1/(1/x)' '1/\(1/x\) is x'
  hint 'x = 1000; y = 1/(1+exp(x))' 'sigmoid\(-\(x\)\) does not overflow'
  hint 'x = 1000; y = log(1+exp(x))' 'softplus\(x\) does not overflow'
}

@test "zeros: in derivatives that a program asks for" {
  prints () { run --separate-stderr gc -q -e "$1; print d" </dev/null; assert_equal "${stderr//$'\n'/}" "$2"; }
  prints 'x = 0; y = cbrt(x)^3; d = grad(y, x)' NaN
  prints 'x = 0; y = exp(log(x)); d = grad(y, x)' NaN
  prints 'x = 1000; y = log(1+exp(x)); d = grad(y, x)' NaN
  prints 'x = 0; y = 0*sqrt(x); d = grad(y, x)' 0
  prints 'x = 0; y = where(x > 0, sqrt(x), 0); g = grad(y, x); d = grad(g, x)' 0
  prints 'x = 1.5; y = acos(clip(x, -1, 1)); g = grad(y, x); d = grad(g, x)' 0
  prints 'x = [0, 1]; y = sum(sqrt(x)^2); d = grad(y, x)' '[NaN, 1]'
  prints 'x = [0, 1]; y = sum([0, 1]*sqrt(x)); d = hessian(y, x)' '[[0, 0], [0, -0.25]]'
  prints 'x = [0, 1]; const A = [[0, 1], [0, 2]]; y = sum(A @ sqrt(x)); d = grad(y, x)' '[0, 1.5]'
  prints 'x = [0, 4]; y = sqrt(x); d = jacobian(y, x)' '[[Inf, 0], [0, 0.25]]'
  prints 'x = [0, 4]; y = sqrt(x); d = vjp(y, x, [0, 1])' '[0, 0.25]'
  # Only a zero that does not vary is passed over.
  prints 'x = 0; y = x*(x + 1); g = grad(y, x); d = grad(g, x)' 2
  # The first slope that is not finite is one of the second order.
  prints 'x = 0; y = (-x)^1.5 * 0; g = grad(y, x); d = grad(g, x)' 0
}

@test "the entropy of 0 is 0, without a sign" {
  gives 'y = 0 | dy/dx = Inf' -e 'x = 0; y = entr(x)'
  gives 'y = [0, 0] | dy/dx = [Inf, -1]' -t y -e 'x = [0, 1]; y = entr(x)'
}

@test "a quotient of 0 by what varies has no slope of any order" {
  gives 'y = 0 | d2y/dxdx = 0' -H -e 'x = 800; y = 0/(1 + exp(x))'
  gives 'h = 0 | dh/dx = 0' -t h -e 'x = 800; y = 0/(1 + exp(x)); g = grad(y, x); h = grad(g, x)'
  gives 'y = 0 | d2y/dxdx = 0' -H -e 'x = 0; a = 1/x; y = 0/a' -t y
  # A 0 that varies multiplies: its slope is that of 1/(1 + exp(x)), which is 0 times an infinity.
  gives 'y = 0 | d2y/dxdx = NaN | d2y/dxda = NaN | d2y/dada = 0' -H -e 'x = 800; a = 0; y = a/(1 + exp(x))'
}

@test "jvp in a program gives what --along gives" {
  prints () { run --separate-stderr gc -q -e "$1; print d" </dev/null; assert_equal "${stderr//$'\n'/}" "$2"; }
  prints 'x = 800; y = elu(x); d = jvp(y, x, 1)' 1
  prints 'x = 0; y = sqrt(x); d = jvp(y, x, 1)' Inf
  prints 'x = 0; y = sqrt(x); d = jvp(y, x, 0)' 0
  prints 'x = 0; y = sqrt(x)^2; d = jvp(y, x, 1)' NaN
  prints 'x = [0, 4]; y = sqrt(x); d = jvp(y, x, [1, 1])' '[Inf, 0.25]'
  prints 'x = [0, 4]; y = sqrt(x); d = jvp(y, x, [0, 1])' '[0, 0.25]'
  prints 'x = [0, 4]; v = [1, 2]; y = sqrt(x); d = grad(sum(jvp(y, x, v)), v)' '[Inf, 0.25]'
}

@test "zeros: each row of a matrix of derivatives has a target of its own" {
  prints () { run --separate-stderr gc -q -e "$1; print d" </dev/null; assert_equal "${stderr//$'\n'/}" "$2"; }
  local program='x = -1; w = 2; y = [log(x) + w*3, w]'
  gives 'y = [NaN, 2] | dy/dw = [NaN, 1]' -J -w w -e "$program"
  gives 'y = [NaN, 2] | dy = [NaN, 1]' --along w=1 -e "$program"
  prints "$program; d = jacobian(y, w)" '[NaN, 1]'
  prints "$program; d = jvp(y, w, 1)" '[NaN, 1]'
  prints "$program; d = vjp(y, w, [0, 1])" NaN
  program='x = [0, 3]; y = sqrt(x[0])^2 + x[1]^2'
  gives 'y = 9 | d2y/dxdx = [[NaN, 0], |             [0, 2]]' -H -e "$program"
  prints "$program; d = hessian(y, x)" '[[NaN, 0], [0, 2]]'
  prints "$program; g = grad(y, x); d = jacobian(g, x)" '[[NaN, 0], [0, 2]]'
}

@test "a gradient that is NaN leaves alone what it does not depend on" {
  gives 'y = 45 | d2y/dxdx = NaN | d2y/dxdw = 0 | d2y/dwdw = 10' -H -e 'x = 0; w = 3; y = sqrt(x)^2 + w^2*5'
  gives 'y = 0 | d2y/dxdx = NaN | d2y/dxdw = NaN | d2y/dwdw = 0' -H -e 'x = 0; w = 3; y = sqrt(x)^2*w'
  gives 'y = 17 | d2y/dxdx = [[NaN, 0, 0], |             [0, 6, 4], |             [0, 4, 0]]' -H \
    -e 'x = [0, 2, 3]; y = sum(sqrt(x^2)) + x[1]^2*x[2]'
  gives 'h = [NaN, 0] | dh/dx = [NaN, 0]' -t h -e 'x = [0, 3]; y = sqrt(x[0])^2 + 2*x[1]; g = grad(y, x); h = jacobian(g, x)[0]'
}

@test "zeros: a partial that is 0 whatever it varies in takes no infinite slope" {
  # Each term is 0, where the slope of the root is infinite; c is 0 and does not vary.
  local term terms='x*c c*x x/inf c/x c^x (c+1)^x-1 pow(c,x) pow(c+1,x)-1 atan2(x,c)-pi/2 atan2(c,x) xlogy(x,c+1) xlogy(c,x) xlog1py(x,c) xlog1py(c,x)'
  local program='const c = 0; x = 2; y = 0'
  for term in $terms; do program+="; y += sqrt($term)"; done
  run gc -q -w x -e "$program"
  assert_output $'y = 0\ndy/dx = 0'
}

@test "beside a value that is NaN stands no finite second derivative" {
  gives 'z = NaN | d2z/dxdx = NaN | d2z/dxdy = NaN | d2z/dydy = NaN' -H -e 'x = 1; y = 2; z = log(sqrt(1-2*x)-y+y)'
  gives 'z = NaN | d2z/dxdx = NaN | d2z/dxdy = NaN | d2z/dydy = NaN' -H --sparse -e 'x = 1; y = 2; z = log(sqrt(1-2*x)-y+y)'
  gives 'y = 0 | d2y/dxdx = NaN' -H -e 'x = 0; y = sqrt(x)^2'
  gives 'y = 0 | d2y/dxdx = 0' -H -e 'x = 0; y = where(x > 0, sqrt(x), 0)'
}
