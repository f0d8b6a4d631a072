#!/usr/bin/env bats
# trouble.bats -- kinks, slopes and values that are not finite: what is said of them, and where. The derivatives themselves are
# held to the rule in gradient.bats and edge-test.c.

load helper

# says OUTPUT PROGRAM MESSAGE...: the results, and all that is said, in this order.
says () {
  local results=$1 program=$2 said wanted
  shift 2
  run --separate-stderr gc -W no-tie -W no-unused -e "$program" </dev/null
  assert_success
  assert_output "$results"
  said=$(grep -E '^<-e>:|^gradcalc:' <<<"$stderr") || true
  wanted=$(printf '<-e>:%s\n' "$@")
  [[ $# -gt 0 ]] || wanted=
  assert_equal "$said" "$wanted"
}

@test "kinks: of functions of one number" {
  says $'y = 0\ndy/dx = 0' 'x = 0; y = abs(x)' \
    '1:12: note: abs has a kink at 0 and x is exactly 0; 0 was used (-1 to 1 are possible)'
  says $'y = 0\ndy/dz = 0' 'z = 0; y = relu(z)' \
    '1:12: note: relu has a kink at 0 and z is exactly 0; 0 was used (0 to 1 are possible)'
  says $'y = 1\ndy/dx = 0' 'x = 1; y = clip(x, -1, 1)' \
    '1:12: note: clip has a kink at 1 and x is exactly 1; 0 was used (0 to 1 are possible)'
  says $'y = 0\ndy/dx = 0' 'x = 1; y = relu(x - 1)' \
    '1:12: note: relu has a kink at 0; 0 was used (0 to 1 are possible)'
}

@test "kinks: of functions of several" {
  says $'y = 3\ndy/dx = 0' 'x = 3; y = maximum(x, 3)' \
    '1:12: note: maximum has a kink where both are equal; 0 was used (0 to 1 are possible)'
  says $'y = 3\ndy/dx = 1' 'x = 3; y = minimum(x, x)' \
    '1:12: note: minimum has a kink where both are equal; the slope was shared (0 to 1 are possible)'
  says $'y = 0\ndy/dx = 0\ndy/dw = 0' 'x = 0; w = 0; y = hypot(x, w)' \
    '1:19: note: hypot has a kink at 0 and x is exactly 0; 0 was used (-1 to 1 are possible)'
  says $'y = 1\ndy/dx = 0\ndy/dw = 0' 'x = 0; w = 0; y = x^w' \
    '1:19: note: 0^0 has no one derivative; 0 was used'
}

@test "kinks: of functions with structure" {
  says $'y = 0\ndy/dx = [0, 0]' 'x = [0, 0]; y = norm(x)' \
    '1:17: note: norm has a kink at 0; 0 was used (-1 to 1 are possible)'
  says $'y = 0\ndy/dx = [0, 0, 0]' 'x = [2, 2, 2]; y = std(x)' \
    '1:20: note: std has a kink at equal elements; 0 was used (-1 to 1 are possible)'
  says $'y = 3\ndy/dx = [0.5, 0, 0.5]' 'x = [3, 1, 3]; y = max(x)' \
    '1:20: note: max has a kink where elements tie; the slope was shared (0 to 1 are possible)'
  says $'y = 2\ndy/dx = [0.5, 0.5]' 'x = [1, 3]; y = median(x)'
}

@test "jumps: only where something jumps" {
  says $'y = 4\ndy/dx = 2' 'x = 2; y = floor(x) * x' "1:12: note: 'floor' jumps at 2 and x is exactly 2; 0 was used"
  says $'y = 5\ndy/dx = 2' 'x = 2.5; y = floor(x) * x'
  says $'y = 2\ndy/dx = 0' 'x = 2.5; y = round(x)' "1:14: note: 'round' jumps at 2.5 and x is exactly 2.5; 0 was used"
  says $'y = 0\ndy/dx = 0' 'x = 0; y = sign(x)' "1:12: note: 'sign' jumps at 0 and x is exactly 0; 0 was used"
  says $'y = 0\ndy/dx = 1\ndy/dw = 0' 'x = 6; w = 3; y = x % w' "1:19: note: '%' jumps at 6 and x is exactly 6; 0 was used"
}

@test "a kink counts only if a derivative came through it" {
  says $'y = 0\ndy/dx = 3' 'x = 0; w = abs(x); y = 3 * x'
  says $'y = 2\ndy/dx = 1' 'x = 2; y = where(x > 1, x, relu(x - 2))'
  says $'y = 0\ndy/dx = 0' 'x = 0; y = abs(x) * 0'
}

@test "where it is in arrays" {
  says $'y = 3\ndy/dx = [0, 1, 0]' 'x = [0, 3, 0]; y = sum(abs(x))' \
    '1:24: note: abs has a kink at 0 and x[0] is exactly 0 (one of 2 elements); 0 was used (-1 to 1 are possible)'
  says $'y = 1\ndy/dx = [0, 1]' 'x = [0, 1]; y = sum(relu(x) * [0, 1])'
  says $'y = 6\ndy/dx = [[0, 2],\n         [2, 0]]' 'x = [[-1, 1], [2, 0]]; y = sum(relu(2 * x))' \
    '1:32: note: relu has a kink at 0 (element [1,1]); 0 was used (0 to 1 are possible)'
  says $'y = 9\ndy/dx = [0, 0, 0]' 'x = [1, 3, 3]; y = sum(maximum(x, 3))' \
    '1:24: note: maximum has a kink where both are equal (element [1], one of 2); 0 was used (0 to 1 are possible)'
  run --separate-stderr gc -q -f json -e 'x = [0, 3, 0]; y = sum(abs(x))' </dev/null
  assert_output '{"value":{"y":3},"grad":{"y":{"x":[0,1,0]}},"kinks":[{"kind":"kink","op":"abs","file":"<-e>","line":1,"column":24,"count":2,"message":"abs has a kink at 0 and x[0] is exactly 0 (one of 2 elements); 0 was used (-1 to 1 are possible)","rule":"smallest","left":-1,"right":1}]}'
}

@test "values that are not real numbers" {
  says $'nll = NaN\ndnll/dy = [NaN, NaN]' 'y = [0.5, -0.2]; nll = -sum(log(y))' \
    '1:29: warning: log(-0.2) is not a real number; nll and 1 gradient are NaN'
  says $'y = NaN\ndy/dx = NaN' 'x = -8; y = x^0.5' '1:13: warning: (-8)^0.5 is not a real number; y and 1 gradient are NaN'
  says $'y = NaN\ndy/dx = NaN' 'x = 0; y = x / x' '1:12: warning: 0 / 0 is not a number; y and 1 gradient are NaN'
  says $'y = NaN\ndy/dx = NaN' 'const a = -1; x = 2; y = x * log(a)' \
    '1:30: warning: log(-1) is not a real number; y and 1 gradient are NaN'
}

@test "infinite values and slopes" {
  says $'y = -Inf\ndy/dx = Inf' 'x = 0; y = log(x)' '1:12: warning: log(0) is -Inf; y and 1 gradient are infinite'
  says $'y = Inf\ndy/dx = -Inf' 'x = 0; y = 1 / x' '1:12: warning: 1 / 0 is Inf; y and 1 gradient are infinite'
  says $'y = 0\ndy/dx = Inf' 'x = 0; y = sqrt(x)' '1:12: warning: sqrt has an infinite derivative at 0; 1 gradient is infinite'
  says $'y = 0\ndy/dx = Inf' 'x = 0; y = x^0.5' '1:12: warning: 0^0.5 has an infinite derivative; 1 gradient is infinite'
  says $'z = 0\ndz/dx = NaN\ndz/dy = NaN' 'x = 0; y = 0; z = atan2(x, y)' \
    '1:19: warning: atan2(0, 0) has no derivative; 2 gradients are NaN'
  says $'y = Inf\ndy/dx = -Inf' 'x = 0; y = reciprocal(x)' '1:12: warning: reciprocal(0) is Inf; y and 1 gradient are infinite'
}

@test "what is infinite for want of range alone overflows" {
  local given='x = [1e200, 1e200]; z = [[1e200, 1], [1, 1e200]]' call
  for call in 'dot(x, x)' 'einsum("i,i->", x, x)' 'sum(outer(x, x))' 'det(z)' 'sum(matrix_power(z, 2))' 'trace(z * 1e108)' \
    'sum(rad2deg(z * 1e107))' 'i0(800 + x[0] * 0)' 'i1(800 + x[0] * 0)' 'reciprocal(x[0] * 1e-320 * 1e-200)'; do
    run gc_program "$given; y = $call"
    assert_output --partial ' overflows to Inf'
  done
}

@test "what is masked is not told" {
  says $'y = 0\ndy/dx = 0' 'x = 0; y = where(x > 0, sqrt(x), 0)'
  says $'y = 2\ndy/dx = [0, 0.25]' 'x = [0, 4]; y = sum(where(x > 0, sqrt(x), 0) * [1, 1])'
  says $'y = 1\ndy/dx = 0' 'x = -1; y = where(x > 0, log(x), 1)'
  says $'y = 0\ndy/dx = 0' 'x = 1.5; y = acos(clip(x, -1, 1))'
}

@test "hints: a form that stays finite" {
  says $'d = 0\ndd/du = NaN' 'u = 0; d = sqrt(u^2)' \
    '1:12: warning: sqrt has an infinite derivative at 0; dd/du became 0*Inf = NaN here' '1:12: hint: sqrt(u^2) is abs(u)'
  says $'d = 0\ndd/dv = [NaN, NaN]' 'v = [0, 0]; d = sqrt(sum(v^2))' \
    '1:17: warning: sqrt has an infinite derivative at 0; dd/dv became 0*Inf = NaN here' '1:17: hint: norm(v) has a derivative at 0'
  says $'p = NaN\ndp/dz = NaN' 'z = 1000; p = exp(z) / (1 + exp(z))' '1:15: warning: exp(1000) overflows to Inf' \
    '1:15: hint: sigmoid(z) does not overflow' '1:29: warning: exp(1000) overflows to Inf'
  # The derivative of the logarithm at infinity came out as 0, and 0 times infinity is no number.
  says $'y = Inf\ndy/dt = NaN' 't = 800; y = log(1 + exp(2 * t))' '1:22: warning: exp(1600) overflows to Inf' \
    '1:22: hint: softplus(2*t) does not overflow'
  says $'y = NaN\ndy/dx = NaN' 'x = 0; y = x * log(x)' '1:16: warning: log(0) is -Inf; y and 1 gradient are NaN' \
    '1:16: hint: xlogy(x, x) is 0 at 0'
  says $'y = Inf\ndy/da = [NaN, 0]' 'a = [800, 2]; y = log(sum(exp(a)))' '1:27: warning: exp(800) overflows to Inf' \
    '1:27: hint: logsumexp(a) does not overflow'
}

@test "a derivative that overflows though every value is finite" {
  run --separate-stderr gc -e 'x = 1e-300; y = x*1e300*1e300' </dev/null
  assert_output $'y = 1e+300\ndy/dx = Inf'
  assert_equal "${stderr_lines[0]}" \
    '<-e>:1:17: warning: the derivative overflows here on its way back (1e+300 * 1e+300); 1 gradient is infinite'
  # The slope of a chaotic orbit, without a stop between.
  run --separate-stderr gc -e 'x = 0.4; r = 3.7; for i in 0:2000 { x = r*x*(1 - x) }; y = x' </dev/null
  assert_success
  [[ ${stderr_lines[0]} == *'warning: the derivative overflows here on its way back ('*'); 1 gradient is NaN' ]] || fail "$stderr"
  run --separate-stderr gc -W error=overflow -e 'x = 1e-300; y = x*1e300*1e300' </dev/null
  assert_equal "$status" 3
}

@test "the slope of a slope that is the first not to be finite" {
  seconds () { run --separate-stderr gc -W no-tie -H -e "$1" </dev/null; assert_success; assert_equal "$(grep '^<-e>' <<<"$stderr")" "$2"; }
  seconds 'x = 0; y = x^1.5 + x' "<-e>:1:12: warning: the slope of '^' has no finite derivative here; 1 second derivative is infinite"
  seconds 'x = [0, 1]; y = norm(x, 1.5)' \
    '<-e>:1:17: warning: the slope of norm has no finite derivative here; 1 second derivative is infinite'
  seconds 'x = [0, 1]; y = norm(x, 0.5)' '<-e>:1:17: warning: norm has an infinite derivative; 1 gradient is infinite'
  # What is masked is not told, and the first order is told as ever.
  seconds 'x = 0; y = where(x > 0, x^1.5, x^2)' ''
  seconds 'x = 0; y = sqrt(x)' '<-e>:1:12: warning: sqrt has an infinite derivative at 0; 1 gradient is infinite'
  says $'y = Inf\ndy/dx = -Inf' 'x = 0; y = grad(grad(x^1.5, x), x)' \
    "1:22: warning: the slope of '^' has no finite derivative here; y and 1 gradient are infinite"
  run --separate-stderr gc -w x -e 'a = 2; x = 3; y = grad(grad(grad(gammainc(a, x), a), a), a)' </dev/null
  [[ ${stderr_lines[0]} == '<-e>:1:34: warning: the slope of gammainc has no finite derivative here; y and 1 gradient are NaN' ]] ||
    fail "$stderr"
}

@test "what infinite operands come to is told where nothing else is" {
  run --separate-stderr gc -e 'x = inf; y = x - x' </dev/null
  assert_equal "${stderr_lines[0]}" '<-e>:1:14: warning: Inf - Inf is not a number; y and 1 gradient are NaN'
  run --separate-stderr gc -e 'x = 0; y = x*inf' </dev/null
  assert_equal "${stderr_lines[0]}" '<-e>:1:12: warning: 0 * Inf is not a number; y and 1 gradient are NaN'
  run --separate-stderr gc -e 'x = 1; y = inf; z = x^y' -w x </dev/null
  assert_equal "${stderr_lines[0]}" '<-e>:1:21: warning: 1^Inf has an infinite derivative; 1 gradient is infinite'
  run --separate-stderr gc -e 'x = 1000; y = exp(x) - exp(x)' </dev/null
  assert_equal "$(grep -c warning: <<<"$stderr")" 2
  assert_equal "$(grep -c 'overflows to Inf' <<<"$stderr")" 2
}

@test "-W and -q" {
  run --separate-stderr gc -q -e 'x = 0; y = abs(x)' </dev/null
  assert_equal "$stderr" ''
  run --separate-stderr gc -W no-kink -e 'x = 0; y = abs(x)' </dev/null
  assert_equal "$stderr" ''
  run --separate-stderr gc -W error=kink -q -e 'x = 0; y = abs(x)' </dev/null
  assert_equal "$status" 3
  assert_output $'y = 0\ndy/dx = 0'
  [[ $stderr == *': error: abs has a kink'* ]]
  run --separate-stderr gc -W error=domain -e 'x = -1; y = log(x)' </dev/null
  assert_equal "$status" 3
}

@test "what the program prints is printed once, and -t, --sum, --value" {
  run --separate-stderr gc -e 'x = 0; print x; y = abs(x)' </dev/null
  assert_equal "$(grep -c '^0$' <<<"$stderr")" 1
  run --separate-stderr gc --value -e 'x = 0; y = abs(x); z = log(-1)' -t y,z </dev/null
  assert_equal "$(grep -c 'kink' <<<"$stderr")" 0
  assert_equal "$(grep -c 'log(-1) is not a real number; z is NaN' <<<"$stderr")" 1
  run --separate-stderr gc --sum -e 'x = 0; y = abs(x); z = relu(x)' -t y,z </dev/null
  assert_equal "$(grep -c 'kink at' <<<"$stderr")" 2
}

@test "more cases than are looked at are not counted as if they were all" {
  run --separate-stderr gc -e 'x = zeros(10000); y = sum(abs(x))' </dev/null
  [[ ${stderr_lines[0]} == *'abs has a kink at 0 and x[0] is exactly 0 (one of 4096 or more elements); 0 was used'* ]]
}

@test "a kink that a loop meets again and again is told in the memory that the gradient takes" {
  run --separate-stderr gc --max-memory=20M -w a,b -e 'a = 0.5; b = 0.5; s = 0; for i in 0:200000 { s += max(a, b) }; y = s' </dev/null
  assert_output $'y = 100000\ndy/da = 100000\ndy/db = 100000'
  assert_equal "$(grep -c 'max has a kink' <<<"$stderr")" 1
}

@test "elements of a later turn are counted though others had the room" {
  run --separate-stderr gc -w a -e 'a = 0.5; v = a*[1, 2, 3]; s = 0
for i in 0:20000 {
  s += abs(a - 0.5)
  if i == 0 || i == 15000 { s += sum(abs(v*0)) }
}
y = s + a' </dev/null
  assert_equal "$(grep -c 'abs has a kink at 0 (element \[0\], one of 3 or more)' <<<"$stderr")" 1
}
