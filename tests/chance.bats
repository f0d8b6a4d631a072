#!/usr/bin/env bats
# chance.bats -- random numbers.
#
# The table of numbers comes from expected.py, which has Philox4x32-10 from its definition and checks it against the known
# answers of Random123 (`expected.py --check chance.bats` compares).

load helper

setup () {
  cd "$BATS_TEST_TMPDIR" || return
}

# value EXPRESSION [OPTION...]
value () {
  local expression=$1
  shift
  run --separate-stderr gc --value "$@" -e "y = $expression" </dev/null
  assert_success
  result y
}

# --- random numbers

@test "random numbers: those of Philox" {
  local line seed program expected
  while IFS= read -r line; do
    seed=${line%% *} expected=${line##* => } program=${line#* }
    run --separate-stderr gc --value --seed "$seed" -e "y = ${program%% => *}" </dev/null
    assert_success
    assert_result y "$expected" 1e-15
  done <<'END'
0 rand(2) => [0.8805201978886142, 0.6054818538799213]
1 rand(5) => [0.8946847163350924, 0.7112680765766943, 0.8741119351871307, 0.6561031684921107, 0.5565002330689228]
1 rand() => 0.8946847163350924
1 rand(2, 3) => [[0.8946847163350924, 0.7112680765766943, 0.8741119351871307], [0.6561031684921107, 0.5565002330689228, 0.9215883292986847]]
1 rand([2, 3]) => [[0.8946847163350924, 0.7112680765766943, 0.8741119351871307], [0.6561031684921107, 0.5565002330689228, 0.9215883292986847]]
1 [rand(), rand(), rand()] => [0.8946847163350924, 0.25980214542417135, 0.5505031244603771]
2 rand(5) => [0.4972801207158358, 0.39949916651819817, 0.23096983625409184, 0.4951816219752112, 0.9739662889702833]
18446744073709551615 rand(3) => [0.08311886932882984, 0.13466801369145887, 0.2945537688447033]
1 rand(100000)[99997:] => [0.40492888165903396, 0.03141536958249325, 0.35644372610944364]
1 randn(6) => [1.2518334262356443, 0.5570930630842972, 1.1460459748596201, 0.40185103133819366, 0.14210187919023992, 1.4158366325692238]
7 randn(3, 2) => [[0.6749688500369043, -1.3679883249593705], [0.8248937317910292, 1.7263102119346934], [-2.38874078191011, 1.0307908086210134]]
7 randn() => 0.6749688500369043
1 randint(0, 10, 8) => [8, 4, 1, 7, 8, 6, 7, 7]
1 randint(-3, 4, 2, 3) => [[3, -2, 1], [-3, 3, -1]]
1 randint(5, 6) => 5
3 randint(-9007199254740992, 9007199254740992, 3) => [2330753410026871, 1732803078319194, 4863403074671777]
END
}

@test "random numbers: a known answer, to the last bit" {
  # Known answer of Random123, counter and key 0: 6627e8d5 e169c58d bc57ac4c 9b00dbd8.
  prints 'y = true' 'y = all(rand(2) * 2^53 == [7931020870206717, 5453695703026421])' --seed 0 --value -t y
}

@test "random numbers: the seed is 1 unless told otherwise" {
  local plain one two
  plain=$(value 'randn(4)')
  one=$(value 'randn(4)' --seed 1)
  two=$(value 'randn(4)' --seed=2)
  assert_equal "$plain" "$one"
  refute [ "$one" = "$two" ]
}

@test "random numbers: again and again the same, whatever else is asked for" {
  local text='a = rand(3); b = randn(3); y = sum(a * b)'
  run -0 gc -e "$text"
  local first=$output
  run -0 gc -e "$text"
  assert_output "$first"
  run -0 gc -D 'a=[1, 2, 3]' --value -t b -e "$text"
  local b=$output
  run -0 gc --value -t b -e "$text"
  assert_output "$b"
}

@test "random numbers: an element does not depend on how many there are, a call does on those before" {
  assert_equal "$(value 'rand(9)[:4]')" "$(value 'rand(4)')"
  assert_equal "$(value 'randn(2, 50)[0, :3]')" "$(value 'randn(3)')"
  run -0 gc -q -e 'a = rand(50); b = rand(50); y = count(a == b) + 0.0' --value
  assert_output 'y = 0'
}

@test "random numbers: those of options are others" {
  run -0 gc --value -t 'y' -D 'a=rand(50)' -D 'b=rand(50)' -e 'c = rand(50); y = count(a == b) + count(a == c) + count(b == c) + 0.0'
  assert_output 'y = 0'
}

@test "random numbers: a second look for a reason sees the same run" {
  local text='x = 2; u = rand(8); y = 0; for i in 0:8 { if u[i] > 0.7 { y = y + stop_gradient(x) * u[i] } else { y += u[i] } }'
  run --separate-stderr gc -w x -f json -e "$text"
  assert_success
  run jq -r '.unconnected[0].why' <<<"$output"
  assert_output stopped
}

@test "random numbers: mean and variance" {
  # 100000 numbers: within five standard errors of the mean, and of the variance.
  run -0 gc -e 'x = rand(100000)' -e 'assert abs(mean(x) - 1/2) < 5 * sqrt(1/12/100000)' \
    -e 'assert abs(var(x) - 1/12) < 5 * sqrt(1/180/100000)' -e 'assert min(x) >= 0 && max(x) < 1' --value
  run -0 gc -e 'x = randn(100000)' -e 'assert abs(mean(x)) < 5 / sqrt(100000)' \
    -e 'assert abs(var(x) - 1) < 5 * sqrt(2/100000)' -e 'assert abs(mean(x^3)) < 5 * sqrt(15/100000)' \
    -e 'assert abs(mean(x^4) - 3) < 5 * sqrt(96/100000)' \
    -e 'assert abs(mean(x < -1.959963984540054) - 0.025) < 5 * sqrt(0.025 * 0.975 / 100000)' --value
  run -0 gc -e 'k = randint(-2, 5, 70000)' -e 'assert min(k) == -2 && max(k) == 4' \
    -e 'for v in -2:5 { assert abs(count(k == v) - 10000) < 5 * sqrt(70000 * 6/49) }; y = 1.0'
  # Numbers beside one another, and in calls after one another, have nothing to do with each other.
  run -0 gc -e 'x = randn(100000); z = randn(100000)' -e 'assert abs(mean(x[1:] * x[:-1])) < 5 / sqrt(99999)' \
    -e 'assert abs(mean(x * z)) < 5 / sqrt(100000)' --value
}

@test "random numbers: randint gives integers, and what mentions chance alone is an input" {
  prints $'x\nz' 'x = rand(3) * 2 + 1; k = randint(0, 9, 3); z = randn(); n = x[0]; y = sum(x * k) * z' --list=inputs
  run --separate-stderr gc -w k -e 'x = 2; k = randint(0, 9, 3); y = sum(x * k)'
  assert_output --partial 'dy/dk = none'
  [[ $stderr == *'k is an integer'* ]]
}

@test "random numbers: the gradient passes through what uses them, and not to their shape" {
  run -0 gc -f json -q -w x,n -e 'n = 3; u = randn(n) * 1; x = [1, 2, 3]; y = sum(u * x^2)'
  local gradient
  gradient=$(jq -c '.grad.y.x' <<<"$output")
  run -0 gc --value -t g -e 'u = randn(3); g = u * 2 * [1, 2, 3]'
  assert_close "$gradient" "${output#g = }" 1e-15
  run -0 gc -q -w n -e 'n = 3; u = randn(n); y = sum(u)'
  assert_line 'dy/dn = none'
}

@test "random numbers: functions as values, in loops and functions" {
  run -0 gc --value -e 'draw = rand; f(n) = draw(n)' -e 'y = concat(f(2), draw(1))'
  run -0 gc --value -t r -e "r = all(${output#y = } == concat(rand(2), rand(1)))"
  assert_output 'r = true'
  prints 'y = 0' 'def f(n) { s = 0; for i in 0:n { s += randint(i, i + 1) - i }; return s }; y = f(20) + 0.0' --value
}

@test "random numbers: what cannot be drawn" {
  says 2 "<-e>:1:5: error: 'randint': lo must be less than hi, got 5 and 5" 'y = randint(5, 5)'
  says 2 "<-e>:1:5: error: 'randint': lo must be a whole number, not 0.5" 'y = randint(0.5, 5)'
  says 2 "<-e>:1:5: error: 'randint' takes at least 2 arguments, 1 given" 'y = randint(5)'
  says 2 '<-e>:1:5: error: a size cannot be negative, got -1' 'y = rand(-1)'
  says 2 "<-e>:1:5: error: 'randn': the shape must be whole numbers, not 1.5" 'y = randn(2, 1.5)'
  run --separate-stderr gc -e 'y = rand(1e9, 1e9)'
  assert_equal "$status" 3
  [[ ${stderr_lines[0]} == '<-e>:1:5: error: '*' an array of 1000000000x1000000000'* ]]
}

@test "--seed that is no whole number" {
  local seed
  for seed in -1 1.5 x '' 18446744073709551616 1e3; do
    run --separate-stderr gc --seed "$seed" -e 'y = rand()'
    assert_equal "$status" 2
    assert_equal "$stderr" "gradcalc: --seed: '$seed' is not a whole number from 0 to 18446744073709551615"
  done
}
