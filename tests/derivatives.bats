#!/usr/bin/env bats
# derivatives.bats -- grad, jacobian, hessian, hvp, vjp and jvp in programs. Expected values are closed forms, or mpmath's.

load helper

# gives NAME VALUE RTOL PROGRAM [OPTION...]: the program's NAME is that.
gives () {
  run gc -q -p 17 -e "$4" "${@:5}"
  assert_success
  assert_result "$1" "$2" "$3"
}

@test "grad: of a value in a name, at its current value" {
  gives d 6 0 'x = 3; y = x^2; d = grad(y, x)'
  gives dd/dx 2 0 'x = 3; y = x^2; d = grad(y, x)'
  # x is 9 when z is made, and what comes before does not count: dz/dx = 2 * 9.
  gives d 18 0 'x = 3; x = x^2; z = x^2; d = grad(z, x)'
  gives d '[2, 4, 6]' 0 'x = [1, 2, 3]; y = x^2; d = grad(y, x)'
  gives d '[[5, 7], [5, 7]]' 0 'A = [[1, 2], [3, 4]]; b = [5, 7]; y = A @ b; d = grad(y, A)'
}

@test "grad: of a function, in any of its arguments" {
  gives y 12 0 'f(x) = x^3; x = 2; y = grad(f)(x)'
  gives y 7 0 'f(a, b) = a*b^2; y = grad(f, 1)(0.5, 7)'
  gives y -0.41614683654714238699 1e-15 'x = 2; y = grad(sin)(x)'
  gives dy/dw 6 0 'w = 1; y = grad(fn(a) a^2 * w)(3)'
  gives y 3 0 'd = grad; f(x) = 3*x; y = d(f)(1)'
}

@test "grad: of a list of names" {
  gives s 52 0 'x = 2; z = 5; y = x*z; a, b = grad(y, [x, z]); s = 10*a + b'
  gives s 20 0 'x = [1, 2]; z = 5; y = sum(x)*z; a, b = grad(y, [x, z]); s = sum(a) + 10*b/3'
}

@test "derivatives of high order" {
  # mpmath, 50 digits: diff(sin(x) exp(x^2), 0.7, 3) and the fourth; diff(x^x, 0.8, 5).
  gives y 20.885372780693745962 1e-12 'x = 0.7; f(x) = sin(x)*exp(x^2); y = grad(grad(grad(f)))(x)'
  gives dy/dx 66.117839245189753765 1e-12 'x = 0.7; f(x) = sin(x)*exp(x^2); y = grad(grad(grad(f)))(x)'
  gives y -3.4175704644300692857 1e-9 'f(x) = x^x; y = grad(grad(grad(grad(grad(f)))))(0.8)'
  gives y 120 1e-14 'x = 0.3; y = x^5; for i in 0:5 { y = grad(y, x) }' -t y
}

@test "a zero that varies is not passed over" {
  gives dd/dx 2 0 'x = 0; y = x*(x + 1); d = grad(y, x)'
  gives dd/dx 0 0 'x = 3; y = 4*x; d = grad(y, x)'
  gives dd/dx 0 0 'x = 3; z = 2; y = x*z; d = grad(y, x)'
  gives de/dx 0 0 'x = 3; y = 4*x; d = grad(y, x); e = grad(d, x)'
  gives y 0 0 'x = 0; y = grad(fn(a) where(a > 0, sqrt(a), 0))(x)'
  gives dy/dx 0 0 'x = 0; w = 2; y = grad(fn(a) w*where(a > 0, sqrt(a), 0))(x)'
}

@test "jacobian: the target's shape, then the source's" {
  gives J '[[2, 0], [0, 4], [3, 3]]' 0 'x = [1, 2]; y = [x[0]^2, x[1]^2, 3*sum(x)]; J = jacobian(y, x)'
  gives J '[1, 4]' 0 'a = 2; y = [a, a^2]; J = jacobian(y, a)'
  gives J '[[[1, 0], [0, 0]], [[0, 0], [0, 1]]]' 0 'X = [[1, 2], [3, 4]]; y = diag(X); J = jacobian(y, X)'
  gives J '[[0, 2], [1, 0]]' 0 'f(x) = [x[1]^2, x[0]]; J = jacobian(f)([3, 1])'
}

@test "hessian: symmetric to the last digit" {
  # Rosenbrock at (1, 1.5): 1200 x^2 - 400 y + 2, -400 x, 200.
  gives H '[[602, -400], [-400, 200]]' 1e-12 'x = [1, 1.5]; y = (1 - x[0])^2 + 100*(x[1] - x[0]^2)^2; H = hessian(y, x)'
  # logsumexp: diag(s) - s s' with s = softmax.
  run gc -q -p 17 -e 'x = [0.3, -1.2, 0.5]; y = logsumexp(x); H = hessian(y, x); s = softmax(x); E = diag(s) - outer(s, s);
    asymmetry = sum(abs(H - H'"'"')); error = max(abs(H - E))' -t H,E,asymmetry
  assert_success
  assert_result asymmetry 0 0
  assert_close "$(result H)" "$(result E)" 1e-12
}

@test "products: hvp, vjp, jvp" {
  local x='x = [1, 2, 3]; v = [1, 0, 2]; y = x^3; s = sum(y);'
  gives a '[6, 0, 36]' 0 "$x a = hvp(s, x, v)"
  gives a '[3, 0, 54]' 0 "$x a = vjp(y, x, v)"
  gives a '[3, 0, 54]' 0 "$x a = jvp(y, x, v)"
  gives da/dv '[3, 12, 27]' 0 "$x a = jvp(y, x, v)"
  gives a '[8, 0]' 0 'x = [1, 2, 3]; y = [x[0]*x[1], 7] + 0*x[0]; v = [2, 4, 9]; a = jvp(y, x, v)'
}

@test "inside loops, functions and closures" {
  gives dx/da 0.35355339059327376220 1e-14 'a = 2; x = 1.5 + 0*a; for i in 0:6 { f = x^2 - a; x = x - f/grad(f, x) }'
  gives y 32 1e-15 'def slope(f, x) { return grad(f)(x) }; y = 3*slope(fn(a) slope(fn(b) b^3, a)^2 / 27, 2)'
  gives dy/dk 6 0 'k = 2; make(k) = fn(x) k*x^2; y = grad(make(k))(3)'
}

@test "what no input reaches has derivatives like anything else" {
  gives g 6 0 'f(t) = grad(t^2, t); g = f(3)'
  gives y 12 0 's = 0; for v in [1, 2, 3] { s += grad(v^2, v) }; y = s'
  gives y '[20, 24]' 0 's = [0, 0]; for v in [[1, 2], [9, 10]] { s += grad(sum(v^2), v) }; y = s'
  gives g 2 0 'x = 1; t = stop_gradient(x); g = grad(t^2, t)'
  gives g 3 0 'x = 1; y = 2; t = grad(x, y); g = grad(t*3, t)'
  gives g 8 0 'const t = 4; g = grad(t^2, t)'
  gives g 8 0 'f(x) = x + 1; t = f(3); g = grad(t^2, t)'
  gives g '[48, 12]' 0 'def f() { a = [1, 2]; a[0] = 4; y = sum(a^3); return grad(y, a) }; g = f()'
  gives p 23 0 'f() = [2, 3]; a, b = f(); y = a*b; g, h = grad(y, [a, b]); p = g + 10*h'
  gives y 48 0 't = 1; k = 0; while k < 3 { t = 2; y = t^2*grad(t^3, t); k += 1 }; y'
  gives g 12 0 'f(t) = fn(q) grad(q*t^2, t); g = f(3)(2)'
  gives g 13 0 'f(t) = (fn(t) grad(t^3, t))(t + 1) + t; g = f(1)'
  gives g 6 0 'd = grad; f(t) = d(t^2, t); g = f(3)'
  gives g 6 0 'f(t) = t > 2 ? grad(y=t^2, x=t) : 0; g = f(3)'
  gives g 1.4142135623730950488 1e-15 'def newton(f, x) { for i in 0:8 { y = f(x); x = x - y/grad(y, x) }; return x }; g = newton(fn(q) q^2 - 2, 1)'
  printf 'a,b\n1,2\n3,4\n' >"$BATS_TEST_TMPDIR/data.csv"
  gives g '[[2, 4], [6, 8]]' 0 "X = load(\"$BATS_TEST_TMPDIR/data.csv\"); g = grad(sum(X^2), X)"
  gives 'grad(t^2,t)' 6 0 'const t = 3; y = t' -t 'grad(t^2, t)'
  gives '(fn(q)grad(q^2,q))(t)' 6 0 'const t = 3; y = t' -t '(fn(q) grad(q^2, q))(t)'
}

@test "what no input reaches: every derivative, nested, beside what inputs reach" {
  gives g 18 0 'f(t) = hessian(t^3, t); g = f(3)'
  gives g '[1, 6, 0]' 0 'f(t) = jacobian([t, t^2, 1], t); g = f(3)'
  gives g 36 0 'f(t) = hvp(t^3, t, 2); g = f(3)'
  gives g 13 0 'f(t) = vjp([t, t^2], t, [1, 2]); g = f(3)'
  gives g '[2, 12]' 0 'f(t) = jvp([t, t^2], t, 2); g = f(3)'
  gives g 300 0 'def f(t) { t = t*2; a = grad(t^3, t); b = grad(a^2, t); return a + b }; g = f(1)'
  gives g 24 0 'f(t, k) = k == 0 ? t^4 : grad(f(t, k - 1), t); g = f(1, 3)'
  gives dg/dx 6 0 'x = 2; const c = 3; y = x^2*c; a, b = grad(y, [x, c]); g = a + 0*b'
  gives dg/dx 4 0 'x = 2; const c = 3; g = grad(x^2*c, c)'
  run gc -e 'x = 1; t = stop_gradient(x); g = grad(t^2, t)'
  assert_line 'dg/dx = none'
  assert_line --partial 'the only path goes through stop_gradient here'
}

@test "a parameter is a variable of its own, another name is not" {
  gives g 18 0 'def one(f, x) { y = f(x); return grad(y, x) }; v(a, b) = a*b^2; s = 3; g = one(fn(y) v(s, y), s)'
  gives g 9 0 'def one(f, x) { y = f(x); return grad(y, x) }; v(a, b) = a*b^2; s = 3; g = one(fn(y) v(y, s), s)'
  gives dg/ds 12 0 'def one(f, x) { y = f(x); return grad(y, x) }; v(a, b) = a*b^2; s = 3; g = one(fn(y) v(s, y), s)'
  gives g 0 0 'inner(y, x) = grad(y, x); x = 3; g = inner(x^2, x)'
  gives g 3 0 's = 3; f(p) = jacobian([s*p, s], p); g = f(s)[0]'
  gives g 6 0 'y = 3; t = y; z = y*t; g = grad(z, t)'
  gives g 6 0 'const y = 3; t = y; z = y*t; g = grad(z, t)'
  gives g 6 0 'const y = 3; t = true ? y : 4; u = t; z = t*u; g = grad(z, u)'
  gives g 6 0 'f(y) = (fn(t) 0)(0) + grad(y^2, y); g = f(3)'
  gives g 6 0 'def f(y) { t = y; z = y*t; return grad(z, t) }; g = f(3)'
}

@test "what a choice or a call gives is a value of its own, also where it is that of a variable" {
  local leaky='m(q) = q > 0 ? q : 0.1*q'
  gives g 1 0 "$leaky; x = 2; u = m(x); y = u + x; g = grad(y, u)"
  gives g 1 0 "$leaky; x = -2; u = m(x); y = u + x; g = grad(y, u)"
  gives g '[3, 3]' 0 'x = [1, 2]; u = x[0] > 0 ? x : 0.1*x; y = sum(3*u + x); g = grad(y, u)'
  gives g 2 0 'const x = 2; u = true ? x : 0; g = grad(u*x, u)'
  gives g 2 0 'def f(q) { r = q; return r }; x = 2; u = (fn(q) f(q))(x); g = grad(u*x, u)'
  gives g 2 0 'def h(f, p) { u = f(p); return grad(p*u, u) }; s = 2; g = h(fn(q) q, s)'
  gives g 4 0 'f(q) = q; x = 2; u = f(x); g = grad(u*x, x)'
  gives dy/du 1 0 "$leaky; x = 2; u = m(x); y = u + x" -w u
  gives dy/du 1 0 'x = 2; u = x > 0 ? x : 0.1*x; y = u + x' -w u
  gives dy/dx 2 0 'x = 2; u = x > 0 ? x : 0.1*x; y = u + x' -w u,x
  gives d2y/dudx 1 0 'x = 2; u = x > 0 ? x : 0.1*x; y = u*x' -H -w u,x
  run gc -e 'x = 2; u = x > 0 ? x : 0.1*x; y = u*(x + 1)' --formula -w u
  assert_line 'dy/du = x + 1'
  run gc -e "$leaky; x = 2; u = m(x); y = u + x" -c 'dy/du = 1' -c 'dy/dx = 2'
  assert_success
  run gc -e 'm(q) = q; x = 2; const u = m(3); y = u + x' -w u
  assert_line 'dy/du = none'
}

@test "whole numbers among real ones: sources, targets and directions" {
  gives g '[36, 54]' 0 'x = [2, 3]; y = sum(x^3); g = zeros(2); for i in 0:3 { g += hvp(y, x, [i, i]) }'
  gives g 36 0 'x = 2; y = x^3; g = 0; for i in 0:3 { g += jvp(y, x, i) }'
  gives g '[0, 18]' 0 'x = [2, 3]; y = sum(x^3); g = hvp(y, x, x > 2)'
  gives g '[2, 3]' 0 'x = [2, 3]; y = x; g = vjp(y, x, int(x))'
  gives y 12 0 'f(t) = grad(t^2, t); s = 0; for i in 1:4 { s += f(i) }; y = s'
  gives y '[4, 6]' 0 'f(t) = grad(sum(t^2), t); y = f(int([2, 3]))'
  gives y '[[4, 0], [0, 6]]' 0 'f(t) = t^2; y = jacobian(f)(int([2, 3]))'
  run gc --value -e 'x = 2; g = grad(int(x), x)'
  assert_line 'g = 0'
  assert_line --partial 'note: what is differentiated here is an integer: its derivative is 0'
  run gc --value -e 'g = [0, 0]; for i in 1:3 { g += grad(i*[1.5, 2], i)*[1, 1] }; g'
  assert_line 'g = [0, 0]'
  assert_line --partial 'note: the source is an integer here, through which no gradient flows: its derivative is 0'
  gives g '[[0, 0], [0, 0]]' 0 'x = [2, 3]; g = jacobian(int(x), x)'
}

@test "what is not connected is zero, with a note" {
  run gc -e 'x = 1; y = 2; d = grad(y, x)'
  assert_success
  assert_line 'd = 0'
  assert_line '<-e>:1:19: note: what is differentiated here does not depend on the source: its derivative is 0'
  run gc -q -e 'x = [1, 2]; y = 2; d = grad(y, x)'
  assert_line 'd = [0, 0]'
}

@test "third derivatives in the tail" {
  local at expected
  while read -r at expected; do
    run -0 gc -q -e "x = $at; y = grad(grad(log_ndtr(x), x), x)"
    assert_result dy/dx "$expected" 1e-13
  done <<'END'
-6 0.0069535374991643115
-100 1.9976029958623432e-06
-1e10 2e-30
END
  run -0 gc -q -e 'x = 1e200; y = grad(grad(gelu(x), x), x)'
  assert_line 'dy/dx = 0'
}

@test "third derivatives near the largest number, and beyond it" {
  local name at expected
  while read -r name at expected; do
    run -0 gc -q -e "x = $at; y = grad(grad($name(x), x), x)"
    assert_result dy/dx "$expected" 1e-13
  done <<'END'
gamma 2.5 1.5232274810468571
gamma -1.5 47.021300250801431
gamma 170 5.7769877582823708e306
gamma 300 Inf
cbrt 1e-15 3.7037037037037029e39
cbrt 1e-110 7.9793877408588275e292
cbrt 1e-310 Inf
END
}

@test "of reductions of nothing along a list of axes" {
  local name shape axes
  for name in sum mean prod var std norm logsumexp median; do
    for shape in 0 '3, 0' '0, 3' '0, 0'; do
      for axes in '[0]' '[-1]' '[]'; do
        run --separate-stderr gc -q -e "x = zeros($shape); y = sum($name(x, axis=$axes)); z = size(grad(y, x))"
        assert_line 'z = 0' || fail "$name of $shape along $axes"
      done
    done
  done
}

@test "a kink that a derivative was taken at is told" {
  run gc -e 'x = 0; y = abs(x); d = grad(y, x)'
  assert_line '<-e>:1:12: note: abs has a kink here, and a derivative was taken through it'
  run gc -e 'x = 2; y = floor(x); d = grad(y, x)'
  assert_line "<-e>:1:12: note: 'floor' jumps here, and a derivative was taken through it; 0 was used"
  run gc -W no-kink -e 'x = 0; y = abs(x); d = grad(y, x)'
  refute_line --partial kink
}

# refuses MESSAGE PROGRAM
refuses () {
  run gc -e "$2"
  assert_equal "$status" 2
  assert_line --partial "$1"
}

@test "mistakes" {
  refuses "1:22: error: 'grad' differentiates in a name or a list of names, and this is an expression" 'x = 1; d = grad(x^2, x+1)'
  refuses "error: a list of sources has names, and this is an expression" 'x = 1; y = x; d = grad(y, [2*x])'
  refuses "1:22: error: 'grad' differentiates in a name or a list of names, and this is an expression" 'x = 1; d = grad(x^2, 3)'
  refuses "1:19: error: 'jvp' differentiates in a name or a list of names, and this is an expression" 'x = 1; d = jvp(x, 3, 1)'
  refuses "error: 'hessian' differentiates in a name or a list of names, and this is an expression" 'd = hessian(2, 1)'
  refuses "1:5: error: 'grad' of one argument needs a function, got a number; say in which name: grad(y, x)" 'd = grad(3)'
  refuses "error: 'grad' differentiates a real number or array, got a string" 'x = 1; d = grad("a", x)'
  refuses "error: 'hvp' takes 3 arguments, 2 given" 'x = 1; d = hvp(x, x)'
  refuses "error: 'jvp': the last argument has shape (2), but the source has shape (3)" 'x = [1,2,3]; y = x; d = jvp(y, x, [1, 2])'
  refuses "error: 'vjp': the last argument has shape (2), but what is differentiated has shape ()" 'x = [1,2,3]; y = sum(x); d = vjp(y, x, [1, 2])'
  refuses "error: a derivative in argument 2, counted from 0, but there is 1" 'f(x) = x; d = grad(f, 2)(1)'
  refuses "error: a derivative is taken in a real number or array, got a boolean" 'f(x) = x; d = grad(f)(true)'
  refuses "error: 'hvp' needs a value to differentiate, got a function; call it first" 'f(x) = x; x = 1; d = hvp(f, x, 1)'
  refuses "calls are nested more than 10000 deep" 'def f(x) { return grad(f)(x) }; d = f(1)'
}

@test "what nobody can ask for any more takes no memory" {
  # A descent on a^2: 0.998^2000 by mpmath. Each step takes 100 kB.
  descent=$'x = ones(1000)\nfor i in 0:2000 { x = x - 0.001*grad(fn(a) sum(a^2))(x) }\ny = x[0]'
  gives y 0.0182424252237506995 1e-13 "$descent" --value --max-memory=25M
  gives y 0.0182424252237506995 1e-13 "$descent"
  # What an input was is no name any more when the variable has another value; from x - 0.003 x^2, by mpmath.
  numbers='x = 1; for i in 0:40000 { y = x^3; x = x - 0.001*grad(y, x) }; y = x'
  gives y 0.00826347992018095650 1e-12 "$numbers" --value --max-memory=12M
  gives dy/dx 0.0000680816243662818310 1e-11 "$numbers"
  # What a second derivative goes through stays: each step halves x, so y is a^3, and its second derivative 6 a.
  halves=$'def f(a) {\n x = a; for i in 0:100 { x = x - grad(fn(b) sum(b^2*ones(1000)/4000))(x) }; return (x*2^100)^3\n}\na = 2'
  gives d 12 1e-12 "$halves; d = grad(grad(f))(a)" --value
  gives dd/da 6 1e-12 "$halves; d = grad(grad(f))(a)"
  # A source that a name still has stays one, whatever is forgotten meanwhile.
  gives d 12 1e-13 \
    'x = 2; y = x^3; s = 0; for i in 0:300 { s += sum(grad(fn(a) sum(a^2))(zeros(1000))) }; d = grad(y, x)' --value
}

@test "what a second derivative is taken by, and nobody differentiates, takes no memory" {
  # By sums of whole numbers. Steps that are kept take 140 MB.
  gives s 52798873.00458334861116 1e-12 'const n = 300000; x = linspace(-1, 1.5, n); v = linspace(0, 1, n)
    f = sum(100*(x[1:] - x[:-1]^2)^2 + (1 - x[:-1])^2); s = sum(hvp(f, x, v))' --value --max-memory=125M
  # Zeros pass on like other numbers: 2 sign(x) v, 6 x v, and 15/4 sqrt(x) v.
  gives h '[2, 0, 2]' 0 'x = [-1, 0, 2]; v = [1, 1, 1]; h = hvp(sum(abs(x)*x), x, v*sign(x))'
  gives h '[0, 0, 0]' 0 'x = [1, 2, 3]; h = hvp(sum(x^3), x, [0, 0, 0])'
  gives h '[0, 3.75, 7.5]' 1e-15 'x = [0, 1, 4]; h = hvp(sum(x^2.5), x, [1, 1, 1])'
  gives H '[[0, 0], [0, 2]]' 0 'x = [0, 1]; H = hessian(sum(x[0]*abs(x[1] - 1)) + sum(x^2) - x[0]^2, x)'
}

@test "of a long descent the gradient takes little more memory than its values" {
  # On (b - a)^2 from 0: a (1 - 0.998^4000), by mpmath. All steps together take 290 MB.
  descent=$'a = 1.5\nx = zeros(1000)\nfor i in 0:4000 { x = x - 0.001*grad(fn(b) sum((b - a)^2))(x) }\ny = x[7]'
  gives y 1.49950082088293380 1e-12 "$descent" -w a --max-memory=160M
  gives dy/da 0.99966721392195586 1e-12 "$descent" -w a --max-memory=160M
}

@test "slopes that are one number, or another array as it is, take no memory" {
  # From y = 2 x - (2 x - x) r^k with r = 1 - h/2 = 0.995: 2 - 0.995^100, by mpmath. An array takes 160 kB.
  steps=$'const h = 0.01; a = 3; x = a*ones(20000); y = x\nfor i in 0:100 { y = y + h*(2*x - y)/2 }\nz = mean(y)'
  gives dz/da 1.39422956350927178 1e-12 "$steps" -w a --max-memory=12M
  # sum((sum of w) v)^2 over 20000 elements 0.5: 2 (sum of w) 5000.
  sums=$'const v = 0.5*ones(20000); w = [1, 2, 3]; c = zeros(20000)\nfor i in 0:99 { c = c + w[i % 3]*v }\ny = sum(c^2)/33'
  gives dy/dw '[1980000, 1980000, 1980000]' 1e-12 "$sums" -w w --max-memory=12M
}

@test "an array with one element that cannot be a slope is none as it is" {
  # 700 of s and 299 of (2 s)^2: 700 + 299 * 8 s. Nothing is asked of the one that is infinite, or no number.
  for odd in inf nan; do
    run gc -q -e "const r = concat(ones(700), [$odd], 2*ones(299)); s = 3; w = s*r; y = sum(w[:700]) + sum(w[701:]^2)"
    [ "$output" = $'y = 12864\ndy/ds = 7876' ]
  done
}

@test "terms of a sum have one array of slopes" {
  # 100 times sin(3 a): 300 cos(0.9). Of each turn the slopes take 160 kB, which three terms share.
  turns=$'a = 0.3; x = a*ones(100, 200); b = a*ones(200); c = a*ones(100, 1); y = 0\nfor i in 0:100 { y += mean(sin((x + b) + c)) }'
  gives dy/da 186.48299048119934 1e-12 "$turns" -w a --max-memory=28M
}

@test "elements of a matrix take as little memory as those of a vector" {
  # By minors, of 2 I + 0.1: 2^7 (2 + 0.8), and det(A) inv(A)' = 358.4 (I - 0.1/2.8)/2.
  minors=$'const n = 8; A = 2*eye(n) + 0.1
  def minor(A, row, mask) {
    if row == n { return 1 }
    total = 0; sign = 1
    for j in 0:n {
      if floor(mask/2^j) % 2 == 0 { total += sign*A[row, j]*minor(A, row + 1, mask + 2^j); sign = -sign }
    }
    return total
  }
  d = minor(A, 0, 0)'
  gives d 358.4 1e-12 "$minors" -w A -t d --max-memory=20M
  gives dd/dA "$(python3 -c 'print([[172.8 if i == j else -6.4 for j in range(8)] for i in range(8)])')" 1e-12 \
    "$minors" -w A -t d --max-memory=20M
}

@test "slopes of steps that run together" {
  # Each by hand, times u = [1, 10]; in a row 1 - (2 - 1/4); v + 1, three times; 2 v; v^2; -v; v and 1; 3/2; v/2 and 1/2;
  # 1 - 1/x^2; 8 x; -1/(x^2 v); 3; and of one adjoint shared by both operands of a sum 2 u + [3, 7].
  run gc -q -e 'const v = [1, -4]; const u = [1, 10]
    xa = [2, 3]; a = xa - (2*xa - xa/4)
    xb = [2, 3]; b = xb*v + xb
    xc = [2, 3]; c = xc + xc*v
    xd = [2, 3]; d = xd + v*xd
    xe = [2, 3]; e = 2*(xe*v)
    xf = [2, 3]; f = v*xf*v
    ng = 0.5; g = v - ng*v
    nh = 0.5; xh = [2, 3]; h = nh*v + xh
    xi = [2, 3]; i = mean(xi + 2*xi)
    xj = [2, 3]; yj = [1, 1]; j = mean(xj*v + yj)
    xk = [2, 4]; k = 1/xk + xk
    xl = [1, 2]; l = (2*xl)^2
    xm = [1, 2]; m = 1/(xm*v)
    xn = [1, 2]; n = 3*xn
    xo = [2, 3]; o = xo + 1; p = o + xo
    y = (a + b) @ u + (c + d) @ u + (e + f) @ u + g @ u + h @ u + i + j + k @ u + l @ u + m @ u + n @ u + p @ u + o @ [3, 7]'
  assert_success
  assert_equal "${output#y = *$'\n'}" 'dy/dxa = [-0.75, -7.5]
dy/dxb = [2, -30]
dy/dxc = [2, -30]
dy/dxd = [2, -30]
dy/dxe = [2, -80]
dy/dxf = [1, 160]
dy/dng = 39
dy/dnh = -39
dy/dxh = [1, 10]
dy/dxi = [1.5, 1.5]
dy/dxj = [0.5, -2]
dy/dyj = [0.5, 0.5]
dy/dxk = [0.75, 9.375]
dy/dxl = [8, 160]
dy/dxm = [-1, 0.625]
dy/dxn = [3, 30]
dy/dxo = [5, 27]'
}

@test "slopes that another array lends, where it is infinite or has a zero that nobody made" {
  # Nothing that is infinite is on the way to y; of log (x v) at v = -0 infinity meets 0.
  gives dy/dx '[0, 3]' 0 'x = [1, 2]; const v = [1e308*10, 1]; z = 1 + x*v; y = z[1]*3' -w x
  gives dy/dc 3 0 'c = 2; const v = [1e308*10, 1]; z = 1 + c*v; y = z[1]*3' -w c
  run gc -q -w x -e 'x = [1, 2]; v = [-0.0, 1]; z = x*v; y = sum(log(z))'
  assert_line 'dy/dx = [NaN, 0.5]'
}

@test "a derivative that is the last one is a value alone" {
  # Of sum(a x + b)^2, where the sum is 8: 16 x, and 16 in each element.
  program='a = [1, 2]; b = [0, 1]; x = [1, 3]; y = sum(a*x + b)^2'
  for more in '' --value; do
    gives r 1024 0 "$program; p, q = grad(y, [a, b]); r = sum(p*q)" $more
    gives p '[16, 48]' 0 "$program; p, q = grad(y, [a, b])" $more -t p
    gives g '[3, 0]' 0 "$program; z = a*b + 3*a; g = vjp(z, a, [1, 0])" $more
  done
  # A kink is told where the adjoint is a zero that varies, and where it is none.
  run gc --value -e 'x = 0; w = 0; y = w*abs(x); g, h = grad(y, [x, w])'
  assert_success
  assert_line --partial 'kink'
  # What is zero by rule stays so beside an infinite slope: 0 by the branch not taken.
  gives g 0 0 'x = 0; y = where(x > 0, sqrt(x), 0); g = grad(y, x)' --value
}

@test "a parameter that is assigned is what derivatives are taken in, twice, in a run that forgets" {
  # x' = x - 0.001 x, 3000 times, the slope x as it is, and by each direction: 0.999^3000, from mpmath.
  local slope expected=0.04971239399803629438
  for slope in 'grad(y, x) + 0*grad(y, x)' '[jvp(y, x, [1, 0]), jvp(y, x, [0, 1])]'; do
    run gc -p 17 -e "w = 0.5
def slope(f, x) {
  x = x + 0
  y = f(x)
  return $slope
}
def descend(w) {
  x = [0.25, w]
  for i in 0:3000 { x = x - 0.001*slope(fn(x) sum(x^2)/2, x) }
  return x[1] + 2*x[0]
}
r = descend(w)" </dev/null
    assert_success
    refute_output --partial 'does not depend'
    assert_result r "$expected" 1e-11
    assert_result dr/dw "$expected" 1e-11
  done
}

@test "jvp: of a number it is the gradient times the direction, to the last digit" {
  gives d 0 0 'x = [0.3, 1.7, 0.9]; d = 0
for i in 0:20 {
  z = x*(1 + 0.37*i)
  y = sqrt(sum(z^2))*exp(-z[0]*z[1]/3)/(1 + sum(z*sin(z)))^2 + 1/z[2]/z[1]
  g = grad(y, z)
  d = d + abs(jvp(y, z, [1, 0, 0]) - g[0]) + abs(jvp(y, z, [1, 0, -0.5]) - (g[0] - 0.5*g[2]))
}' --value
}
