#!/usr/bin/env bats
# algebra.bats -- functions of matrices. Expected values are closed forms, or mpmath's at 40 digits from the definitions.

load helper

# gradient EXPRESSION VALUE GRADIENT: of y = EXPRESSION in A = [[4, 1], [2, 3]].
gradient () {
  run --separate-stderr gc -q -w A -e "A = [[4, 1], [2, 3]]; W = [[1, 2], [3, 4]]; y = $1" </dev/null
  assert_success
  assert_result y "$2"
  assert_result dy/dA "$3" 1e-12 1e-14
}

@test "det: cofactors, also of singular matrices" {
  gradient 'det(A)' 10 '[[3, -2], [-1, 4]]'
  run gc -e 'A = [[1, 2], [2, 4]]; y = det(A)'
  assert_output $'y = 0\ndy/dA = [[4, -2],\n         [-2, 1]]'
  # Of rank 1: all minors are 0.
  run gc -e 'A = [[1, 2, 3], [2, 4, 6], [3, 6, 9]]; y = det(A)' -q
  assert_result y 0
  assert_result dy/dA '[[0, 0, 0], [0, 0, 0], [0, 0, 0]]' 0 1e-14
  run gc -e 'A = zeros(3, 3); y = det(A)' -q
  assert_result dy/dA '[[0, 0, 0], [0, 0, 0], [0, 0, 0]]'
  # Of rank 2: cofactors of [[1, 2, 3], [4, 5, 6], [7, 8, 9]].
  run gc -e 'A = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]; y = det(A)' -q
  assert_result dy/dA '[[-3, 6, -3], [6, -12, 6], [-3, 6, -3]]' 1e-13
}

@test "det: cofactors of very small and very large numbers, where the determinant is out of range" {
  # Of 2x2 they are the elements, turned; of a diagonal matrix products of the others.
  run gc -q -e 'A = [[3e-200, 2e-200], [1e-200, 4e-200]]; y = det(A)'
  assert_line --index 1 'dy/dA = [[4e-200, -1e-200],'
  assert_line --index 2 '         [-2e-200, 3e-200]]'
  run gc -q -p 12 -e 'A = [[3e200, 2e200], [1e200, 4e200]]; y = det(A)'
  assert_line --index 1 'dy/dA = [[4e+200, -1e+200],'
  assert_line --index 2 '         [-2e+200, 3e+200]]'
  run gc -q -p 6 -e 'A = diag([1, 1e-200, 2e-200]); y = det(A)'
  assert_line --index 1 'dy/dA = [[0, 0, 0],'
  assert_line --index 2 '         [0, 2e-200, 0],'
  assert_line --index 3 '         [0, 0, 1e-200]]'
  run gc -q -p 12 -e 'A = diag([1e-120, 1e-100, 2e-50, 3e-50]); y = det(A)'
  assert_line --index 1 'dy/dA = [[6e-200, 0, 0, 0],'
  assert_line --index 2 '         [0, 6e-220, 0, 0],'
  assert_line --index 4 '         [0, 0, 0, 2e-270]]'
}

@test "det: of sizes 1 and 40" {
  run gc -q -e 'A = [[3]]; y = det(A)'
  assert_output $'y = 3\ndy/dA = [[1]]'
  # det (s I + u u') = s^(n-1) (s + n) for u of ones; its derivative in s.
  run gc -q -w s -e 's = 1.1; y = det(s * eye(40) + ones(40, 40))'
  # 1.1^39 41.1, and 39 1.1^38 41.1 + 1.1^39
  assert_result y 1691.05036713822 1e-11
  assert_result dy/ds 59996.5668854169 1e-11
}

@test "logdet and slogdet" {
  gradient 'logdet(A)' 2.302585092994046 '[[0.3, -0.2], [-0.1, 0.4]]'
  run gc -q -e 'A = [[1, 4], [3, 2]]; s, l = slogdet(A); y = s * l' -w A
  # det = -10
  assert_result y -2.302585092994046
  assert_result dy/dA '[[0.2, -0.3], [-0.4, 0.1]]'
  run gc -q -e 'A = [[1, 4], [3, 2]]; y = logdet(A)'
  assert_line 'y = NaN'
  assert_line --index 1 'dy/dA = [[NaN, NaN],'
}

@test "inv and solve" {
  # -X' W X' with X = [[0.3, -0.1], [-0.2, 0.4]]
  gradient 'sum(inv(A) * W)' 1.1 '[[0.07, 0.02], [-0.19, -0.34]]'
  # X = inv(A) b = (0.1, 0.6); -inv(A)' w x'
  gradient 'sum(solve(A, [1, 2]) * [1, 3])' 1.9 '[[0.03, 0.18], [-0.11, -0.66]]'
  run gc -q -w b -e 'b = [1, 2]; y = sum(solve([[4, 1], [2, 3]], b) * [1, 3])'
  assert_result dy/db '[-0.3, 1.1]'
  run gc -q -w B -e 'B = [[1, 2, 0], [3, 4, 1]]; y = sum(solve([[4, 1], [2, 3]], B) * [[1, 0, 0], [0, 0, 1]])'
  assert_result y 0.4
  assert_result dy/dB '[[0.3, 0, -0.2], [-0.1, 0, 0.4]]' 1e-12 1e-14
  # inv and solve agree, and A solve(A, b) is b.
  run gc -q --value -e 'A = [[1, 2, 3], [0, 1, 4], [5, 6, 0]]; b = [1, 2, 3]; y = sum(abs(A @ solve(A, b) - b)) < 1e-12; z = int(y)' -t z
  assert_output 'z = 1'
}

@test "cholesky" {
  # L = [[2, 0], [1/2, sqrt(11)/2]]: entries by hand, their derivatives in a11, a21 + a12 halves, a22
  run gc -q -w A -e 'A = [[4, 1], [1, 3]]; y = sum(cholesky(A) * [[1, 0], [0, 0]])'
  assert_output $'y = 2\ndy/dA = [[0.25, 0],\n         [0, 0]]'
  run gc -q -w A -e 'A = [[4, 1], [1, 3]]; y = sum(cholesky(A) * [[0, 0], [1, 0]])'
  # a21 / sqrt(a11): -a21/(2 a11^1.5), 1/sqrt(a11) split evenly
  assert_result dy/dA '[[-0.0625, 0.25], [0.25, 0]]'
  run gc -q -w A -e 'A = [[4, 1], [1, 3]]; y = cholesky(A)[1, 1]'
  # sqrt(a22 - a21^2/a11) = v: a21^2/(2 a11^2 v), -a21/(a11 v) split, 1/(2 v)
  assert_result dy/dA '[[0.018844459036110227, -0.075377836144440909], [-0.075377836144440909, 0.30151134457776364]]'
  # The slope of sqrt is infinite above the diagonal. a11^0.25 + sqrt(a21) a11^-0.25 + (a22 - a21^2/a11)^0.25, by mpmath
  run gc -q -w A -e 'A = [[4, 2], [2, 5]]; y = sum(sqrt(cholesky(A)))'
  assert_result dy/dA '[[0.047985434560398051, 0.080805826175840780], [0.080805826175840780, 0.088388347648318441]]'
}

@test "matrix_power" {
  # A^2: W A' + A' W
  gradient 'sum(matrix_power(A, 2) * W)' 118 '[[16, 24], [26, 32]]'
  run gc -q -w A -e 'A = [[4, 1], [2, 3]]; y = sum(matrix_power(A, 3) - A @ A @ A)'
  assert_result dy/dA '[[0, 0], [0, 0]]' 0 1e-12
  run gc -q -w A -e 'A = [[4, 1], [2, 3]]; y = sum(matrix_power(A, -2) - inv(A) @ inv(A))'
  assert_result y 0 0 1e-15
  assert_result dy/dA '[[0, 0], [0, 0]]' 0 1e-13
  run gc -q -w A -e 'A = [[4, 1], [2, 3]]; y = sum(matrix_power(A, 0)) + A[0, 0]'
  assert_output $'y = 6\ndy/dA = [[1, 0],\n         [0, 0]]'
}

@test "quad_form, kron, cross" {
  run gc -q -e 'x = [1, 2]; y = quad_form([[1, 2], [3, 4]], x)'
  # (A + A') x
  assert_output $'y = 27\ndy/dx = [12, 21]'
  run gc -q --value -e 'y = kron([[1, 2], [3, 4]], [[0, 1]]); z = kron([1, 2], [3, 4])' -t y,z
  assert_output $'y = [[0, 1, 0, 2],\n     [0, 3, 0, 4]]\nz = [3, 4, 6, 8]'
  run gc -q -w a,b -e 'a = [1, 2, 3]; b = [4, 5, 6]; y = sum(cross(a, b) * [1, 10, 100])'
  # c . (a x b): gradient b x c in a, c x a in b
  assert_output $'y = -243\ndy/da = [440, -394, 35]\ndy/db = [-170, 97, -8]'
  run gc -q --value -e 'y = cross([[1, 0, 0], [0, 1, 0]], [0, 0, 1])'
  assert_output $'y = [[0, -1, 0],\n     [1, 0, 0]]'
}

@test "einsum" {
  run gc -q -e 'A = [[1, 2], [3, 4]]; B = [[5, 6], [7, 8]]; y = sum(einsum("ij, jk -> ik", A, B) * [[1, 0], [0, 2]])'
  # tr(W' A B) with W = diag (1, 2): W B' and A' W
  assert_output $'y = 119\ndy/dA = [[5, 7],\n         [12, 16]]\ndy/dB = [[1, 6],\n         [2, 8]]'
  run gc -q --value -t a,b,c,d,f,g -e 'A = [[1, 2], [3, 4]]; a = einsum("ii", A); b = einsum("ij->ji", A); c = einsum("ij,j", A, [1, 10]); d = einsum("i,j->ij", [1, 2], [3, 4]); f = einsum("ii->i", A); g = einsum("bij,bjk->bik", [A, A], [A, eye(2)])'
  assert_output $'a = 5\nb = [[1, 3],\n     [2, 4]]\nc = [21, 43]\nd = [[3, 4],\n     [6, 8]]\nf = [1, 4]\ng = [[[7, 10],\n      [15, 22]],\n     [[1, 2],\n      [3, 4]]]'
  # Without an arrow the letters that stand once, in the order of the alphabet.
  run gc -q --value -e 'y = einsum("ba,bc", [[1, 2], [3, 4]], [[1, 0], [0, 1]])'
  assert_output $'y = [[1, 3],\n     [2, 4]]'
  # 1000 x 1000 matrices go the way of @.
  run gc -q -w s -e 's = 2; A = s * ones(1000, 1000); y = einsum("ij,jk->ik", A, ones(1000, 1000))[0, 0]'
  assert_output $'y = 2000\ndy/ds = 1000'
}

@test "einsum: the letter at fault" {
  wrong () {
    run gc -q -e "y = einsum($1)"
    assert_failure 2
    assert_line --index 0 "<-e>:1:5: error: $2"
  }
  wrong '"ij,jk->iq", [[1]], [[1]]' "einsum \"ij,jk->iq\": 'q' of the result is in no operand"
  wrong '"ij", [1]' "einsum \"ij\": 'ij' names 2 axes, operand 1 has 1"
  wrong '"i,i", [1, 2], [1, 2, 3]' "einsum \"i,i\": 'i' is 2 and 3"
  wrong '"i->ii", [1]' "einsum \"i->ii\": 'i' stands twice in the result"
  wrong '"i1", [1, 2]' "einsum \"i1\": '1' is no letter"
  wrong '"i", [1], [2]' 'einsum "i": 2 arrays are given, letters for 1'
  wrong '"i,i", [1]' 'einsum "i,i": there are letters for more than the 1 arrays given'
  wrong '3, [1]' "'einsum' takes a text such as \"ij,jk->ik\" first"
}

@test "einsum: many terms are products of matrices in pairs" {
  # 10^9 terms; A is all s and B all t, so that y = 10^9 s t.
  run gc -q -w s,t -e 's = 2; t = 3; y = einsum("abc,cd->", s * ones(1000, 100, 10), t * ones(10, 1000))'
  assert_output $'y = 6000000000\ndy/ds = 3000000000\ndy/dt = 2000000000'
  # A chain is the product by @, with its derivatives of both orders; a letter of one operand alone is summed, one of all stays.
  local program='A = reshape(sin(arange(60) * 0.7), 6, 10); B = reshape(cos(arange(120) * 0.3), 10, 12); C = reshape(sin(arange(84) * 1.1), 12, 7);'
  alike () {
    local side options
    for options in '' '-H -w A' '-J' '--along A=0.5'; do
      for side in "$1" "$2"; do
        # shellcheck disable=SC2086 # options, separated by blanks
        gc -q -f csv $options -e "$program y = $side" | sed 's/^[^,]*,//' >"$BATS_TEST_TMPDIR/${#side}"
      done
      paste -d, "$BATS_TEST_TMPDIR/${#1}" "$BATS_TEST_TMPDIR/${#2}" >"$BATS_TEST_TMPDIR/both"
      awk -F, 'NR > 1 { a = $(NF / 2); b = $NF; d = a - b; n++
                 if ($1 != $(NF / 2 + 1) || d * d > 1e-24 * (1 + a * a)) { print; bad = 1 } }
               END { exit bad || n < 1 }' "$BATS_TEST_TMPDIR/both"
    done
  }
  alike 'sum(einsum("ij,jk,kl->li", A, B, C)^2)' 'sum(transpose(A @ B @ C)^2)'
  alike 'sum(einsum("ij,jk,ik->ki", A, B, A @ B)^2)' 'sum(transpose((A @ B) * (A @ B))^2)'
  alike 'sum(einsum("ij,jk,lm->k", A, B, C)^2)' 'sum((sum(A, axis=0) @ B * sum(C))^2)'
  alike 'sum(einsum("jj,jk,kl->jl", A.T @ A, B, C)^2)' 'sum(((A * A).T @ ones(6, 1) * (B @ C))^2)'
}

@test "einsum: a batch of products, and what merely looks like one" {
  # Sums over all letters, each of extent 2, of (p^2 + 1) A B, p the place in the result; and over i of i times what A[i] adds.
  local spec y sum
  twos () { sed 's/./, 2/g' <<<"$1"; }
  while read -r spec y sum; do
    local a=${spec%%,*} b=${spec#*,} c=${spec#*>}
    b=${b%%-*}
    run -0 gc -q --value -t y,g -e "A = reshape(1 + arange($((2 ** ${#a})))$(twos "$a")); B = reshape((arange($((2 ** ${#b})))^2 + 3) % 7$(twos "$b"))
y = sum(flatten(einsum(\"$spec\", A, B))*(arange($((2 ** ${#c})))^2 + 1)); g = sum(flatten(grad(y, A))*arange($((2 ** ${#a}))))"
    assert_output "y = $y"$'\n'"g = $sum"
  done <<'END'
bij,bjk->bik 5376 4536
bij,bjk->bki 4852 4060
bij,bkj->bik 5664 4760
bji,bjk->bik 5292 4452
bij,cjk->bik 11408 9632
bij,bjk->jik 4896 3976
bij,bjk->bjk 5536 4648
bij,bjk->bij 5944 5040
bij,bjj->bij 3656 3080
ij,kj->ik 356 254
ij,jk->ki 411 267
cbij,cbjk->cbik 94820 87272
cbij,cbjk->bcik 86292 79000
bcij,cbjk->bcik 91252 83960
END
}

@test "einsum: many terms of which some are not finite" {
  local program='x = 0; A = reshape(arange(1000) % 7, 10, 100); B = ones(100, 3);'
  # A zero of A meets the infinite slope of sqrt as it does where terms are few.
  run gc -q -w x -e "$program y = einsum(\"ij,jk->\", A * 0, B * sqrt(x))"
  assert_output $'y = 0\ndy/dx = NaN'
  run gc -q -w x -e "x = 1; A = reshape(where(arange(1000) == 5, inf, 1) * x, 10, 100); y = einsum(\"ij,jk->ik\", A, ones(100, 3))[1, 2]"
  assert_output $'y = 100\ndy/dx = 100'
  # One by one they take as long as there are of them.
  run gc -q --value -e 'A = ones(1000, 1000); A[0, 0] = inf; y = einsum("ij,jk,kl->", A, A, A)'
  assert_failure 2
  assert_line --index 0 '<-e>:1:42: error: einsum "ij,jk,kl->": 1000000000000 terms are too many where a value is not finite'
}

@test "both sweeps are each other's transpose" {
  local function
  for function in inv cholesky 'fn(A) matrix_power(A, 3)' 'fn(A) solve(A, [1, 2, 4])' 'fn(A) det(A) * A' \
    'fn(A) kron(A, A)' 'fn(A) logdet(A) * A'; do
    # The derivative along V from the Jacobian by rows, and by forward mode.
    run --separate-stderr gc -q --along t=1 -e "t = 0; f = $function; A = [[5, 1, 0], [1, 4, 1], [0, 1, 3]] + t * [[1, 2, 0], [2, 1, 3], [0, 3, 1]]; Y = f(A)"
    assert_success
    local along
    along=$(result dY)
    run --separate-stderr gc -q -J -w t -e "t = 0; f = $function; A = [[5, 1, 0], [1, 4, 1], [0, 1, 3]] + t * [[1, 2, 0], [2, 1, 3], [0, 3, 1]]; Y = f(A)"
    assert_result dY/dt "$along" 1e-12 1e-13
    run --separate-stderr gc -q -w t -t 'sum(Y * W)' -e "t = 0; f = $function; A = [[5, 1, 0], [1, 4, 1], [0, 1, 3]] + t * [[1, 2, 0], [2, 1, 3], [0, 3, 1]]; Y = f(A); W = reshape(sin(arange(size(Y))), shape(Y)); g = sum(W * $along)"
    local reverse=${lines[1]#* = }
    run --separate-stderr gc -q --value -t 'sum(D * W)' -e "D = $along; W = reshape(sin(arange(size(D))), shape(D))"
    assert_close "$reverse" "${lines[0]#* = }" 1e-10 1e-12
  done
}

@test "matrices that do not do" {
  wrong () {
    run gc -q -e "$1"
    assert_failure 2
    assert_line --index 0 "<-e>:1:$2"
  }
  wrong 'y = inv([[1, 2], [2, 4]])' "5: error: 'inv': the 2x2 matrix is singular"
  wrong 'y = solve([[1, 2], [2, 4]], [1, 2])' "5: error: 'solve': the 2x2 matrix is singular"
  wrong 'y = matrix_power([[1, 2], [2, 4]], -1)' "5: error: 'matrix_power': the 2x2 matrix is singular"
  wrong 'y = cholesky([[1, 2], [2, 1]])' "5: error: 'cholesky': the 2x2 matrix is not positive definite"
  wrong 'y = det([1, 2])' "5: error: 'det' takes a matrix, not an array of rank 1"
  wrong 'y = det([[1, 2, 3], [3, 4, 5]])' "5: error: 'det' takes a square matrix, not 2x3"
  wrong 'y = solve([[1, 2], [3, 4]], [1, 2, 3])' "5: error: 'solve' of a matrix 2x2 needs as many rows on the right, not shape (3)"
  wrong 'y = matrix_power([[1, 2], [3, 4]], 0.5)' "5: error: 'matrix_power': n must be a whole number, not 0.5"
}

@test "large matrices, which go to LAPACK where it is" {
  # Each with its inverse operation: A x = b, inv(A) A = 1, logdet of s I + u u' (closed form).
  run gc -q --value -t r,i,d,g -e '
    A = rand(200, 200) + 20 * eye(200)
    b = rand(200)
    r = int(max(abs(A @ solve(A, b) - b)) < 1e-12)
    i = int(max(abs(inv(A) @ A - eye(200))) < 1e-12)
    d = int(abs(logdet(3 * eye(200) + ones(200, 200)) - (199 * log(3) + log(203))) < 1e-10)
    g, l = slogdet(-eye(201))'
  assert_output $'r = 1\ni = 1\nd = 1\ng = -1'
  # d logdet (s I + u u') / ds = 199/s + 1/(s + 200)
  run gc -q -w s -e 's = 3; y = logdet(s * eye(200) + ones(200, 200))'
  assert_result dy/ds 66.3382594417077 1e-12
  run gc -q -e 'y = inv(ones(200, 200))'
  assert_failure 2
  assert_output --partial "'inv': the 200x200 matrix is singular"
}

@test "matmul: many products of a batch are worth the library together" {
  # Of matrices whose elements are all p + 1 and all a or b: a b 64^3 sum (p + 1), p below 20; all numbers are exact.
  program='a = 2; b = 3; const P = reshape(arange(20) + 1, 20, 1, 1); x = a*P*ones(20, 64, 64); w = b*ones(20, 64, 64); y = sum(x @ w)'
  run -0 gc -f json -e "$program"
  assert_output '{"value":{"y":330301440},"grad":{"y":{"a":165150720,"b":110100480}}}'
  # It is linear in x, and in w; in pairs of a batch, as a sum of products.
  run -0 gc --value -t u,v,e -e "$program; u = sum(grad(y, x)*x); v = sum(grad(y, w)*w); e = sum(einsum(\"pij,pjk->pik\", x, w))"
  assert_output $'u = 330301440\nv = 330301440\ne = 330301440'
}
