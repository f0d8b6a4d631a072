#!/usr/bin/env bats
# hessian.bats -- -H: second derivatives in every format. Expected values are closed forms.

load helper

@test "hessian: text, each pair once" {
  cd "$srcdir/samples"
  run -0 gc -H -w x,w,b loss.expr
  assert_output 'loss = 4
d2loss/dxdx = 8
d2loss/dxdw = 16
d2loss/dxdb = 4
d2loss/dwdw = 18
d2loss/dwdb = 6
d2loss/dbdb = 2'
}

@test "hessian: csv has each pair of elements once, json is full" {
  local program='x = [1, 2]; w = 3; y = w*x[0]^2*x[1]'
  run -0 gc -H -f csv -e "$program"
  assert_output 'target,wrt1,index1,wrt2,index2,hess
y,x,0,x,0,12
y,x,0,x,1,6
y,x,1,x,1,0
y,x,0,w,,4
y,x,1,w,,1
y,w,,w,,0'
  run -0 gc -H -f json -e "$program"
  assert_output '{"value":{"y":6},"hessian":{"y":{"x":{"x":[[12,6],[6,0]],"w":[4,1]},"w":{"x":[4,1],"w":0}}}}'
  run -0 gc -H -f tsv -w w -e "$program"
  assert_output $'target\twrt1\tindex1\twrt2\tindex2\thess\ny\tw\t\tw\t\t0'
}

@test "hessian: of matrices, the first source's axes, then the second's" {
  run -0 gc -H -e 'A = [[1, 2], [3, 4]]; b = 5; y = A[0, 1]^2*A[1, 0]*b'
  assert_result d2y/dAdb '[[0, 12], [4, 0]]' 0
  run -0 gc -H -f json -w A,b -e 'A = [[1, 2], [3, 4]]; b = 5; y = A[0, 1]^2*A[1, 0]*b'
  assert_output '{"value":{"y":60},"hessian":{"y":{"A":{"A":[[[[0,0],[0,0]],[[0,30],[20,0]]],[[[0,20],[0,0]],[[0,0],[0,0]]]],"b":[[0,12],[4,0]]},"b":{"A":[[0,12],[4,0]],"b":0}}}}'
}

@test "hessian: what is not connected" {
  run gc -H -e 'x = 3; c = 1; y = x^3'
  assert_success
  assert_line 'd2y/dxdx = 18'
  assert_line 'd2y/dxdc = none'
  assert_line 'd2y/dcdc = none'
  assert_line '<-e>:1:8: note: y does not depend on c: c is never used'
  run -0 gc -q -H --unconnected=zero -f csv -e 'x = 3; c = 1; y = x^3'
  assert_line 'y,x,,c,,0'
  run -0 gc -q -H -f csv -e 'x = 3; c = [1, 2]; y = x^3'
  assert_line 'y,x,,c,1,'
  run -0 gc -H -f json -e 'x = 3; c = 1; y = x^3'
  assert_output --partial '"hessian":{"y":{"x":{"x":18,"c":null},"c":{"x":null,"c":null}}},"unconnected":[{"target":"y","wrt":"c","why":"unused"'
  # Connected, but straight.
  run -0 gc -H -e 'x = 3; y = 2*x'
  assert_line 'd2y/dxdx = 0'
  run -0 gc -s -H -e 'x = 3; y = 2*x'
}

@test "hessian: of several targets, their sum, a weighed target" {
  run -0 gc -q -H -t 'a, b' -w x -e 'x = 2; a = x^2; b = x^3'
  assert_output 'a = 4
d2a/dxdx = 2
b = 8
d2b/dxdx = 12'
  run -0 gc -H --sum -t 'a, b' -w x -e 'x = 2; a = x^2; b = x^3'
  assert_output 'a+b = 12
d2(a+b)/dxdx = 14'
  run -0 gc -q -H -u 'y=[1, 10]' -e 'x = 2; y = [x^2, x^3]'
  assert_line 'd2y/dxdx = 122'
  run -0 gc -H -e 'x = 2; y = [x^2, x^3]'
  assert_line 'd2y/dxdx = 14'
}

@test "hessian: --sparse has only what can be other than 0" {
  run -0 gc -q -H --sparse -f csv -e 'x = [1, 2, 3]; w = 2; y = w*sum(x^3) + x[0]*x[1]'
  assert_output 'target,wrt1,index1,wrt2,index2,hess
y,x,0,x,0,12
y,x,0,x,1,1
y,x,0,w,,3
y,x,1,x,1,24
y,x,1,w,,12
y,x,2,x,2,36
y,x,2,w,,27
y,w,,w,,0'
  run -0 gc -q -H --sparse -e 'A = [[1, 2], [3, 4]]; y = A[1, 0]^2'
  assert_line 'd2y/dA[1, 0]dA[1, 0] = 2'
  run -0 gc -q -H --sparse -f json -e 'x = [1, 2]; y = x[1]^3'
  assert_output '{"value":{"y":8},"hessian":{"y":[{"wrt1":"x","index1":[0],"wrt2":"x","index2":[0],"hess":0},{"wrt1":"x","index1":[1],"wrt2":"x","index2":[1],"hess":12}]}}'
}

# chain N: Rosenbrock's function of N variables.
chain () {
  printf 'x = linspace(-1, 1.5, %d)\nf = sum(100*(x[1:] - x[:-1]^2)^2 + (1 - x[:-1])^2)\n' "$1"
}

@test "hessian: few sweeps of a chain give what all sweeps give" {
  chain 40 >"$BATS_TEST_TMPDIR/chain.expr"
  gc -q -H -f csv "$BATS_TEST_TMPDIR/chain.expr" | grep -v ',0$' >"$BATS_TEST_TMPDIR/dense"
  gc -q -H --sparse -f csv "$BATS_TEST_TMPDIR/chain.expr" >"$BATS_TEST_TMPDIR/sparse"
  diff "$BATS_TEST_TMPDIR/dense" "$BATS_TEST_TMPDIR/sparse"
  # 1200 x^2 - 400 y + 2 + 200 of the link before; x_1 = -1 + 2.5/39.
  awk -F, 'function size(v) { return v < 0 ? -v : v }
    function x(i) { return -1 + 2.5 * i / 39 }
    NR > 1 { i = $3; j = $5
             e = i != j ? -400 * x(i) : (i < 39 ? 1200 * x(i)^2 - 400 * x(i + 1) + 2 : 0) + (i > 0 ? 200 : 0)
             if (j > i + 1 || size($6 - e) > 1e-9 * (1 + size(e))) { print "wrong: " $0 ", not " e; bad = 1 } count++ }
    END { exit bad || count != 79 }' "$BATS_TEST_TMPDIR/sparse"
}

@test "hessian: a hub and its leaves, a loop, a tree" {
  # An arrow: x_0 meets every other.
  run -0 gc -q -H --sparse -f csv -e 'x = arange(30) + 1; y = 0*x[0]; for i in 1:30 { y += x[0]*x[i]^2 }'
  assert_line 'y,x,0,x,7,16'
  assert_line 'y,x,7,x,7,2'
  assert_line 'y,x,0,x,29,60'
  (( ${#lines[@]} == 1 + 30 + 29 )) || fail "${#lines[@]} lines"
  run -0 gc -q -H --sparse -f csv -e 'x = arange(24) + 1; y = 0*x[0]; for i in 0:24 { j = (i + 1) % 24; y += x[i]^2*x[j]^2 }'
  assert_line 'y,x,0,x,23,96'
  assert_line 'y,x,5,x,6,168'
  assert_line 'y,x,5,x,5,148'
  run -0 gc -q -H --sparse -f csv -e 'x = arange(31) + 1; y = 0*x[0]; for i in 1:31 { j = (i - 1 - (i - 1) % 2)/2; y += x[i]^2*x[j] }'
  assert_line 'y,x,2,x,5,12'
  assert_line 'y,x,5,x,5,6'
}

@test "hessian: hubs among very many, before, between and behind what they join" {
  for inputs in 'a = 2; b = 3; x = linspace(-1, 1, 30001)' 'a = 2; x = linspace(-1, 1, 30001); b = 3' 'x = linspace(-1, 1, 30001); a = 2; b = 3'; do
    gc -q -H --sparse -f csv -e "$inputs" -e 'f = a*sum(x^2) + b*sum(x^3) + a*b*sum(x[:100]) + sum(x[1:]*x[:-1])' |
      awk -F, 'function x(i) { return -1 + i/15000 }
        NR > 1 { s = $2; t = $4; i = $3; j = $5
                 if (s == "x" && t != "x") { s = $4; t = $2; i = $5; j = $3 }
                 if (s == "x") e = i == j ? 4 + 18*x(i) : j == i + 1
                 else if (t == "x") e = s == "a" ? 2*x(j) + 3*(j < 100) : 3*x(j)^2 + 2*(j < 100)
                 else e = s == t ? 0 : -100 + 4950/15000
                 d = $6 - e
                 if (d*d > 1e-24) { print "wrong: " $0 ", not " e; exit bad = 1 } count++ }
        END { exit bad || count != 3 + 4*30001 - 1 }' || fail "$inputs"
  done
}

@test "hessian: too large a matrix is refused with its size" {
  chain 100000 >"$BATS_TEST_TMPDIR/chain.expr"
  run gc -q -H "$BATS_TEST_TMPDIR/chain.expr"
  assert_equal "$status" 2
  assert_output 'gradcalc: --hessian: the second derivatives in 100000 elements are 10000000000 numbers; --sparse prints those that can be other than 0'
  gc -q -H --sparse -f csv "$BATS_TEST_TMPDIR/chain.expr" | awk -F, 'END { exit !(NR == 200000 && $6 == 200) }'
}

# kinks_of PROGRAM [OPTION...]: what JSON lists, one line each.
kinks_of() {
  run -0 --separate-stderr gc -f json -e "$@"
  said=$(grep -o '"op":"[a-z]*"[^}]*' <<< "$output" | sed -E 's/"file":"[^"]*","line":[0-9]*,//; s/"message":"[^"]*",//')
}

@test "hessian: functions with structure at a kink or a tie, though no slope came there" {
  at_zero='"rule":"smallest","left":-1,"right":1' shared='"rule":"split","left":0,"right":1'
  stable='"rule":"stable","left":0,"right":1'
  while IFS='|' read -r program wanted; do
    for whole in "$program" "$program; d = grad(y, x)" "$program; h = hvp(y, x, 1 + 0*x)"; do
      kinks_of "$whole" $([[ $whole != "$program" ]] || echo -H)
      assert_equal "$said" "$wanted" || fail "$whole"
    done
  done << END
x = [0, 0]; y = norm(x)^2|"op":"norm","column":17,"count":1,$at_zero
x = [0, 0]; y = norm(x)|"op":"norm","column":17,"count":1,$at_zero
x = [[0, 0], [1, 2], [0, 0]]; y = sum(norm(x, axis=1)^2)|"op":"norm","column":39,"count":1,$at_zero
x = [0, 1]; y = norm(x, 1)^2|"op":"norm","column":17,"count":1,$at_zero
x = [1, 1]; y = norm(x, inf)^2|"op":"norm","column":17,"count":1,$shared
x = [0, 0]; y = norm(x, inf)^2|"op":"norm","column":17,"count":1,$at_zero
x = [2, 2]; y = std(x)^2|"op":"std","column":17,"count":1,$at_zero
x = [2, 2, 1]; y = (max(x) - 2)^2|"op":"max","column":21,"count":1,$shared
x = [1, 2, 1]; y = (min(x) - 1)^2|"op":"min","column":21,"count":1,$shared
x = [2, 2, 1]; y = (median(x) - 2)^2|"op":"median","column":21,"count":1,$shared
x = [2, 2, 1]; y = (sort(x)[1] - 2)^2|"op":"sort","column":21,"count":1,$stable
x = [0, 0, 1]; y = sum(maximum(x, 0)^2)|"op":"maximum","column":24,"count":2,$shared
f(u) = norm(u)^2; x = [0, 0]; y = f(x) + f(x)|"op":"norm","column":8,"count":2,$at_zero
END
  kinks_of 'x = [0, 0]; y = 0; for k in range(3) { y += norm(x)^2 }' -w x -H
  assert_equal "$said" '"op":"norm","column":45,"count":3,"rule":"smallest","left":-1,"right":1'
  # Where nothing comes through, or nothing ties, nothing is said.
  for program in 'x = [0, 0]; y = norm(x)*0' 'x = [3, 2]; y = max(x) + sort(x)[0] + median(x)' 'x = [2, 2]; y = var(x)' \
    'x = zeros(0); y = det(diag(x))' 'x = zeros(0); y = norm(x) + norm(x, 1) + norm(x, inf)' \
    'x = [2, 2, 3]; y = cumprod(x)[2] + sum(cumsum(x)^2)'; do
    kinks_of "$program" -H
    assert_equal "$said" '' || fail "$program"
  done
}

@test "hessian: kinks, and what is not finite" {
  run gc -H -e 'x = 0; y = x*abs(x)'
  assert_success
  assert_line 'd2y/dxdx = 0'
  assert_line '<-e>:1:14: note: abs has a kink here, and a derivative was taken through it'
  run -0 gc -H -f json -e 'x = [0, 1]; y = sum(relu(x)^2)'
  assert_output --partial '"kinks":[{"kind":"kink","op":"relu","file":"<-e>","line":1,"column":21,"count":1,"message":'
  assert_output --partial '"rule":"smallest","left":0,"right":1}]}'
  run gc -H -e 'x = 1; y = x*abs(x)'
  refute_line --partial note:
  run gc -H -e 'x = [1, 2]; y = log(x[0] - 1) + x[1]^2'
  assert_line --partial 'd2y/dxdx = [[-Inf, 0],'
  run gc -q -s -H -e 'x = -1; y = log(x)'
  assert_equal "$status" 3
  assert_line 'd2y/dxdx = NaN'
  run -0 gc -H -f json -e 'x = [[1, 2], [3, 0]]; y = sum(norm(x, 0, axis=1))'
  assert_output '{"value":{"y":3},"hessian":{"y":{"x":{"x":[[[[0,0],[0,0]],[[0,0],[0,0]]],[[[0,0],[0,0]],[[0,0],[0,0]]]]}}}}'
  run -0 gc -q -H -e 'a = 0; b = -0.5; y = xlogy(a, b)'
  assert_output 'y = 0
d2y/dada = NaN
d2y/dadb = NaN
d2y/dbdb = 0'
}

# hessian_of PROGRAM EXPECTED: its elements in one row, nearly to the last digit.
hessian_of () {
  local found
  found=$(gc -q -H -f json -e "$1" | jq -c '.hessian.y.x.x | flatten') || fail "$1"
  assert_close "$found" "$2" 1e-14 || fail "$1"
}

@test "hessian: where one of two is much the larger" {
  run -0 gc -H -e 'a = 1; b = 1e-10; y = hypot(a, b)'
  assert_result d2y/dada 1e-20 1e-14
  assert_result d2y/dadb -1e-10 1e-14
  assert_result d2y/dbdb 1 1e-14
  run -0 gc -H -e 'a = 3e200; b = -4e200; y = hypot(a, b)'
  assert_result d2y/dada 1.28e-201 1e-14
  assert_result d2y/dadb 0.96e-201 1e-14
  run -0 gc -H -e 'a = 1e100; y = atan(a) + softsign(a)'
  assert_result d2y/dada -4e-300 1e-14
  run -0 gc -q -e 'a = 1; b = 1e-10; y = hypot(a, b); g = grad(grad(y, a), a)'
  assert_result dg/da -3e-20 1e-14
  assert_result dg/db 2e-10 1e-14
}

# Of x0 the norm is like 1 + |x0|^1.5/1.5 there. With one element that is not 0 it does not depend on p.
@test "hessian: a norm beside a 0, of powers below 2" {
  run -0 gc -q -H -e 'x = [0, 1]; y = norm(x, 1.5)'
  assert_output $'y = 1\nd2y/dxdx = [[Inf, 0],\n            [0, 0]]'
  run -0 gc -q -H -e 'x = [[0, 1], [2, 0]]; y = sum(norm(x, 1.25, axis=0))'
  assert_output --partial '[[[[Inf, 0],'
  refute_output --partial NaN
  run -0 gc -q -H -e 'x = [0, -2]; p = 1.5; y = norm(x, p)'
  assert_output $'y = 2\nd2y/dxdx = [[Inf, 0],\n            [0, 0]]\nd2y/dxdp = [0, 0]\nd2y/dpdp = 0'
  run -0 gc -q -e 'x = [0, 1]; y = norm(x, 1.5); g = hessian(y, x)[1, 0]'
  assert_line 'g = 0'
}

# exp(-720) = 2.0322308024242932e-313, of 50 digits.
@test "hessian: numbers near the smallest" {
  run -0 gc -H -e 'x = -720; y = sigmoid(x) + softplus(x)'
  assert_result d2y/dxdx 4.06446160485e-313 1e-10
  run -0 gc -H -e 'a = 0; b = 720; y = logaddexp(a, b)'
  assert_result d2y/dadb -2.03223080242e-313 1e-10
  run -0 gc -H -e 'x = 720; y = bernoulli_logit_lpmf(1, x)'
  assert_result d2y/dxdx -2.03223080242e-313 1e-10
}

@test "hessian: of norms in which one element is much the largest" {
  hessian_of 'x = [1, 1e-10]; y = norm(x)' '[1e-20, -1e-10, -1e-10, 1]'
  hessian_of 'x = [1, 1e-10]; y = norm(x, 3)' '[2e-30, -2e-20, -2e-20, 2e-10]'
  hessian_of 'x = [2e9, -2]; y = norm(x, 0.5)' \
    '[-7.905694150420949e-15, -7.905694150420949e-6, -7.905694150420949e-6, -7905.694150420949]'
  hessian_of 'x = [[1, 1e-10], [2e-9, 4]]; y = sum(norm(x, axis=1))' \
    '[1e-20, -1e-10, 0, 0, -1e-10, 1, 0, 0, 0, 0, 0.25, -1.25e-10, 0, 0, -1.25e-10, 6.25e-20]'
  run -0 gc -q -e 'x = [1, 1e-10]; y = grad(grad(norm(x), x)[0], x)[0]'
  assert_result dy/dx '[-3e-20, 2e-10]' 1e-14
  run -0 gc -q -e 'x = [1, 0]; y = sum(hessian(norm(x), x)[1])'
  assert_result dy/dx '[-1, -1]'
}

@test "hessian: of products whose parts overflow and vanish" {
  run -0 gc -q -t h,z --value -e 'x = linspace(0.5, 1.5, 10000); g = grad(prod(x), x)[0]; h = grad(g, x)[9999]; z = grad(h, x)[4999]'
  assert_result h 4.530563902703761e-197 1e-13
  assert_result z 4.5307904648832229e-197 1e-13
}

@test "hessian: differences of trigamma at large arguments" {
  run -0 gc -q -H -e 'a = 1e8; b = 2.5; y = lbeta(a, b)'
  assert_result d2y/dada 2.4999999625000007e-16 1e-14
  assert_result d2y/dadb -9.9999998000000039e-9 1e-14
  assert_result d2y/dbdb 0.49035774610023506 1e-14
  run -0 gc -q -H -e 'a = 1e15; b = 2.5; y = lbeta(a, b)'
  assert_result d2y/dada 2.4999999999999962e-30 1e-14
  run -0 gc -q -H -e 'n = 1e15; k = 0.75; y = lchoose(n, k)'
  assert_result d2y/dndn -7.4999999999999981e-31 1e-14
  assert_result d2y/dndk 1.0000000000000002e-15 1e-14
  assert_result d2y/dkdk -0.76410186989382972 1e-14
  run -0 gc -q -H -w a -e 'a = 1e8; b = 2.5; y = beta(a, b)'
  assert_result d2y/dada 1.1631728003996625e-35 1e-13
  run -0 gc -q -w a -e 'a = 1e10; b = 2.5; y = grad(grad(lbeta(a, b), a), a)'
  assert_result dy/da -4.999999998875e-30 1e-14
}

@test "hessian: on the confident side of softmax" {
  # What the other class has is p = e^-40 and so is all that is left of the first: 1 - p counts as 1.
  local p=4.248354255291589e-18
  run -0 gc -q -H -e 'x = [40, 0]; y = logsumexp(x)'
  assert_result d2y/dxdx "[[$p, -$p], [-$p, $p]]" 1e-14
  run -0 gc -q -H -e 'x = [0, 40]; y = softmax(x)[1]'
  assert_result d2y/dxdx "[[-$p, $p], [$p, -$p]]" 1e-14
  run -0 gc -q -H -e 'x = [40, 0]; y = log_softmax(x)[0]'
  assert_result y -$p 1e-14
  assert_result d2y/dxdx "[[-$p, $p], [$p, -$p]]" 1e-14
  run -0 gc -q -J -e 'x = [40, 0]; y = softmax(x)'
  assert_result dy/dx "[[$p, -$p], [-$p, $p]]" 1e-14
  run -0 gc -q --along 'x=[1,0]' -e 'x = [40, 0]; y = log_softmax(x)'
  assert_output --partial "$p"
}

@test "hessian: of products and determinants nothing is divided by what is nearly 0" {
  hessian_of 'x = [0.1 + 0.2 - 0.3, 1.3, -1.252, 0.7]; y = prod(x)' \
    '[0, -0.8764, 0.91, -1.6276, -0.8764, 0, 3.885780586188048e-17, -6.949996134153480e-17, 0.91, 3.885780586188048e-17, 0, 7.216449660063518e-17, -1.6276, -6.949996134153480e-17, 7.216449660063518e-17, 0]'
  hessian_of 'x = [1e-17, 2, 3, 1e-17]; y = sum(cumprod(x))' '[0, 4, 2, 6, 4, 0, 1e-17, 3e-17, 2, 1e-17, 0, 2e-17, 6, 3e-17, 2e-17, 0]'
  hessian_of 'x = [[0, 2, 0], [1e-30, 1, 4]]; y = sum(cumprod(x, axis=1))' \
    '[0, 1, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 1, 0, 0, 0, 5, 0, 1e-30, 0, 0, 0, 1, 1e-30, 0]'
  hessian_of 'x = [[0.1, 0.2], [0.3, 0.6000000000000001]]; y = det(x)' '[0, 0, 0, 1, 0, 0, -1, 0, 0, -1, 0, 0, 1, 0, 0, 0]'
  hessian_of 'x = [1e-200, 1e-200, 1e300]; y = prod(x)' '[0, 1e300, 1e-200, 1e300, 0, 1e-200, 1e-200, 1e-200, 0]'
  # The product of all is out of range, those of all but two are not.
  hessian_of 'x = [1e-300, 1e-300, 1e-300]; y = prod(x)' '[0, 1e-300, 1e-300, 1e-300, 0, 1e-300, 1e-300, 1e-300, 0]'
  hessian_of 'x = [1e300, 1e300, 1e300]; y = prod(x)' '[0, 1e300, 1e300, 1e300, 0, 1e300, 1e300, 1e300, 0]'
  hessian_of 'x = [1e-300, 1e-300, 1e-300]; y = cumprod(x)[2]' '[0, 1e-300, 1e-300, 1e-300, 0, 1e-300, 1e-300, 1e-300, 0]'
  # The product of all has vanished, d2y/dx1dx4 = x0 x2 x3 = 3.84e-273 has not: NaN, never 0.
  local y4='y = cumprod([6.59e-10, x[0], 7.31e-278, 7.98e13, x[1]])[4]'
  run -0 gc -q -w x -H -e "x = [5.28e-287, 2.59e-287]; $y4" </dev/null
  assert_line 'd2y/dxdx = [[0, NaN],'
  hessian_of 'x = [1e300, 1e300, 0]; y = prod(x)' '[0, 0, 1e300, 0, 0, 1e300, 1e300, 1e300, 0]'
  hessian_of 'x = [100, 100, 1e-160, 3e-160]; y = prod(x)' \
    '[0, 3e-320, 3e-158, 1e-158, 3e-320, 0, 3e-158, 1e-158, 3e-158, 3e-158, 0, 10000, 1e-158, 1e-158, 10000, 0]'
  # A diagonal of 6 with more and more small elements: (i,i),(j,j) has the product of the others, (i,j),(j,i) less that.
  local small
  for small in 1e-17 1e-6 0; do
    run -0 gc -q -w x -t z -e "x = diag([1, 2, $small, 3, $small^2, 5]); y = det(x); h = hessian(y, x)
      t = jacobian(h[2, 2, 4, 4], x); z = [h[2, 2, 4, 4], h[2, 4, 4, 2], h[0, 0, 4, 4], h[3, 4, 4, 3], h[0, 0, 0, 4], t[0, 0], t[0, 1]]"
    assert_result z "[30, -30, $(awk "BEGIN { print 30*$small }"), $(awk "BEGIN { print -10*$small }"), 0, 30, 0]" 1e-13
  done
}

@test "-J --sparse: every format" {
  local program='x = [1, 2, 3]; y = x[1:]*x[:-1]'
  run -0 gc -q -J --sparse -e "$program"
  assert_output 'y = [2, 6]
dy[0]/dx[0] = 2
dy[0]/dx[1] = 1
dy[1]/dx[1] = 3
dy[1]/dx[2] = 2'
  run -0 gc -q -J --sparse -f csv -e "$program"
  assert_output 'target,index,wrt,windex,grad
y,0,x,0,2
y,0,x,1,1
y,1,x,1,3
y,1,x,2,2'
  run -0 gc -q -J --sparse -f json -w x -e "$program"
  assert_output '{"value":{"y":[2,6]},"jacobian":{"y":[{"index":[0],"wrt":"x","windex":[0],"grad":2},{"index":[0],"wrt":"x","windex":[1],"grad":1},{"index":[1],"wrt":"x","windex":[1],"grad":3},{"index":[1],"wrt":"x","windex":[2],"grad":2}]}}'
  run gc -J --sparse -e 'x = 1; c = 2; y = [3*x, 4]'
  assert_line 'dy[0]/dx = 3'
  assert_line --partial 'note: y does not depend on c'
}

@test "-J --sparse: what moves, weighs or adds up elements pairs each with one" {
  gc -q -J --sparse -w x -t a,b,c,d,e -f csv -e 'x = [1, 2, 3]; a = x[[2, 0]]; b = zeros(5); b[[4, 0, 2]] = x; c = 2*x*[1, 2, 3]
d = sum([x, 2*x], axis=0); e = einsum("i,i->i", x, [1, 2, 3])' >"$BATS_TEST_TMPDIR/sparse"
  run awk -F, 'NR > 1 { count[$1]++ } END { print count["a"], count["b"], count["c"], count["d"], count["e"] }' "$BATS_TEST_TMPDIR/sparse"
  assert_output '2 3 3 3 3'
}

@test "-J: few sweeps of a chain give what all sweeps give" {
  # Rows that share nothing go together, or columns: the elements are x_i^2 and 2 x_i x_(i+1).
  local program='x = linspace(1, 2, 101); w = 3; y = w*x[1:]*x[:-1]^2'
  gc -q -J -w x -f csv -e "$program" | grep -v ',0$' >"$BATS_TEST_TMPDIR/dense"
  gc -q -J --sparse -w x -f csv -e "$program" >"$BATS_TEST_TMPDIR/sparse"
  diff "$BATS_TEST_TMPDIR/dense" "$BATS_TEST_TMPDIR/sparse"
  awk -F, 'function size(v) { return v < 0 ? -v : v }
    function x(i) { return 1 + i / 100 }
    NR > 1 { e = $4 == $2 ? 6 * x($2) * x($2 + 1) : 3 * x($2)^2
             if (size($5 - e) > 1e-13 * e || $4 - $2 > 1 || $4 < $2) { print "wrong: " $0; bad = 1 } count++ }
    END { exit bad || count != 200 }' "$BATS_TEST_TMPDIR/sparse"
  # The tall one goes by columns.
  run -0 gc -q -J --sparse -f csv -w w,x -e 'x = linspace(1, 2, 3000); w = 2; y = w*x'
  assert_line 'y,2999,w,,2'
  assert_line 'y,2999,x,2999,2'
  (( ${#lines[@]} == 6001 )) || fail "${#lines[@]} lines"
}

@test "hessian: options that cannot go with it" {
  run gc -H -J -e 'x = 1'
  assert_equal "$status" 2
  assert_output 'gradcalc: -J and -H cannot go together'
  run gc --sparse -e 'x = 1'
  assert_equal "$status" 2
  assert_output 'gradcalc: --sparse needs -J or -H'
  run gc -J --sparse --sum -e 'x = 1'
  assert_output 'gradcalc: -J --sparse and --sum cannot go together'
  run gc -q -J -e 'x = linspace(0, 1, 30000); y = x^2'
  assert_output 'gradcalc: --jacobian: the derivatives of y are 900000000 numbers; --sparse prints those that can be other than 0'
  run gc -H --layout=wide -f csv -e 'x = 1'
  assert_output 'gradcalc: -H and --layout=wide cannot go together'
}

@test "hessian: an element that is NaN leaves those alone that do not depend on it" {
  run --separate-stderr gc -q -H -e 'x = [-1, 4, 9]; y = x^1.5 + x^3' </dev/null
  assert_success
  # 0.75/sqrt(x) + 6x
  assert_result d2y/dxdx '[[NaN, 0, 0], [0, 24.375, 0], [0, 0, 54.25]]'
  run --separate-stderr gc -q --value -t h,k -e 'x = [2.5, 0, 3]; g = grad(log(x)*x, x); h = grad(g, x); k = grad(h, x)' </dev/null
  assert_success
  assert_result h '[0.4, NaN, 0.33333333333333333]'
  assert_result k '[-0.16, NaN, -0.11111111111111111]'
}

@test "hessian: --sparse has all that NaN reaches, however many elements there are" {
  gc -q -H --sparse -e 'x = concat([-1], ones(400)); y = sqrt(x[0])*sum(x)' </dev/null >"$BATS_TEST_TMPDIR/out"
  [[ $(grep -c NaN "$BATS_TEST_TMPDIR/out") -eq 80602 ]] # its value, and 401*402/2 pairs
  gc -q -H --sparse -e 'x = concat([-1], ones(400)*2); y = x^1.5' </dev/null >"$BATS_TEST_TMPDIR/out"
  [[ $(grep -c NaN "$BATS_TEST_TMPDIR/out") -eq 2 ]] # its value and its own second derivative
}

@test "hessian: of powers of tiny numbers, and where the exponent varies and is 0 or 1" {
  run --separate-stderr gc -q -H -e 'a = 1e-200; b = 1e-200; y = a^b' </dev/null
  assert_result d2y/dada -1e200
  run --separate-stderr gc -q -H -e 'a = 1e-160; b = 1e-160; y = a^b' </dev/null
  assert_result d2y/dada -1e160
  # d3(x^w)/dx2dw = x^(w-2) (2w - 1 + w (w-1) log x)
  run --separate-stderr gc -q -w w -e 'x = 2; w = 1; y = x^w; g = grad(grad(y, x), x)' </dev/null
  assert_result dg/dw 0.5
  run --separate-stderr gc -q -w w -e 'x = 2; w = 0; y = x^w; g = grad(grad(y, x), x)' </dev/null
  assert_result dg/dw -0.25
}

@test "hessian: of products where huge, tiny and zero factors mix" {
  run --separate-stderr gc -q -H -e 'x = [0, 1e-300, 2, 1e300, 1e-297]; y = prod(x)' </dev/null
  assert_result d2y/dxdx '[[0, 2000, 1e-297, 0, 2], [2000, 0, 0, 0, 0], [1e-297, 0, 0, 0, 0], [0, 0, 0, 0, 0], [2, 0, 0, 0, 0]]'
  # What only another order of the factors would reach is NaN, and told.
  run --separate-stderr gc -H -e 'x = [1e100, 1e300, 1e-300, 1e-297, -3]; y = prod(x)' </dev/null
  assert_line --index 2 --partial 'NaN'
  [[ ${stderr_lines[0]} == *': warning: the slope of prod has no finite derivative here; '*' second derivatives are NaN' ]] ||
    fail "$stderr"
}

@test "hessian: many sweeps at once, through products of matrices, elements that are replaced, and more than one batch" {
  # By sympy.
  run -0 gc -H -w x -e 'x = [1, 2, 3, -1, 2]; const A = [[-2, 0, 2, -1, 1], [-1, 1, -2, 0, 2], [0, 2, -1, 1, -2], [1, -2, 0, 2, -1]]
z = x; z[2] = x[0]*x[1]; p = A @ z; q = p @ A; y = sum(p^2)/2*p[0] + sum(q*z^2) + q[3]*x[4]^3'
  assert_result d2y/dxdx '[[502, 341, 0, -70, -35], [341, 250, 0, -99, 0], [0, 0, 0, 0, 0], [-70, -99, 0, 6, -5], [-35, 0, 0, -5, -174]]' 0
  # Of an array with an element replaced, which is a source itself. By sympy.
  run -0 gc -q -H -w x,u -t y -e 'x = [1, 2, 3, -1, 2]; const A = [[-2, 0, 2, -1, 1], [-1, 1, -2, 0, 2], [0, 2, -1, 1, -2], [1, -2, 0, 2, -1]]
x[2] = x[0]*x[1]; u = x; y = sum((A @ u)^2)/2 + sum(u^3)'
  assert_result d2y/dudu '[[12, -3, -2, 4, -5], [-3, 21, -4, -2, 0], [-2, -4, 21, -3, 0], [4, -2, -3, 0, -5], [-5, 0, 0, -5, 22]]' 0
  assert_result d2y/dxdx '[[88, 52, 0, -2, -5], [52, 34, 0, -5, 0], [0, 0, 0, 0, 0], [-2, -5, 0, 0, -5], [-5, 0, 0, -5, 22]]' 0
  # 2 X'X for each column of W; numbers beside them.
  run -0 gc -H -f json -w W,k -e 'W = [[1, -1], [2, 3]]; k = 3; const X = [[1, 2], [3, -1]]; y = k*sum((X @ W)^2)'
  assert_output '{"value":{"y":261},"hessian":{"y":{"W":{"W":[[[[60,0],[-6,0]],[[0,60],[0,-6]]],[[[-6,0],[30,0]],[[0,-6],[0,30]]]],"k":[[16,-26],[18,32]]},"k":{"W":[[16,-26],[18,32]],"k":0}}}}'
  # v v' of 301 elements, v[i] = i/8: all numbers are exact.
  gc -H --sparse -w x -e 'const v = arange(301)/8; const A = outer(v, v); x = arange(301) % 7 - 3; y = x @ A @ x/2' </dev/null >"$BATS_TEST_TMPDIR/out"
  [[ $(awk -F '[][ ]+' '/^d2/ && $6 == $2*$4/64' "$BATS_TEST_TMPDIR/out" | wc -l) -eq 45451 ]]
}
