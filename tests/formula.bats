#!/usr/bin/env bats
# formula.bats -- --formula: gradients in the program's own names. Expected formulas are derived by hand, and those of every
# sample are judged by the checker, at the program's values and at random points.

load helper

# formula EXPECTED PROGRAM [OPTION...]
formula () {
  run gc -q --formula -e "$2" "${@:3}"
  assert_success
  assert_output "$1"
}

# judged PROGRAM...: each has formulas, and the checker finds them right at the program's values and at random points.
judged () {
  local program
  for program; do
    gc -q --formula -e "$program" >"$BATS_TEST_TMPDIR/answers" || fail "$program"
    run gc -C "$BATS_TEST_TMPDIR/answers" -e "$program"
    [[ $status -eq 0 ]] || fail "$program: $(<"$BATS_TEST_TMPDIR/answers"): $output"
  done
}

@test "formula: numbers, powers, signs and like terms" {
  formula 'dy/dx = 3*x^2' 'x = 2; y = x^3'
  formula 'dy/dx = 5*x^4' 'x = 2; y = x*x*x*x*x'
  formula 'dy/dx = 2*x + 3' 'x = 2; y = x^2 + 3*x - 1'
  formula 'dy/dx = -y/x' 'x = 2; y = 1/x'
  formula 'dy/dx = 1/(2*y)' 'x = 2; y = sqrt(x)'
  formula 'dy/dx = 1 - y^2' 'x = 2; y = tanh(x)'
  formula 'dy/dx = 0' 'x = 2; y = x - x'
  formula $'dy/da = 1/b\ndy/db = -y/b' 'a = 1; b = 2; y = a/b'
}

@test "formula: matrices" {
  formula "dloss/dw = 2/n * x' @ (x @ w - y)" 'const x = [[1,2],[3,4],[5,6]]; w = [0.5,-1]; const y = [1,0,1]; const n = 3; loss = sum((x@w - y)^2)/n'
  formula $'df/dA = outer(x, x)\ndf/dx = x @ A + A @ x' 'A = [[1, 2], [3, 4]]; x = [1, 2]; f = x @ A @ x'
  formula 'ds/db = 6' 'const x = [[1, 2, 3], [4, 5, 6]]; b = 1; s = sum(x + b)'
  formula 'ds/db = 2*ones(3)' 'const x = [[1, 2, 3], [4, 5, 6]]; b = [1, 2, 3]; s = sum(x + b)'
  formula 'dy/dx = [x[1]^2, 2*x[0]*x[1], cos(x[2])]' 'x = [1, 2, 3]; y = x[0]*x[1]^2 + sin(x[2])'
}

@test "formula: the checker finds those of every sample right" {
  local file checked=0
  for file in "$srcdir"/samples/*.expr "$srcdir"/samples/homework/*.expr; do
    cd "$(dirname "$file")"
    gc -q --formula "$file" >"$BATS_TEST_TMPDIR/answers" 2>"$BATS_TEST_TMPDIR/messages" || {
      # Refused with a reason, and nothing written.
      grep -q -- '--formula: ' "$BATS_TEST_TMPDIR/messages" || fail "$file: $(<"$BATS_TEST_TMPDIR/messages")"
      [[ ! -s $BATS_TEST_TMPDIR/answers ]] || fail "$file: half written"
      continue
    }
    run gc -C "$BATS_TEST_TMPDIR/answers" "$file"
    [[ $status -eq 0 ]] || fail "$file: $output"
    checked=$((checked + 1))
  done
  (( checked >= 37 )) || fail "only $checked"
}

@test "formula: every format" {
  run -0 gc --formula -f json -e 'x = 2; c = 1; y = x^3'
  assert_output --partial '{"value":{"y":8},"formula":{"y":{"x":"3*x^2","c":null}},"unconnected":[{"target":"y","wrt":"c"'
  run -0 gc -q --formula -f csv -e 'x = [1, 2]; y = x[0]*x[1]'
  assert_output $'target,wrt,formula\ny,x,"[x[1], x[0]]"'
  run -0 gc --formula -f latex -e 'x = 2; y_1 = x^3/2'
  assert_output '\frac{\partial y_{1}}{\partial x} = \frac{3 \cdot x^{2}}{2}'
}

@test "formula: the gradient of cross entropy as books have it" {
  formula 'dy/dx = softmax(x) - one_hot(2, 3)' 'x = [1, 2, 3]; y = cross_entropy(x, 2)'
  formula 'dy/dx = [0, 1, 0] - softmax(x)' 'x = [1, 2, 3]; y = log_softmax(x)[1]'
  formula $'t1 = softmax(z)/2 - one_hot([1, 0], 2)/2\ndy/dW = X\' @ t1\ndy/db = sum(t1, axis=0)' \
    'const X = [[1, 2], [3, 4]]; W = [[1, 2], [2, 3]]; b = [1, 2]; z = X @ W + b; y = cross_entropy(z, [1, 0])' -w W,b
  judged 'x = [[1, 2, 3], [2, 3, 4]]; y = -mean(log_softmax(x)[:, 1])' 'x = [1, 2]; y = sum(expand_dims(x, 1)*ones(2, 3))' \
    'x = [1, 2]; y = sum(outer(ones(2), x)*[[1, 2], [3, 4]]) + sum(ones(2)*x^2) + exp(log(x[0]) + 0)'
}

@test "formula: branches have a note, names of functions that are taken a message" {
  run -0 gc --formula -e 'x = 3; y = x > 2 ? x^2 : x'
  assert_line 'dy/dx = 2*x'
  assert_line 'gradcalc: note: the formulas are of the branches that were taken, and hold while those are'
  run -2 gc --formula -e 'x = [[1, 2], [3, 4]]; w = 2; sum = x[0, 0]; y = mean(w*x)*sum'
  assert_output "gradcalc: --formula: 'sum', which is needed, is the name of a variable"
}

@test "formula: LaTeX of operators, powers of ten, powers of transposes" {
  run -0 gc -q --formula -f latex -w x -e 'x = 7.5; b = 2; y = x%b*x + 1e-7*x^3'
  assert_output '\frac{\partial y}{\partial x} = x + \left(x \bmod b\right) + 3 \cdot 10^{-7} \cdot x^{2}'
  run -0 gc -q --formula -f latex -e 'x = 0.5; y = clip(x, -1, 1)'
  assert_output --partial '\wedge'
  run -0 gc -q --formula -f latex -e "A = [[1, 2], [3, 4]]; y = sum((A')^3)"
  assert_output --partial '\left(A^{\top}\right)^{2}'
}

@test "formula: what cancels leaves its shape behind" {
  judged 'c = 2; X = [[1, 2], [3, 4]]; y = sum(prod(c*X, axis=0))' 'w = [1, 2, 4]; x = [[1, 2, 3], [2, 3, 4]]; y = sum(prod(x*w)^2)' \
    'x = [1, 2]; z = [3, 4]; y = sum(z*exp(x - x))' 'a = [1, 2, 3]; b = 2; y = sum(where(a > 1.5, b, b))'
  judged 'x = [1, 2, 3]; c = 2; y = sum((x - x + c)^2)' 'x = [1, 2, 3]; c = 2; y = sum((x/x*c)^2)' 'x = [1, 2, 3]; c = 2; y = sum((x - x)^2*c + c)' \
    'x = [1, 2, 3]; y = sum(tanh(x - x + 2)*x)' 'x = [1, 2, 3]; c = 2; y = sum(tanh(x - x + c)*x)' 'x = [1, 2, 3]; c = 2; y = sum(tanh(x/x*c)*x)' \
    'A = [[1, 2], [3, 4]]; c = [2, 3]; y = sum(exp(A - A + c) @ c)'
}

@test "formula: parts in common have names, where that saves something" {
  formula $'t1 = exp(x + x*w)\ndy/dx = t1 + 2*t1^2 + w*t1 + 2*w*t1^2\ndy/dw = x*t1 + 2*x*t1^2' 'x = 1; w = 2; y = exp(x*w + x)^2 + exp(x*w + x)'
  # Short ones are written out; names of the program are kept out of the way.
  formula $'dy/dx = 2*w*sin(x)*cos(x)\ndy/dw = sin(x)^2' 'x = 1; w = 2; y = sin(x)^2*w'
  formula $'q1 = exp(t1 + t1*w)\ndy/dt1 = q1 + 2*q1^2 + w*q1 + 2*w*q1^2\ndy/dw = t1*q1 + 2*t1*q1^2' 't1 = 1; w = 2; y = exp(t1*w + t1)^2 + exp(t1*w + t1)'
  local program='x = 0.4; w = 1.2; y = exp(sin(x*w)^2 + x)/(1 + exp(sin(x*w)^2 + x)) + log(1 + exp(sin(x*w)^2 + x)); z = [y, w]*cosh(x*w + 2*x); u = sum(z/cosh(x*w + 2*x)^2)'
  local format
  for format in text csv tsv json; do
    gc -q --formula -f $format -t u,y -e "$program" >"$BATS_TEST_TMPDIR/answers"
    grep -q 't2' "$BATS_TEST_TMPDIR/answers" || fail "$(<"$BATS_TEST_TMPDIR/answers")"
    run -0 gc -C "$BATS_TEST_TMPDIR/answers" -e "$program"
    assert_output --partial 'du/dx  ok'
    assert_output --partial 'dy/dw  ok'
  done
  run -0 gc -q --formula -f latex -e 'x = 1; w = 2; y = exp(x*w + x)^2 + exp(x*w + x)'
  assert_line --index 0 't_{1} = \exp\left(x + x \cdot w\right)'
  run -0 gc -q --formula -f csv -e 'x = 1; w = 2; y = exp(x*w + x)^2 + exp(x*w + x)'
  assert_line --index 1 't1,,exp(x + x*w)'
  run -0 gc -q --formula -f json -e 'x = 1; w = 2; y = exp(x*w + x)^2 + exp(x*w + x)'
  assert_output --partial '"parts":{"t1":"exp(x + x*w)"},"formula":{"y":{"x":'
}

@test "formula: a long way through a loop is not too long, and its answers are more than its program" {
  judged 'x = 0.3; const a = 1.1; y = a*x; for i in 0:60 { y = sin(y)*exp(-y) + y }; z = y^2'
  # 700 levels, of which each stands once.
  gc -q --formula -w x -e "x = 0.3; y = $(printf 'sin(1 + %.0s' {1..700})x$(printf ')%.0s' {1..700})" >"$BATS_TEST_TMPDIR/answers"
  run -0 gc -C "$BATS_TEST_TMPDIR/answers" -e "x = 0.3; y = $(printf 'sin(1 + %.0s' {1..700})x$(printf ')%.0s' {1..700})"
  assert_line 'dy/dx  ok'
}

@test "formula: loops are written out, with a note" {
  run gc --formula -w a -e 'a = 2; y = 1*a; for i in 0:2 { y = y*a }'
  assert_success
  assert_line 'dy/da = 3*a^2'
  assert_line 'gradcalc: note: the formulas are of the steps that were taken: loops and calls are written out'
}

@test "formula: more than eight elements, unpacking, items of loops" {
  formula 'dy/di = 2*i' 'a = 1; b = 2; c = 3; d = 4; e = 5; f = 6; g = 7; h = 8; i = 9; y = sum([a, b, c, d, e, f, g, h, i]^2)' -w i
  formula 'dy/dx = [b, a]' 'x = [1, 2]; a, b = x; y = a*b'
  formula 'dy/dx = [2*x[0], 2*x[1]]' 'const zero = 0; x = [1, 2]; y = zero; for v in x { y = y + v^2 }' -t y
}

@test "formula: elements, rows, columns, slices" {
  formula 'dy/dA = [[A[1, 1], -A[1, 0]], [-A[0, 1], A[0, 0]]]' 'A = [[1, 2], [3, 4]]; y = A[0, 0]*A[1, 1] - A[0, 1]*A[1, 0]'
  formula 'dy/dx = concat(zeros(1), 2*x[1:3], zeros(1))' 'x = [1, 2, 3, 4]; y = sum(x[1:3]^2)'
  formula 'dy/dA = 2*outer(one_hot(0, 2), A[0])' 'A = [[1, 2], [3, 4]]; y = sum(A[0]^2)'
  formula 'dy/dA = 2*outer(A[:, 1], one_hot(1, 2))' 'A = [[1, 2], [3, 4]]; y = sum(A[:, 1]^2)'
  formula 'dy/dx = 2 * x[[1, 0, 1]] @ one_hot([1, 0, 1], 3)' 'x = [1, 2, 3]; y = sum(x[[1, 0, 1]]^2)'
  formula $'dy/dx = [0, 2*x[1], 0]\ndy/di = none' 'x = [1, 2, 3]; i = 1; y = x[i]^2'
  judged 'x = [1, 2, 3, 4]; y = sum((x[1:] - x[:-1])^3)' 'x = [1, 2, 3, 4]; y = sum(x[::2]^3)' 'x = [1, 2, 3]; y = sum(x[::-1]*x)' \
    'x = [1, -2, 3, -4]; y = sum(x[x > 0]^3)' 'A = [[1, 2, 3], [3, 4, 5]]; y = sum(A[:, 1:]^3)' \
    'A = [[1, 2, 3], [3, 4, 5]]; y = sum(A[1, 1:]^3)' 'A = [[1, 2, 3], [3, 4, 5]]; y = sum(A[[0, 1, 0], [2, 1, 2]]^3)' \
    'A = [[1, 2, 3], [3, 4, 5]]; y = sum(A[[0, 1, 0]]^3)' 'A = [[1, 2, 3], [3, 4, 5]]; y = sum(A[:, [0, 0, 1]]^3)' \
    'A = [[1, 2, 3], [3, 4, 5]]; y = sum(A[:, None]^3)' 'x = linspace(0, 1, 100); y = x[0]*x[99]^2' \
    'x = linspace(0, 1, 100); y = sum(x[1:]*x[:-1]^2)' 'X = reshape(arange(24), 2, 3, 4); y = sum(X[1]^3)' \
    'X = reshape(arange(24), 2, 3, 4); y = sum(X[:, 1, 2:]^3)' 'X = reshape(arange(24), 2, 3, 4); y = X[1, 2, 3]^3' \
    'x = [1, 2, 3]; m = x[1:]; y = m[0]*m[1]^2' 'x = [1, 2, 3]; y = sum((2*x + 1)[1:]^3)' \
    'X = [[1, 2], [3, 4]]; const zero = 0; s = zero; for r in X { s = s + r @ r*r[0] }; z = s' \
    'a = [1, 2]; b = [3, 4]; A = [a, b]; y = sum((A @ [1, 2])^3)'
}

@test "formula: elements that are assigned, names that are bound again" {
  formula 'dy/dx = [2*x[0], 0, 2*x[2]]' 'x = [1, 2, 3]; x[1] = 5; y = sum(x^2)'
  formula 'dy/dx = 4*x' 'x = [1, 2, 3]; x = 2*x; y = sum(x^2)'
  formula 'dz/dx = [4*x[0]*s[0], 4*x[1]*s[1]]' 'x = [1, 2]; const n = 2; s = x; for i in 0:n { s[i] = x[i]^2 }; z = sum(s^2)' -w x
  # What was assigned element by element goes by the array's name while that is what it holds at the end.
  formula 'dz/dx = [2*x[0]*(2*y[0] + 2*y[1]*cos(y[0])), 0]' 'x = [2, 3]; y = zeros(2); y[0] = x[0]^2; y[1] = sin(y[0]); z = sum(y^2)' -w x
  formula 'dz/dx = [4*x[0]^3, 0]' 'x = [2, 3]; y = zeros(2); y[0] = x[0]^2; y[0] = y[0]^2; z = y[0]' -w x
  judged 'x = [1, 2, 3]; y = zeros(3); y[0] = x[0]^2; y[1] = sin(x[1])*y[0]; y[0] = y[1]*x[2]; z = sum(y^2)' \
    'x = [1, 2, 3]; y = x^2; y[0:2] = [y[1], y[0]]*y[2]; y[1] = y[1]^2; z = sum(y^2)' \
    'A = [[1, 2], [3, 4]]; B = A; B[0] = A[1]*B[0]; B[1, 0] = B[0, 1]^3; B[:, 1] = B[:, 0]*2; z = sum(B^2)'
  judged 'x = [1, 2]; y = x*3; y[0] = x[1]; z = sum(y^2)' 'x = [1, 2, 3]; x[1] = x[0]; y = sum(x^3)' \
    'x = [1, 2, 3]; y = x*2; y[1:] = x[:2]^2; z = sum(y^3)' 'A = zeros(3, 3); b = 2; A[1, :] = b*[1, 2, 3]; y = sum(A^2)' \
    'a = 2; x = a; x = x + 1; x = x*x; y = x*a' 'x = linspace(0, 1, 70); y = x^2; y[3:5] = 1; z = sum(y*x)'
}

@test "formula: functions that join arrays, move elements, or go over an axis" {
  formula $'dy/da = 3*x[:2]^2\ndy/db = 3*x[2:]^2' 'a = [1, 2]; b = [3, 4]; x = concat(a, b); y = sum(x^3)'
  formula 'dy/dx = 2*(x - mean(x))/3' 'x = [1, 2, 4]; y = var(x)'
  formula 'dy/dx = flip(cumsum(flip(2*cumsum(x))))' 'x = [1, 2, 3]; y = sum(cumsum(x)^2)'
  judged 'a=[1,2];b=3;c=[4,5,6]; x=concat(a,[b],c); y=sum(x^3)' \
    'a=[1,2];b=[3,5]; x=stack(a,b); y=sum(x^3)' \
    'a=[1,2];b=[3,5]; x=stack(a,b,axis=1); y=sum(x^3)' \
    'a=[1,2];b=[3,5]; x=vstack(a,b,a); y=sum(x^3)' \
    'a=[1,2];b=[3,5]; x=hstack(a,b,7); y=sum(x^3)' \
    'a=[[1,2],[3,4]]; x=hstack(a,a); y=sum(x^3)' \
    'a=[[1,2],[3,4]]; x=concat(a,2*a,axis=1); y=sum(x^3)' \
    'x=[1,2,3]; y=sum(cumsum(x)^2)' \
    'x=[[1,2,3],[3,4,6]]; y=sum(cumsum(x,axis=1)^2)' \
    'x=[[1,2,3],[3,4,6]]; y=sum(cumsum(x)^2)' \
    'x=[1,2,3]; y=sum(cumprod(x)^2)' \
    'x=[1,2,3]; y=sum(flip(x)*x^2)' \
    'x=[1,2,3]; y=sum(roll(x,1)*x^2)' \
    'x=[[1,2,3],[3,4,6]]; y=sum(roll(x,1,axis=1)*x^2)' \
    'x=[1,2,3]; y=sum(pad(x,1)^2*[1,2,3,4,5])' \
    'x=[1,2,3]; y=sum(diag(x)^2@x)' \
    'x=[[1,2],[3,4]]; y=sum(diag(x)^3)' \
    'x=[[1,2],[3,4]]; y=sum(tril(x)^3)' \
    'x=[[1,2],[3,4]]; y=sum(triu(x,1)^3)' \
    'x=[[1,2],[3,4]]; y=sum(tile(x,2,2)^3)' \
    'x=[1,2]; y=sum(repeat(x,3)^3)' \
    'x=[1,2]; y=sum(broadcast_to(x,3,2)^3)' \
    'x=[1,2,3]; y=max(x)^2' \
    'x=[1,2,2]; y=max(x)^2' \
    'x=[[1,2],[3,4]]; y=sum(min(x,axis=0)^2)' \
    'x=[[1,2],[3,4]]; y=sum(max(x,axis=1,keepdims=true)*x)' \
    'x=[1,2,4]; y=var(x)' \
    'x=[1,2,4]; y=std(x)^2' \
    'x=[1,2,4]; y=std(x, ddof=1)' \
    'x=[[1,2],[3,5]]; y=sum(var(x,axis=0)^2)'
}

@test "formula: functions of matrices, norms, densities" {
  formula $'dy/dA = -outer(solve(A\', 2*z), z)\ndy/db = solve(A\', 2*z)' 'A = [[2, 1], [1, 3]]; b = [1, 2]; z = solve(A, b); y = sum(z^2)'
  judged 'x=[[1,2],[3,5]]; y=sum(std(x,axis=1,keepdims=true)*x)' \
    'x=[[1,2],[3,4]]; y=sum(transpose(x,1,0)^2*[[1,2],[3,4]])' \
    'x=reshape(arange(24),2,3,4)+1; y=sum(transpose(x,2,0,1)^2)' \
    'x=[1,2,3,4]; y=sum(reshape(x,2,2)^3)' \
    'x=[1,2,3,4]; y=sum(squeeze(reshape(x,4,1))^3)' \
    'x=[1,2,3,4]; y=sum(take(x,[0,2,0])^3)' \
    'x=[[1,2],[3,4]]; y=sum(take(x,[1,0,1],axis=1)^3)' \
    'x=[[1,2],[3,4]]; y=sum(gather(x,1)^3)' \
    'x=2; y=sum(full(3,x)^3)' \
    'x=2; y=sum(full([2,3],x)^3)' \
    'x=[1,2,3]; y=layer_norm(x)@[1,2,4]' \
    'x=[1,2,3]; k=[4,5,1]; y=sum(cross(x,k)^2)' \
    'a=[1,2]; b=[3,4]; y=sum(kron(a,b)^3)' \
    'const labels=[0,2]; z=[[1,2,3],[4,5,5]]; y=cross_entropy(z,labels)' \
    'A=[[2,1],[1,3]]; x=[1,2]; y=quad_form(A,x)' \
    'a=[3,4];b=[1,2]; y=cosine_similarity(a,b)' \
    'A=[[2,1],[1,3]]; b=[1,2]; y=sum(solve(A,b)^2)' \
    'A=[[2,1],[1,3]]; y=sum(cholesky(A)^2*[[1,0],[3,4]])' \
    'A=[[2,1],[1,3]]; y=sum(matrix_power(A,3))' \
    'a=[1,2];b=[3,4,5]; y=sum(outer(a,b)^2)' \
    'A=[[2,1],[1,3]]; y = multi_normal_lpdf([1,2],[0,1],A)' \
    'x=[1,2,3]; y=norm(x,3)' \
    'x=[1,2,3]; y=max(x[0],x[1],x[2])' \
    'k=2; logits=[1,2,3]; y=categorical_logit_lpmf(2,logits)' \
    'x=1; y=2; z=sum(linspace(x,y,5)^2)' \
    'x=[1,2,3]; y=sum(stop_gradient(x)*x)' \
    'A=[[1,2],[3,4]]; y = trace(A@A)' \
    'w=[1,2]; X=[[1,2],[3,4],[5,6]]; y=sum(softmax(X@w)[0:2]^2)' \
    'x=[[1,2],[3,4]]; y = sum((x - mean(x,axis=0))^2)' \
    'A = [[2, 1], [1, 3]]; B = [[1, 2], [0, 1]]; y = sum(einsum("ij,jk->ik", A, B)^2)'
}

@test "formula: of functions of whole arrays, right or refused" {
  local name program rest line=0 judged=0
  while IFS=$'\t' read -r name program rest; do
    # One in three, for time.
    (( line++ % 3 )) && continue
    gc -q --formula -e "$program" >"$BATS_TEST_TMPDIR/answers" 2>"$BATS_TEST_TMPDIR/messages" || {
      grep -q -- '--formula: ' "$BATS_TEST_TMPDIR/messages" || fail "$program: $(<"$BATS_TEST_TMPDIR/messages")"
      continue
    }
    run gc -C "$BATS_TEST_TMPDIR/answers" -e "$program"
    [[ $status -eq 0 ]] || fail "$program: $(<"$BATS_TEST_TMPDIR/answers"): $output"
    judged=$((judged + 1))
  done <"$srcdir/tests/structured.tsv"
  (( judged >= 140 )) || fail "only $judged"
}

@test "formula: --sum is one formula" {
  formula 'd(y+z)/dx = 2*x + 3' 'x = 2; y = x^2; z = 3*x' --sum -t y,z
  formula 'd(y+z)/dx = 0' 'x = 2; y = x^2; z = 3 - y' --sum -t y,z
  formula $'d(y+z)/dx = 2*x\nd(y+z)/db = 3' 'x = 2; b = 1; y = x^2; z = 3*b' --sum -t y,z
}

@test "formula: what is not known is not taken for zero" {
  local program
  for program in 'x = 2; f = x^3; g = grad(f, x); y = g*3' 'x = [[1, 2], [3, 4]]; a, b = slogdet(x); y = b' \
    'x = 2; y = jvp(x^3, x, 1)' 'x = [1, 2, 3, 4]; a, b = split(x, 2); y = sum(a*b)'; do
    run gc -q --formula -e "$program"
    if [[ $status -eq 0 ]]; then
      gc -C - -e "$program" <<<"$output"
    else
      assert_output --partial 'error: --formula: ' || assert_output --partial 'gradcalc: --formula: '
    fi
  done
}

@test "formula: what has none is refused with its place" {
  run gc --formula -e 'x = [[3], [1], [2]]; y = sum(sort(x)*[1, 2, 3])'
  assert_equal "$status" 2
  assert_line --partial "1:30: error: --formula: the derivative of 'sort' has none here"
  run gc --formula -t y -e 'x = 2; y = x^2; x = 3'
  assert_equal "$status" 2
  assert_line --partial "1:12: error: --formula: a value that no name stands for any more goes into 'square' here"
  run gc -f c -e 'x = 1'
  assert_output 'gradcalc: -f c needs --formula'
  run gc --formula -J -e 'x = 1'
  assert_output 'gradcalc: -J and --formula cannot go together'
}

# write_c PROGRAM-FILE [NAME]: the C function of a program as a file of its own, which shows what it gives on a line; and in `wanted` its
# name, which is that of the file, and what the program gives. Status 1 where there is no such function.
write_c () {
  local file=$1 expected name part=$((part_count + 1))
  gc -q --formula -f c "$file" >"$BATS_TEST_TMPDIR/$part.h" 2>/dev/null || return 1
  part_count=$part
  name=$(sed -n 's/^\(.*_gradient\) (.*/\1/p' "$BATS_TEST_TMPDIR/$part.h")
  expected=$(gc -q -p 17 -f csv --unconnected=zero "$file" | tail -n +2)
  {
    printf '#define %s %s_%d\n#include "%d.h"\n#include <stdio.h>\nvoid show_%d (void);\n' "$name" "$name" "$part" "$part" "$part"
    printf 'void show_%d (void) { static double g[1000]; printf ("[%%.17g", %s (' "$part" "$name"
    # An argument for each variable: a number, or all elements of an array.
    tr -d '"' <<<"$expected" | awk -F, '{ at = $(NF - 1) } $2 != last { printf "%s", last == "" ? "" : array ? " }, " : ", "; array = NF > 5 || $3 != ""; if (array) printf "(double[]) { " }
      $2 == last { printf ", " } { printf "%s", at; last = $2 } END { printf "%s", array ? " }, " : ", " }'
    printf 'g)); for (int i = 0; i < %d; i++) printf (",%%.17g", g[i]); puts ("]"); }\n' "$(wc -l <<<"$expected")"
  } >"$BATS_TEST_TMPDIR/$part.c"
  printf '%s\t[%s,%s]\n' "${2:-$file}" "$(gc -q -p 17 --value -f csv "$file" | sed -n '2s/.*,//p')" \
    "$(sed 's/.*,//' <<<"$expected" | paste -sd,)" >>"$BATS_TEST_TMPDIR/wanted"
}

# What they show, compiled together, since linking each would take longer than all else, is what the programs give.
assert_c () {
  local part
  {
    for (( part = 1; part <= part_count; part++ )); do echo "void show_$part (void);"; done
    echo 'int main (void) {'
    for (( part = 1; part <= part_count; part++ )); do echo "show_$part ();"; done
    echo 'return 0; }'
  } >"$BATS_TEST_TMPDIR/main.c"
  ${CC:-cc} -Wall -Wextra -Werror -o "$BATS_TEST_TMPDIR/main" "$BATS_TEST_TMPDIR"/*.c -lm || fail 'the C does not compile'
  "$BATS_TEST_TMPDIR/main" >"$BATS_TEST_TMPDIR/shown"
  run find_differences 1e-12 1e-13 < <(paste <(cut -f1 "$BATS_TEST_TMPDIR/wanted") "$BATS_TEST_TMPDIR/shown" <(cut -f2 "$BATS_TEST_TMPDIR/wanted"))
  assert_output ''
}

@test "formula: what stop_gradient stops is there as a value" {
  formula $'dy/dx = 2*z*x\ndy/dz = none' 'x = 3; z = 2; y = x^2*stop_gradient(z)'
  formula $'dy/dx = 2*x*s\ndy/dz = none' 'x = 3; z = 2; s = stop_gradient(x*z); y = x^2*s'
  formula $'dy/dx = 2*z\ndy/dz = none' 'x = 3; z = 2; g(q) = stop_gradient(q)*2; y = x*g(z)'
  formula 'dy/dx = none' 'x = 3; y = stop_gradient(x)^2'
  formula $'\\frac{\\partial y}{\\partial x} = 2 \\cdot z \\cdot x' 'x = 3; z = 2; y = x^2*stop_gradient(z)' -f latex
  judged 'x = [1, 2]; s = stop_gradient(sum(x^2)); y = sum(x)/s' 'x = 3; t = stop_gradient(x); u = t*2; y = x*sin(u)*stop_gradient(exp(t))' \
    'x = 3; y = x + stop_gradient(round(x*1.3) - x)' 'A = [[1, 2], [3, 5]]; x = 3; B = stop_gradient(A); y = x*sum(inv(B) @ A)'
  run gc -q --formula -f c -e 'x = 3; z = 2; s = stop_gradient(x*z); y = x^2*s'
  assert_line '  const double s = x*z;'
  assert_line '  return pow(x, 2.0)*s;'
}

# By hand at [2.5, 3.5]: sum (x > 2) is 2, mean (x > 3) a half, the largest of int (x) 3, (x > 3)[1] is 1.
@test "formula: what comparisons and whole numbers make is made again in C, and told of where it is not" {
  cd "$BATS_TEST_TMPDIR" || return
  gc -q --formula -f c -e 'x = [3.7, 1.2]; n = sum(x > 2); m = 2*n; y = m*sum(x)*mean(x > 3) + max(int(x))*(x > 3)[1]*x[0]*sum(x > 2)' >f.c
  printf '#include <stdio.h>\n#include "f.c"\nint main (void) { double g[2]; printf ("%%g", y_gradient ((double[]) { 2.5, 3.5 }, g)); printf (" %%g %%g\\n", g[0], g[1]); return 0; }\n' >main.c
  ${CC:-cc} -o main main.c -lm
  run ./main
  assert_output '27 8 2'
  local program
  while IFS='|' read -r program place number; do
    run gc --formula -f c -w x -e "$program"
    assert_success
    assert_line "<-e>:1:$place: note: this has no derivative and stands as $number in the formulas, which hold while it is that"
  done <<'END'
x = [3.7, 1.2]; b = any(x > 2); y = sum(b*x^2)|21|1
x = [3.7, 1.2]; y = x[sum(x > 2)]^2|23|1
def f(x) { n = count(x > 1); return n*x[0] }; x = [3.7, 1.2]; y = f(x)|16|2
END
  run gc --formula -w x -e 'x = [3.7, 1.2]; y = sum(x > 2)*sum(x^2)'
  assert_line --partial '1:21: note: this has no derivative and stands as 1 in the formulas'
  # What stands by its name holds for all inputs, and sizes for all of these shapes.
  for program in 'n = sum(x > 2); y = n*sum(x^2)' 'y = sum(x^2)/size(x) + len(x)*x[0]' 'const c = [1, 2]; y = sum(c > 1)*x[0]'; do
    run gc --formula -w x -e "x = [3.7, 1.2]; $program"
    refute_output --partial note:
  done
}

@test "formula: a name that is bound again stands for its last value alone, also where it came to the same" {
  formula $'dloss/dx = 0\ndloss/dy = none' 'x = 0.31; y = 1.78; g1, g2 = grad(1, [x, y]); g2 *= x; loss = g2'
  formula 'dloss/dx = 6' 'f(q) = 2; k = f(0); x = 1; k *= x; loss = k*3'
  run gc -q --formula -f c -e 'x = 0.31; y = 1.78; g1, g2 = grad(1, [x, y]); g2 *= x; loss = g2'
  assert_line '  return 0.0;'
  refute_line --partial g2
  run gc -q --formula -f c -e 'f(q) = 2; k = f(0); x = 1; k *= x; loss = k*3'
  assert_line '  const double k = 2.0*x;'
}

@test "formula: of the determinant of a singular matrix, by minors" {
  judged 'A = ones(4, 4); y = det(A)' 'A = ones(6, 6); y = det(A)^2 + sum(A)' 'A = zeros(10, 10); y = det(A)' \
    'x = [1, 2, 3, 4]; y = det(outer(x, x))' 'x = 2; y = det(x*[[1, 2, 3, 4], [2, 4, 6, 8], [0, 1, 5, 7], [1, 1, 1, 2]])' \
    'A = [[0.1, 0.2, 0.3, 0.4], [0.5, 0.6, 0.7, 0.8], [0.9, 1, 1.1, 1.2], [1.3, 1.4, 1.5, 1.7]]; y = det(A)'
  formula "dy/dA = y*inv(A)'" 'A = eye(4); y = det(A)'
}

@test "formula: as C, where the program's names leave no letter for parts" {
  for letter in t q r s u v w x z a b c d e f g h k l m n o; do
    printf '%s1 = 1\n' "$letter"
  done >"$BATS_TEST_TMPDIR/letters.expr"
  echo 'y = exp(t1*q1)*sin(exp(t1*q1))' >>"$BATS_TEST_TMPDIR/letters.expr"
  run gc -q --formula -f c -w t1,q1 "$BATS_TEST_TMPDIR/letters.expr"
  assert_equal "$status" 2
  assert_output "gradcalc: --formula -f c: the program's names leave no letter for others"
}

@test "formula: as C, compiled, gives the program's value and gradient" {
  local file part_count=0 f
  for file in "$srcdir"/samples/*.expr "$srcdir"/samples/homework/*.expr; do
    cd "$(dirname "$file")"
    # Intermediate sources, several targets and some functions have no such function.
    write_c "$file" || true
  done
  (( part_count >= 20 )) || fail "only $part_count"
  while IFS= read -r f; do
    file=$BATS_TEST_TMPDIR/$part_count.expr
    echo "$f" >"$file"
    write_c "$file" "$f" || fail "$f: $(gc --formula -f c "$file" 2>&1)"
  done <<'END'
x = [1, 2]; y = sum(x^2)
const X = [[1, 2], [3, 4], [5, 6]]; w = [0.5, -1]; b = 0.1; const y = [1, 0, 1]; loss = mean((X @ w + b - y)^2)
A = [[1, 2], [3, 4]]; x = [1, 2]; y = sum(tanh(A @ x)^2) + norm(x) + sum(A[0])
x = [1, 2, 3]; w = 2; z = w*x; y = sum(z^2)*w
x = [1, 2, 3, 4]; y = sum((x[1:] - x[:-1])^3)
X = [[1, 2, 3], [4, 5, 6]]; y = sum(sum(X^2, axis=0)^2) + sum(mean(X, axis=1)^2)
X = [[1, 2, 3], [4, 5, 6]]; r = [1, 2, 3]; y = sum((X - r)^2*X)
X = [[1, 2, 3], [4, 5, 6]]; y = sum((X - mean(X, axis=0, keepdims=true))^2*X)
x = [1, 2]; A = outer(x, x); y = sum(A^2)
W = [[0.1, 0.2], [0.3, -0.4], [0.5, 0.6]]; b = [0.1, 0.2]; V = [[0.3], [0.7]]; const X = [[1, 2, 3], [4, 5, 6]]; h = tanh(X @ W + b); loss = mean((h @ V - [[1], [0]])^2)
x = [1, 2, 3]; y = x @ x + dot(x, x^2) + mean(where(x > 1.5, x^2, 3*x))
const o = zeros(3); x = [1, 2, 3]; y = o; y[0] = x[0]^2; y[1] = sin(x[1])*y[0]; z = sum(y^2)
a = 2; x = [1, 2, 3]; y = sum(concat(x, a*x)^2)
A = [[1, 2], [3, 4]]; y = trace(A @ A') + sum(A')
t1 = [1, 2]; y = sum(sin(t1*3)^2)
x = 0.7; w = 1.3; y = exp(sin(x*w)^2 + x)/(1 + exp(sin(x*w)^2 + x)) + log(1 + exp(sin(x*w)^2 + x))
x = [1, 2]; n = 4; y = sum(exp(-x^2)*sin(x^2) + exp(-x^2))
x = [1, 2, 3]; w = [2, 1, 3]; y = sum((x - x)*w + tanh(w - w)*x)
a = 2; b = 3; y = sum(linspace(a, b, 5)^2*arange(5))
a = [1, 2, 3]; b = 2; y = sum(where(a > 1.5, b, b)) + sum(b^2 + a - a)
x = 0.3; const a = 1.1; y = a*x; for i in 0:60 { y = sin(y)*exp(-y) + y }; z = y^2
x = 0.7; w = 1.3; u = max([square(x*w), x]); y = u^2*w
x = [1, 2, 3]; y = logsumexp(x)
x = [[1, 2, 3], [3, 1, 2]]; y = sum(logsumexp(x, axis=1)^2) + sum(logsumexp(x, axis=0, keepdims=true)*x) + logsumexp(x)
x = [[1, 2, 3], [3, 1, 2]]; y = sum(softmax(x)^2) + sum(softmax(x, axis=0)^3) + log_softmax(x)[1, 0]
x = [[1, 2, 3], [3, 1, 2]]; y = max(x)^2 + sum(max(x, axis=0)^2) + sum(min(x, axis=1)^2)
x = [[1, 2, 3], [3, 1, 2]]; y = prod(x) + sum(prod(x, axis=1)^2)
x = [[1, 2, 3], [3, 1, 2]]; y = sum(cumsum(x, axis=1)^2) + sum(cumsum(x, axis=0)^3) + sum(cumprod(x[0])^2)
x = [[1, 2, 3], [3, 1, 2.5]]; y = sum(var(x, axis=0)^2) + sum(std(x, axis=1, keepdims=true)*x) + var(x, ddof=1)
x = [[1, 2, 3], [3, 1, 2]]; y = sum(norm(x, axis=1)^3) + norm(x)
x = [[1, 2, 3], [3, 1, 2]]; y = sum(reshape(x, 3, 2)^2 @ [1, 2]) + sum(flatten(x)^3)
x = [1, 2, 3, 4, 5]; y = sum(x[[0, 0, 2]]^2) + sum(x[-1:0:-2]^3) + sum(x[1::2]^2) + x[-1]^2
x = [[1, 2, 3], [3, 1, 2]]; y = sum(flip(x, axis=0)*x^2) + sum(roll(x, 1, axis=1)*x^2) + sum(flip(x)*x) + sum(roll(x[0], -4)*x[1])
x = [1, 2]; y = sum(diag(x)^2 @ x) + sum(diag(outer(x, x))^3)
A = [[2, 1], [1, 3]]; y = sum(tril(A)^3) + sum(triu(A, 1)^3) + sum(tril(A, -1)^2)
a = [1, 2]; b = [3, 4]; y = sum(stack(a, b)^3) + sum(stack(a, b, axis=1) @ a)
x = [[1, 2], [3, 4]]; y = sum(concat(x, 2*x, axis=1)^3) + sum(concat(x, x^2)^2) + sum(concat(x[0], x[1], [2, 3], x[0])^2)
x = [[1, 2], [3, 4]]; y = sum(pad(x, 1)^3) + sum(tile(x, 2, 2)^2) + sum(broadcast_to(x[0], 3, 2)^3)
X = [[1, 2, 3], [4, 5, 6]]; y = sum(X[:, [2, 0]]^3) + sum(X[[1, 1, 0]]^2) + sum(X[1, 1:]^3) + sum(X[:, ::-1]*X) + sum(X[0][:, None]*X[1])
X = reshape(arange(24), 2, 3, 4)/10; y = sum(X[1]^3) + sum(X[:, 1, 2:]^3) + X[1, 2, 3]^3
X = [[1, 2, 3]]; w = [1, 2, 3]; y = sum((X @ w)^2) + sum(sum(X, axis=0)^2) + sum(softmax(X, axis=0))
x = 0.3; y = silu(x) + gelu(x) + softsign(x) + sinc(x) + logit(x) + entr(x)
x = 3.3; y = x*(x % 2) + mod(x, 2)^2 + floor(x) + fmod(x, 2)
x = [1, 2, 3]; y = cross_entropy(x, 2) + cross_entropy([x, 2*x], [0, 2]) + sum(layer_norm(x)*[1, 2, 4])
x = 2; y = max(x, 0)^2 + max(x, 1, 3*x, 2) + min(x, 5)
A = [[0, 1, 2], [1, 0, 3], [4, -3, 8]]; b = [1, 2, 3]; y = sum(inv(A)^2*b) + det(A)^2 + sum(solve(A, b)^3)
A = [[0, 1, 2, 1], [1, 0, 3, 1], [4, -3, 8, 2], [1, 1, 1, 5]]; B = [[1, 2], [3, 4], [5, 6], [7, 8]]; y = det(A) + sum(solve(A, B)^3)
A = [[4, 1, 0.5], [1, 3, 0.2], [0.5, 0.2, 2]]; y = sum(cholesky(A)^3*[1, 2, 3]) + logdet(A)^2 + sum(matrix_power(A, 3))
X = [[1, 2], [3, 4], [5, 6]]; t = [1, 2, 4]; w = solve(X' @ X, X' @ t); y = sum((X @ w - t)^2) + w @ w
x = [1, 2]; S = [[2, 1], [1, 2]]; y = multi_normal_lpdf(x, [0, 0.5], S)
x = [1, 2]; y = sum(cumprod(x^0*3)*x) + sum(cumsum(0*x + 2)*x)
x = [[1, 2], [3, 4]]; y = max(cumsum(x)) + sum(cumsum(x)^2) + sum(cumprod(x)^2)
x = 0.3; z = 1.2; y = logaddexp(x, z) + deg2rad(x)*rad2deg(z) + i0(x)*i1(z) + log_ndtr(x) + ndtri(x) + erfinv(x)*lgamma(z)
a = 2.5; b = 30; y = lbeta(a, b) + beta(a, 3) + lchoose(b, a) + lgamma(a)*lgamma(-0.3 - a) + student_t_lpdf(0.3, a, 0.1, 2)
x = [1, -2, 3]; y = norm(x, 3) + norm(x, 1)*norm(x, inf) + norm([x, 2*x], 3, axis=1)[0] + norm(x[0]) + logsumexp(x[1])
A = [[1, 2], [3, 4]]; B = [[1, 0.5], [2, 1]]; x = [1, 2]; y = sum(einsum("ij,jk->ik", A, B)^2) + einsum("ij,j->i", A, x)[0] + sum(einsum("i,j->ij", x, x)^2)
x = [[1, 2], [3, 4]]; y = sum(take(x, 1, axis=-1)^2) + sum(take(x, [1, 0, 1], axis=1)^2) + sum(gather(x, [1, 1])^3)
x = 2; c = x > 1; k = [1, 2] > x - 1; y = where(c, x^2, 3*x) + sum(where(k, x^3, x))
x = [1, 2.5, 3.5]; y = mse(x, [0, 1, 1]) + huber(x, [0, 1, 1]) + normal_lpdf(x, 0.3, 2) + gamma_lpdf(x[0], 2, 3)
x = [0.3, 0.7, 0.2]; M = [[1, 2, 3], [4, 5, 6]]; y = sum(vstack(M, x, M^2)*x^2) + sum(vstack(x[0]^2, 2)*[[1], [2]])
M = [[1, 2, 3], [4, 5, 6]]; N = [[1.5], [2.5]]; y = sum(hstack(M, N^2, M)^2*[1, 2, 3, 4, 5, 6, 7]) + sum(hstack(M[0], N[0, 0]^2)*[1, 2, 3, 4])
x = [0.3, 0.7]; y = sum(repeat(tile(arange(3), 2), 2)*sum(x^2)) + sum(tile(linspace(x[0], x[1], 3), 2)*arange(6)^2)
x = [1, 2, 3, 4, 5, 6]; y = sum(tile(x[::-1], 2)[::2]^3) + sum(roll(tile(x^2, 2)[1::3], 1)*[1, 2, 3, 4])
M = [[1, 2, 3], [4, 5, 6]]; y = sum(repeat(M^2, 2)*arange(12)) + sum(repeat(M^2, 2, axis=1)*arange(6)) + sum(repeat(M[0], 3, axis=0)^2)
END
  assert_c
  # A target that nothing computes.
  run -0 gc -q --formula -f c -t x -e 'x = 2; y = x^2'
  assert_line '  return x;'
  # What C has not, what is no number, what has no name.
  while IFS='|' read -r f says; do
    run gc --formula -f c -e "$f"
    assert_equal "$status" 2
    assert_output --partial "--formula -f c: $says"
  done <<'END'
x = [1, 2]; y = sum(repeat(x, [2, 1])^2)|there is no C for 'repeat, unless n is a number'
x = [1, 2]; y = sum(sort(x)^2)|there is no C for 'sort'
x = [1, 2]; most = 3; y = max(x)*most|the function uses the name 'most' itself
x = 2; s = grad(fn(q) q^3)(x); y = where(s > 1, x^2, x)|'s' comes from a derivative, or is one of several
x = [1, 2]; y = x^2|'y' is an array; a function in C is of one number
x = [1, 2]; s = 0; for v in x { s += v^2 }|an input that is bound again has no name left; leave it out with -w
2|there is no input that a function could take
p0 = [1, 2]; y = sum(p0^2)|the function uses the name 'p0' itself
const d = zeros(20000); x = 1; y = sum((d + x)^2)|'d' has 20000 elements
END
  # The order of elements is that of the run.
  run gc --formula -f c -e 'x = [1, 2]; y = x[argmax(x)]^2'
  assert_success
  assert_output --partial 'note: the formulas are of the order that elements have here, and hold while they keep it'
  run gc --formula -f c -e 'int_ = 1; double = 2; y = int_*double'
  assert_output --partial "'double' cannot be a name in C"
}

@test "formula: a sum of thousands of terms" {
  { printf 'x = 0.3\ny = sin(1*x)'; printf ' + sin(%d*x)' {2..3200}; echo; } >"$BATS_TEST_TMPDIR/sum.expr"
  run gc --formula "$BATS_TEST_TMPDIR/sum.expr"
  assert_success
  [[ $output == 'dy/dx = 3200*cos(3200*x) + 3199*cos(3199*x) + '*' + 2*cos(2*x) + cos(x)' ]]
}
