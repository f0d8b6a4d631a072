#!/usr/bin/env bats
# latex.bats -- formulas as LaTeX: a paper's notation, which pdflatex with amsmath and KaTeX take, and which SymPy reads back.

load helper

# latex EXPECTED PROGRAM: the lines of the formulas.
latex () {
  run gc -q --formula -f latex -e "$2"
  assert_success
  assert_output "$1"
}

# The lines of all samples, of functions of all kinds, and of names of all kinds.
lines () {
  local file
  for file in "$srcdir"/samples/*.expr "$srcdir"/samples/homework/*.expr; do
    (cd "$(dirname "$file")" && gc -q --formula -f latex "$file" 2>/dev/null) || [ $? -le 4 ] # some have none
  done
  while IFS= read -r file; do
    gc -q --formula -f latex -e "$file" || return 1
  done <<'END'
x = 0.6; z = 2; y = abs(x) + sqrt(x) + cbrt(x) + asin(x) + acos(x) + atan(x) + asinh(x) + atanh(x) + log2(x) + log10(x) + log1p(x) + exp2(x)
x = 0.6; z = 2; y = lgamma(x)*hypot(x, z) + gamma(x) + digamma(x) + polygamma(1, x) + lbeta(x, z) + beta(x, z)*expm1(x) + acosh(z)
x = 0.6; z = 2; y = j0(x)*y0(x) + i0(x)*i1(x) + ndtr(x)*ndtri(x) + log_ndtr(x) + xlogy(x, z) + xlog1py(x, z) + erf(x)*logit(x)
x = 0.6; z = 2; y = maximum(x, z)*minimum(x, z) + clip(x, 0, z) + where(x > 1, x^2, where(x > 0.5, x^3, x)) + x % z*x + floor(z)*x + atan2(x, z)
A = [[2, 1], [1, 3]]; b = [1, 2]; y = b @ solve(A, b) + det(A) + logdet(A) + sum(inv(A)^2) + trace(A @ A) + sum(matrix_power(A, 3)) + sum(A'*A)
X = [[1, 2], [3, 4]]; y = sum(sum(X, axis=0)^2) + sum(mean(X, axis=1, keepdims=true)*X) + var(X, ddof=1) + norm(X) + norm(X[0], 3) + max(X)
x = [1, 2, 3]; y = x[0]^2*x[1] + sum(x[1:]^2) + sum(x[::2]^3) + softmax(x)[1] + logsumexp(x) + cross_entropy(x, 2) + sum(x[:, None]*x)
A = [[1, 2], [3, 4]]; B = [[1, 2], [0, 1]]; y = sum(einsum("ij,jk->ik", A, B)^2) + sum(stack(A, B)^2) + sum(A[:, 1]*B[1])
alpha = 1; β = 2; x_1 = 3; w_hidden = 2; é = 3; ж = 2; x̂ = 1; x₂ = 2; n² = 3; Γ_1_a = 2; y = (alpha*β*x_1*w_hidden*é*ж*x̂*x₂*n²*Γ_1_a)^2
loss_1 = 2; t1 = 3; z = exp(loss_1*t1)*sin(exp(loss_1*t1)) + 1e-7*t1 + 2.5e30*loss_1 + loss_1*inf
END
}

@test "latex: a paper's notation" {
  latex '\frac{\partial y}{\partial x} = \frac{1}{2 \cdot \sqrt{x}}' 'x = 2; r = sqrt(x); y = sqrt(x) + 0*r'
  latex '\frac{\partial y}{\partial x} = 2 \cdot \left\lvert x\right\rvert \cdot \operatorname{sgn}\left(x\right)' 'x = 2; y = abs(x)^2'
  latex '\frac{\partial y}{\partial x} = \arcsin\left(x\right) + \frac{x}{\sqrt{1 - x^{2}}}' 'x = 0.5; y = x*asin(x)'
  latex '\frac{\partial y}{\partial x} = \begin{cases} 2 \cdot x & \text{if } x > 1 \\ 3 & \text{otherwise} \end{cases}' 'x = 2; y = where(x > 1, x^2, 3*x)'
  latex '\frac{\partial y}{\partial x} = \frac{x}{y}' 'x = [3, 4]; y = norm(x)'
  latex '\frac{\partial y}{\partial x} = \begin{cases} 0 & \text{if } y = 0 \\ \frac{x}{y} & \text{otherwise} \end{cases}' 'x = [0, 0]; y = norm(x)'
  latex $'\\frac{\\partial f}{\\partial A} = x \\, x^{\\top}\n\\frac{\\partial f}{\\partial x} = x \\, A + A \\, x' 'A = [[1, 2], [3, 4]]; x = [1, 2]; f = x @ A @ x'
  latex '\frac{\partial y}{\partial x} = \left[x_{1}, x_{0}\right]' 'x = [1, 2]; y = x[0]*x[1]'
  latex '\frac{\partial y}{\partial X} = \begin{bmatrix} X_{1, 1} & -X_{1, 0} \\ -X_{0, 1} & X_{0, 0} \end{bmatrix}' 'X = [[1, 2], [3, 4]]; y = X[0, 0]*X[1, 1] - X[0, 1]*X[1, 0]'
  latex '\frac{\partial y}{\partial b} = 2 \cdot \sum_{\mathrm{axis}\,0}\left(X + b\right)' 'const X = [[1, 2], [3, 4]]; b = [1, 2]; y = sum((X + b)^2)'
}

# Of w*F^2 the derivative in w, which shows how F is written, and whether it needs brackets where it is raised.
@test "latex: each function that has a notation of its own" {
  local line count=0
  while IFS= read -r line; do
    run -0 gc -q --formula -f latex -w w -e "x = 0.6; z = 0.25; w = 1.3; y = w*(${line%% -> *})^2"
    assert_output "\frac{\partial y}{\partial w} = ${line#* -> }"
    count=$((count + 1))
  done <<'END'
x % z -> \left(x \bmod z\right)^{2}
x^z -> \left(x^{z}\right)^{2}
pow(x, z) -> \left(x^{z}\right)^{2}
x == z -> \left(x = z\right)^{2}
x != z -> \left(x \ne z\right)^{2}
x < z -> \left(x < z\right)^{2}
x <= z -> \left(x \le z\right)^{2}
x > z -> \left(x > z\right)^{2}
x >= z -> \left(x \ge z\right)^{2}
!(x > z) -> \left(\neg \left(x > z\right)\right)^{2}
x > 0.5 && z < 0.5 -> \left(x > 0.5 \wedge z < 0.5\right)^{2}
x > 0.7 || z < 0.5 -> \left(x > 0.7 \vee z < 0.5\right)^{2}
abs(x) -> \left\lvert x\right\rvert^{2}
sign(x) -> \operatorname{sgn}\left(x\right)^{2}
sqrt(x) -> \sqrt{x}^{2}
cbrt(x) -> \sqrt[3]{x}^{2}
exp(x) -> \exp\left(x\right)^{2}
exp2(x) -> \left(2^{x}\right)^{2}
expm1(x) -> \left(\exp\left(x\right) - 1\right)^{2}
log(x) -> \log\left(x\right)^{2}
log2(x) -> \log_{2}\left(x\right)^{2}
log10(x) -> \log_{10}\left(x\right)^{2}
log1p(x) -> \log\left(1 + x\right)^{2}
sin(x) -> \sin\left(x\right)^{2}
cos(x) -> \cos\left(x\right)^{2}
tan(x) -> \tan\left(x\right)^{2}
asin(x) -> \arcsin\left(x\right)^{2}
acos(x) -> \arccos\left(x\right)^{2}
atan(x) -> \arctan\left(x\right)^{2}
sinh(x) -> \sinh\left(x\right)^{2}
cosh(x) -> \cosh\left(x\right)^{2}
tanh(x) -> \tanh\left(x\right)^{2}
asinh(x) -> \operatorname{arsinh}\left(x\right)^{2}
acosh(1 + x) -> \operatorname{arcosh}\left(x + 1\right)^{2}
atanh(x) -> \operatorname{artanh}\left(x\right)^{2}
hypot(x, z) -> \sqrt{x^{2} + z^{2}}^{2}
floor(x) -> \left\lfloor x\right\rfloor^{2}
ceil(x) -> \left\lceil x\right\rceil^{2}
maximum(x, z) -> \max\left(x, z\right)^{2}
minimum(x, z) -> \min\left(x, z\right)^{2}
where(x > 0.5, x, z) -> \left(\begin{cases} x & \text{if } x > 0.5 \\ z & \text{otherwise} \end{cases}\right)^{2}
gamma(x) -> \Gamma\left(x\right)^{2}
lgamma(x) -> \left(\log\left\lvert\Gamma\left(x\right)\right\rvert\right)^{2}
digamma(x) -> \psi\left(x\right)^{2}
polygamma(2, x) -> \psi^{\left(2\right)}\left(x\right)^{2}
beta(x, z) -> \mathrm{B}\left(x, z\right)^{2}
lbeta(x, z) -> \left(\log\mathrm{B}\left(x, z\right)\right)^{2}
j0(x) -> J_{0}\left(x\right)^{2}
j1(x) -> J_{1}\left(x\right)^{2}
y0(x) -> Y_{0}\left(x\right)^{2}
y1(x) -> Y_{1}\left(x\right)^{2}
i0(x) -> I_{0}\left(x\right)^{2}
i1(x) -> I_{1}\left(x\right)^{2}
xlogy(x, z) -> \left(x \cdot \log\left(z\right)\right)^{2}
xlog1py(x + 1, z) -> \left(\left(x + 1\right) \cdot \log\left(1 + z\right)\right)^{2}
ndtr(x) -> \Phi\left(x\right)^{2}
ndtri(x) -> \Phi^{-1}\left(x\right)^{2}
log_ndtr(x) -> \left(\log\Phi\left(x\right)\right)^{2}
END
  (( count == 58 )) || fail "only $count"
}

@test "latex: functions of arrays" {
  local program='x = [1, 2]; A = [[2, 1], [1, 3]]; B = [[1, 2], [0, 1]]; w = 1.3; y = w*' call expected
  while IFS='|' read -r call expected; do
    run -0 gc -q --formula -f latex -w w -e "$program$call"
    assert_output "\\frac{\\partial y}{\\partial w} = $expected"
  done <<'END'
det(A)^2|\det\left(A\right)^{2}
logdet(A)^2|\left(\log\det\left(A\right)\right)^{2}
trace(A)^2|\operatorname{tr}\left(A\right)^{2}
sum(A')|\sum\left(A^{\top}\right)
sum(inv(A))|\sum\left(A^{-1}\right)
sum(solve(A, x))|\sum\left(A^{-1} \, x\right)
sum(matrix_power(A, 3))|\sum\left(A^{3}\right)
sum(A @ B)|\sum\left(A \, B\right)
sum(outer(x, x))|\sum\left(x \, x^{\top}\right)
prod(x)|\prod\left(x\right)
max(x)^2|\max\left(x\right)^{2}
min(x)^2|\min\left(x\right)^{2}
norm(x)^2|\left\lVert x\right\rVert^{2}
END
}

@test "latex: names" {
  latex '\frac{\partial \mathrm{loss}}{\partial \alpha} = 2 \cdot \alpha' 'alpha = 2; loss = alpha^2'
  latex '\frac{\partial \sigma}{\partial \alpha} = 2 \cdot \alpha' 'α = 2; σ = α^2'
  latex '\frac{\partial y}{\partial x_{1}} = 2 \cdot x_{1}' 'x_1 = 2; y = x_1^2'
  latex '\frac{\partial y}{\partial w_{\mathrm{in},2}} = 2 \cdot w_{\mathrm{in},2}' 'w_in_2 = 2; y = w_in_2^2'
  latex '\frac{\partial y}{\partial \hat{x}} = 2 \cdot \hat{x}' 'x̂ = 2; y = x̂^2'
  latex '\frac{\partial y}{\partial \acute{e}} = 2 \cdot \acute{e}' 'é = 2; y = é^2'
  latex '\frac{\partial y}{\partial x_{2}} = 2 \cdot x_{2}' 'x₂ = 2; y = x₂^2'
  # Names that would be alike stay apart: the first is a paper's, the second as it was typed.
  latex '\frac{\partial y}{\partial x_{1}} = \mathtt{x\_1}
\frac{\partial y}{\partial \mathtt{x\_1}} = x_{1}' 'x1 = 1; x_1 = 2; y = x1*x_1'
  latex '\frac{\partial y}{\partial \mathtt{alpha}} = \alpha
\frac{\partial y}{\partial \alpha} = \mathtt{alpha}' 'alpha = 1; α = 2; y = alpha*α'
  latex '\frac{\partial y}{\partial x_{1}} = \mathtt{x1} \cdot x_{1,1}
\frac{\partial y}{\partial \mathtt{x1}} = x_{1} \cdot x_{1,1}
\frac{\partial y}{\partial x_{1,1}} = x_{1} \cdot \mathtt{x1}' 'x₁ = 1; x1 = 2; x_1_1 = 3; y = x₁*x1*x_1_1'
  # And so do names of parts.
  run -0 gc -q --formula -f latex -e 't_1 = 3; x = 1; y = exp(sin(x*t_1))*sin(x*t_1)'
  assert_line --index 0 'q_{1} = \exp\left(\sin\left(x \cdot t_{1}\right)\right)'
  # Nothing but ASCII.
  run lines
  assert_success
  ! grep -nP '[^ -~]' <<<"$output" || fail 'not ASCII'
}

@test "latex: pdflatex compiles it" {
  type pdflatex >/dev/null 2>&1 || skip 'pdflatex is missing (texlive-latex-base)'
  local line
  {
    printf '%s\n' '\documentclass{article}' '\usepackage{amsmath}' '\begin{document}'
    lines | while IFS= read -r line; do printf '\\[ %s \\]\n' "$line"; done
    printf '%s\n' '\end{document}'
  } >"$BATS_TEST_TMPDIR/all.tex"
  (( $(grep -c '\\\[' "$BATS_TEST_TMPDIR/all.tex") >= 100 ))
  cd "$BATS_TEST_TMPDIR"
  run timeout 60 pdflatex -interaction=nonstopmode -halt-on-error all.tex
  [[ $status -eq 0 ]] || fail "$(grep -A8 '^!' <<<"$output")"
}

@test "latex: KaTeX renders it" {
  type node npm >/dev/null 2>&1 || skip 'node or npm is missing'
  cd "$BATS_TEST_TMPDIR"
  timeout 60 npm install --silent --no-audit --no-fund katex >/dev/null 2>&1 || skip 'the package katex cannot be had'
  lines >lines
  run timeout 60 node -e '
    const katex = require("katex")
    for (const line of require("fs").readFileSync("lines", "utf8").split("\n"))
      if (line) katex.renderToString(line, { strict: "error", throwOnError: true })'
  assert_success
  assert_output ''
}

reads_latex () {
  python3 -c 'from sympy.parsing.latex import parse_latex; parse_latex("x")' 2>/dev/null
}

@test "latex: SymPy reads back what it knows" {
  type python3 >/dev/null 2>&1 || skip 'python3 is missing'
  export PYTHONPATH=$BATS_TEST_TMPDIR/python
  # What distributions pack do not fit together: SymPy asks for one version of its parser's runtime.
  reads_latex || timeout 120 python3 -m pip install --quiet --target "$PYTHONPATH" 'sympy==1.13.*' 'antlr4-python3-runtime==4.11.*' \
    >/dev/null 2>&1 && reads_latex || skip 'sympy with antlr4-python3-runtime 4.11 cannot be had'
  local program expected
  while IFS='|' read -r program expected; do
    run -0 gc -q --formula -f latex -w x -e "x = 0.7; w = 1.3; x_1 = 0.4; alpha = 1.7; $program"
    printf '%s\t%s\n' "$output" "$expected" >>"$BATS_TEST_TMPDIR/formulas"
  done <<'END'
y = w*x^3 + x_1*x|2.311 0.7258999999999999
y = sqrt(x)*asin(x)|1.634947008035732 0.6487440900888083
y = exp(alpha*x)/(1 + x^2)|1.677520385552485 2.206094770055784
y = tanh(x)*cos(x) - w*log(x_1*x)|-1.761011652400018 2.117101351131309
END
  # In one process, as SymPy takes longer to load than to read all of them.
  run python3 - "$BATS_TEST_TMPDIR/formulas" <<'END'
import sys
from sympy.parsing.latex import parse_latex
lines = open(sys.argv[1]).read().splitlines()
assert len(lines) == 4, lines
for line in lines:
    text, expected = line.split('\t')
    derivative, value = map(float, expected.split())
    formula = parse_latex(text.split(' = ', 1)[1])
    values = {'x': 0.7, 'w': 1.3, 'x_{1}': 0.4, 'alpha': 1.7, 'y': value}
    given = formula.subs({symbol: values[str(symbol)] for symbol in formula.free_symbols}).evalf()
    assert abs(given - derivative) < 1e-9, (str(formula), given, derivative)
END
  assert_success
}
