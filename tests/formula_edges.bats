#!/usr/bin/env bats
# formula_edges.bats -- formulas are the gradient, as text and as C, also where something ties, is 0, jumps or overflows.
# Expected values are closed forms, worked out by hand.

load helper

# valued PROGRAM NAME EXPECTED...: the formulas of the program, put behind it, have these values.
valued () {
  local program=$1 formulas text name
  shift
  formulas=$(gc -q --formula -e "$program") || fail "$program: no formula"
  text=$program$'\n'$(sed -E 's,^d[^/]*/d([a-zA-Z_0-9]+) =,g_\1 =,; /= none$/d' <<<"$formulas")
  while (( $# )); do
    name=$1
    run gc -q --value -p 17 -t "g_$name" -e "$text"
    assert_success
    assert_result "g_$name" "$2" 1e-12 || fail "$program: $formulas"
    shift 2
  done
}

# compiled PROGRAM CALL EXPECTED...: the C function of the program, called so, gives these derivatives.
compiled () {
  local program=$1 call=$2 name count
  shift 2
  count=$#
  gc -q --formula -f c -e "$program" >"$BATS_TEST_TMPDIR/f.c" || fail "$program: no C"
  name=$(sed -n 's/^\(.*_gradient\) (.*/\1/p' "$BATS_TEST_TMPDIR/f.c")
  printf '#include <stdio.h>\n#include "f.c"\nint main (void) { double g[100]; %s (%s, g); for (int i = 0; i < %d; i++) printf ("%%.17g\\n", g[i]); return 0; }\n' \
    "$name" "$call" "$count" >"$BATS_TEST_TMPDIR/main.c"
  ${CC:-cc} -Wall -Wextra -Werror -o "$BATS_TEST_TMPDIR/main" "$BATS_TEST_TMPDIR/main.c" -lm || fail "$program: $(<"$BATS_TEST_TMPDIR/f.c")"
  run "$BATS_TEST_TMPDIR/main"
  assert_close "[$(paste -sd, <<<"$output")]" "[$(IFS=,; echo "$*")]" 1e-12 1e-323 || fail "$program: $(<"$BATS_TEST_TMPDIR/f.c")"
}

@test "formula edges: brackets, as the grammar has precedence" {
  valued 'x = 5; y = 7; z = ((x - y) % 3)*x' x 6 y -5
  valued 'x = 5; y = 3; z = (x % (2*y))*y' x 3 y 5
  valued 'x = 7; y = 4; z = (x % (6 % y))*x' x 8 y 21
  valued 'x = 5; y = 3; z = (x*x % y)^2*x' x 101
  valued 'x = 7; y = 4; z = x % y * 2 * x' x 20
  valued 'x = 2; y = 3; z = ((x > 1) == (y > 2))*x^2' x 4
  valued 'x = 2; y = 3; z = (!(x > 3) == (y > 2))*x^2' x 4
  compiled 'x = 5; y = 3; z = (!(x > 3) == (y > 2))*x^2 + (x - y) % 3*x' '5, 3' 7 -5
  run -0 gc -q --formula -f latex -e 'x = 5; y = 7; z = ((x - y) % 3)*x'
  assert_output --partial 'x + \left(\left(x - y\right) \bmod 3\right)'
  valued 'v = [1.5, 2.25]; s = 3; y = s^2*((2*v) % 4 @ v)' v '[54, 45]' s 33.75
  # What is not finite is a word of the language.
  valued 'x = 1; y = (x - x)^0*x' x 1
  run -0 gc -q --formula -e 'x = 2; y = x^2*inf'
  assert_output 'dy/dx = inf*x'
}

@test "formula edges: the place of an extreme is told by the same computation" {
  valued 'x = [1.1, 2.3, 0.7]; y = max(2*x + 3*x)' x '[0, 5, 0]'
  valued 'x = [1.1, -2.3, 0.7]; y = min(2*x + 3*x)' x '[0, 5, 0]'
  valued 'x = [1.1, -2.3, 0.7]; y = norm(2*x + 3*x, inf)' x '[0, -5, 0]'
  valued 'x = [[1.1, 2.3], [0.7, 4.1]]; y = sum(max(2*x + 3*x, axis=0))' x '[[5, 0], [0, 5]]'
  valued 'a = 1.1; b = 2.3; c = 0.7; y = max(2*a + 3*a, 2*b + 3*b, c)' a 0 b 5 c 0
  # Equal but for rounding: the form of the one is simpler in the formula, and ties with the other there.
  valued 'x = 3; y = max(cos(x), x, exp(log(x)))' x 1
  valued 'x = [2, 2, 1]; y = norm(x, inf)' x '[0.5, 0.5, 0]'
}

@test "formula edges: what is not selected multiplies nothing" {
  valued 'x = 800; y = elu(x)' x 1
  run -0 gc -q --formula -e 'x = 800; y = elu(x)'
  assert_output 'dy/dx = where(x >= 0, 1, exp(x))'
  valued 'x = 0; y = where(x > 0, sqrt(x), x)' x 1
  valued 'x = [0, 4]; y = sum(where(x > 0, sqrt(x), 3*x))' x '[3, 0.25]'
  valued 'x = [0, 4]; y = sqrt(x)[1]' x '[0, 0.25]'
  valued 'x = [0, 4]; y = sum(sqrt(x)*[0, 2])' x '[0, 0.5]'
  valued 'x = [0, 4]; const k = [0, 2]; y = sum(sqrt(x)*k)' x '[0, 0.5]'
  valued 'x = 1; y = acos(clip(x, -1, 1))' x 0
  valued 'x = 0; y = sqrt(abs(x))' x 0
  valued 'x = [[0, 4], [1, 9]]; y = sum(sqrt(x)[:, 1])' x '[[0, 0.25], [0, 0.16666666666666666]]'
  valued 'x = [0, 4]; y = where(x[1] > 5, sum(solve(eye(2)*2, sqrt(x))), x[1])' x '[0, 1]'
  # A number that decides alone has no shape: of two conditions the array stands first.
  valued 's = 2; r = -2; v = [-1, 0, 1, 1]; y = min(where(s == r, flatten(reshape(v, 2, 2)^2), v))' v '[1, 0, 0, 0]'
  valued 's = 2; r = 2; v = [-1, 3, 2, 5]; y = min(where(s == r, flatten(reshape(v, 2, 2)^2), v))' v '[-2, 0, 0, 0]'
  valued 'x = 0.05; l = 0.3; h = [1, 0.2]; y = sum(reshape(clip(x, l, h), 2, 1)*[[3], [5]])' x 0 l 3 h '[0, 5]'
  valued 'x = 0.5; l = 0.6; h = [1, 0.2]; y = sum(reshape(clip(x, l, h), 2, 1)*[[3], [5]])' x 0 l 3 h '[0, 5]'
  compiled 'x = 1; y = elu(x)*3' '800' 3
  compiled 'x = 1; y = where(x > 0, sqrt(x), x)' '0' 1
  compiled 'x = [1, 4]; y = sqrt(x)[1]' '(double[]) { 0, 4 }' 0 0.25
  compiled 'x = [1, 4]; const k = [0, 2]; y = sum(sqrt(x)*k)' '(double[]) { 0, 4 }' 0 0.5
  compiled 'x = 0.5; y = acos(clip(x, -1, 1))' '1' 0
  compiled 'x = 0.5; y = sqrt(abs(x))' '0' 0
}

@test "formula edges: kinks, ties and jumps" {
  valued 'x = [0, 0]; y = norm(x)' x '[0, 0]'
  valued 'x = [0, 0, 0]; y = norm(x, 3)' x '[0, 0, 0]'
  valued 'x = [2, 2, 2]; y = std(x)' x '[0, 0, 0]'
  valued 'x = [[2, 2], [1, 3]]; y = sum(std(x, axis=1))' x '[[0, 0], [-0.5, 0.5]]'
  valued 'x = 0; z = 0; y = hypot(x, z)' x 0 z 0
  valued 'x = 0; y = sinc(x)' x 0
  valued 'x = 0; n = 2; y = x^n' x 0 n 0
  valued 'x = 0; n = 1; y = x^n' x 1 n 0
  valued 'x = 0; n = 0; y = x^n' x 0 n 0
  valued 'x = 2; z = 2; y = maximum(x, z)^2' x 2 z 2
  valued 'x = 2; z = 2; w = 2; y = min(x, z, w)^2' x 1.3333333333333333 z 1.3333333333333333
  valued 'x = 2; const c = 2; y = max(x, c, 1)^2' x 0
  valued 'x = 6; z = 2; y = x % z' x 1 z 0
  valued 'x = -6; z = 4; y = fmod(x, z)' x 1 z 1
  valued 'x = 2; a = 3; b = 1; y = clip(x, a, b)*2' x 0 a 0 b 2
  valued 'x = [2, 0, 3]; y = prod(x)' x '[0, 6, 0]'
  valued 'x = [2, 0, 3, 1, 1, 1, 1, 1, 1]; y = prod(x)' x '[0, 6, 0, 0, 0, 0, 0, 0, 0]'
  compiled 'x = [1, 2]; y = norm(x)' '(double[]) { 0, 0 }' 0 0
  compiled 'x = [1, 2]; y = std(x)' '(double[]) { 3, 3 }' 0 0
  compiled 'x = 1; z = 2; y = hypot(x, z)' '0, 0' 0 0
  compiled 'x = 1; n = 2; y = x^n' '0, 2' 0 0
  compiled 'x = 1; n = 2; y = x^n' '0, 0' 0 0
  compiled 'x = 1; z = 2; y = maximum(x, z)^2' '2, 2' 2 2
  compiled 'x = 6.5; z = 2; y = x % z' '6, 2' 1 0
  compiled 'x = 1; y = copysign(1, x % 2)*x' '-2' 1
  compiled 'x = 2; a = 0; b = 4; y = clip(x, a, b)*2' '2, 3, 1' 0 0 2
  valued 'x = [2, 0, 3, 0]; y = cumprod(x) @ [1, 2, 3, 4]' x '[1, 22, 0, 0]'
  valued 'x = [3, 1, 2]; y = sum(sort(x)*[1, 10, 100])' x '[100, 1, 10]'
  valued 'x = [3, 1, 2]; y = sum(sort(2*x)^2)' x '[24, 8, 16]'
  valued 'x = [3, 1, 2, 5]; y = median(x)^2 + median(x[:3])' x '[2.5, 0, 3.5, 0]'
  valued 'x = [2, 2, 2]; y = median(x)' x '[0.3333333333333333, 0.3333333333333333, 0.3333333333333333]'
  valued 'x = [[1e-300, -1e-300], [1e-16, -1e-300]]; y = det(x)' x '[[-1e-300, -1e-16], [1e-300, 1e-300]]'
  valued 'x = 1; z = 1e-300; w = 1e-300; y = prod([x, z, w])' x 0 z 1e-300 w 1e-300
  compiled 'x = [2, 1, 3]; y = prod(x)' '(double[]) { 2, 0, 3 }' 0 6 0
  compiled 'x = [1, 2, 3, 4]; y = cumprod(x) @ [1, 2, 3, 4]' '(double[]) { 2, 0, 3, 0 }' 1 22 0 0
  # Pivots are chosen for the matrix that is given, which may have no inverse.
  compiled 'A = [[2, 1], [1, 3]]; y = sum(solve(A, [1, 2])*[1, 0])' '(double[]) { 0, 1, 1, 0 }' 0 0 -2 -1
  compiled 'A = [[2, 1, 0], [1, 3, 1], [0, 1, 1]]; y = det(A)' '(double[]) { 1, 2, 3, 2, 4, 6, 1, 0, 1 }' 4 4 -4 -2 -2 2 0 0 0
  compiled 'x = [2, 1, 3]; y = max(x)' '(double[]) { 3, 1, 3 }' 0.5 0 0.5
}

@test "formula edges: zeros have the signs that they have in the program" {
  # Of -(3 - 3), which is -0, a formula makes 3 - z, which is 0; of 0*x it makes nothing at all.
  valued 'x = 2; z = 3; y = copysign(x, -(z - 3))' x -1 z 0
  valued 'x = 2; z = 3; y = copysign(x, z - 3)' x 1 z 0
  valued 'x = 2; z = 1; y = copysign(x, -(z - 3))' x 1 z 0
  valued 'x = -2; y = copysign(x, 0*x)' x 1
  valued 'x = -2; y = copysign(x, 0*x + 0)' x -1
  valued 'x = 2; z = -3; y = copysign(x, 0/z)*x' x -4
  valued 'x = [2, 3]; z = [3, 1]; y = sum(copysign(x, -(z - 3)))' x '[-1, 1]' z '[0, 0]'
}

@test "formula edges: C compares again for other inputs" {
  compiled 'x = 2; c = x > 1; y = where(c, x^2, 3*x)' '0.5' 3
  compiled 'x = [2, 0]; c = x > 1; y = sum(where(c, x^2, 3*x))' '(double[]) { 0.5, 4 }' 3 8
  compiled 'x = 2; y = max(x, 0)' '-2' 0
  # Also what is an argument, of a function of the program too.
  compiled 'x = 2; z = 3; y = max(z, 2*(x > 1))' '0, 1' 0 1
  compiled 'x = 2; z = 3; half(t) = (t > 1)/2; most(s, t) = max(s, 4*t)^2; y = most(z, half(x))' '0, 1' 0 2
  compiled 'x = 2; y = max(x, 1*(x > 1)) + max(x, 1)' '0.5' 1
  compiled 'x = 2; s = (x > 1)*81; y = max(s, x)' '0.5' 1
  compiled 'x = 2; z = 3; s = (x > 1)*81; y = max(log(1 + s), mean([z, z]), 0)' '0.5, 1' 0 1
  # Of equal numbers the first is the extreme, though zeros have signs; and NaN is one before any number.
  compiled 'x = 1; z = 2; y = copysign(x, max(z, 0))' '1, -0.0' -1 0
  compiled 'x = 1; z = 2; y = copysign(x, max(z, 0, -1))' '1, -0.0' -1 0
  compiled 'x = 1; z = 2; y = copysign(x, min(0, z))' '1, -0.0' 1 0
  compiled 'x = 1; v = [2, 1]; y = copysign(x, max(v))' '1, (double[]) { -0.0, 0.0 }' -1 0 0
  compiled 'x = 1; v = [2, 1]; y = copysign(x, min(v))' '1, (double[]) { 0.0, -0.0 }' 1 0 0
  compiled 'x = 1; v = [2, 1]; y = x*max(v)' '1, (double[]) { NAN, 1 }' nan
  # A comparison is no int where it is a factor, a divisor or an argument.
  compiled 'x = 1; z = 2; y = abs(-(x > z))*x + x*(x > 0)/(z > 1) + (z > 3)*z' '5, 4' 2 1
  compiled 'x = 1; z = 2; w = 3; y = max(x, z, w)^2' '3, 3, 1' 3 3 0
  compiled 'x = [2, 1]; y = norm(x)' '(double[]) { 1e200, 1 }' 1 1e-200
  compiled 'x = [1, 2]; y = logsumexp(x)' '(double[]) { 1e18, 1e18 }' 0.5 0.5
}

@test "formula edges: tails" {
  # sech(20)^2, sigmoid(-40), 1/1e200, from their series.
  valued 'x = 20; y = tanh(x)' x 1.699341702116643e-17
  valued 'x = 40; y = sigmoid(x)' x 4.248354255291589e-18
  valued 'x = 1e200; y = asinh(x)' x 1e-200
  compiled 'x = 1; y = tanh(x)' '20' 1.699341702116643e-17
  compiled 'x = 1; y = sigmoid(x)' '40' 4.248354255291589e-18
  # Down to the smallest numbers: sigmoid(-720), sech(360)^2, 1/1e310.
  compiled 'x = 1; y = sigmoid(x)' '-720' 2.0322308024242932e-313
  compiled 'x = 1; y = softplus(x)' '-720' 2.0322308024242932e-313
  compiled 'x = 1; y = tanh(x)' '360' 8.128923209697173e-313
  valued 'x = 1e155; y = atan(x)' x 1e-310
  compiled 'x = 1; y = softsign(x)' '-1e155' 1e-310
  valued 'x = 0.999999987; y = asin(x)' x 6201.73675786871872
  compiled 'x = 0.5; y = acos(x)' '0.999999987' -6201.73675786871872
  # Densities, at the ends of where they are.
  valued 'k = 0; r = 0; y = poisson_lpmf(k, r)' r -1
  valued 'x = 0; a = 1; b = 3; y = gamma_lpdf(x, a, b)' x -3
  valued 'x = 0; a = 1; b = 3; y = beta_lpdf(x, a, b)' x -2
  valued 'x = 1; a = 3; b = 1; y = beta_lpdf(x, a, b)' x 2
  valued 'x = 0.9999999999999999; a = 3; b = 1e-8; y = beta_lpdf(x, a, b)' a 3.94934054975427169e-9
  valued 'x = 1e-20; a = 1e-8; b = 3; y = beta_lpdf(x, a, b)' b 3.94934066076657415e-9
  # Powers of factors that the program has apart: 1e200^2 is too large, 1e200^2/1e200 is not.
  valued 'x = 1e200; z = 2; y = norm([x, z])*z/norm([x, z])*x' x 2 z 1e200
  valued 'x = 400; s = 2; y = norm([s, 1]/norm([exp(x), 1]))*exp(x)' s 0.894427190999916
  # Of a softmax whose largest element is near 1, and of its logarithm (mpmath).
  valued 'x = [0, -40, -400]; y = log_softmax(x)[0]' x '[4.248354255291589e-18, -4.248354255291589e-18, -1.9151695967140057e-174]'
  valued 'x = [0, -40, -400]; y = softmax(x) @ [1, 2, 3]' x '[-4.248354255291589e-18, 4.248354255291589e-18, 3.8303391934280114e-174]'
  compiled 'x = [1, 2, 3]; y = log_softmax(x)[0]' '(double[]) { 0, -40, -400 }' 4.248354255291589e-18 -4.248354255291589e-18 -1.9151695967140057e-174
  compiled 'x = [1, 2, 3]; y = softmax(x) @ [1, 2, 3]' '(double[]) { 0, -40, -400 }' -4.248354255291589e-18 4.248354255291589e-18 3.8303391934280114e-174
  compiled 'x = [1, 2, 3]; y = log(-log_softmax(x)[0])' '(double[]) { 0, -40, -400 }' -1 1 4.508027065606742e-157
  compiled 'x = [[1, 2], [3, 3]]; y = sum(logsumexp(x, axis=1)*[1, 2])' '(double[]) { 800, -800, 5, 5 }' 1 0 1 1
  # The sum of a softmax is 1, whatever moves.
  valued 'x = [1.5, 0, 0.7, 2]; y = sum(relu(softmax(x)))' x '[0, 0, 0, 0]'
  # What is far apart, or near together.
  compiled 'x = [1, 2, 4]; y = std(x)' '(double[]) { 0, 0, 1e300 }' -0.23570226039551584 -0.23570226039551584 0.4714045207910317
  compiled 'x = [1, 2, 4]; y = std(x)' '(double[]) { 0, 0, 1e-300 }' -0.23570226039551584 -0.23570226039551584 0.4714045207910317
  # Polygammas (mpmath).
  compiled 'x = 1; y = digamma(x)' '-0.3' 13.945160267805722
  compiled 'x = 1; y = digamma(x)' '-1e-20' 1e40
  compiled 'x = 1; z = 1; y = polygamma(1, x) + polygamma(2, z)' '0.3, 40' -75.27253658872603 3.24414001515635e-05
  compiled 'x = 1; y = polygamma(1, x)' '-1.25' 123.72136678366236
  # Differences of digamma, where one argument is far smaller than the other, or both are far from 1 (mpmath).
  valued 'a = 1e-8; b = 3; y = lbeta(a, b)' a -100000001.49999999 b -3.9493406607765742e-9
  valued 'a = 3; b = 1e-8; y = beta(a, b)' a -0.39493406015364648 b -9999999999999997.8
  valued 'a = 3; b = 1e-8; y = lchoose(a, b)' a 2.8382295613731399e-9 b 1.8333333140457632
  valued 'a = 1e-160; b = 1e-170; y = lbeta(a, b)' a -9.9999999990000001e149 b -9.9999999990000002e169
  valued 'a = 1e300; b = 2; y = lchoose(a, b)' a 1.9999999999999999e-300 b 689.85274356311524
  valued 'x = 0.5; a = 3; b = 1e-8; y = beta_lpdf(x, a, b)' a -0.69314717661060465
  compiled 'a = 3; b = 2; y = lbeta(a, b)' '1e-8, 3' -100000001.49999999 -3.9493406607765742e-9
  compiled 'a = 3; b = 2; y = lbeta(a, b)' '2e3, 1e-5' -5.0012501958270718e-9 -100008.17785165938
  compiled 'a = 3; b = 2; y = lbeta(a, b)' '1e300, 2' -1.9999999999999999e-300 -690.35274356311524
  compiled 'a = 3; b = 2; y = beta(a, b)' '3, 1e-8' -0.39493406015364648 -9999999999999997.8
  compiled 'a = 3; b = 2; y = lchoose(a, b)' '3, 1e-8' 2.8382295613731399e-9 1.8333333140457632
  compiled 'a = 3; b = 2; y = lchoose(a, b)' '1e-8, 1e-8' 1.6449340548276575e-8 -1.6449340548276575e-8
  # 2 v dv: the value itself, 1.8333333236895483e-8.
  compiled 'a = 3; b = 2; y = lchoose(a, b)^2' '3, 1e-8' 1.0406841670292295e-16 6.7222221161405871e-8
  # Where nothing is lost they are a textbook's.
  run -0 gc -q --formula -e 'x = 2; y = tanh(x)'
  assert_output 'dy/dx = 1 - y^2'
  run -0 gc -q --formula -e 'x = 2; y = sigmoid(x)'
  assert_output 'dy/dx = y*(1 - y)'
  run -0 gc -q --formula -e 'x = [3, 4]; y = norm(x)'
  assert_output 'dy/dx = x/y'
}

@test "formula edges: long sums and chains take as long as they are" {
  local sum chain
  # Copying what is there with each term would take a minute.
  sum=$(printf ' + sin(%d*x)' {1..1600})
  GC_TIMEOUT=${GC_TIMEOUT:-5} run -0 gc -q --formula -e "x = 0.3; y = ${sum:3}"
  assert_output --partial '1600*cos(1600*x)'
  chain=$(printf 'sin(%.0s' {1..800})x$(printf ')%.0s' {1..800})
  GC_TIMEOUT=${GC_TIMEOUT:-5} run -0 gc -q --formula -e "x = 0.3; y = $chain"
  assert_output --partial '*cos(sin(sin(x)))*cos(sin(x))*cos(x)'
}
