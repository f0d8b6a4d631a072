#!/usr/bin/env bats
# syntax.bats -- every form of the language, with its value.

load helper

setup () {
  cd "$BATS_TEST_TMPDIR" || return
}

# table [PROGRAM]: reads lines `EXPRESSION => VALUE`; after PROGRAM each expression has that value, all in one run. A matrix stands
# on one line.
table () {
  local text=${1-} line names='' wanted=() expressions=() i
  text+=$'\n'
  while IFS= read -r line; do
    expressions+=("${line%% => *}")
    wanted+=("$line")
    names+="${names:+,}v_${#wanted[@]}"
    text+="v_${#wanted[@]} = ${line%% => *}"$'\n'
  done
  printf '%s' "$text" >table.expr
  run --separate-stderr gc -q --value -t "$names" table.expr
  assert_success
  assert_equal "$stderr" ''
  local expected='' actual=''
  for i in "${!wanted[@]}"; do
    expected+="${wanted[i]}"$'\n'
    actual+="${expressions[i]} => $(result "v_$((i + 1))")"$'\n'
  done
  assert_equal "$actual" "$expected"
}

# says PROGRAM OUTPUT [OPTION...]: what the program prints, without notes.
says () {
  local text=$1 expected=$2
  shift 2
  run --separate-stderr gc_program "$text" -q "$@"
  assert_success
  assert_equal "$output" "$expected"
}

# breaks PROGRAM MESSAGE [STATUS]: the first line on standard error ends with MESSAGE.
breaks () {
  run --separate-stderr gc_program "$1"
  assert_equal "$status" "${3:-2}"
  assert_equal "$output" ''
  [[ ${stderr_lines[0]} == *"error: $2" ]] || assert_equal "${stderr_lines[0]}" "...error: $2"
}

# --- words

@test "numbers" {
  table <<'END'
1 => 1
1. => 1
.5 => 0.5
1e-3 => 0.001
1E3 => 1000
2.5e+2 => 250
1_000 => 1000
1_000.25 => 1000.25
12_345_678 => 12345678
007 => 7
0.1 + 0.2 => 0.30000000000000004
END
}

@test "names: letters, digits, underscores, any letter of UTF-8, marks and subscripts after one" {
  table $'_a1 = 1; Ab = 2; ab = 3; θ = 4; σ2 = 5; été = 6; 变量 = 7; x₁ = 8; x² = 9; e\u0301t = 10; iff = 11; in_ = 12' <<'END'
_a1 => 1
Ab - ab => -1
θ * σ2 => 20
été => 6
变量 => 7
x₁ + x² => 17
iff + in_ => 23
END
}

@test "names of UTF-8 in results" {
  says $'θ = 3\nσ = θ^2' $'σ = 9\ndσ/dθ = 6'
}

@test "pasted signs" {
  table $'x = 6' <<'END'
x − 2 => 4
−x => -6
x × 2 => 12
x · 2 => 12
x ⋅ 2 => 12
x ÷ 2 => 3
x + 2 => 8
END
}

@test "strings and their escapes" {
  run --separate-stderr gc_program 'print "a \"b\" \\ c\td\ne"; x = 1'
  assert_equal "$stderr" $'a "b" \\ c\td\ne'
}

@test "comments, ends of statements, blank lines" {
  says $'#!/usr/bin/env gradcalc\n\n  # one\nx = 3; ; w = 2 # two; y = 4\n;y = x*w # three' $'y = 6\ndy/dx = 2\ndy/dw = 3'
}

@test "newlines within brackets are blanks" {
  says $'x = (1\n  + 2)\nv = [1,\n  2,\n\n  3]\ny = sum(\n  v, # the vector\n  axis=\n  0\n) + x' $'y = 9\ndy/dx = 1\ndy/dv = [1, 1, 1]'
}

@test "a newline ends a statement outside brackets" {
  says $'x = 3\n-x\n' $'f = -3\ndf/dx = -1'
}

@test "predefined names" {
  table <<'END'
pi => 3.141592653589793
tau => 6.283185307179586
e => 2.718281828459045
inf => Inf
-inf => -Inf
nan => NaN
true => true
false => false
END
}

@test "predefined names may be assigned over" {
  says 'e = 3; pi = e + 1; y = pi*e' $'y = 12\ndy/de = 7'
}

@test "a variable hides the function of the same name" {
  says 'sin = 3; y = sin^2' $'y = 9\ndy/dsin = 6'
  says 'sin(x) = 2*x; x = 3; y = sin(x)' $'y = 6\ndy/dx = 2'
}

# --- expressions

@test "precedence and direction of operators" {
  table <<'END'
1 + 2 * 3 => 7
(1 + 2) * 3 => 9
2 * 3 ^ 2 => 18
-2 ^ 2 => -4
(-2) ^ 2 => 4
2 ^ -1 => 0.5
2 ^ 3 ^ 2 => 512
2 ** 3 ** 2 => 512
3 ^ 33 => 5559060566555523
3 ^ 34 => 16677181699666570
2 ^ 100 => 1.2676506002282294e+30
(-1) ^ 2147483647 => -1
2 ^ -2 ^ 2 => 0.0625
10 - 4 - 3 => 3
100 / 10 / 5 => 2
7 % 4 * 2 => 6
-7 % 4 => 1
7 % -4 => -1
- - 3 => 3
-+-3 => 3
2 * -3 => -6
2 - -3 => 5
6 / 2 * 3 => 9
1 + 2 < 4 => true
!false && false => false
not false or true => true
true or false and false => true
1 < 2 && 3 < 2 => false
1 < 2 ? 10 : 20 => 10
false ? 1 : false ? 2 : 3 => 3
true ? false ? 1 : 2 : 3 => 2
true or false ? 1 + 1 : 5 => 2
-[1, 2]' => [-1, -2]
2 ^ [1, 2][1] => 4
-abs(-3) ^ 2 => -9
END
}

@test "comparisons and logic, elementwise and with broadcasting" {
  table 'x = [1, 2, 3]' <<'END'
x == 2 => [false, true, false]
x != 2 => [true, false, true]
x < 2 => [true, false, false]
x <= 2 => [true, true, false]
x > 2 => [false, false, true]
x >= 2 => [false, true, true]
x > 1 && x < 3 => [false, true, false]
x < 2 || x > 2 => [true, false, true]
x < 2 or x > 2 => [true, false, true]
not (x < 2) => [false, true, true]
!(x < 2) => [false, true, true]
all(x > 0) and any(x > 2) => true
END
}

@test "logic and ?: evaluate only the side that is needed" {
  table 'x = [1, 2]; n = 2' <<'END'
n < 2 && x[n] > 0 => false
n >= 2 || x[n] > 0 => true
n < 2 ? x[n] : -1 => -1
END
}

@test "a branch within an expression leaves what waits beside it alone" {
  table 'z = 0.75; x = [3, 4]; p(q) = q > 0; k(a, b) = a + norm(b)' <<'END'
z*2 + (any(x > 0) ? z : 0) + norm(x) => 7.25
z*2 + (p(z) ? norm(x) : 0) + k(z, x) => 12.25
z*2 + (p(-z) ? 0 : p(z) ? norm(x) : 1) + z*(z + (p(z) ? 2 : x[7])) + norm(x) => 13.5625
z*2 + where(p(z) || p(-z), norm(x), 0) + norm(x) => 11.5
[z*2, p(z) && p(-z) ? 1 : norm(x), norm(x)] => [1.5, 5, 5]
k(z*2, x*(p(z) ? 2 : 1)) + k(z/3, x) => 16.75
z*2 + sum(kron(x*2, x)) + norm(x) => 104.5
z*3 - kron([1, 1], [1, z*2])[1]*x[0] => -2.25
z*2 + kron([1], [kron([z], [2])[0]*4])[0] + norm(x) => 12.5
z*2 + (fn(q) q ? z*4 : norm(x))(any(x > 9)) + norm(x) => 11.5
END
}

@test "arithmetic of arrays, with broadcasting" {
  table 'x = [1, 2, 3]; A = [[1, 2, 3], [4, 5, 6]]; c = [[10], [20]]' <<'END'
x + 1 => [2, 3, 4]
1 - x => [0, -1, -2]
x * x => [1, 4, 9]
6 / x => [6, 3, 2]
x ^ 2 => [1, 4, 9]
2 ^ x => [2, 4, 8]
x % 2 => [1, 0, 1]
-x => [-1, -2, -3]
A + x => [[2, 4, 6], [5, 7, 9]]
A + c => [[11, 12, 13], [24, 25, 26]]
A * 2 => [[2, 4, 6], [8, 10, 12]]
END
}

@test "array literals stack along a new first axis" {
  table 'x = [1, 2]; a = 3' <<'END'
[a, a + 1] => [3, 4]
[x, x * 2] => [[1, 2], [2, 4]]
[[a]] => [[3]]
[[[1, 2]], [[3, 4]]] => [[[1, 2]], [[3, 4]]]
[] => []
[1 < 2, false] => [true, false]
shape([[1, 2, 3], [4, 5, 6]]) => [2, 3]
END
}

@test "the matrix product follows NumPy, the transpose is postfix" {
  table 'A = [[1, 2], [3, 4]]; x = [5, 6]' <<'END'
A @ A => [[7, 10], [15, 22]]
A @ x => [17, 39]
x @ A => [23, 34]
x @ x => 61
A' => [[1, 3], [2, 4]]
A.T @ x => [23, 34]
A'' => [[1, 2], [3, 4]]
A[0]' => [1, 2]
2 * A @ x => [34, 78]
-A @ x + 1 => [-16, -38]
END
}

@test "indexing" {
  table 'x = [10, 20, 30, 40]; A = [[1, 2, 3], [4, 5, 6]]; k = 1' <<'END'
x[0] => 10
x[-1] => 40
x[k] => 20
x[k + 1] => 30
A[1] => [4, 5, 6]
A[1, 2] => 6
A[-1, -3] => 4
A[1][2] => 6
A[:, 1] => [2, 5]
A[0, :] => [1, 2, 3]
x[[3, 0, 3]] => [40, 10, 40]
x[x > 15] => [20, 30, 40]
x[x > 50] => []
A[A > 3] => [4, 5, 6]
A[[1, 0], 1:] => [[5, 6], [2, 3]]
x[None, 1:3] => [[20, 30]]
x[:2, None] => [[10], [20]]
shape(A[:, None, :]) => [2, 1, 3]
x[1.0] => 20
[1, 2, 3][1] => 2
(x + 1)[0] => 11
sum(A, axis=0)[2] => 9
END
}

@test "slices" {
  table 'x = [0, 1, 2, 3, 4, 5]' <<'END'
x[1:3] => [1, 2]
x[:2] => [0, 1]
x[4:] => [4, 5]
x[:] => [0, 1, 2, 3, 4, 5]
x[:-1] => [0, 1, 2, 3, 4]
x[-2:] => [4, 5]
x[::2] => [0, 2, 4]
x[1::2] => [1, 3, 5]
x[:4:3] => [0, 3]
x[1:5:2] => [1, 3]
x[::-1] => [5, 4, 3, 2, 1, 0]
x[4:1:-1] => [4, 3, 2]
x[2::-1] => [2, 1, 0]
x[3:3] => []
x[4:2] => []
x[2:100] => [2, 3, 4, 5]
x[-100:2] => [0, 1]
x[true ? 1 : 2] => 1
x[(true ? 1 : 2):3] => [1, 2]
END
}

@test "calls, keywords, nesting" {
  table 'A = [[1, 2], [3, 4]]' <<'END'
sqrt(16) => 4
maximum(2, 3) => 3
max(2, 5, 3) => 5
sum(A) => 10
sum(A, axis=0) => [4, 6]
sum(A, axis=1, keepdims=true) => [[3], [7]]
sqrt(sqrt(sum([8, 8]))) => 2
zeros(2, 1) => [[0], [0]]
zeros([2, 1]) => [[0], [0]]
END
}

# --- statements

@test "binding again leaves what was computed alone" {
  says $'x = 3\ny = x^2\nx = 10\n' $'y = 9\ndy/dx = 6' -t y
}

@test "a second name is the same value" {
  says $'x = 3\nt = x\ny = t^2' $'y = 9\ndy/dt = 6\ndy/dx = 6' -w t,x
}

@test "assignment with an operator" {
  says 'x = 2; y = x; y += 1; y *= 4; y -= 2; y /= 5; y ^= 2' $'y = 4\ndy/dx = 3.2' -w x
  says 'x = 2; y = x; y **= 3' $'y = 8\ndy/dx = 12' -w x
}

@test "assignment to elements, rows and slices" {
  table $'x = [1, 2, 3]; x[1] = 20; x[-1] += 1
A = zeros(2, 3); A[0, :] = [1, 2, 3]; A[1] = 7; A[:, 0] *= 10; A[1, 1:] -= [1, 2]
v = [1, 2, 3, 4]; v[::2] = 0; w = [1, 2, 3]; w[w > 1] = 9; u = zeros(4); u[[3, 1]] = [5, 6]; d = [2, 4]; d[0] /= 4; d[1] ^= 2' <<'END'
x => [1, 20, 4]
A => [[10, 2, 3], [70, 6, 5]]
v => [0, 2, 0, 4]
w => [1, 9, 9]
u => [0, 6, 0, 5]
d => [0.5, 16]
END
}

@test "an array changed afterwards keeps the derivatives of what used the old one" {
  says $'x = [1, 2]\na = x[0] * 3\nx[0] = 5\ny = a + x[0]*x[1]' $'y = 13\ndy/dx = [3, 5]'
}

@test "assignment to an element passes the gradient of the new value" {
  says $'t = 2\nx = zeros(3)\nx[1] = t^2\ny = sum(x * [1, 10, 100])' $'y = 40\ndy/dt = 40' -w t
}

@test "unpacking along the first axis" {
  says $'a, b = [3, 4]\ny = a*b' $'y = 12\ndy/da = 4\ndy/db = 3' -w a,b
  table 'p, q = [[1, 2], [3, 4]]; a, b = [1, 2]; a, b = [b, a]' <<'END'
p => [1, 2]
q => [3, 4]
a => 2
b => 1
END
}

@test "the last name of an unpacking is the target" {
  says 'x = 3; a, b = [x, x^2]' $'b = 9\ndb/dx = 6' -w x
}

@test "const" {
  run --separate-stderr gc_program $'const k = 3\nx = 2\ny = k*x'
  assert_success
  assert_output $'y = 6\ndy/dx = 3'
  says $'x = 2\nconst k = x^2\ny = k*x' $'y = 8\ndy/dx = 12\ndy/dk = none' -w x,k
}

@test "a function in short form" {
  says 'f(x, y) = x^2*y; a = 3; z = f(a, 2) + f(1, a)' $'z = 21\ndz/da = 13'
  says 'one() = 1; x = 4; y = one() + x' $'y = 5\ndy/dx = 1'
}

@test "a function in long form, return anywhere" {
  says $'def f(x) {\n  if x > 1 {\n    return x^2\n  }\n  t = 3*x\n  return t\n}\na = 2; b = 1\ny = f(a) + f(b)' \
    $'y = 7\ndy/da = 4\ndy/db = 3'
  says $'def f(x) { for i in 0:10 { while true { if i > 2 { return x*i }; break } }; return 0 }\na = 2\ny = f(a)' $'y = 6\ndy/da = 3'
}

@test "a function sees globals as they are when it is called, and assigns only its own" {
  says $'k = 2\nf(x) = k*x\na = 1\nu = f(a)\nk = 5\ny = f(a) + u' $'y = 7\ndy/da = 7' -w a
  says $'t = 10\nv = [1, 2]\ndef f(x) { t += x; v[0] = t; return t + v[0] }\na = 1\ny = f(a) + t + v[0]' $'y = 33\ndy/da = 2' -w a
}

@test "a function is a value, fn closes over what it mentions when it is made" {
  says 'k = 2; f = fn(x) k*x; k = 100; a = 3; y = f(a)' $'y = 6\ndy/da = 2' -w a
  says $'twice(f) = fn(x) f(f(x))\nq = twice(fn(x) x^2)\na = 2\ny = q(a)' $'y = 16\ndy/da = 32' -w a
  says $'add(n) = fn(x) x + n\na = 2\ny = add(a)(10) * (fn(x, z) x*z)(a, 3)' $'y = 72\ndy/da = 42' -w a
}

@test "the body of fn reaches as far as it can" {
  table 'f = fn(x) x > 1 ? x + 1 : -x' <<'END'
f(3) => 4
f(1) => -1
END
}

@test "recursion" {
  says $'def power(x, n) {\n  if n == 0 { return 1 }\n  return x * power(x, n - 1)\n}\na = 2\ny = power(a, 10)' $'y = 1024\ndy/da = 5120'
  says $'fib(n) = n < 2 ? n : fib(n - 1) + fib(n - 2)\ny = fib(15)' 'y = 610' --value
  says $'def even(n) { return n == 0 ? true : odd(n - 1) }\ndef odd(n) { return n == 0 ? false : even(n - 1) }\ny = even(10) ? 1 : 0' \
    'y = 1' --value
}

@test "if, elif, else, on lines and in one" {
  local x
  for x in 1 2 3; do
    says $'if x == 1 {\n  y = 10*x\n}\nelif x == 2\n{ y = 20*x }\n\n# a remark\nelse {\n  y = 30*x\n}' \
      "y = $((10 * x * x))"$'\n'"dy/dx = $((10 * x))" -D "x=$x"
  done
  says 'x = 5; y = x; if x > 9 { y = 0 } elif x > 4 { y = 2*x } else { y = 1 }' $'y = 10\ndy/dx = 2' -w x
  says $'x = 5; y = x\nif x > 9 { y = 0 }\ny = y + 1' $'y = 6\ndy/dx = 1' -w x
  says 'x = 5; y = x; if x > 4 { }' $'y = 5\ndy/dx = 1' -w x
}

@test "blocks open no scope" {
  says 'x = 2; if true { k = 3*x }; for i in 0:1 { m = k }; y = m + i' $'y = 6\ndy/dx = 3'
}

@test "while, break, continue" {
  says $'x = 2\ny = x\nn = 0\nwhile n < 10 {\n  n += 1\n  if n == 2 { continue }\n  if n == 5 { break }\n  y = y*x\n}' \
    $'y = 16\ndy/dx = 32' -w x -t y
}

@test "for over a range" {
  says 'x = 2; y = 1; for i in 0:3 { y *= x }' $'y = 8\ndy/dx = 12' -w x
  table 'a = 0; for i in 0:5 { a = a*10 + i }; b = 0; for i in 5:0:-2 { b = b*10 + i }; c = 0; for i in 1:8:3 { c = c*10 + i }; d = 7; for i in 3:3 { d = 0 }; n = 3; k = 0; for i in 0:n*2 { k += 1 }' <<'END'
a => 1234
b => 531
c => 147
d => 7
k => 6
END
}

@test "for over an array, and what its variable is afterwards" {
  says 'x = [1, 2, 3]; y = 0; for v in x { y += v^2 }' $'y = 14\ndy/dx = [2, 4, 6]' -w x
  table 'a = 0; for v in [[1, 2], [3, 4]] { a = a*100 + v[0]*10 + v[1] }; for i in 0:4 { for j in 0:4 { if j == 2 { break } } }' <<'END'
a => 1234
v => [3, 4]
i => 3
j => 2
END
}

@test "a number of a range is a whole number, and no gradient flows through it" {
  says 'x = 1; y = 0; for i in 0:4 { y += i*x }' $'y = 6\ndy/dx = 6' -w x
}

@test "print takes any values" {
  run --separate-stderr gc_program 'x = [[1, 2], [3, 4]]; print 1/3, "and", true; print x; y = sum(x)'
  assert_success
  assert_equal "${stderr_lines[0]}" '0.3333333333333333 and true'
  assert_equal "${stderr_lines[1]}" '[[1, 2],'
  assert_equal "${stderr_lines[2]}" ' [3, 4]]'
}

@test "assert" {
  says 'x = 2; assert x > 1; assert x > 1, "too small"; y = x' $'y = 2\ndy/dx = 1' -w x
}

@test "an expression alone keeps its name, or is called f" {
  says $'x = 3; y = x^2; z = 1\ny' $'y = 9\ndy/dx = 6' -w x
  says $'x = 3\nx^2' $'f = 9\ndf/dx = 6'
  says $'f = 3\nf^2' $'f1 = 9\ndf1/df = 6'
  says $'x = 3\nx^2\nx^3' $'f1 = 27\ndf1/dx = 27'
}

@test "the target is the last value outside functions" {
  says $'x = 3\ny = x^2\ng(t) = t\ndef h(t) { q = t; return q }' $'y = 9\ndy/dx = 6'
  says $'x = 3\ny = x^2\ns = "text"' $'y = 9\ndy/dx = 6'
}

# --- limits, with a small stack

small () {
  (ulimit -s 256 && gc "$@")
}

# many TEXT COUNT: the text that often.
many () {
  awk -v text="$1" -v count="$2" 'BEGIN { for (i = 0; i < count; i++) printf "%s", text }'
}

@test "a sum of 100000 terms on one line" {
  { echo 'x = 2'; printf 'y = 0'; many ' + x' 100000; echo; } >long.expr
  run small long.expr
  assert_success
  assert_output $'y = 200000\ndy/dx = 100000'
}

@test "a million terms on one line" {
  { echo 'x = 2'; printf 'y = 0'; many '+x' 1000000; echo; } >long.expr
  run small long.expr
  assert_success
  assert_output $'y = 2000000\ndy/dx = 1000000'
}

@test "a right-associative chain of 100000 powers, and as many signs" {
  { echo 'x = 1'; printf 'y = x'; many '^x' 100000; echo; } >long.expr
  run small --value long.expr
  assert_success
  assert_output 'y = 1'
  { echo 'x = 1'; printf 'y = '; many '-' 100000; echo 'x'; } >long.expr
  run small long.expr
  assert_success
  assert_output $'y = 1\ndy/dx = 1'
}

@test "brackets nested 10000 deep" {
  { echo 'x = 2'; printf 'y = '; many '(' 10000; printf x; many ')' 10000; echo '*x'; } >deep.expr
  run small deep.expr
  assert_success
  assert_output $'y = 4\ndy/dx = 4'
}

@test "calls and sums nested 10000 deep" {
  { echo 'x = 2'; printf 'y = '; many 'abs(1+' 10000; printf x; many ')' 10000; echo; } >deep.expr
  run small deep.expr
  assert_success
  assert_output $'y = 10002\ndy/dx = 1'
}

@test "brackets nested deeper than 10000 are an error with its place" {
  { printf 'y = '; many '(' 10005; printf 1; many ')' 10005; echo; } >deep.expr
  run --separate-stderr small deep.expr
  assert_equal "$status" 2
  assert_output ''
  assert_equal "${stderr_lines[0]}" 'deep.expr:1:10005: error: brackets are nested more than 10000 deep'
  { printf 'y = '; many '[' 10005; printf 1; many ']' 10005; echo; } >deep.expr
  run --separate-stderr small deep.expr
  assert_equal "$status" 2
  assert_equal "${stderr_lines[0]}" 'deep.expr:1:10005: error: brackets are nested more than 10000 deep'
}

@test "an array of rank 9 is an error" {
  breaks 'y = [[[[[[[[[1]]]]]]]]]' 'an array has at most 8 axes, this one would have 9'
}

@test "blocks nested 10000 deep, and deeper" {
  { echo 'x = 2; y = 0'; many 'if x > 1 { ' 10000; printf 'y = x^2'; many ' }' 10000; echo; } >deep.expr
  run small -w x -t y deep.expr
  assert_success
  assert_output $'y = 4\ndy/dx = 4'
  { echo 'x = 2; y = 0'; many 'if x > 1 { ' 10005; printf 'y = x^2'; many ' }' 10005; echo; } >deep.expr
  run --separate-stderr small deep.expr
  assert_equal "$status" 2
  assert_equal "${stderr_lines[0]}" "deep.expr:2:$((10000 * 11 + 10)): error: blocks are nested more than 10000 deep"
}

@test "a chain of 20000 elif, and of as many ?:" {
  { echo 'x = 3; y = 0'; printf 'if x < 0 { y = 1 }'; many ' elif x < 1 { y = 2 }' 20000; echo ' else { y = 2*x }'; } >chain.expr
  run small -w x -t y chain.expr
  assert_success
  assert_output $'y = 6\ndy/dx = 2'
  { echo 'x = 3'; printf 'y = '; many 'x < 0 ? 1 : ' 20000; echo '2*x'; } >chain.expr
  run small chain.expr
  assert_success
  assert_output $'y = 6\ndy/dx = 2'
}

@test "recursion to the limit, and beyond it" {
  printf '%s\n' 'def f(x, n) { if n == 1 { return x }; return x + f(x, n - 1) }' 'x = 2; n = 1' 'y = f(x, n)' >f.expr
  run small -D n=9999 -w x -W no-equality f.expr
  assert_success
  assert_output $'y = 19998\ndy/dx = 9999'
  run --separate-stderr small -D n=10002 -w x f.expr
  assert_equal "$status" 2
  assert_output ''
  assert_equal "${stderr_lines[0]}" 'f.expr:1:50: error: calls are nested more than 10000 deep'
}

@test "a line of 100000 elements" {
  { printf 'x = [0'; many ',1' 99999; echo ']'; echo 'y = sum(x)'; } >wide.expr
  run small --value wide.expr
  assert_success
  assert_output 'y = 99999'
}

@test "a comment, and blanks, of twenty million characters are read in no more time than others" {
  awk 'BEGIN { printf "x = 3 #%20000000s\ny = x%20000000s+ 1\n", "", "" }' >long.expr
  ulimit -S -t 15
  run -0 gc long.expr
  assert_output $'y = 4\ndy/dx = 1'
}

@test "a function with many parameters, and a print of many values" {
  { printf 'f(a0'; for i in {1..300}; do printf ',a%d' "$i"; done; printf ') = a0 + a300\nx = 2\ny = f(x'; many ',x' 300; echo ')'; } >many.expr
  run small many.expr
  assert_success
  assert_output $'y = 4\ndy/dx = 2'
}

@test "20000 names" {
  awk 'BEGIN { print "x = 1; n0 = x"; for (i = 1; i <= 20000; i++) print "n" i " = n" i - 1 " + x" }' >names.expr
  run small -w x names.expr
  assert_success
  assert_output $'n20000 = 20001\ndn20000/dx = 20001'
}
