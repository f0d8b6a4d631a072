#!/usr/bin/env bats
# fanout.bats -- one value used many times: every path must be counted, and counted once. Expected values are closed forms.

load helper

# program TEXT [OPTION...]: runs it and keeps what it prints, for assert_result.
program () {
  run --separate-stderr gc -q "${@:2}" -e "$1" </dev/null
  assert_success
}

@test "fan-out: many times within one statement" {
  program 'x = 3; y = x*x*x + x*x/x - x + x*(x + x*(x + x))' # 2x^3 + x^3 + x^2
  assert_result y 90
  assert_result dy/dx 87 # 9x^2 + 2x
}

@test "fan-out: through one function of itself, within a statement" {
  program 'x = 0.5; y = sin(x)*sin(x) + cos(x)*cos(x) + x'
  assert_result y 1.5
  assert_result dy/dx 1
}

@test "fan-out: a statement too long for one step of the tape" {
  # 300 uses of x and 100 of w in one line: y = 100 (x w + 2 x)
  program "x = 1.25; w = 0.75; y = $(printf 'x*w + x + x + %.0s' {1..100})0"
  assert_result y 343.75
  assert_result dy/dx 275
  assert_result dy/dw 125
}

@test "fan-out: across statements, each result used twice" {
  # t_k = t_{k-1} + t_{k-1}: 2^10 paths.
  program 'x = 3; a = x + x; b = a + a; c = b + b; d = c + c; e1 = d + d; f = e1 + e1; g = f + f; h = g + g; i = h + h; y = i + i'
  assert_result y 3072
  assert_result dy/dx 1024
}

@test "fan-out: an intermediate result that is also asked for" {
  # u = x^2, y = u^2 + u + x: dy/du = 2u + 1, dy/dx = (2u + 1) 2x + 1
  program 'x = 3; u = x^2; y = u*u + u + x' -w x,u
  assert_result dy/dx 115
  assert_result dy/du 19
}

@test "fan-out: in a loop, 2^50 and 10^15 paths" {
  program 'x = 1; y = x; for i in 0:50 { y = y + y }'
  assert_result dy/dx 1125899906842624
  program 'x = 1; y = x; for i in 0:15 { y += 9*y }'
  assert_result dy/dx 1000000000000000
}

@test "fan-out: one input in every turn of a loop" {
  # y = sum of k x^2 over k = 1 ... 1000
  program 'x = 0.5; y = 0*x; for k in 1:1001 { y += k*x*x }'
  assert_result y 125125
  assert_result dy/dx 500500
  # Fibonacci: both old values are used again
  program 'a = 1; b = 1; for k in 0:30 { t = a + b; a = b; b = t }; y = b'
  assert_result dy/da 832040
  assert_result dy/db 1346269
}

@test "fan-out: a function called many times with the same value" {
  program 'f(u) = u*u + u; x = 2; y = f(x) + f(x)*f(x) + f(f(x))' # 6 + 36 + 42; f' = 5: 5 + 60 + 13*5
  assert_result y 84
  assert_result dy/dx 130
}

@test "fan-out: a recursive function that calls itself twice, and a value closed over" {
  program 'def f(n, u) { if n == 0 { return u }; return f(n - 1, u) + f(n - 1, u*2) }; x = 1.5; y = f(8, x)' # 3^8 x
  assert_result y 9841.5
  assert_result dy/dx 6561
  program 'w = 3; g = fn(u) w*u + w; y = g(w) + g(2*w)*w' # w^2 + w + 2w^3 + w^2
  assert_result y 75
  assert_result dy/dw 67 # 1 + 4w + 6w^2
}

@test "fan-out: an array used whole, in parts and element by element" {
  # y = S^2 + x0 x2 + (x1 + x2) + 3 S
  program 'x = [1, 2, 4]; s = sum(x); y = s*s + x[0]*x[2] + sum(x[1:]) + sum(x*3)'
  assert_result y 80
  assert_result dy/dx '[21, 18, 19]'
}

@test "fan-out: the same array on both sides" {
  program 'x = [1, -2, 3]; y = sum(x*x) + x @ x + sum(x/x) + dot(x, x)' # 3 |x|^2 + 3
  assert_result y 45
  assert_result dy/dx '[6, -12, 18]'
  program 'A = [[1, 2], [3, 4]]; y = sum(A @ A)' # row sums and column sums: r_j + c_i
  assert_result y 54
  assert_result dy/dA '[[7, 11], [9, 13]]'
}

@test "fan-out: a number spread over arrays, twice, and by itself" {
  # y = sum(s v) + sum(s + v) + s^2, v of 601 ones: 601 s + 601 s + 601 + s^2
  program 's = 2; v = ones(601); y = sum(s*v) + sum(s + v) + s*s'
  assert_result y 3009
  assert_result dy/ds 1206
  # Rows and columns of one vector: sum over i, j of x_i x_j + x_i
  program 'x = [1, 2, 3]; y = sum(x*reshape(x, 3, 1)) + sum(x + zeros(4, 3))'
  assert_result y 60
  assert_result dy/dx '[16, 16, 16]'
}

@test "fan-out: repeats in an index add up" {
  program 'x = [1, 2, 3]; y = sum(x[[0, 0, 2, 0]]^2) + sum(x[::-1]*x)' # 3 x0^2 + x2^2; 2 x0 x2 + x1^2
  assert_result y 22
  assert_result dy/dx '[12, 4, 8]'
}

@test "fan-out: an old array still used after its elements were replaced" {
  # z = [x0, 2 x0, x2]; y = sum(x^2) + sum(z x) + sum(z)
  program 'x = [1, 2, 3]; z = x; z[1] = 2*x[0]; y = sum(x*x) + sum(z*x) + sum(z)'
  assert_result y 34
  assert_result dy/dx '[11, 6, 13]' # 2x0 + 2x0 + 2x1 + 3, 2x1 + 2x0, 2x2 + 2x2 + 1
  # The array that was changed is asked for itself.
  program $'x = [1, 2]\nz = x*1\nz[0] = 5\ny = sum(z*z)' -w x,z@3
  assert_result dy/dx '[0, 4]'
  assert_result dy/dz@3 '[10, 4]'
  # In place over and over: x[0] doubled ten times, and the old array
  program 'x = [3, 5]; w = x*1; for i in 0:10 { w[0] += w[0]; w[1] += w[0] }; y = w[0] + w[1] + sum(x)'
  assert_result dy/dx '[3071, 2]' # 2^10 + (2 + 4 + ... + 2^10) + 1
}

@test "fan-out: several targets share what they are made of" {
  program 'x = 2; u = x^3; a = u*u; b = u + x; c = a*b' -t a,b,c # u = 8, u' = 12
  assert_result da/dx 192
  assert_result db/dx 13
  assert_result dc/dx 2752 # 192*10 + 64*13
  program 'x = 2; u = x^3; a = u*u; b = u + x' -t a,b --sum
  assert_result 'd(a+b)/dx' 205
  # Two names of one value: it counts twice.
  program 'x = 3; y = x^2; z = y' -t y,z --sum
  assert_result 'd(y+z)/dx' 12
}

@test "fan-out: a long chain behind a shorter one, more steps than a group holds" {
  # y = 0 + 1/x with signs that change nothing before both
  local few many
  few=$(printf '+%.0s' {1..14}) many=$(printf '+%.0s' {1..150})
  program "x = 2; y = ${few}0 + $many(1/x) * $few(x^3)"
  assert_result y 4
  assert_result dy/dx 4
}

@test "fan-out: arguments that were computed before, between steps that were not" {
  # 2x + 3(x+1)x^2, twice over
  program 'x = 1; y = x*2 + dot(x+1, x*3) * x'
  assert_result y 8
  assert_result dy/dx 17
  program 'x = 1; y = x*2 + mse(x+3, x*3) * x + hypot(3*x, 4*x) + (x > 0 ? x*x : x) * sum(x*[1, 2])'
  # 2x + (3 - 2x)^2 x + 5x + 3x^3
  assert_result y 11
  assert_result dy/dx 13
}

@test "fan-out: what a sweep takes over from the tape is there for the next one" {
  # a = sum x^2 (x + 1), b = a + sum 3x: 3x^2 + 2x, and 3 more
  run gc -q -w x -t b,a -e 'x = [1, 2, -1]; s = sum(3*x); a = sum(x^2*(x + 1)); b = a + s'
  assert_output $'b = 20\ndb/dx = [8, 19, 4]\na = 14\nda/dx = [5, 16, 1]'
  run gc -q -w x -t b,a -e 'x = [1, 2, -1]; a = mean(x^2*(x + 1)); b = 2*a + sum(3*x)'
  assert_result db/dx '[6.333333333333333, 13.666666666666666, 3.6666666666666665]'
  assert_result da/dx '[1.6666666666666667, 5.333333333333333, 0.3333333333333333]'
  # The zero of a side that was not taken is no negative one.
  run gc -q -w x -e 'x = [1, -2]; y = sum(relu(x)*x^2)'
  assert_output $'y = 1\ndy/dx = [3, 0]'
}
