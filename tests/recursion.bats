#!/usr/bin/env bats
# recursion.bats -- functions that call themselves, again and again with the same arguments: such calls are made once,
# which shows in time alone. Expected values are closed forms, or those of det.

load helper

# program TEXT [OPTION...]: runs it and keeps what it prints, for assert_result.
program () {
  run --separate-stderr gc "${@:2}" -e "$1" </dev/null
  assert_success
}

# A matrix with a determinant that is not small.
matrix='A = reshape(sin(1.7*linspace(0, 99, 100) + 0.5), 10, 10) + 2*eye(10); '

# expand DEFINITION CALL: the determinant of ten by ten by its 10! products, and its gradient, beside det's own.
expand () {
  local value gradient
  program "${matrix}y = det(A)" -q
  value=$(result y) gradient=$(result dy/dA)
  program "$matrix$1; y = $2" -q
  assert_result y "$value" 1e-10
  assert_close "$(result dy/dA)" "$gradient" 1e-8
}

@test "recursion: a determinant by minors that are cut out" {
  expand 'def minors(M) {
    if len(M) == 1 { return M[0, 0] }
    s = 0
    for j in 0:len(M) { s += (-1)^j*M[0, j]*minors(concat(M[1:, :j], M[1:, j+1:], axis=1)) }
    return s
  }' 'minors(A)'
}

@test "recursion: a determinant by the columns that are left, taken or named" {
  expand 'def minors(M) {
    n = len(M)
    if n == 1 { return M[0, 0] }
    s = 0
    for j in 0:n { s += (-1)^j*M[0, j]*minors(take(M[1:], concat(arange(0, j), arange(j + 1, n)), axis=1)) }
    return s
  }' 'minors(A)'
  expand 'def minors(M, row, left) {
    if len(left) == 1 { return M[row, left[0]] }
    s = 0
    for j in 0:len(left) { s += (-1)^j*M[row, left[j]]*minors(M, row + 1, concat(left[:j], left[j+1:])) }
    return s
  }' 'minors(A, 0, arange(0, 10))'
}

@test "recursion: a determinant by a list of the columns that are free" {
  expand 'def minors(row, free) {
    if row == 10 { return 1 }
    s = 0
    sign = 1
    for j in 0:10 {
      if free[j] == 1 {
        left = free
        left[j] = 0
        s += sign*A[row, j]*minors(row + 1, left)
        sign = -sign
      }
    }
    return s
  }' 'minors(0, ones(10))'
}

@test "recursion: numbers of Fibonacci, of which there are 10^14 calls" {
  program 'x = 1; y = 1; fib(n) = n == 0 ? y : n == 1 ? x : fib(n - 1) + fib(n - 2); z = fib(70)'
  assert_result z 308061521170129
  assert_result dz/dx 190392490709135
  assert_result dz/dy 117669030460994
  program 'x = 1; fib(n) = n <= 1 ? x : fib(n - 1) + fib(n - 2); z = fib(70)' --value
  assert_result z 308061521170129
}

@test "recursion: numbers of a variable that has another value by the next call" {
  program 'x = 1; k = 1; f(n, v) = n == 0 ? k*v : f(n - 1, v) + f(n - 1, v); a = f(40, x); k = 3; b = f(40, x); z = a + b'
  assert_result z 4398046511104
  assert_result dz/dx 4398046511104
  assert_result dz/dk 1099511627776
}

@test "recursion: the same number from another variable, or element, is not the same" {
  program 'x = 1; y = 1; v = [1, 1]
           f(n, p) = n == 0 ? p : f(n - 1, p) + f(n - 1, p)
           g(n) = f(n, x) + 2*f(n, y) + 4*f(n, v[0]) + 8*f(n, v[1]) + 16*f(n, 1)
           z = g(10)'
  assert_result z 31744
  assert_result dz/dx 1024
  assert_result dz/dy 2048
  assert_result dz/dv '[4096, 8192]'
}

@test "recursion: an element hangs on all of its array, though another call took the number alone" {
  program 'x = 1; y = 2; f(n, p) = n == 0 ? p : f(n - 1, p) + f(n - 1, p)
           g(n) = n == 0 ? f(9, x) + f(9, [x, y][0]) : g(n - 1)
           z = g(1)'
  assert_result z 1024
  assert_result dz/dx 1024
  assert_result dz/dy 0
}

@test "recursion: arguments of the same value that hang on other things, or otherwise, are not the same" {
  local sums='f(n, p) = n == 0 ? sum(p) : f(n - 1, p) + f(n - 1, p)'
  # Multiplied, and added up; all of it is 0.
  program "x = 0; $sums; g(n) = f(n, x) + f(n, 3*x); z = g(10)"
  assert_result dz/dx 4096
  program "v = zeros(20); $sums; g(n) = f(n, v) + f(n, 3*v); z = g(10)"
  assert_result dz/dv "[$(printf '4096, %.0s' {1..19})4096]"
  program "v = zeros(40); $sums; g(n) = f(n, v[20:]) + f(n, v[:20] + v[20:]); z = g(10)"
  assert_result dz/dv "[$(printf '1024, %.0s' {1..20} ; printf '2048, %.0s' {1..19})2048]"
  # Zeros that are a part of what varies: connected with one variable, or the other.
  program "u = ones(20); v = ones(20); $sums; g(n) = f(n, concat(u, zeros(20))[20:]) + f(n, concat(v, zeros(20))[20:]); z = g(10)"
  assert_result dz/du "[$(printf '0, %.0s' {1..19})0]"
  assert_result dz/dv "[$(printf '0, %.0s' {1..19})0]"
  # What is asked for by name is a value of its own, though it is the same number.
  program "x = 2; m = 1*x; $sums; g(n) = f(n, x) + 2*f(n, m); z = g(10)" -w m
  assert_result dz/dm 2048
}

@test "recursion: each call draws its own random numbers" {
  program 'f(n) = n == 0 ? rand() : f(n - 1) + f(n - 1)
           s = 0
           z = f(12)'
  local drawn=$output
  program 's = 0; for i in 0:4096 { s += rand() }; z = s'
  assert_close "$(sed -n 's/^z = //p' <<<"$drawn")" "$(result z)" 1e-12
}

@test "recursion: what is printed, and what is warned of, is as often as it is called" {
  run gc -q -e 'x = 1; def f(n) { print "f"; return n == 0 ? x : f(n - 1) + f(n - 1) }; z = f(9)' </dev/null
  assert_equal "$(grep -c '^f$' <<<"$output")" 1023
  program 'x = 1; y = 1; def f(n, v) { if v > y { return 1*v }; return n == 0 ? v : f(n - 1, v) + f(n - 1, v) }; z = f(9, x)' -f json
  assert_equal "$(jq '[.warnings[] | select(.kind == "tie") | .count] | add' <<<"$output")" 1023
}

@test "recursion: the derivative of each of two equal results" {
  # Asked for by name, they are values of their own.
  program 'x = 2; f(n, v) = n == 0 ? v*v : f(n - 1, v) + f(n - 1, v); def g(v) { return [f(9, v), f(9, v)] }
           a, b = g(x); z = a + 3*b' -w a -w b
  assert_result dz/da 1
  assert_result dz/db 3
  # The derivatives of a program in it are those of its own steps.
  program 'x = 2; f(n, v) = n == 0 ? v*v : f(n - 1, v) + f(n - 1, v); z = grad(fn(v) f(9, v))(x)'
  assert_result z 2048
  assert_result dz/dx 1024
}

@test "recursion: calls that are nested too deep end where they did" {
  # The second time f(9500, 0) is called, it is 600 calls further down.
  run gc -e 'x = 1
def f(n, m) {
  if m > 0 { a = f(9500, 0); return a + f(n, m - 1) }
  if n == 0 { return x }
  return f(n - 1, 0)
}
z = f(9500, 400) + f(9500, 600)' </dev/null
  assert_failure 2
  assert_output --partial 'calls are nested more than 10000 deep'
}

@test "recursion: of large arrays few are kept, whatever comes of them" {
  program 'x = 1
def f(n, v) {
  t = 0.75*v
  u = 0.25*v
  return n == 0 ? sum(v) : f(n - 1, t) + f(n - 1, u)
}
y = f(11, x*ones(100000))' --value --max-memory=300M
  assert_result y 100000 1e-12
}
