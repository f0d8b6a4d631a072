#!/usr/bin/env bats
# check.bats -- --check: the program's gradient against differences. What is a kink, a jump or neither is known by hand.

load helper

# check STATUS VERDICTS PROGRAM: the verdicts of all partial derivatives, in order.
check () {
  run gc -q -k -e "$3"
  assert_equal "$status" "$1"
  output=$(gc -k -f csv -e "$3" 2>/dev/null || true)
  assert_equal "$(tail -n +2 <<<"$output" | cut -d, -f4 | xargs)" "$2"
}

@test "check: right gradients, also at optima, of tiny and huge numbers" {
  check 0 'ok ok ok' 'x = [1, 2, 3]; y = sum(sin(x)*exp(x))'
  check 0 'ok ok ok ok ok ok' 'A = [[2, 1], [1, 3]]; x = [1, 2]; y = x @ A @ x'
  check 0 ok 'x = 3; y = (x - 3)^2'
  check 0 ok 'x = 0; y = x^2'
  check 0 ok 'x = 0; y = cos(x)'
  check 0 ok 'x = 1e-12; y = sin(x)'
  check 0 ok 'x = 1e-300; y = 2*x'
  check 0 ok 'x = 1e8; y = x^2'
  check 0 ok 'x = 1; y = 1e300*x^2'
  check 0 ok 'x = 700; y = exp(x)'
  check 0 ok 'x = 1; y = exp(-1/x^2)'
  check 0 'ok ok' 'x = 2; y = 3; for i in 0:10 { x = x*cos(y); y = sin(x) + y }; z = x*y'
}

@test "check: every smooth function of one number" {
  local f
  for f in sqrt cbrt exp log sin cos tan asin acos atan sinh cosh tanh asinh atanh erf erfc erfinv gamma lgamma digamma j0 j1 y0 \
    y1 i0 i1 sinc entr logit ndtr ndtri log_ndtr sigmoid softplus silu gelu logsigmoid; do
    run gc -q -k -e "x = 0.6; y = $f(x)"
    [[ $status -eq 0 ]] || fail "$f"
  done
}

@test "check: kinks, next to kinks, jumps" {
  run gc -k -e 'x = 0; y = abs(x)'
  assert_success
  assert_line 'dy/dx = 0  kink: -1 on the left, 1 on the right'
  assert_line '1 partial derivative: 1 at a kink'
  check 0 kink 'x = 0; y = relu(x) + x^2'
  check 0 kink 'x = 5; y = max(x, 5)'
  check 0 'ok' 'x = 1.00001; y = abs(x - 1)'
  check 0 'ok' 'x = 1.5; y = floor(x)*x'
  check 4 'undecided' 'x = 1; y = floor(x)*x'
  run gc -k -e 'x = 1; y = floor(x)*x'
  assert_line 'dy/dx = 1  undecided: the program jumps there'
  check 4 'undecided' 'x = 2; if x > 2 { y = x } else { y = x + 5 }; z = y'
}

# Each of these is smooth, and the rules at a kink know only the parts.
@test "check: functions at a kink that make up something smooth" {
  local program
  for program in 'x = [0, 0]; y = norm(x)^2; g = grad(y, x)[0]' 'x = [0, 0]; y = hypot(x[0], x[1])^2; g = grad(y, x)[0]' \
    'x = 0; y = abs(x)*abs(x); g = grad(y, x)' 'x = 0; y = relu(x) - relu(-x)' \
    'x = 0; y = where(x > 0, x, 0) - where(x < 0, -x, 0)' 'x = 0; f(t) = abs(t)^2; g = grad(f)(x)'; do
    run gc -q -k -e "$program"
    [[ $status -eq 4 ]] || fail "$program: $status"
    run gc -k -e "$program"
    assert_line --partial '= 0  undecided: the program meets a kink, a tie or Inf there'
    refute_output --partial WRONG
  done
  check 0 'ok ok' 'x = [0, 0]; y = sqrt(norm(x)^2 + 1)'
}

@test "check: beside a pole" {
  run gc -k -e 'A = [[1, 2], [2, 4.0000000001]]; y = sum(inv(A))'
  assert_equal "$status" 4
  refute_output --partial jumps
  run gc -k -e 'x = 1.0000000001; y = 1/(x - 1)'
  refute_output --partial jumps
  run gc -k -e 'x = 1; y = floor(x*1000)/1000'
  assert_output --partial 'the program jumps there'
}

@test "check: what cannot be decided" {
  run gc -k -e 'x = -1; y = log(x)'
  assert_equal "$status" 4
  assert_line 'dy/dx = NaN  undecided: the program has no finite value there, or does not come through nearby'
  check 0 ok 'x = 0; y = sqrt(x)'
  run gc -k -e 'x = 2; y = x*stop_gradient(x)'
  assert_equal "$status" 4
  assert_line 'dy/dx = 2  undecided: the program uses stop_gradient, which differences know nothing of'
  check 4 undecided 'n = 3; y = 2.5*sum(ones(n))'
}

@test "check: what rounding makes of a right gradient is not wrong" {
  check 0 'ok ok ok ok' 'x = [1.7, -1.2, 0.5, 1.9]; y = sum(softmax(x))'
  check 0 'ok ok ok' 'x = [0.3, -1.2, 0.7]; y = cosine_similarity(x, 2*x)'
  check 0 'ok ok' 'x = 3; m = 1e6; y = (x - m)^2 - m^2'
  check 0 'ok ok ok' 'x = [0.1, 0.2, 0.4]; y = sum(x - mean(x))'
  check 0 'ok ok' 'x = [0.6, 0.8]; y = norm(x/norm(x))'
  check 0 ok 'x = 3; y = 1e6 + 0*x'
  check 0 ok 'x = -30; y = log(1 + exp(x))'
  check 4 undecided 'x = -36; y = log(1 + exp(x))'
  check 0 ok 'x = -15; y = log(1 + exp(x))'
  check 4 undecided 'x = -36; y = log(1 + exp(x))'
  check 4 undecided 'x = 1e-170; y = x*x'
  check 0 'ok ok ok ok' 'A = [[2.1, 0.3], [0.4, 1.7]]; y = sum(A @ inv(A))'
}

@test "check: at an optimum" {
  # a = sum(t*y) / sum(t^2), the mean, and a line by least squares
  check 0 ok 'a = 1.1214285714285714; const t = [1, 2, 3]; y = sum((a*t - [1.3, 2.1, 3.4])^2)'
  check 0 ok 'm = 0.23333333333333334; y = sum(([0.1, 0.2, 0.4] - m)^2)'
  check 0 'ok ok' 'w = [1.05, 0.16666666666666666]; const X = [[1, 1], [2, 1], [3, 1]]; y = sum((X @ w - [1.3, 2.1, 3.4])^2)'
}

@test "check: cholesky goes by symmetric matrices" {
  check 0 'ok ok ok ok' 'A = [[4, 1], [1, 3]]; y = sum(cholesky(A))'
  check 0 'ok ok ok ok' 'v = [4, 1, 1, 3]; y = sum(cholesky(reshape(v, 2, 2))^2*[[1, 0], [3, 5]])'
  run gc -k -e 'A = [[4, 1], [2, 3]]; y = sum(cholesky(A))'
  assert_equal "$status" 4
  assert_line 'dy/dA[0, 1] = 0.07322330470336313  undecided: cholesky was given a matrix that is not symmetric'
}

@test "check: infinite slopes are no jumps" {
  run gc -q -k -f csv -e 'x = 0; y = where(x > 0, sqrt(x), 0)'
  assert_success
  run gc -k -e 'x = 0; y = where(x > 0, sqrt(x), 0)'
  assert_line 'dy/dx = 0  kink: 0 on the left, Inf on the right'
  check 0 kink 'x = 0; y = where(x > 0, cbrt(x), 0)'
  check 0 ok 'x = 0; y = cbrt(x)'
  check 0 kink 'x = 0; y = where(x > 0, x^0.8, 2*x)'
  check 4 undecided 'x = 0; y = where(x > 0, 1, 0)'
  check 0 ok 'x = 1; y = cos(1e8*x)'
}

@test "check: every format" {
  local program='x = [0, 1]; y = sum(abs(x))'
  run -0 gc -q -k -e "$program"
  assert_output ''
  run -0 gc -q -k -f json -e "$program"
  assert_output --partial '"ok":1,"wrong":0,"kink":1,"undecided":0}'
  run -0 gc -k -f tap -e "$program"
  assert_output '1..2
ok 1 - dy/dx[0]: -1 on the left, 1 on the right
ok 2 - dy/dx[1]'
  run -0 gc -k -f markdown -e "$program"
  assert_line '| `dy/dx[0]` | 0 | kink | -1 on the left, 1 on the right |'
  run -0 gc -k -f json -e "$program"
  assert_output --regexp '^\{"checks":\[\{"target":"y","wrt":"x","index":\[0\],"verdict":"kink","given":0,'
  assert_output --partial '"ok":1,"wrong":0,"kink":1,"undecided":0}'
  jq -e . <<<"$output" >/dev/null
  run -0 gc -k -f csv -e "$program"
  assert_line --index 0 'target,wrt,index,verdict,grad,found,error,left,right,message'
  assert_line --partial 'y,x,0,kink,0,'
}

@test "check: several targets, large arrays, the same bytes each time" {
  run -0 gc -k -t a,b -w x -e 'x = 2; a = x^2; b = x^3'
  assert_line 'da/dx = 4  ok'
  assert_line 'db/dx = 12  ok'
  run -0 gc -k -e 'x = linspace(0, 1, 1000); y = sum(x^2)'
  assert_output --regexp '[0-9]+ partial derivatives: [0-9]+ ok; [0-9]+ more elements were not looked at'
  local first=$output
  run -0 gc -k -e 'x = linspace(0, 1, 1000); y = sum(x^2)'
  assert_equal "$output" "$first"
  # What the program prints is printed once.
  run -0 gc -k -e 'x = 2; print x; y = x^2'
  (( $(grep -c '^2$' <<<"$output") == 1 )) || fail "$output"
}

@test "check: options that cannot go with it" {
  run gc -k -J -e 'x = 1'
  assert_equal "$status" 2
  assert_output 'gradcalc: -J and -k cannot go together'
  run gc -k --value -e 'x = 1'
  assert_equal "$status" 2
  run gc -k -c 'dy/dx = 1' -e 'x = 1; y = x'
  assert_equal "$status" 2
}
