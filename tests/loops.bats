#!/usr/bin/env bats
# loops.bats -- loops that are run many iterations at once: nothing of that may show but time and memory. Expected values are
# closed forms.

load helper

# both_ways START RANGE BODY END [OPTION...]: the loop prints and says what it does step by step, which an array of three in
# its body makes it do.
both_ways () {
  local start=$1 range=$2 body=$3 end=$4
  shift 4
  local told='s/^[^ ]*: //; /^ *[0-9]* \|/d'
  run --separate-stderr gc "$@" -e "$start
for i in $range { if median([0, 1, 2]) < 0 { }
$body }
$end" </dev/null
  local steps=$status:$output:$(sed -E "$told" <<<"$stderr")
  run --separate-stderr gc "$@" -e "$start
for i in $range {
$body }
$end" </dev/null
  assert_equal "$status:$output:$(sed -E "$told" <<<"$stderr")" "$steps"
}

@test "loops: what makes a loop go step by step does so" {
  local loop='x = a*x + 0.1; s += x }; y = s'
  run gc -q --max-memory=10M -w a -e "a = 0.5; x = 1; s = 0; for k in 0:200000 { $loop" </dev/null
  assert_success
  run gc -q --max-memory=10M -w a -e "a = 0.5; x = 1; s = 0; for k in 0:200000 { if median([0, 1, 2]) < 0 { }; $loop" </dev/null
  assert_failure 3
}

@test "loops: a fixed point and its slope" {
  run --separate-stderr gc -e 'a = 0.25; x = 1; for k in 0:100000 { x = a*x + 1 }; y = 3*x' </dev/null
  assert_success
  assert_result y 4 1e-15 # 3/(1 - a)
  assert_result dy/da 5.333333333333333 1e-15 # 3/(1 - a)^2
  assert_result dy/dx 0
}

@test "loops: a tie behind a change goes step by step from where the iteration began" {
  # 99 down to 0, and no less than 50; at the tie itself the slope is 0.
  run gc -q -w x -e 'x = 100; s = 0; for i in 0:100 { x = x - 1; s += max(x, 50) }'
  assert_output $'s = 6225\nds/dx = 49'
  run gc -q -w x -e 'x = 100; s = 0; for i in 0:100 { x = x - 1; s += maximum(x, 50) }'
  assert_output $'s = 6225\nds/dx = 49'
}

@test "loops: a counter that is compared, and equal, each third time" {
  local loop='while i < 300000 { i += 1; x = a*x + 1; if i % 3 == 0 { continue }; s += a }'
  run --separate-stderr gc --max-memory=30M -f json -w a -e "a = 0.5; x = 1; s = 0; i = 0; $loop; y = s" </dev/null
  assert_success
  run jq -c '[.value.y, .grad.y.a, (.warnings[] | .kind, .count)]' <<<"$output"
  assert_output '[100000,200000,"equality",100000]'
}

@test "loops: what is bound late, and what was bound last" {
  both_ways 'x = 2; a = 1; b = 1' 0:1000 'if i < 500 { a = x*2 } else { b = x*3 }' '' -w x
  assert_result db/dx 3
  both_ways 'x = 2; s = 0' 0:1000 'if i > 500 { z = x*3; s = s + z }' 'y = s' -w z
  assert_result dy/dz 1 # in the first z of 499
}

@test "loops: ten million iterations in little memory" {
  run --separate-stderr gc --max-memory=250M -e 'a = 0.5; x = 1; s = 0; for k in 0:10000000 { x = a*x; s += x }; y = s' </dev/null
  assert_success
  assert_result y 1 # a/(1 - a)
  assert_result dy/da 4 # 1/(1 - a)^2
  assert_result dy/dx 1
}

@test "loops: ten million iterations that move on smoothly keep a fraction of their numbers" {
  run --separate-stderr gc --max-memory=40M -e 'a = 1e-7; x = 1; for k in 0:10000000 { x = x - a*x }; y = x' </dev/null
  assert_success
  assert_result y 0.3678794227774695 1e-8      # (1 - a)^n
  assert_result dy/da -3678794.595654152 1e-8  # -n (1 - a)^(n - 1)
}

@test "loops: one entry of the tape" {
  GRADCALC_DUMP=tape run --separate-stderr gc -e 'a = 0.5; x = 1; for k in 0:1000 { x = a*x }' </dev/null
  assert_success
  [[ $stderr == *'loop of 991 iterations: 11 1 to 12'* ]] || fail "$stderr"
}

@test "loops: bodies that are one entry of the tape" {
  local body
  for body in 'k = 3; x = a*x' 'if i % 2 == 0 { continue }; x = a*x' 'x = i > 50 ? a*x : x/a' 'x = a*max(x, 0.1)' 'x = f(x)' \
    'x = h(x)' 'x = a*x + z[i]' 'x = a*x + u[i % 2]' 'for j in 0:3 { x = a*x }' 'm = 0; while m < 3 { m += 1; x = a*x }' \
    'assert x > 0, "positive"; x = a*x' 'if x > 100 { break }; x = a*x' 'x = a*abs(x)^1.1' 'w[i] = x; x = a*w[i]' \
    'w[i % 5] += x; x = a*x' 'v[i % 2, 1] = x; x = v[i % 2, -1]*a' 'x = w[c[i]] + a*x' 'w[1] = x; t = w[1]; w[1] = w[i]; w[i] = t' \
    'x = a*max(x, 0.1, 0.2*x)' 'x = k(x, 3)' 'x = q(u, i)*x'; do
    GRADCALC_DUMP=tape run --separate-stderr gc -w x,a -e "a = 0.9; x = 1; const z = linspace(0, 1, 300); u = [a, 0.1]
const n = 300; w = zeros(n); v = a*ones(2, 2); const c = range(n)
f(t) = t*a; h = fn(t) sin(t)*a; def k(t, n) { s = 0; for j in 0:n { s += t*a }; return s }; q(u, i) = u[i % 2]
for i in 0:300 { $body }
y = x" </dev/null
    assert_success
    [[ $stderr == *'loop of '[23]?*' iterations'* || $stderr == *'loop of '????' iterations'* ]] || fail "$body"
  done
}

@test "loops: arrays of few elements are numbers of the loop" {
  # A loop for each of the forms, and each is one entry of the tape.
  local forms=('x = a*x + [0.1, x[0]]' 'x = A @ x' 'x = x @ A - x*x' 'x, w = [A[0], x]' 'A = A @ transpose(B) + 0.1*eye(2)' 'A = A - outer(x, A[0])'
    'A = 0.5*[x, [0.1, a]]' 'x = a*A[:, 1]' 'x = [x[1], -a*x[0]]' 'x = f(x)' 't, u = x; x = [u, t*a]' 'x = maximum(x, a)' 'x = 0.5*x + a*A[-1][::1]'
    't = sum(A) + dot(x, A[0]); x = [t, a]*0.1' 'if i % 2 == 0 { x = -x } else { x = a*x }' 'x = x*z[i % 2]'
    'x = tanh(A @ x + a)' 'x = sigmoid(A @ x)*x + tanh(x)*sigmoid(A[0])' 'x = exp(-sin(x)^2)/(2 + cos(x))' 'x = max(A + x[:, None], axis=0)*0.3' 'x = 0.4*sum(A*x, axis=1) + mean(A, axis=-2)' 'x = [x[0], a, x[1]][:-1]*a')
  local text='a = 0.4; x = [0.3, a]; A = [[0.5, 0.1], [a, 0.2]]; B = [[0.9, 0.2], [a, 0.7]]; f(v) = [v[0]*v[1], a - v[0]]; const z = [0.9, 0.8]' form
  for form in "${forms[@]}"; do text+="; for i in 0:200 { $form }"; done
  GRADCALC_DUMP=tape run --separate-stderr gc -q -e "$text; y = sum(x) + sum(A)" </dev/null
  assert_success
  [ "$(grep -c 'loop of 191 iterations' <<<"$stderr")" = ${#forms[@]} ] || fail "$stderr"
  # What makes a matrix of a vector and a column is remarked on each time.
  run --separate-stderr gc -f json -e 'a = 0.5; x = [a, 1]; A = [x, x]; for i in 0:100 { A = 0.5*A[:, :1]*x; x = 0.5*x }; y = sum(A)' </dev/null
  assert_success
  [ "$(jq -c '[.warnings[].count]' <<<"$output")" = '[100]' ] || fail "$output"
  # x is turned by 1000 times t: at t = pi/6000 by 30 degrees.
  run --separate-stderr gc -e 't = pi/6000; c = cos(t); s = sin(t); x = [1.0, 0]; for i in 0:1000 { x = [[c, -s], [s, c]] @ x }; y = x[0]' -w t
  assert_success
  assert_result y 0.8660254037844386 1e-12  # cos 30
  assert_result dy/dt -500 1e-11            # -1000 sin 30
  # Powers of a matrix: as s_i = a s_(i-1) + s_(i-2) below.
  run --separate-stderr gc -w a -e 'a = 1; x = [1.0, 0]; for i in 0:59 { x = [[a, 1], [1, 0]] @ x }; y = x[0]'
  assert_success
  assert_result y 1548008755920
  assert_result dy/da 41227831944840
}

@test "loops: matrices that fill a hundred cells are numbers of the loop" {
  # F and G turn, so P is q (1 + c + ... + c^(n - 1)) times eye(3), and Q the same of r and d.
  GRADCALC_DUMP=tape run --separate-stderr gc -w q,r -e 'q = 0.1; r = 0.3
const c = sqrt(0.5); const d = sqrt(0.25)
F = c*[[0.6, -0.8, 0], [0.8, 0.6, 0], [0, 0, 1]]; G = d*[[1, 0, 0], [0, 0, 1], [0, -1, 0]]; const I = eye(3)
P = 0*I; Q = 0*I; x = [1.0, 2, 3]; y = [3.0, 2, 1]
for i in 0:400 { P = F @ P @ F.T + q*I; Q = G @ Q @ G.T + r*I; x = F @ x; y = G @ y; R = P @ Q; K = R[:, 0]/R[0, 0] }
z = trace(P @ Q) + K[0] + x @ y' </dev/null
  assert_success
  [[ $stderr == *'loop of 391 iterations'* ]] || fail "$stderr"
  assert_result z 1.24      # 3 * (q/(1 - 1/2)) * (r/(1 - 1/4)) + 1
  assert_result dz/dq 2.4   # of the first term, over q
  assert_result dz/dr 0.8
  # What stands in the last cells was changed before the way ended.
  both_ways 'a = 0.5; A = a*ones(4, 4); B = 2*A; C = 3*A; D = a*eye(4); E = 2*D; s = 0' 0:300 \
    't = A[0, 0] + B[1, 1] + C[1, 2] + D[2, 1] + E[3, 3]; A = 1*A; B = 1*B; C = 1*C; D = 1*D; E = 1*E; s = s + t; if i == 200 { break }' 'y = s' -w a
  assert_result y 804 # 201 a (1 + 2 + 3 + 2)
  assert_result dy/da 1608
}

@test "loops: elements of arrays of few that are assigned too are replaced in their cells" {
  local forms=('y = zeros(2); y[0] = c*x[0]; y[0] -= s*x[1]; y[1] = s*x[0]; y[-1] += c*x[1]; x = y'
    'A = zeros(2, 2); A[0] = [c, s]; A[1, :1] = -s; A[1, 1] = c; x = x @ A'
    'A = [[c, 0], [0, c]]; for j in 0:2 { A[j, 1 - j] += (2*j - 1)*s }; x = A @ x'
    'B = 0*B; B[:2, 1] = c*x; B[::2, 0] = [s*x[0], s*x[1]]; x[0] = B[0, 1] - B[2, 0]; x[1] = B[1, 1] + B[0, 0]; B = 2*B; x = 1*x'
    'x = turn(x, c, s)' 'o = x; y = own(c, s); x = y + (x - o)') form
  for form in "${forms[@]}"; do
    GRADCALC_DUMP=tape run --separate-stderr gc -q -w t -e "t = pi/6000; c = cos(t); s = sin(t); x = [1.0, 0]; y = x; o = x; A = [y, y]; B = t*ones(3, 2)
def turn(e, c, s) { r = e; e[0] = c*e[0] - s*e[1]; e[1] = c*r[1]; e[1] += s*r[0]; r[0] = 7; return e }
def own(c, s) { u = x; x[0] = c*u[0] - s*u[1]; x[1] = s*u[0] + c*u[1]; return x }
for i in 0:1000 { $form }
z = x[0]" </dev/null
    assert_success
    [[ $stderr == *'loop of 991 iterations'* ]] || fail "$form"
    assert_result z 0.8660254037844386 1e-12  # cos 30 degrees
    assert_result dz/dt -500 1e-11            # -1000 sin 30
  done
  both_ways 'a = 0.5; x = [a, 1]' 0:100 'if i == 60 { x[1] = 2 > a }; x[0] = 1 + 0.5*x[0]; x = 1*x' 'y = sum(x)' -w a
  both_ways 'a = 0.5; x = [a, 1]' 0:100 'x[i % 2] = 0.5*x[0] + a; x = 1*x' 'y = sum(x)' -w a
  assert_result y 2 # 4 a
  both_ways 'a = 0.5; x = [a, 1]' 0:100 'x[0] = a; x[i == 60 ? 2 : 1] = a; x = 2*x' 'y = sum(x)' -w a
  [ "$status" -eq 2 ] || fail "status $status: $stderr"
}

@test "loops: arrays of few elements that change their shape, or do not fit" {
  both_ways 'a = 0.5; x = [a, 1]' 0:100 'if i == 60 { x = [a, 0.25, 1] }; x = 0.5*x' 'y = sum(x)'
  both_ways 'a = 0.5; x = 1; s = 0' 0:200 'if i < 50 { t = [x, a] }; if i == 100 { t = [a, 2, x] }; x = t[0]*a; s = s*a + sum(t)' 'y = s'
  both_ways 'a = 0.5; t = 0' 0:100 'x = [a*i, i]; if i == 70 { x = [a] }; t += sum(x)' 'y = t'
  both_ways 'a = 0.5; x = [a, 1]; const A = [[0.5, 0.25], [0, 1]]' 0:100 'if i == 60 { x = [a, 0.25, 1] }; x = A @ x' 'y = sum(x)'
  [ "$status" -eq 2 ] || fail "status $status: $stderr"
  both_ways 'a = 0.5; x = [a, 1]; u = [a, 2, 3]; s = 0' 0:3000 'if i == 1000 { x = u }; s = 0.5*s + x[0] + x[-1]' 'y = s'
  assert_result y 7 # 2 (a + 3)
  both_ways 'a = 0.5; x = [a, 1]' 0:100 'x = 0.5*x; t = x[i == 70 ? 2 : 1]' 'y = t'
  both_ways 'a = 0.5; x = [a, 1]' 0:100 'x = i > 70 ? x[0] : 0.5*x' 'y = x'
  both_ways 'a = 0.5; x = [a, 0]' 0:100 'x = x*0.5; t = x[0]' 'y = [t, x[1]]' -J
}

@test "loops: a sum along an axis of an array of few adds up its lines from the first to the last" {
  # What 1e16 takes up is gone, so that each turn adds 1 and the last a: s goes to 3.
  both_ways 'a = 0.5; s = 0' 0:100 \
    'C = [[a + 0*s, 1], [1e16, 2], [-1e16, 3], [1, 1], [a, 1]]; t = sum(C, axis=0); s = 0.5*s + t[0]' 'y = s' -q -w a
  assert_result y 3
}

@test "loops: an element of an array of few hangs on the whole array" {
  both_ways 'a = 0.5; b = 0.25; t = 0' 0:64 'x = [a*i, b*i]; t = x[0]' 'y = t'
  assert_result dy/db 0
  both_ways 'a = 0.5; b = 0.25; t = 0; x = [0, a]' 0:64 't = x[0]; x = [a*i, b*i]' 'y = t'
  assert_result dy/db 0
  both_ways 'a = 0.5; b = 0.25; t = 0' 0:64 'x = [[a, 1], [i*b, 1]][:, 1]; t = sum(x)' 'y = t'
  assert_result dy/db 0
  both_ways 'a = 0.5; b = 0.25' 0:64 'x = [a*i, b*i]' 'y = x[0]'
  assert_result dy/db 0
  both_ways 'a = 2; x = [1, 4]' 0:65 'x = [x[1]/a, x[0]*a]' 'y = x[0]' # turned around each time
  assert_result y 2
  both_ways 'a = 2; x = [1, 4]' 0:65 'x = [x[1], x[0]]; a = a*1' 'y = a*x[0]'
  assert_result y 8
}

@test "loops: functions of whole arrays of few elements keep their slopes" {
  # program END BODY Y SLOPE: in a, 0.3. By mpmath, at 40 digits.
  program () {
    GRADCALC_DUMP=tape run --separate-stderr gc -w a -e "a = 0.3; x = [1.0, 1]; q = 0; v = [1, 0.5, 0.25]; for i in 0:200 { $2 }; y = $1" </dev/null
    assert_success
    [[ $stderr == *"loop of 191 iterations"* ]] || fail "$stderr"
    assert_result y "$3" 1e-12
    assert_result dy/da "$4" 1e-11
  }
  program q 'q = 0.5*q + var(v) + std(v) + prod(v) + norm(v); v = 0.9*v + a*[1, 2, 4]' 494.97876788362603801 4623.2625523814237
  program 'v[2]' 'v = v + a*([0.2, 0.3, 0.5] - softmax(v)) + 0.01*log_softmax(v) - 0.05*logsumexp(v)' \
    -0.89590890548964648794 -0.11167010978958317497
  program q 'A = [[a + 3, x[0]], [0.5, 2]]; x = solve(A, [x[1], 1]); q = 0.5*q + inv(A)[0, 1] + logdet(A) + det(A)/10 + trace(A)' \
    15.624698939507113845 3.04099666379036239
  # Of a norm of 0, and of a constant's deviation, single steps tell the kink; a singular matrix is none to them either.
  both_ways 'a = 0.5; s = 0' 0:100 's += norm([a, a]*(i - 60))' 'y = s'
  both_ways 'a = 0.5; b = 0.5; s = 0' 0:100 's += std([a, b + (i - 60)])' 'y = s'
  both_ways 'a = 0.5; s = 0' 0:100 's += inv([[a, 1], [a, i - 60]])[0, 1]' 'y = s'
  [ "$status" -eq 2 ] || fail "status $status: $stderr"
  both_ways 'a = 0.5; s = 0' 0:100 's += a*inv([[1, 0], [0, i - 60]])[0, 0]' 'y = s'
  [ "$status" -eq 2 ] || fail "status $status: $stderr"
  both_ways 'a = 0.5; s = 0' 0:100 's += log_softmax([a, 60*a*i])[1]' 'y = s'
}

@test "loops: an array that no variable keeps has the numbers it was made of, whatever becomes of these" {
  local text
  # Two numbers change places, a hundred times each, and one of them gets a: x = 1 + 100 a, and s = 2.
  for text in 'x, s = [s, x + a]' 't = [s, x + a]; x, s = t' 't = [s, x]; x = t[0]; s = t[1] + a; t = 1'; do
    run gc -q -w a,x,s -e "a = 0.5; x = 1; s = 2; for i in 0:200 { $text }; y = x + 3*s"
    assert_output $'y = 207\ndy/da = 400\ndy/dx = 1\ndy/ds = 3' || fail "$text"
  done
  # The sum is of what x was before it got a: of 1 + k a.
  run gc -q -w a,x -e 'a = 0.5; x = 1; s = 0; for i in 0:200 { t = [x, a]; x = x + a; s = s + t[0] + 2*t[1]; t = 1 }; y = s'
  assert_output $'y = 10350\ndy/da = 20300\ndy/dx = 200'
}

@test "loops: a kink at an element that does not vary, of an array that does" {
  local text
  for text in 'abs([x, 0])' 'relu([x, 0.0])' 'maximum([x, 1.0], 1)' 'abs([0, x])'; do
    run --separate-stderr gc -f json -w a -e "a = 0.5; x = 2; s = 0; for i in 0:200 { t = $text; x = x + a; s = s + sum(t) }; y = s"
    run jq -c '[.grad.y.a, [.kinks[].count]]' <<<"$output"
    assert_output '[19900,[200]]' || fail "$text"
  done
}

@test "loops: a slice from one counter to another is as long as they are apart" {
  run gc -q -w a -e 'a = 0.5; v = a*ones(300); s = 0; for j in 0:30 { for i in 0:200 { s = s + sum(v[i:j + 2]) } }; y = s'
  assert_output $'y = 2727.5\ndy/da = 5455' # of m elements down to 1, for each m from 2 to 31
}

@test "loops: sums that have a closed form, by steps that share columns, lack links or are written with their values" {
  # sums BODY VALUE SLOPE: of s in a, which is 0.5. x is 1 before, and a^k behind k turns where it is halved.
  sums () {
    run gc -q -w a -t s -e "a = 0.5; x = 1; s = 0; z = a*[1, 2, 3]; for i in 0:350 { $1 }"
    assert_result s "$2" 1e-13 || fail "$1"
    assert_result ds/da "$3" 1e-13 || fail "$1"
  }
  # The same product twice, and elements at positions that stay.
  sums 'x = a*x; s += (x*x)*(x*x)' 0.06666666666666667 0.5688888888888889 # a^4/(1 - a^4)
  sums 's += z[2]*z[2]*z[1] + z[2]*z[2]' 1575 7875                        # 350 (18 a^3 + 9 a^2)
  # Nothing comes through a sign, a floor or a side that is not taken.
  sums 'x = a*x; s += sign(x)*x + floor(x)*a' 1 4 # a/(1 - a)
  sums 'x = a*x; s += where(x > 2, exp(x), x) + maximum(x, -a)' 2 8
  sums 's = s*sign(a) + (i % 2)*a' 87.5 175
  # Partials that are written with the value, and with the operand.
  sums 'x = exp(a*log(x*e)); s += log(x); x = x/e' 1 4
  sums 'x = square(sqrt(x)*a); s += sqrt(x)' 1 4
  sums 'x = a*x; s += tan(atan(x)) + sin(asin(x)) + tanh(atanh(x))' 3 12
  # What is below the divisor stays, whatever its sign.
  sums 's += (i + a) % 7' 1225 350
  sums 's += (a - i) % 1000 + fmod(a - i, 1000)' 227200 700
  sums 's += mod(i + a, 1000) - fmod(i + a, -1000)' 0 0
}

@test "loops: slices that move, and vectors that are rolled" {
  GRADCALC_DUMP=tape run --separate-stderr gc -w a -e 'a = 0.5; const d = range(300); q = 0
for i in 0:200 { q += dot([a, 2, 3], d[i:i + 3]) }; y = q' </dev/null
  assert_success
  [[ $stderr == *"loop of 191 iterations"* ]] || fail "$stderr"
  assert_result y 111050     # 19900 a + 2*20100 + 3*20300
  assert_result dy/da 19900
  GRADCALC_DUMP=tape run --separate-stderr gc -w a -e 'a = 1.0; s = a*zeros(61); s[1] = 1
for i in 2:61 { s[i] = a*sum(s[i - 2:i]) }; y = s[60]' </dev/null
  assert_success
  [[ $stderr == *"loop of 50 iterations"* ]] || fail "$stderr"
  assert_result y 1548008755920 # Fibonacci's number 60
  assert_result dy/da 66280174272060
  GRADCALC_DUMP=tape run --separate-stderr gc -w t -e 't = pi/6000; c = cos(t); s = sin(t); x = [1.0, 0, 0]
for i in 0:1000 { x = c*x + s*cross([0, 0, 1], x) }; y = x[0]' </dev/null
  assert_success
  [[ $stderr == *"loop of 991 iterations"* ]] || fail "$stderr"
  assert_result y 0.8660254037844386 1e-12 # cos 30
  assert_result dy/dt -500 1e-11           # -1000 sin 30
  # At the ends of the vector slices are shorter, or count from its end.
  both_ways 'a = 0.5; d = a*range(90); s = 0' 0:100 's += sum(d[i:i + 3])' 'y = s'
  both_ways 'a = 0.5; d = a*range(90); s = 0' 0:80 's += sum(d[i - 40:i - 38])' 'y = s'
  both_ways 'a = 0.5; d = a*range(90); s = 0' 0:80 'k = floor(i/2); s += sum(d[k:i + 3])' 'y = s'
  both_ways 'a = 0.5; d = a*range(300); s = 0; j = len(d) - 298' 0:80 's += sum(d[i:j + 1]); j = j + i % 2 + 1' 'y = s'
}

@test "loops: products of arrays of few elements add up as arrays do" {
  # A row times a column in four sums, in each of which ones are lost or not; times a matrix one by one.
  both_ways 'a = 1e16; b = 1; s = 0' 0:200 'w = [a, b, -a, b, b]; s = s + dot(w, [1, 1, 1, 1, 1])' 'y = s'
  assert_result y 0
  both_ways 'a = 1e16; b = 1; s = 0; const M = [[1, 1], [1, 1], [1, 1], [1, 1], [1, 1]]' 0:200 \
    'w = [a, b, -a, b, b]; s = s + (w @ M)[0]' 'y = s'
  assert_result y 400
}

@test "loops: elements that are replaced" {
  # s_i = a s_(i-1) + b s_(i-2), s_0 = 0, s_1 = 1, is F_i at a = b = 1, and ds_n/da = sum of F_k F_(n-k).
  run --separate-stderr gc -e 'const n = 61; a = 1; b = 1; s = zeros(n); s[1] = 1
for i in 2:n { s[i] = a*s[i - 1] + b*s[i - 2] }
y = s[60]'
  assert_success
  assert_result y 1548008755920
  assert_result dy/da 41227831944840 # (60 L_60 - F_60)/5, L_60 = 3461452808002
  # Turned around: element k of the array is n - 1 - k of the result.
  run --separate-stderr gc -w a -e 'const n = 101; a = linspace(0, 100, n); s = a
for i in 0:50 { t = s[i]; s[i] = s[-1 - i]; s[-1 - i] = t }
y = sum(s*range(n)^2)'
  assert_success
  assert_result y 8332500 # sum of (100 - k) k^2
  assert_result dy/da "[$(for k in {100..0}; do printf '%s, ' $((k * k)); done | sed 's/, $//')]"
  # 1000 weights into 10 classes: each has the sum of its own.
  run --separate-stderr gc -w a -e 'const n = 1000; a = 0.5; h = zeros(10)
for i in 0:n { h[i*i % 10] += a*i }
y = h[5]'
  assert_success
  assert_result y 25000 # i = 5, 15, ..., 995: sum 50000
  assert_result dy/da 50000
  # Rows of a table by differences: T[i, j] = T[i - 1, j] + T[i, j - 1] are binomial coefficients times a.
  run --separate-stderr gc -w a -e 'a = 2; T = zeros(15, 15); for j in 0:15 { T[0, j] = a; T[j, 0] = a }
for i in 1:15 { for j in 1:15 { T[i, j] = T[i - 1, j] + T[i, j - 1] } }
y = T[14, 14]'
  assert_success
  assert_result y 80233200 # a C(28, 14)
  assert_result dy/da 40116600
  # An element is read after it was replaced, and a name of the array before keeps what it had.
  run --separate-stderr gc -w a -e 'const n = 200; a = 3; s = a*ones(n); old = s
for i in 1:n { s[i] = s[i] + s[i - 1]; s[i - 1] = 1 }
y = s[n - 1] + sum(s) + sum(old)'
  assert_success
  assert_result y 1999 # 3 n + 3 n + 199 + 3 n
  assert_result dy/da 600
}

@test "loops: rows of an array are read and replaced where they are" {
  # one_entry BODY END VALUE SLOPE: in a. A has rows [i, 2*i], Z matrices [[i, 0], [1, 1]], S rows [a, a], and w is [a, 3].
  one_entry () {
    GRADCALC_DUMP=tape run --separate-stderr gc -w a -e "a = 0.5; x = a; y = a; s = 0; w = [a, 3]; const A = outer(range(300), [1, 2])
const Z = [[[0, 0], [1, 1]], [[1, 0], [1, 1]], [[2, 0], [1, 1]]]; S = a*ones(300, 2); f(u) = u @ w
$1 { $2 }; z = $3" </dev/null
    assert_success
    [[ $stderr == *'loop of 29'[01]' iterations'* ]] || fail "$1 { $2 }: $stderr"
    assert_result z "$4" 1e-13
    assert_result dz/da "$5" 1e-13
  }
  one_entry 'for i in 0:300' 's += A[i] @ w' s 291525 44850 # 44850 a + 6*44850
  one_entry 'for r in A' 's += r @ w' s 291525 44850
  one_entry 'for r in A' 's += f(r)' s 291525 44850
  one_entry 'for r in A' 'u, v = r; s += u*a + v' s 112125 44850
  one_entry 'for i in 0:300' 'r = A[-1 - i]; s += r[1]*a' s 44850 89700
  one_entry 'for i in 0:300' 's += sum(Z[i % 3] @ w)' s 1200 600 # [k a, a + 3] for k of 0, 1, 2
  one_entry 'for i in 0:300' 'S[i] = [2*a, 3*a]' 'sum(S)' 750 1500
  one_entry 'for i in 0:300' 'S[i] = 0.5*a' 'sum(S)' 150 300
  one_entry 'for i in 0:300' 'S[i] += A[i]*a' 'sum(S)' 67575 135150
  one_entry 'for i in 1:300' 'S[i] = 0.5*S[i - 1] + w' 'S[299, 0] + S[299, 1]' 7 2 # 2 a and 6
  # What a row was goes to all that it becomes.
  one_entry 'for i in 0:300' 'S[i] = [0.5*S[i][0], S[i][0]]' 'sum(S)' 225 450
  one_entry 'for i in 1:300' 'S[i] = [S[i - 1][1] + a, S[i - 1][0]]' 'S[299, 0]' 75.5 151 # 150 times
}

@test "loops: how many elements there are" {
  local body
  for body in 's += a*len(z)' 's += a*shape(B)[0]' 's += a*size(B)*len(w)/2000' 'w[i % len(z)] += a*3' 's += 3*a*z[len(z) - 1 - i % 3]/z[2 - i % 3]' \
    's += a*f(B)'; do
    GRADCALC_DUMP=tape run --separate-stderr gc -w a -e "a = 0.5; s = 0; const z = [1, 2, 3]; B = a*ones(3, 50); w = zeros(40)
f(M) = shape(M)[1]*3/50; for i in 0:300 { $body }; y = s + sum(w)" </dev/null
    assert_success
    [[ $stderr == *'loop of 291 iterations'* ]] || fail "$body: $stderr"
    assert_result y 450 1e-13
    assert_result dy/da 900 1e-13
  done
}

@test "loops: a row of another length, and one that is not there" {
  run gc -w a -e 'a = 0.3; S = zeros(100, 2); for i in 0:100 { S[i] = i < 70 ? [a, a] : [a, a, a] }; y = sum(S)'
  assert_failure 2
  assert_line --partial 'error: shape (3) cannot be assigned to elements of shape (2)'
  run gc -w a -e 'a = 0.3; S = zeros(100, 2); for i in 0:101 { S[i] = [a, a] }; y = sum(S)'
  assert_failure 2
  assert_line --partial 'error: index 100 is out of range: axis 0 has length 100'
  run gc -q -w a -e 'a = 0.5; S = a*ones(100, 2); x = [a, 1]; for i in 0:100 { for j in 0:4 { x = 0.5*x }; S[i] += 0.5*[a, a] }; y = sum(S)'
  assert_output $'y = 150\ndy/da = 300'
  # Of rows of two and of three, one after the other.
  run gc -q -w a -e 'a = 0.5; def f(M) { s = 0; for i in 0:100 { s += sum(M[i])*a }; return s }; y = f(ones(100, 2)) + f(ones(100, 3)) + f(ones(100, 20))' </dev/null
  assert_output $'y = 1250\ndy/da = 2500'
}

@test "loops: what goes wrong in the middle of a block has changed no element" {
  both_ways 'a = 0.5; s = a*ones(70)' 0:400 's[i % 7] += a; s[where(i == 333, 99, 1)] = a' 'y = sum(s)'
  both_ways 'a = 0.5; s = a*ones(70)' 0:400 's[i % 7] += a; assert i != 333, "here"' 'y = sum(s)'
  both_ways 'a = 0.5; s = a*ones(70)' 0:400 's[i % 7] += a; s[2] += sqrt(square((i - 333)*a))' 'print sum(s); y = sum(s)'
  both_ways 'a = 0.5; s = a*ones(70); const c = 3.5' 0:400 's[c*(i % 2)*0 + (i == 333 ? 0.5 : 1)] = a' 'y = sum(s)'
  both_ways 'a = 0.5; s = a*ones(70)' 0:400 's[i % 7] += a; s[2] = max(s[2] - s[3]*(i % 5), 0, a - a)' 'y = sum(s)'
  both_ways 'a = 0.5; s = a*ones(8, 9)' 0:400 's[i % 2, i % 3] += a; s[0, i - 324] = 1' 'y = sum(s)'
}

@test "loops: numbers that are moved on" {
  # b has two thirds of what a and b differ by, in the end.
  run gc -e 'a = 2; b = 5; for i in 0:200 { t = (a + b)/2; a = b; b = t }; y = b'
  assert_success
  assert_result y 4 1e-15
  assert_result dy/da 0.3333333333333333 1e-15
  assert_result dy/db 0.6666666666666666 1e-15
  # At the tie it goes on step by step, with what b was before.
  both_ways 'a = 0.5; b = 0.25; q = 0; s = 0' 0:400 \
    'q = 0.9*q + b; t = 0.5*a + i - 0.1*b; b = t; a = 0.3*a + 0.2; s += max(t*(i - 100), 0)' 'y = s + q'
}

@test "loops: a tie of elements that do not stand beside each other is told" {
  # In one turn of 300: there each of the two has a half, in the others c alone has all.
  run --separate-stderr gc -t s -w a,c -e 'a = 1; b = 0; c = 1; s = 0; for i in 0:300 { s += max([a, b, c + (i != 200)]) }'
  assert_success
  assert_result ds/da 0.5
  assert_result ds/dc 299.5
  [[ $stderr == *'max has a kink where elements tie'* ]] || fail "$stderr"
}

@test "loops: ties of several, with a constant and in an array" {
  # A third of max(a, b, c) in each of 300 turns; none of min, which is a constant or ties with one; of the array a third, for
  # its elements tie whether they vary or not.
  run gc -q -e 'a = 1; b = 1; c = 1; s = 0
for i in 0:300 { s = s + max(a, b, c) + min(2*a, 2*b, i % 3) + max([a, b, 1, 0]) }; y = s'
  assert_success
  assert_result dy/da 200 1e-12
  assert_result dy/dc 100 1e-12
}

@test "loops: three that tie share the slope, each iteration" {
  run gc -q -e 'p = 2; q = 2; r = 2; s = 0; for i in 0:300 { s += max(p, q, r) }; y = s'
  assert_success
  assert_result dy/dp 100 1e-12
  assert_result dy/dr 100 1e-12
}

@test "loops: an array that gets another name on the way is left to it" {
  # 67 elements of x stay; the last of the others are 397, 398 and 399. old is what x was before.
  run --separate-stderr gc -w a -e 'a = 0.5; x = a*ones(70); old = x*0
for i in 0:400 { if i > 100 { x[i % 3] = i }; if i == 100 { old = x } }
y = sum(x) + 3*sum(old)'
  assert_success
  assert_result y 1332.5 # 67 a + 397 + 398 + 399 + 210 a
  assert_result dy/da 277
}

@test "loops: a zero by chance hides nothing, whatever its sign" {
  # u depends on v by way of relu, whose slope is multiplied by -0.
  run gc -J --sparse -w v -e 'const c = 0; u = 0.1; w = 0.2; v = 2; for i in 0:200 { u = c*(-relu(w)); if i > 50 { w = v } }; y = [w, u]' -t y
  assert_success
  assert_line 'dy[0]/dv = 1'
  assert_line 'dy[1]/dv = 0'
}

@test "loops: all ways to differentiate" {
  local start='a = 2; b = 3; x = 0.1; s = 0' body='x = x/2
s += x*a' option
  for option in -J -H '-J --sparse' '-H --sparse' '--along a=1' --check --value '-f json' '-f csv' '--sum -t x,s'; do
    both_ways "$start" 0:300 "$body" 'y = [s*b, s]' $option
    assert_success
  done
  both_ways "$start" 0:300 "$body" 'y = s; z = x' -t y,z,x,s
  assert_result dy/da 0.1
  assert_result dz/da none
  # Few enough that step by step a search for causes comes to its end.
  both_ways "$start" 0:100 "$body" 'y = s; claim dy/da = x0
claim dy/dx = a' -D 'x0=0.1'
}

@test "loops: names, kinds and ranges" {
  both_ways 'f = 1; g = 1; a = 2' 0:70 't = f; f = g; g = t*a*0.3 + g*0.5' 'y = f'
  both_ways 'a = 2; x = 0.5; s = 0' 0:100 'c = 3; x = x*c*0.2' 'y = x'
  both_ways 'a = 2; x = 0.5; n = int(1)' 0:70 'n = n*1; x = x*n*0.9' 'y = x'
  both_ways 'a = 2; x = 0.5' 0:70 'n = i; x = x*n/70' 'y = x'
  both_ways 'a = 2; x = [1, 2]' 0:70 'x = x*0.25*a' 'y = x' # in powers of 2, for their sums have another order
  both_ways 'a = 2; x = 1' 0:0 'x = x*a' 'y = x'
  both_ways 'a = 2; x = 1' 90:0:-2 'x = x*a/i' 'y = x'
  both_ways 'a = 2; x = 1' 0:100 'i = i*1; x = x*a/(i + 1)' 'y = x'
  both_ways 'a = 2; x = 1; w = 1' 0:100 'x = x*0.4*a; w = x' 'z = w' -w z,w,x -t x,z,w
  both_ways 'a = 2; x = 1' 0:100 'x = x*0.4*a; x' 'z = a'
  both_ways 'a = 2; x = 1' 0:100 'x = x*0.4*a' '' -w a,x@3
  both_ways 'x = 1' 0:100 'x = x*true' 'y = x'
  both_ways 'x = 0.5; q = 0' 0:100 'q += exp(x)' 'y = q'
  both_ways 'x = 1' 0:100 'z = x*u; u = z' 'y = x'
  assert_failure 2
}

@test "loops: what is not connected" {
  both_ways 'p = 2; x = 1; y = 3; w = 1' 0:100 'x = y; y = p*0.5; w = w*y*0.9' 'z = x' -t z,w
  assert_result dz/dp 0.5
  assert_result dz/dx none
  assert_result dz/dy none
  assert_result dz/dw none
  assert_result dw/dy none
  # What comes from x reaches w by way of y and v, a round for each.
  both_ways 'x = 1; y = 2; v = 3; w = 4' 0:100 'w = w*0.5 + v*0.1; v = v*0.5 + y*0.1; y = y*0.5 + x*0.1' 'z = w; u = x' -t z,u,y
  assert_result dy/dw none
  assert_result dy/dv none
  both_ways 'x = 1; y = 2; v = 3; w = 4; const k = 0' 0:100 'w = w*0.5 + v*0.1; v = v*0.5 + y*0.1; y = y*0.5 + x*k' 'z = w'
  assert_result dz/dx 0
  # Backwards, what makes b is gone by before anything is known to read it, and again behind that.
  both_ways 'x = 2; b = 1; c = 3' 0:1001 'if i < 500 { c = c*0.5 } elif i % 2 == 0 { b = x*3 } else { c = c*0.5 + b }' 'y = c'
  assert_result dy/db none
}

@test "loops: slopes go to the elements that values came from" {
  # Which one that is hangs on the last digit of exp, which many at once may round otherwise.
  both_ways 'a = [1, 2, 3]; x = 0.5' 0:3000 'k = floor(exp(i*0.01)*2^44) % 3; x = x*0.9 + a[k]' 'y = x'
  # From the end; 0 + 3 + ... + 297 is 14850.
  both_ways 'a = [1, 2, 3]; x = 0' 0:300 'x = x + a[-1 - i % 3]*i' 'y = x'
  assert_result dy/da '[15050, 14950, 14850]'
}

@test "loops: a coefficient that is not finite" {
  both_ways 'a = 2; b = 3; x = 100; s = 0' 0:200 'x = x - 1; s += a/x' 'y = s*b'
  both_ways 'a = 2; b = 3; x = 100; s = 0' 0:200 'x = x - 1; s += sqrt(x)*a' 'y = s*b'
  both_ways 'a = 2; x = 100; s = 0' 0:2000 'x = x*a; s += x' 'y = s'
  both_ways 'a = 2; x = 100; s = 0; u = 1' 0:2000 'x = x*a; s += x; u = u*0.99 + a' 'y = u'
  assert_result dy/da 99.99999981360872 # (1 - 0.99^2000)/0.01
  both_ways 'a = 2; x = 1; s = 0' 0:2000 'x = x + 1; s += log(x - 500)*a' 'y = x'
  assert_result dy/dx 1
  both_ways 'a = 2; x = nan' 0:200 'x = x*a' 'y = x'
}

@test "loops: a coefficient that is not finite, between others that are" {
  # Nothing comes through s.
  both_ways 'a = 2; x = 100; s = 0' 0:200 'x = x - 1; s += a*x^-2' 'y = x*a'
  both_ways 'a = 2; x = 100; s = 0' 0:200 'x = x - 1; s += x^1.5*a' 'y = x*a'
  both_ways 'a = 2; x = 100; s = 0' 0:200 'x = x - 1; s += a/x' 'y = x*a'
  both_ways 'a = 2; x = 100; s = 0' 0:200 'x = x - 1; s += reciprocal(a*x)' 'y = x*a'
  assert_result dy/dx 2
  # Both ends of what the block keeps are far from 0.
  both_ways 'a = 2; x = 100; s = 0; t = 1' 0:200 's += a/x; x = square(i - 90)*t' 'y = a + t' -w a,t
  both_ways 'a = 2; x = 100; s = 0; t = 1' 0:200 's += sqrt(x); x = square(i - 90)*t' 'y = a + t' -w a,t
  assert_result dy/dt 1
  # Powers of whole numbers go through 0: 3*(100^2 + ... + 1 + 0 + ... + 99^2).
  both_ways 'a = 2; x = 100; s = 0' 0:200 's += x^3; x = x - 1' 'y = s'
  assert_result dy/dx 2000100
}

@test "loops: a coefficient that is not finite, of numbers that are" {
  # That of u, which y does not hang on through s.
  both_ways 'u = 1e-300; x = 1; s = 0' 0:250 'x = x*10; s += u*x*x' 'y = x + u' -w u
  assert_result dy/du 1
  both_ways 'u = 1e-300; x = 1; s = 0' 0:250 'x = x*10; s += u*(x + 1)*(x + tanh(x))' 'y = x + u' -w u
  both_ways 'u = 1e-300; x = 1; s = 0' 0:250 'x = x*10; s += u*abs(x)*(x + 1)' 'y = x + u' -w u
  assert_result dy/du 1
}

@test "loops: a coefficient that is not finite, behind an odd number of iterations of two kinds" {
  # What b hands on is x*3 each other time, 500 times.
  both_ways 'x = 0.5; b = 1; s = 0; q = 0' 0:1000 'q += b*2; s += sqrt(x*abs(i - 940)); if i % 2 == 0 { b = x*3 } else { b = 1 }' 'y = q' -w x
  assert_result dy/dx 3000
}

@test "loops: a coefficient that is not finite in every other iteration" {
  both_ways 'x = 0.5; k = 1; s = 0' 0:3000 'k = 1 - k; s = 0.9*s + sqrt(k*x)*0.1' 'y = s' -w x
  GRADCALC_DUMP=tape run --separate-stderr gc -e 'x = 0.5; k = 1; s = 0; for i in 0:3000 { k = 1 - k; s = 0.9*s + sqrt(k*x)*0.1 }' </dev/null
  [[ $stderr != *'loop of'* ]]
}

@test "loops: in functions that are called often" {
  run --separate-stderr gc --max-memory=150M -e 'def g(x, a) { s = 0; for k in 0:60 { s = a*s + x }; return s }
x = 2; a = 0.5; t = 0
for i in 0:2000 { t += g(x, 0.5) + g(1, a) + g(x, a) }
y = t/2000' </dev/null
  assert_success
  assert_result y 10 # (2 x + 1)/(1 - a)
  assert_result dy/dx 4 # 2/(1 - a)
  assert_result dy/da 12 # (x + 1)/(1 - a)^2
}

@test "loops: a short one within another is a part of the way" {
  run --separate-stderr gc --max-memory=80M -e 'a = 3; x = 1; s = 0
for i in 0:1000000 { x = a - x; for k in 0:8 { s += k*x^2 } }
y = s/14000000' </dev/null
  assert_success
  assert_result y 5 1e-9 # x^2 + (a - x)^2
  assert_result dy/da 4 1e-9
  assert_result dy/dx -2 1e-9
}

@test "loops: constants on a way are what registers have behind it" {
  run --separate-stderr gc -w a,x -e 'a = 0.5; x = 2; s = 0; t = 1
for i in 0:200 { s += t*x; t = 3; for k in 5:1:-2 { s += k*a }; s += k*x; if i % 2 == 0 { t = 2 } else { t = 1 } }
y = s' </dev/null
  assert_success
  assert_result y 2600 # (2*100 + 100 + 3*200) x + 8*200 a
  assert_result dy/dx 900
  assert_result dy/da 1600
}

@test "loops: a short one within another with more ways than are known" {
  run --separate-stderr gc -w x -e 'x = 2; s = 0
for i in 0:3000 {
  for k in 0:4 { if i*(k + 1) % 7 < 3 { s += x } else { s += 2*x } }
  for k in 0:4 { if i*(k + 1) % 11 < 5 { s += x } else { s += 2*x } }
  for k in 0:4 { if i*(k + 1) % 13 < 5 { s += x } else { s += 2*x } }
}
y = s' </dev/null
  assert_success
  assert_result dy/dx "$(awk 'BEGIN { for (i = 0; i < 3000; i++) for (k = 1; k < 5; k++)
    n += (i*k % 7 < 3 ? 1 : 2) + (i*k % 11 < 5 ? 1 : 2) + (i*k % 13 < 5 ? 1 : 2); print n }')"
}

@test "loops: one within another" {
  run --separate-stderr gc -e 'a = 0.5; s = 0
for i in 0:400 { x = 1; for k in 0:100 { x = a*x; s += x*i } }
y = s/79800' </dev/null
  assert_success
  assert_result y 1 1e-13 # a/(1 - a); the sum of i is 79800
  assert_result dy/da 4 1e-13 # 1/(1 - a)^2
}

@test "loops: an array that changes element by element" {
  # The sum of i below 100000 is 4999950000. With room for a copy of the array each time there would have to be 80 GB.
  local program='a = 0.5; x = zeros(100000); for i in 0:100000 { x[i] = a*a*i }; y = sum(x)'
  run --separate-stderr gc --max-memory=400M -w a -H -e "$program" </dev/null
  assert_success
  assert_result y 1249987500
  assert_result d2y/dada 9999900000
  run --separate-stderr gc --max-memory=200M --along a=1 -e "$program" </dev/null
  assert_success
  assert_result dy 4999950000
  run --separate-stderr gc --max-memory=400M -w a -e "$program; g = grad(y, a)" </dev/null
  assert_success
  assert_result g 4999950000
  assert_result dg/da 9999900000
  run --separate-stderr gc --max-memory=200M -J --sparse -w z \
    -e 'z = arange(100000); x = z*0; for i in 1:100000 { x[i] = z[i]*z[i - 1] }' </dev/null
  assert_success
  assert_line --index -1 'dx[99999]/dz[99999] = 99998'
}

@test "loops: a million elements that are replaced" {
  run --separate-stderr gc --max-memory=200M -w a -e 'a = 0.5; x = zeros(1000000); for i in 0:1000000 { x[i] = a*i }; y = sum(x)' </dev/null
  assert_success
  assert_result y 249999750000
  assert_result dy/da 499999500000
}

@test "loops: adjoints take the place of arrays that nothing asks for any more, and never of targets" {
  run --separate-stderr gc --max-memory=40M -w a \
    -e 'a = 0.5; s = zeros(1000000, 2); for i in 0:1000000 { s[i, 0] = a*i; s[i, 1] = a*a }; y = sum(s)' </dev/null
  assert_success
  assert_result y 250000000000     # 499999500000 a + 1000000 a^2
  assert_result dy/da 500000500000 # 499999500000 + 2000000 a
  "$GRADCALC" -q -t z,y -e 'a = 0.5; x = ones(20000); z = x*a; y = z*z' </dev/null | cut -c 1-21 >"$BATS_TEST_TMPDIR/values"
  run cat "$BATS_TEST_TMPDIR/values"
  assert_line 'z = [0.5, 0.5, 0.5, 0'
  assert_line 'y = [0.25, 0.25, 0.25'
  assert_line 'dy/dx = [0.5, 0.5, 0.'
}

@test "loops: an old version of an array, read by another of its names" {
  run --separate-stderr gc -w a -H -t y -e 'a = 2; x = [a, 3*a, 5*a]; old = x; for i in 1:3 { x[i] = x[i - 1]*old[i] }; y = sum(old)*x[2]' </dev/null
  assert_success
  assert_result y 2160 # 9 a 15 a^3
  assert_result d2y/dada 6480 # 1620 a^2
}

@test "loops: one kink in many iterations, of arrays too" {
  # A second look that kept each step of a million iterations would take 600 MB.
  run --separate-stderr gc --max-memory=40M -w a -e 'a = 0.5; x = 1; s = 0; for i in 0:1000000 { x = 0.5*x + a; s += abs((i - 500000)*a) }; y = s + x' </dev/null
  assert_success
  assert_result y 125000000001 1e-15
  assert_result dy/da 250000000002 1e-15 # 500000^2 and 2
  assert_equal "${stderr_lines[0]}" '<-e>:1:65: note: abs has a kink at 0; 0 was used (-1 to 1 are possible)'
  local body
  for body in 's += relu((i - 60)*x)' 's += max((i - 60)*x, 0)' 's += max(x, (i - 60)*x, (60 - i)*x)' 'v = abs(v - x*(i % 90 == 7)); s += v[0]' \
    'v = [x*(i - 70), a]; s += sum(abs(v))' 's += x*floor((i % 50)*a)' 'if i % 80 > 3 { s += abs(x*(i - 90)) }' 's += clip(x*(i - 55), 0, 9)' \
    'w[i % 3] = abs(w[i % 3]*(i - 40)*0.1); s += w[0]' 's += f(x*(i - 60))' 's += (x*(i - 60)) % 1 > 0.5 ? x : 0' 'x = abs(x)*(i - 60)*0.01'; do
    both_ways 'a = 0.5; x = 1; s = 0; v = [a, 1]; w = a*[1, 2, 3]; f(t) = abs(t) + relu(t)' 0:200 "x = 0.5*x + a; $body" 'y = s + x + sum(v) + sum(w)'
  done
  # What was noted of an iteration that then goes step by step is forgotten: counts are the same.
  both_ways 'a = 0.5; x = 1; s = 0' 0:200 'x = 0.5*x + a; if x*0 == 0 { s += max((i - 60)*x, 0) }' 'y = s + x' -f json
}

@test "loops: of a list all that are the largest share the slope, and the kink is told" {
  run gc_program 'x = 1; y = 1; z = 1; s = 0
for i in 0:300 { s += max([x, y, z]) + min([x + 1, y + i, z + 2]) }' -t s -w x,y,z
  assert_success
  # A third of each largest; of the smallest y in the first turn, x and y at a tie in the second, x from then on.
  assert_result ds/dx 398.5 1e-12
  assert_result ds/dy 101.5 1e-12
  assert_result ds/dz 100 1e-12
  assert_output --partial 'max has a kink where elements tie'
}

@test "loops: a remainder that stands twice" {
  both_ways 'a = 2; s = zeros(5)' 0:200 'j = i; s[j % 5] = s[j % 5]*0.5 + a; j += 1; s[-1 - j % 5] += a*(j % 5)' 'y = s @ [1, 2, 3, 4, 5]'
  both_ways 'a = 2; s = 0; j = 3' 0:200 'j = i % 7; s += a*j; j = 2*j; s += a^2*(i % 7)' 'y = s'
  assert_result dy/da 2970 # 5*594: 28 times 0 + ... + 6, and 0, 1, 2, 3
}

@test "loops: adjoints below the normal numbers are rounded as single products are" {
  local n
  for n in 10100 10200 10300 10399 10400 12000; do # from the largest of them to what 0.85 leaves as it is
    run gc -q -f csv -w a -e "a = 1; const c = [0.85, -1.9, 0.5]; v = a; for i in 0:$n { v = v*c[i % 3] }" </dev/null
    assert_success
    awk -F, -v n="$n" 'NR == 2 { split("0.85 -1.9 0.5", c, " "); X = 1; for (i = n; i-- > 0;) X *= c[i % 3 + 1]; exit !(X && $5 + 0 == X) }' <<<"$output"
  done
}

@test "loops: a way that was gone many times in a row, then another" {
  # s is the sum of 3 a over 392 turns, and of 5 a over 8; t counts the turns in which two of the conditions hold.
  run gc -q -w a -e 'a = 2; s = 0; t = 0
for i in 0:400 { if i % 50 == 49 { s += 5*a } else { s += 3*a }; if i % 50 > 20 and (i % 3 == 0 or i > 350) { t += 1 } }' -t s
  assert_output $'s = 2432\nds/da = 1216'
  local body
  for body in 'if i % 50 == 49 { x = a } elif i > 300 { s += x } else { s -= x }' 'if not (x > a and i % 40 < 39) { s += max(x, a) }' \
    'for k in 0:3 { if k*x > i % 60 { s += x*k; break } }' 'w[i % 3] += x; if w[1] > 90 { w[1] = a }; if w[5 - 4*(i < 390)] > 0 { s += w[1] }' \
    'if i % 30 == 29 { continue }; s += abs(x - (i % 60 == 50))' 'k = 0; while k < 2 + (i % 45 == 44) { k += 1; s += x*k }'; do
    both_ways 'a = 0.5; x = 1; s = 0; w = a*ones(5)' 0:400 "x = 0.5*x + a; $body" 'y = s + x + sum(w)'
  done
}

@test "loops: a slice leaves nothing in the register it was made in" {
  # That is also one of the inner loop's range. Values by NumPy.
  run gc -q --value -t y - <<'END'
p = 0.66; s = 0.39; x = [p, 0.3]; o = [0.4, 0.3]; A = [x, o]; i = -1
while i < 200 { i += 1; for j in 0:3 { A = 0.4*[[s, 0.2], [0.1, p]] + 0.1*A' }; r = where(x > 0.2, x, o); s = 0.4*sin(sum(concat(x, o))) + 0.1*sum(A[:, :1]) }
y = [s, p + A[1, 0], sum(x) + sum(o)*x[1], x @ r]
END
  assert_success
  assert_output 'y = [0.42201427062045305, 0.7084848484848485, 1.17, 0.5256000000000001]'
}
