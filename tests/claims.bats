#!/usr/bin/env bats
# claims.bats -- derivatives that somebody states: right, wrong, and why. What is right is a closed form, here by hand.

load helper

setup () {
  [[ $GRADCALC == /* ]] || GRADCALC=$PWD/$GRADCALC
  cd "$BATS_TEST_TMPDIR" || return
  # loss = (w x + b - y)^2: dloss/dw = 2 (pred - y) x = 12, dloss/db = 2 (pred - y) = 4.
  printf 'x = 3; w = 2; b = 1; y = 5\npred = w*x + b\nloss = (pred - y)^2\n' >loss.expr
  # loss = |X w - y|^2 / 2: dloss/dw = X' (X w - y) = [-32.5, -42].
  printf 'X = [[1,2],[3,4],[5,6]]; w = [0.5,-1]; y = [1,0,1]\nr = X @ w - y\nloss = sum(r^2)/2\n' >lin.expr
}

@test "claims: formulas and numbers, right and wrong, and the status" {
  run --separate-stderr gc -c 'dloss/dw = 2*(pred - y)*x' loss.expr
  assert_success
  assert_output $'dloss/dw  ok\n1 answer: 1 ok; 20 points, seed 1'
  assert_equal "$stderr" ''
  run gc -c 'dloss/dw = 12' -c 'dloss/db = 5' loss.expr
  assert_failure 1
  assert_line 'dloss/dw  ok'
  assert_line 'dloss/db  WRONG'
  assert_line "  at the program's values: yours 5, correct 4"
  assert_line '2 answers: 1 ok, 1 wrong'
  run gc -q -c 'dloss/db = 5' loss.expr
  assert_failure 1
  assert_output ''
}

@test "claims: of intermediate results, of values, in other algebraic forms" {
  run gc -c 'dloss/dpred = 2*w*x + 2*b - 2*y' -c 'dpred/dw = x' -c 'loss = 4' -c 'loss = (w*x + b)^2 - 2*(w*x+b)*y + y*y' \
    -c 'dloss/dw = (pred^2 - 2*pred*y + y^2) * 2*x/(pred - y)' loss.expr
  assert_success
  run gc -c 'loss = 5' loss.expr
  assert_failure 1
  run gc -c "dloss/dw = X' @ (X @ w) - y @ X" -c 'dloss/dr = r' -c 'dloss/dy = -r' -c 'dloss/dX = outer(r, w)' lin.expr
  assert_success
}

@test "claims: statements of the program, where claim is a name elsewhere" {
  run gc -e 'x = 3; claim dy/dx = 2*x; y = x^2'
  assert_success
  assert_output $'dy/dx  ok\n1 answer: 1 ok; 20 points, seed 1'
  run gc -e 'claim = 3; d = 2; y = claim * d + (claim) - d; claim dy/dclaim = d + 1; claim dy/dd = claim - 1'
  assert_success
  run gc --value -e 'claim = 3; y = claim'
  assert_output 'y = 3'
  run gc -e $'x = 3\ny = x^2\nclaim dy/dx = 2*z'
  assert_failure 2
  assert_line --partial "<-e>:3:17: error: 'z' is not defined"
}

@test "claims: numbers count to the digits typed" {
  run gc -e 'x = 3; y = log(x)' -c 'dy/dx = 0.333'
  assert_success
  assert_line 'dy/dx  ok  to the 3 digits given'
  run gc -e 'x = 3; y = log(x)' -c 'dy/dx = 0.334'
  assert_failure 1
  run gc -e 'x = 3; y = log(x)' -c 'dy/dx = 3.3e-1'
  assert_line 'dy/dx  ok  to the 2 digits given'
  run gc -e 'x = 3; y = x^2.001/2.001' -c 'dy/dx = 3'
  assert_failure 1
  run gc -e 'x = [3, -7]; y = sum(log(abs(x)))' -c 'dy/dx = [0.33, -0.143]'
  assert_success
  assert_line 'dy/dx  ok  to the 2 digits given'
}

@test "claims: a slip in the text or in a name is an error with its place" {
  run gc -c 'dloss/dv = 3' loss.expr
  assert_failure 2
  assert_line --partial "<-c>:1:8: error: 'v' is not a variable of the program"
  run gc -c 'dlos/dw = 3' loss.expr
  assert_failure 2
  assert_line --partial "did you mean 'loss'?"
  run gc -c 'dloss/dw' loss.expr
  assert_failure 2
  run gc -c 'dloss/dw = 2 3' loss.expr
  assert_failure 2
  assert_line "<-c>:1:14: error: expected an operator before '3'"
  run gc -J -c 'dloss/dw = 12' loss.expr
  assert_failure 2
  assert_output 'gradcalc: -J and -c cannot go together'
}

# What is said of each answer of claims.tsv, a line each, in $BATS_FILE_TMPDIR/said.
say_table () {
  local folder=$BATS_FILE_TMPDIR/table
  [[ -e $BATS_FILE_TMPDIR/said ]] && return
  judge_table "$folder" < <(grep -v '^#' "$srcdir/tests/claims.tsv")
  awk -v folder="$folder" '{ file = folder "/" $1 ".said"; if ((getline line <file) <= 0) line = ""; sub(/,"[a-z]+,[a-z]+",/, ",two,", line); print line }' \
    "$folder/order" >"$BATS_FILE_TMPDIR/said"
}

@test "claims: the table of right, wrong and senseless answers" {
  local cause claim program line verdict found rest failed=0 count=0
  say_table
  while IFS=$'\t' read -r cause claim program; do
    count=$((count + 1))
    read -r line <&3
    IFS=, read -r _ _ verdict found rest <<<"$line"
    case $cause in
      ok) [[ $verdict == ok ]] ;;
      none) [[ $verdict == wrong && $line == *, && ${found:-none} != ratio ]] ;;
      *) [[ $verdict == wrong && "|$cause|" == *"|$found|"* ]] ;;
    esac || { echo "$program: $claim: $cause was expected: $line"; failed=1; }
  done < <(grep -v '^#' "$srcdir/tests/claims.tsv") 3<"$BATS_FILE_TMPDIR/said"
  ((failed == 0 && count >= 140))
}

@test "claims: the manual lists each cause" {
  local cause
  { cat "$srcdir"/src/{check,diagnose}/*.c | tr '\n' ' ' |
      grep -oE 'claim_decide \([^,;]*,[^,;]*,[^,;]*|cause = [^;]*' | grep -oE '"[a-z]+"'
    grep -hoE '^(SLIP|SECOND|EDIT) \([A-Z_]+, "[a-z]+"' "$srcdir/src/diagnose/slips.def" | grep -oE '"[a-z]+"'
  } | sort -u | tr -d '"' >"$BATS_TEST_TMPDIR/causes"
  sed -n '/^is one word/,/unbound/p' "$builddir/man/gradcalc.5" | grep -oE '[a-z]+' >"$BATS_TEST_TMPDIR/listed"
  cd "$BATS_TEST_TMPDIR"
  [[ $(wc -l <causes) -ge 40 ]]
  while read -r cause; do
    grep -qx "$cause" listed || { echo "$cause is not listed"; return 1; }
  done <causes
}

@test "claims: each slip explains an answer of the table, in each of its words" {
  local count words found failed=0
  say_table
  # Slips with the same words need an answer each.
  while read -r count words; do
    found=$(grep -cE "you get this if (in the second derivative )?${words//\$[a-z]/.*}(, or likewise at [0-9:, ]*)?(;|\"|$)" "$BATS_FILE_TMPDIR/said") || true
    ((found >= count)) || { echo "of $count with these words, $found explain an answer: $words"; failed=1; }
  done < <(sed -nE 's/^(SLIP|SAYS|SECOND|EDIT) \(.*"(.*)"\).*/\2/p' "$srcdir/src/diagnose/slips.def" | sort | uniq -c)
  ((failed == 0))
}

@test "claims: the hint names the rule, the place and what is right" {
  printf 'x = 0.7; w = 1.3; b = -0.4; y = 0.2\nz = w*x + b\na = sigmoid(z)\nloss = (a - y)^2\n' >net.expr
  run gc -c 'dloss/dw = 2*(a - y)*x' net.expr
  assert_failure 1
  assert_line 'dloss/dw  WRONG'
  assert_line 'net.expr:3:5: hint: you get this if the derivative of sigmoid is left out here; the rule is d(sigmoid(u)) = sigmoid(u)*(1 - sigmoid(u))*du'
  assert_line '      |     ^~~~~~~~~~'
  # 2 (a - y) x = 2 (sigmoid(0.51) - 0.2) 0.7, and times a (1 - a): a = 0.6248064744684293.
  assert_line "  at the program's values: yours 0.594729, correct 0.139418"
  run gc -c 'dloss/dw = (a - y)*a*(1 - a)*x' net.expr
  assert_line 'dloss/dw  WRONG  half of the correct value at all 20 points'
  assert_line 'net.expr:4:8: hint: you get this if the factor 2 is left out here; the rule is d(u^2) = 2*u*du'
  # The length that is named is that of what the derivative is taken by.
  run gc -e 'w = [3, 1, 2]; x = [1.1, 0.8, 1.3]; m = mean(x^3*w)' -c 'dm/dw = x^3'
  assert_line --index 0 'dm/dw  WRONG  3 times the correct value at all 20 points; 3 = len(w)'
  # A function of which the steps are no text of the program is told as a whole.
  run gc -e 'z = [0.3, -0.2, 1.1]; y = [1, 0, 1]; L = bce_with_logits(z, y); s = sigmoid(z)' \
    -c 'dL/dz = (y*(1 - s) + (1 - y)*s)/3'
  assert_line --index 1 --partial 'you get this if the derivative of bce_with_logits is taken wrong here'
  # What is no sigmoid has another slope than h*(1 - h).
  run gc -e 'x = 0.4; h = cos(x)^2; L = x/8 - sin(4*x)/32 + 3*h' -c 'dL/dx = h - 6*cos(x)*sin(x)'
  assert_line --index 0 'dL/dx  WRONG'
  refute_output --partial 'hint'
  # An exponent that changes from turn to turn is none of its rule.
  run gc -e 'c = 5; y = 0.04; B = 0; for k in 1:4 { B = B + c/(1 + y)^k }' -c 'dB/dy = -c/(1 + y)^2 - c/(1 + y)^3 - c/(1 + y)^4'
  assert_line --partial 'hint: you get this if the factor k is left out here; the rule is d(u^n) = n*u^(n-1)*du'
  run gc -e 'x = 2; c = 3; y = c*x^3 + x' -c 'dy/dx = 3*c*x^2'
  assert_line --partial 'hint: you get this if the term x contributes nothing'
  # 4 is the length of x, but the program says n.
  run gc -e 'x = [0.8, 1.4, 2.2, 0.5]; a = 1.7; b = 1.2; n = len(x); l = n*a*log(b) - b*sum(x)' -c 'dl/db = a/b - sum(x)'
  assert_line '<-c>:1:9: hint: you get this if the factor n is left out of the term a/b'
  run gc -c "dloss/dX = outer(w, r)" lin.expr
  assert_line 'dloss/dX  WRONG  shape: yours is 2x3, X is 3x2'
  assert_line '  hint: yours is the transpose of the correct gradient'
}

@test "claims: signs of terms and of the quotient rule, a root, a factor upside down" {
  run gc -e 'x = 1.1; f = x^3 + 2*x' -c 'df/dx = 3*x^2 - 2'
  assert_line '<-e>:1:20: hint: you get this if the sign of the term 2*x is wrong; the rule is d(u + v) = du + dv'
  # Nothing but this term depends on x: that the sign is reversed says it all.
  run gc -e 'a = 2; x = 3; b = 1; f = a*x + b' -c 'df/dx = -a'
  assert_line 'df/dx  WRONG  the sign is reversed at all 20 points'
  refute_output --partial hint
  run gc -e 'x = 0.3; w = 0.7; s = x; for i in 0:200 { s = 0.5*sin(s*w) + x }; f = s^2; claim df/dx = -grad(f, x)'
  refute_output --partial hint
  run gc -e 'x = 1.6; f = (x^2 - 1)/(x + 3)' -c 'df/dx = (2*x*(x+3) + (x^2-1))/(x+3)^2'
  assert_output --partial 'hint: you get this if the minus of the quotient rule is lost here;'
  run gc -e 'x = 0.2; f = asin(3*x)' -c 'df/dx = 3/(1 - 9*x^2)'
  assert_output --partial 'hint: you get this if the root is left out of the derivative of asin here;'
  # 1/(x ln 2) times ln(2)^2.
  run gc -e 'x = 1.3; f = log2(x)' -c 'df/dx = log(2)/x'
  assert_line 'df/dx  WRONG  ln(2)^2 times the correct value at all 20 points'
}

@test "claims: answers in the wide layout" {
  # y = a'x, dy/dx = a = [2, 3], and of u1 = 2x (a number in the name) the Jacobian 2 I.
  local program='x = [1, 4]; a = [2, 3]; u1 = 2*x; y = sum(a*x)'
  printf 'y,dy_dx.0,dy_dx.1\n14,2,3\n' >wide.csv
  run gc -C wide.csv -e "$program"
  assert_success
  assert_output $'y  ok\ndy/dx  ok\n2 answers: 2 ok'
  printf 'u1.0\tu1.1\tdu1_dx.0.0\tdu1_dx.0.1\tdu1_dx.1.0\tdu1_dx.1.1\r\n2\t8\t2\t0\t0\t2\r\n' >wide.tsv
  run gc -C wide.tsv -e "$program"
  assert_output $'u1  ok\ndu1/dx  ok\n2 answers: 2 ok'
  printf 'y,dy_dx.0,dy_dx.1\n14,2,-3\n' >wide.csv
  run gc -C wide.csv -e "$program"
  assert_failure 1
  assert_line 'dy/dx  WRONG  differs in 1 of 2 elements (x[1])'
  gc -q -t 'y,x+1,u1' -w x,a -f csv --layout=wide -e "$program" >own.csv
  run gc -q -C own.csv -e "$program"
  assert_success
  printf 'y,dy_dx.0,dy_dx.1\n14,2\n' >wide.csv
  run gc -C wide.csv -e "$program"
  assert_failure 2
  assert_output 'wide.csv:2: error: there are fewer numbers than the header has names'
  printf 'y,dy_dx.0,dy_dx.2\n14,2,3\n' >wide.csv
  run gc -C wide.csv -e "$program"
  assert_output 'wide.csv:2: error: elements of an array are missing, or there twice'
  printf 'y,dy_dx.0,dy_dx.1\n\n' >wide.csv
  run gc -C wide.csv -e "$program"
  assert_output 'wide.csv:2: error: there are fewer numbers than the header has names'
  printf 'y,dy_dx.0,dy_dx.1\n14,2,3,4\n' >wide.csv
  run gc -C wide.csv -e "$program"
  assert_output 'wide.csv:2: error: there are more numbers than the header has names'
  printf 'y,dy_dx.0,dy_dx.1\n14,2,3\n14,2,3\n' >wide.csv
  run gc -C wide.csv -e "$program"
  assert_output 'wide.csv:3: error: a table of answers has one line of numbers'
  gc --along x=[1,1] -f csv -e "$program" >along.csv
  run gc -C along.csv -e "$program"
  assert_failure 2
  assert_output 'along.csv:1: error: derivatives along a direction cannot be checked: the table does not tell it'
}

@test "claims: the outermost of several places that explain the same" {
  run gc -e 'x = 2; lam = 0.3; y = x^3 + lam*sin(x)^2' -c 'dy/dx = 3*x^2'
  assert_line --partial '<-e>:1:29: hint: you get this if the term lam*sin(x)^2 contributes nothing'
  # json has all of them: the term, and the square in it.
  run gc -f json -e 'x = 2; lam = 0.3; y = x^3 + lam*sin(x)^2' -c 'dy/dx = 3*x^2'
  assert_output --partial '"file":"<-e>","line":1,"column":29,"places":[{"file":"<-e>","line":1,"column":29},{"file":"<-e>","line":1,"column":33}],"hint":'
  # Where there is one place, there is no list.
  run gc -f json -c 'dloss/dw = (pred - y)*x' loss.expr
  refute_output --partial places
  run gc -f json --reveal=verdict -e 'x = 2; lam = 0.3; y = x^3 + lam*sin(x)^2' -c 'dy/dx = 3*x^2'
  refute_output --partial places
  # A step that is missing: r, and the sum that is in it.
  run gc -f json -e 'w = [1, 3]; r = 0.7 + dot(w, 2*w); f = r^2' -c 'df/dw = 2*r'
  assert_output --partial '"column":23,"places":[{"file":"<-e>","line":1,"column":23},{"file":"<-e>","line":1,"column":17}],"hint":'
}

@test "claims: places where the same slip explains as much are told" {
  # The minus before the distance, or the one in it.
  run gc -e 'a = [0.5, 1]; p = [0.7, 0.9]; n = [-0.4, 0.3]; T = sum((a - p)^2) - sum((a - n)^2)' -c 'dT/dn = -2*(a - n)'
  assert_line --partial '1:52: hint: you get this if the minus before sum((a - n)^2) is lost here, or likewise at 1:74; the rule is'
  run gc -e 'x = 1.2; c = 0.5; f = ((x^2 + c)^2 + 1)^2' -c 'df/dx = 4*((x^2 + c)^2 + 1)*(x^2 + c)*x'
  assert_line --partial 'the factor 2 is left out here, or likewise at 1:24, 1:25; the rule is'
  # A term that is nothing is so wherever it stands, and is told once.
  run gc -e 'x = 2; lam = 0.3; y = x^3 + lam*sin(x)^2' -c 'dy/dx = 3*x^2'
  refute_line --partial likewise
}

@test "claims: a sum over the wrong axis" {
  # The program with the other axis: m = [[7/3], [19/6]], 2 (1 - 7/3) = -8/3; what is right is 2 (1 - 2) = -2.
  run gc -e 'X = [[1,2,4],[3,0.5,6]]; m = mean(X, axis=0); f = sum((X - m)^2)' -c 'df/dX = 2*(X - mean(X, axis=1, keepdims=true))'
  assert_failure 1
  assert_line '<-e>:1:30: hint: you get this if mean is taken over axis 1 here instead of axis 0'
  assert_line "  at the program's values: X[0,0] yours -2.66667, correct -2"
  run gc -e 'A = [[1,2,4],[3,0.5,6]]; f = sum(mean(A^2, axis=0))' -c 'df/dA = 2*A/3' -c 'df/dA = 2*A/6'
  assert_line --partial '<-e>:1:34: hint: you get this if the derivative of mean is divided by the number of columns here; the rule is d(mean(u)) = sum(du)/n'
  assert_line --partial '<-e>:1:34: hint: you get this if the derivative of mean is divided by the number of all elements here'
  run gc -e 'Z = [[1,2,4],[3,0.5,6]]; W = [[0.3,1,2],[0.5,0.7,-1]]; S = softmax(Z); f = sum(S*W)' \
    -c 'df/dZ = S*(W - sum(S*W, axis=0))' -c 'df/dZ = S*(W - sum(S*W))'
  assert_line --partial '<-e>:1:60: hint: you get this if the derivative of softmax is taken along the other axis here'
  assert_line --partial '<-e>:1:60: hint: you get this if the sum in the derivative of softmax goes over all elements here'
  # An axis that is computed, in a function that is called twice.
  run gc -e $'k = 1\nX = [[1,2,4],[3,0.5,6]]\ndef s(A) { return sum(norm(A, axis=k)) }\nf = s(X) + s(2*X)' -c 'df/dX = 3*X/norm(X, axis=0)'
  assert_line --partial 'hint: you get this if norm is taken over axis 0 here instead of axis 1'
}

@test "claims: the branch that is not taken, or one that is always taken" {
  local program='x = 2; w = 3; y = x > 1 ? w*x^2 : 3*x*w'
  run gc -e "$program" -c 'dy/dx = 3*w' -c 'dy/dx = 2*w*x' -c 'dy/dx = x > 1 ? 3*w : 2*w*x'
  assert_failure 1
  assert_line '<-e>:1:19: hint: you get this if this condition is taken to hold nowhere'
  assert_line '<-e>:1:19: hint: you get this if this condition is taken to hold everywhere'
  assert_line '<-e>:1:19: hint: you get this if the other branch is taken here'
  run gc -e 'x = [-1, 2, 3]; y = sum(where(x > 0, x^2, 3*x))' -c 'dy/dx = 2*x' -c 'dy/dx = 3*ones(3)'
  assert_line --partial 'hint: you get this if the first side of where is taken everywhere here; the rule is d(where(c, u, v)) is du where c holds, else dv'
  assert_line --partial 'hint: you get this if the second side of where is taken everywhere here'
}

@test "claims: a program that asks for derivatives itself" {
  # y = sin(b x^2): y' = 2 b x cos(b x^2), y'' = 2 b cos(b x^2) - 4 b^2 x^2 sin(b x^2).
  local program='x = 1.3; b = 0.7; y = sin(b*x^2); g = grad(y, x); f = g^3 + b'
  run gc -e "$program" -c 'dg/dx = 2*b*cos(b*x^2) - 4*b^2*x^2*sin(b*x^2)' -c 'df/dg = 3*g^2' -c 'dy/dx = g'
  assert_success
  run gc -e "$program" -c 'df/dx = 3*g^2'
  assert_line '<-e>:1:35: hint: yours is df/dg; the step from g to x is missing'
  run gc -e "$program" -c 'df/dx = g^2*(2*b*cos(b*x^2) - 4*b^2*x^2*sin(b*x^2))'
  assert_line '<-e>:1:55: hint: you get this if the factor 3 is left out here; the rule is d(u^3) = 3*u^2*du'
  run gc -e "$program" -c 'd2y/dx2 = 2*b*cos(b*x^2) - 2*b^2*x*sin(b*x^2)'
  assert_line '<-e>:1:29: hint: you get this if in the second derivative the derivative of the square is left out here; the rule is d(u^2) = 2*u*du'
}

@test "claims: numbers of few digits get no rule, numbers of many do" {
  # d(x^3)/dx at 2 is 12: half of it is a fact, a rule would be a guess.
  run gc -e 'x = 2; y = x^3' -c 'dy/dx = 6'
  assert_line 'dy/dx  WRONG  half of the correct value at the program'"'"'s values'
  refute_output --partial hint
  # 3*1.7^2 is 8.67; without the factor 2.89, not reduced 14.739.
  run gc -e 'x = 1.7; y = x^3 + sin(x)' -c 'dy/dx = 14.610155505'
  assert_line --partial 'hint: you get this if the exponent is not reduced here'
  run gc -e 'x = 2; y = x^3' -c 'dy/dx = 7'
  refute_output --partial hint
  refute_output --partial times
  # 2/0.8 - 3.2 = -0.7, and 1.6/0.7 is near ln(10), to two digits.
  run gc -e 'b = 0.8; y = 2*log(b) - 3.2*b' -c 'dy/db = -1.6'
  refute_output --partial 'ln(10)'
  # -2^(-1.5)/2 = -0.17678: twice that is what an exponent gives that is not reduced, as x is 2.
  run gc -e 'x = 2; y = x^(-0.5)' -c 'dy/dx = -0.3536'
  assert_line 'dy/dx  WRONG  twice the correct value at the program'"'"'s values'
  refute_output --partial hint
  # 0.8*0.15*2^(-1.5)*(0.3*2^(-0.5) + 0.7*3^(-0.5))^(-1.8) = 0.1014: of what is reversed as a whole no term is to blame.
  run gc -e 'K = 2; L = 3; Y = (0.3*K^(-0.5) + 0.7*L^(-0.5))^(-0.8)' -c 'dY/dK = -0.1014'
  refute_output --partial 'term'
}

@test "claims: shapes" {
  run gc -e 'x = [1, 2]; y = sum(3*x)' -c 'dy/dx = 3'
  assert_failure 1
  assert_line 'dy/dx  WRONG  shape: yours is one number, x has 2 elements'
  assert_line '  hint: the values are right, only the shape is not'
  run gc -e 'x = [1, 2]; y = sum(3*x)' -c 'dy/dx = [[3, 3]]'
  assert_line '  hint: the values are right, only the shape is not'
  run gc -e 'x = [1, 2]; y = x^2' -c 'dy/dx = diag(2*x)' -c 'dy/dx = 2*x' -c 'dy/dx = [[2, 0], [0, 4]]'
  assert_success
  run gc -e 'X = [[1, 2], [3, 4]]; b = [1, 2]; y = sum((X + b)^2)' -c 'dy/db = 2*(X + b)'
  assert_line '  hint: summing yours over its rows gives the correct gradient'
}

@test "claims: what is right without an input says so only where it says something" {
  # f' = b + 2 b x: of u = b*x any multiple is 0 without b, and so is what is right.
  run gc -e 'b = 0.7; x = 1.3; u = b*x; f = u + u*x' -c 'df/dx = 5*u^3'
  assert_failure 1
  refute_output --partial 'is 0'
  run gc -e 'a = 0.8; b = 0.3; x = 0.5; f = a*(a*x + b) + b' -c 'df/da = 2*a*x'
  assert_line '  hint: yours is right if b is 0, and wrong in general'
}

@test "claims: which elements differ" {
  # dloss/dX = r w', r = [-2.5, -2.5, -4.5]
  run gc -c 'dloss/dX = [[-1.25, 2.5], [-1.25, 2.6], [-2.25, 4.5]]' -c 'dloss/dX = [[-1.25, 2.5], [1.25, -2.5], [-2.25, 4.5]]' lin.expr
  assert_line 'dloss/dX  WRONG  differs in 1 of 6 elements (X[1,1])'
  assert_line "  at the program's values: X[1,1] yours 2.6, correct 2.5"
  assert_line 'dloss/dX  WRONG  differs in row 1 of X alone'
}

@test "claims: carried forward" {
  printf 'x = 0.7; w = 1.3; b = -0.4; y = 0.2\nz = w*x + b\na = sigmoid(z)\nloss = (a - y)^2\n' >net.expr
  printf '%s\n' '# forgot the derivative of sigmoid' 'dloss/da = 2*(a - y)' 'dloss/dz = 2*(a - y)' 'dloss/dw = 2*(a - y)*x' \
    'dloss/db = 2*(a - y)' 'dloss/dy = 2*(a - y)' >hw.ans
  run gc -C hw.ans net.expr
  assert_failure 1
  assert_line 'dloss/da  ok'
  assert_line 'dloss/dz  WRONG'
  assert_line 'dloss/dw  carried forward  the step from your dloss/dz to dloss/dw is right'
  assert_line 'dloss/db  carried forward  the step from your dloss/dz to dloss/db is right'
  # y does not come before z: its answer is wrong for itself.
  assert_line 'dloss/dy  WRONG  the sign is reversed at all 20 points'
  assert_line '5 answers: 1 ok, 2 wrong, 2 carried forward; 20 points, seed 1'
  # 2 (a - y) = 0.849613, by hand, and times x, of the number as it was typed.
  run gc -c 'dloss/dz = 0.8496' -c 'dloss/dw = 0.59472' net.expr
  assert_line --partial 'dloss/dw  carried forward'
}

@test "claims: a part of a derivative is no adjoint that others follow from" {
  # dloss/du = w exp(u/50)/50, dloss/dw = v + w dv/dw: at w[2] 7 times something else.
  printf 'w = [0.5, 1.5, 2.5, 3.5]\nu = w^2\nv = exp(u/50)\nloss = sum(v*w)\n' >part.expr
  printf '%s\n' 'dloss/dv[0] = 7*w[0]' 'dloss/du[1] = 7*w[1]*v[1]/50' 'dloss/dw[2] = 7*v[2]' >part.ans
  run gc -C part.ans part.expr
  assert_failure 1
  assert_line 'dloss/du[1]  WRONG  7 times the correct value at all 20 points'
  assert_line '3 answers: 3 wrong; 20 points, seed 1'
}

@test "claims: at a kink every value between the slopes is right" {
  run gc -q -e 'x = 0; y = relu(x)' -c 'dy/dx = 0.5'
  assert_success
  run gc -e 'x = 0; y = relu(x)' -c 'dy/dx = 0.5'
  assert_line 'dy/dx  ok  at a kink; every value from 0 to 1 is right'
  run gc -e 'x = 0; y = relu(x)' -c 'dy/dx = 1.5'
  assert_failure 1
  run gc -e 'x = 0; y = abs(x)' -c 'dy/dx = -1' -c 'dy/dx = 1' -c 'dy/dx = 0.2'
  assert_success
  run gc -e 'a = 2; b = 2; y = maximum(a, b)' -c 'dy/da = 1' -c 'dy/db = 0' -c 'dy/da = 0.25'
  assert_success
  run gc -e 'x = [0, 1, -2]; y = sum(abs(x))' -c 'dy/dx = [0.3, 1, -1]'
  assert_success
  run gc -e 'x = [0, 1, -2]; y = sum(abs(x))' -c 'dy/dx = [0.3, 0.9, -1]'
  assert_failure 1
}

@test "claims: any order of what sort finds equal is right" {
  for order in '[10, 100, 1]' '[100, 10, 1]' '[55, 55, 1]' '[60, 50, 1]'; do
    run gc -q -e 'x = [2, 2, 1]; y = sort(x)@[1, 10, 100]' -c "dy/dx = $order"
    assert_success
  done
  for other in '[110, 0, 1]' '[10, 101, 1]' '[10, 100, 2]' '[1, 10, 100]'; do
    run gc -q -e 'x = [2, 2, 1]; y = sort(x)@[1, 10, 100]' -c "dy/dx = $other"
    assert_failure 1
  done
  run gc -q -e 'x = [2, 2, 1]; y = sort(x)' -c 'dy/dx = [[0, 0, 1], [0, 1, 0], [1, 0, 0]]'
  assert_success
  run gc -q -e 'x = [2, 2, 1]; y = sort(x)' -c 'dy/dx = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]'
  assert_failure 1
  run gc -q -e 'f(u) = sort(u)@[1, 10, 100]; x = [2, 2, 1]; y = 0; for k in range(2) { y += f(x) }' -c 'dy/dx = [200, 20, 2]'
  assert_success
  run gc -q -e 'x = [[2, 2, 1], [1, 0, 1]]; y = sum(sort(x)@[1, 10, 100])' -c 'dy/dx = [[100, 10, 1], [100, 1, 10]]'
  assert_success
}

@test "claims: points outside of the domain are drawn again, too few leave it undecided with the place" {
  run gc -e 'x = 0.001; y = log(x) + sqrt(1 - x)' -c 'dy/dx = 1/x - 0.5/sqrt(1 - x)'
  assert_success
  run gc -e 'x = -1; y = log(x - 5)' -c 'dy/dx = 1/(x - 5)'
  assert_failure 4
  assert_line "dy/dx  undecided  the derivative is not finite at the program's values"
  assert_line --partial "<-e>:1:13: note: 'log' is not finite here"
  run gc -q -e 'x = -1; y = log(x - 5)' -c 'dy/dx = 1/(x - 5)'
  assert_failure 4
  # Wrong wins over undecided.
  run gc -q -e 'x = 2; z = x^2; y = log(x - 5)' -c 'dy/dx = 1/(x - 5)' -c 'dz/dx = 5*x'
  assert_failure 1
}

@test "claims: sizes, positions, labels and const inputs stay as they have to" {
  run gc -e 'x = [1, 2, 3]; n = 2; y = x[n]^2 + sum(zeros(n) + x[0])' -c 'dy/dx = [n, 0, 2*x[n]]'
  assert_success
  run gc -e 'x = -2; n = 3; y = x^n' -c 'dy/dx = n*x^(n - 1)'
  assert_success
  # y' 1 = 1 for labels, so dloss/dz = softmax(z) - y.
  run gc -e 'z = [1, 2, 0.5]; y = [0, 1, 0]; loss = -sum(y*log(softmax(z)))' -c 'dloss/dz = softmax(z) - y'
  assert_success
  run gc -e 'x = 2; const k = 3; y = k*x' -c 'dy/dx = 3 + 0*x'
  assert_success
  run gc -e 'x = 2; k = 3; y = k*x' -c 'dy/dx = 3 + 0*x'
  assert_success
  assert_line 'dy/dx  ok  with k = 3 put in'
  run gc -e 'x = 2; k = 3; y = k*x' -c 'dy/dx = 3 + k - k'
  assert_failure 1
  assert_line --partial "right at the program's values, wrong at all 20 random points"
}

@test "claims: rand, print and files are the same at every point" {
  printf '1,2\n3,4\n' >m.csv
  run --separate-stderr gc -e 'x = 2; A = load("m.csv"); r = rand(2); y = sum(A @ r)*x^2; print x' -c 'dy/dx = 2*x*sum(A @ r)'
  assert_success
  assert_equal "$stderr" 2
}

@test "claims: what is not connected" {
  run gc -e 'x = 2; c = 3; y = x^2' -c 'dy/dc = none' -c 'dy/dc = 0'
  assert_success
  assert_line 'dy/dc  ok  y does not depend on c'
  run gc -e 'x = 2; c = 3; y = x^2' -c 'dy/dc = 1'
  assert_failure 1
  run gc -e 'x = 2; c = 3; y = x^2' -c 'dy/dx = none'
  assert_failure 1
}

@test "claims: -C reads gradcalc's own output in every format" {
  local format
  for format in text csv tsv json; do
    gc -f $format lin.expr >golden
    run gc -C golden lin.expr
    assert_success
    gc -q -J -f $format -e 'x = [1, 2]; W = [[1, 2], [3, 4]]; y = W @ x' >golden
    run gc -C golden -e 'x = [1, 2]; W = [[1, 2], [3, 4]]; y = W @ x'
    assert_success
    run gc -C golden -e 'x = [1, 2]; W = [[1, 2], [3, 4.5]]; y = W @ x'
    assert_failure 1
    gc -q -f $format -t 'a + sum(b),c' -e 'a = 2; b = [1, 3]; c = sqrt(a - 2); d = 1' >golden
    run gc -C golden -e 'a = 2; b = [1, 3]; c = sqrt(a - 2); d = 1'
    assert_success
  done
  gc -f text -p 3 -e 'x = 3; y = log(x)' >golden
  run gc -C golden -e 'x = 3; y = log(x)'
  assert_line 'dy/dx  ok  to the 3 digits given'
  run gc -C - loss.expr <<<'dloss/dw = 12 # by hand'
  assert_success
}

@test "claims: where everything cancels, what is left is rounding, and 0 is right" {
  run gc -c 'dy/dx = zeros(3)' -e 'x = [0.3, 0.2, 0.5]; y = sum(softmax(x))'
  assert_output $'dy/dx  ok\n1 answer: 1 ok'
  run gc -c 'dy/dx = 0*x' -e 'x = 0.3; y = (1000*x + 1)^2 - 1000000*x^2 - 2000*x'
  assert_output $'dy/dx  ok\n1 answer: 1 ok; 20 points, seed 1'
  run gc -c 'dy/dx = sin(x)^2 + cos(x)^2 - 1' -e 'x = 0.3; k = 1; y = k + x - x'
  assert_output --partial $'dy/dx  ok\n'
  # 1 - h^2 where h is nearly 1, and a sum that is 0.
  run gc -c "dy/dx = W' @ (V*(o - 1)*(1 - h^2))" -e 'x = [3, 4]; W = [[1, 2], [3, 4]]; V = [1, -1]; h = tanh(W @ x); o = V @ h; y = 0.5*(o - 1)^2'
  assert_success
  run gc -c 'dy/dx = zeros(2, 3)' -e 'x = [[1, 2, 4], [3, 1, 2]]; y = sum((x - mean(x, axis=0))/std(x, axis=0))'
  assert_success
  # Small beside the value, and no rounding.
  run gc -c 'dy/dx = 0*x' -e 'x = 3; y = 1e12 + x'
  assert_failure 1
  run gc -c 'dy/dx = 0' -e 'x = 3; y = 1 + 1e-14*x^2'
  assert_failure 1
  run gc -c 'dy/dx = [0, 1e-9, 0]' -e 'x = [0.3, 0.2, 0.5]; y = sum(softmax(x))'
  assert_failure 1
}

@test "claims: names of the answers' own" {
  run gc -C - loss.expr <<<$'r = x*w + b - y\ntwice = fn(u) 2*u\ndloss/dw = x*twice(r)\ndloss/db = twice(r)'
  assert_success
  assert_output $'dloss/dw  ok\ndloss/db  ok\n2 answers: 2 ok; 20 points, seed 1'
  run gc -c 'r = pred - y' -c 'dloss/dw = x*r' loss.expr
  assert_failure 1
  assert_line --partial 'dloss/dw  WRONG  half of the correct value'
  # What stands for numbers is numbers: right at the program's values alone.
  run gc -C - loss.expr <<<$'r = 2\ns = 3*r\ndloss/dw = 2*s'
  assert_output $'dloss/dw  ok\n1 answer: 1 ok'
  # A name of the program is a value that is claimed; one that nothing uses, a slip.
  run gc -C - loss.expr <<<$'pred = 6\ndloss/dw = 2*x*(pred - y)'
  assert_failure 1
  assert_line --partial 'pred  WRONG'
  run gc -C - loss.expr <<<$'dloss/dw = 12\nlos = 4'
  assert_failure 1
  assert_line "los  unreadable  'los' is not a variable of the program; did you mean 'loss'?"
  run gc -C - loss.expr <<<$'dloss/dw = 2*x*r\nr = pred - y'
  assert_failure 1
  assert_line "dloss/dw  unreadable  'r' is not defined"
}

@test "claims: answers that cannot be read" {
  run gc -C nowhere.ans loss.expr
  assert_failure 2
  assert_output --partial "cannot open 'nowhere.ans'"
  printf 'dloss/dw = 12\ndloss/dv = 3\ndloss/db = = 4\n' >bad.ans
  run gc -C bad.ans loss.expr
  assert_failure 1
  assert_line 'dloss/dw  ok'
  assert_line "dloss/dv  unreadable  'v' is not a variable of the program"
  assert_line 'dloss/db  unreadable  nothing is stated'
  # Left sides that are expressions fail by themselves, too.
  printf '%s\n' 'loss[0] = 3' 'dloss/dw = 12' 'd(log(x[7]))/dw = 3' 'd2(loss[0])/dwdw = 3' 'loss(2) = 3' 'inv(w) = 4' \
    'log(loss - 100) = 3' 'dloss/db = 4' '2*w = 4' >left.ans
  run gc -C left.ans loss.expr
  assert_failure 1
  assert_line 'loss[0]  unreadable  a number has no elements'
  assert_line 'dloss/dw  ok'
  assert_line 'd(log(x[7]))/dw  unreadable  a number has no elements'
  assert_line 'd2(loss[0])/dwdw  unreadable  a number has no elements'
  assert_line "loss(2)  unreadable  'loss' is a number, not a function; a product needs *"
  assert_line "inv(w)  unreadable  'inv' takes a matrix, not an array of rank 0"
  assert_line 'log(loss-100)  undecided  the derivative is not finite at the program'"'s values"
  assert_line 'dloss/db  ok'
  assert_line '2*w  ok'
  run gc -c 'loss[0] = 3' loss.expr
  assert_failure 2
  assert_output --partial 'error: a number has no elements'
  printf '{"grad":{"loss":{"w":[[[[[[[[[1]]]]]]]]]}}}' >deep.json
  run gc -C deep.json loss.expr
  assert_failure 2
  printf '{"grad":' >cut.json
  run gc -C cut.json loss.expr
  assert_failure 2
  printf '{}' >empty.json
  run gc -C empty.json loss.expr
  assert_failure 2
  printf 'target,wrt,index,at,grad\nloss,w,0,1,2\nloss,w,2,1,2\n' >hole.csv
  run gc -C hole.csv lin.expr
  assert_failure 2
  printf 'target,wrt,index,at,grad\nloss,w,x,1,2\n' >index.csv
  run gc -C index.csv lin.expr
  assert_failure 2
  assert_output --partial 'index.csv:2: error:'
  run gc -C - - <<<'x = 1'
  assert_failure 2
}

@test "claims: json, csv and markdown" {
  run gc -f json -c 'dloss/dw = (pred - y)*x' -c 'dloss/db = 4' loss.expr
  assert_failure 1
  assert_output '{"checks":[{"target":"loss","wrt":"w","verdict":"wrong","cause":"factor","message":"half of the correct value at all 20 points","given":6,"correct":12,"points":20,"file":"loss.expr","line":3,"column":8,"hint":"you get this if the factor 2 is left out here; the rule is d(u^2) = 2*u*du"},{"target":"loss","wrt":"b","verdict":"ok","given":4,"correct":4,"points":0}],"ok":1,"wrong":1,"carried":0,"undecided":0,"unreadable":0}'
  run gc -f csv -c 'dloss/dw = (pred - y)*x' -c 'dloss/db = 4' loss.expr
  assert_output $'target,wrt,verdict,cause,index,given,correct,points,file,line,column,message,hint\nloss,w,wrong,factor,,6,12,20,loss.expr,3,8,half of the correct value at all 20 points,you get this if the factor 2 is left out here; the rule is d(u^2) = 2*u*du\nloss,b,ok,,,4,4,0,,,,,'
  run gc -f markdown -c 'dloss/db = 4' loss.expr
  assert_output $'| answer | verdict | why |\n| --- | --- | --- |\n| `dloss/db` | ok |  |\n\n1 answer: 1 ok'
  run gc -f tap loss.expr
  assert_failure 2
}

@test "claims: several files of answers are named wherever there is a verdict" {
  printf 'dloss/dw = 12\n' >'a.ans'
  printf 'dloss/db = 3\n' >'b,c.ans'
  run gc --reveal=none -c 'loss = 4' -C a.ans -C b,c.ans loss.expr
  assert_output $'loss  ok\n\na.ans:\ndloss/dw  ok\n\nb,c.ans:\ndloss/db  WRONG\n\n3 answers: 2 ok, 1 wrong'
  run gc -f csv --reveal=none -c 'loss = 4' -C a.ans -C b,c.ans loss.expr
  assert_output $'target,wrt,verdict,cause,index,given,correct,points,file,line,column,answers,read,message,hint\nloss,,ok,,,,,0,,,,,,,\nloss,w,ok,,,,,0,,,,a.ans,,,\nloss,b,wrong,,,,,0,,,,"b,c.ans",,,'
  run gc -f json --reveal=none -C a.ans -C - loss.expr <b,c.ans
  assert_output '{"checks":[{"target":"loss","wrt":"w","answers":"a.ans","verdict":"ok"},{"target":"loss","wrt":"b","answers":"<stdin>","verdict":"wrong"}],"ok":1,"wrong":1,"carried":0,"undecided":0,"unreadable":0}'
  run gc -f tap --reveal=none -C a.ans -C b,c.ans loss.expr
  assert_output $'1..2\nok 1 - a.ans: dloss/dw\nnot ok 2 - b,c.ans: dloss/db'
  run gc -f markdown --reveal=none -C a.ans -C b,c.ans loss.expr
  assert_output $'## `a.ans`\n\n| answer | verdict | why |\n| --- | --- | --- |\n| `dloss/dw` | ok |  |\n\n## `b,c.ans`\n\n| answer | verdict | why |\n| --- | --- | --- |\n| `dloss/db` | WRONG |  |\n\n2 answers: 1 ok, 1 wrong'
  # What Markdown says in a cell, LaTeX does too: dloss/dw = 2*3*(7 - 5).
  run -1 gc -f latex -c 'dloss/dw = 3' loss.expr
  assert_line "\\texttt{dloss/dw} & WRONG & yours \$3\$, correct \$12\$ at the program's values \\\\"
  run gc -f latex --reveal=none -C a.ans -C b,c.ans loss.expr
  assert_line '\multicolumn{3}{l}{\texttt{b,c.ans}:} \\'
  # A line that cannot be read is in its file, too.
  printf 'dloss/dq = 3\ndloss/dw = 12\nhello = = 3\ndloss/db = 1 1\n' >d.ans
  run gc --reveal=none -C d.ans -C a.ans loss.expr
  assert_equal "${lines[0]}${lines[5]}${lines[6]}" 'd.ans:a.ans:dloss/dw  ok'
  run gc --reveal=none -C d.ans loss.expr
  assert_line --index 0 'dloss/dq  unreadable'
  # One file goes without saying in text.
  run gc -C a.ans loss.expr
  assert_output $'dloss/dw  ok\n1 answer: 1 ok'
}

@test "claims: markdown keeps the stars and brackets of formulas, in backquotes" {
  run gc -f markdown -c 'dloss/dw = (pred - y)*x' loss.expr
  assert_line '| `dloss/dw` | WRONG | half of the correct value at all 20 points; you get this if the factor 2 is left out here; the rule is `d(u^2) = 2*u*du` (`loss.expr:3:8`); yours 6, correct 12 at the program'"'s values |"
  run gc -f markdown -c 'd(max(a, b))/da = 2' -e 'a = 2; b = 1'
  assert_line --partial '| `d(max(a,b))/da` | WRONG |'
  # No character of markup is left outside of backquotes, whatever the slip is.
  while IFS='|' read -r program claim; do
    run gc -f markdown -c "$claim" -e "$program"
    assert_failure 1
    run sed 's/`[^`]*`//g' <<<"${lines[2]}"
    refute_output --regexp '[*_^~[]'
  done <<'END'
x = [1, 2, 3]; y = sum(x^3)|dy/dx = 3*x
X = [[1,2,4],[3,0.5,6]]; w_1 = [1, 2, 3]; y = sum((X@w_1)^2)|dy/dw_1 = X'@X@w_1
x = 2; z = 3; y = x^2*z + sin(x*z)|dy/dx = 2*x*z + cos(x*z)
x = [0.5, 2]; y = sum(exp(-x^2))|dy/dx = exp(-x^2)
END
}

@test "claims: TAP, for prove and bats" {
  run gc -f tap -c 'dloss/dw = (pred - y)*x' -c 'dloss/db = 4' loss.expr
  assert_output $'1..2\nnot ok 1 - dloss/dw: you get this if the factor 2 is left out here; the rule is d(u^2) = 2*u*du (loss.expr:3:8)\nok 2 - dloss/db'
  run gc -f tap -e 'x = -1; y = log(x - 5)' -c 'dy/dx = 1/(x - 5)'
  assert_success
  assert_line --partial 'ok 1 - dy/dx # SKIP undecided'
  run gc -f tap -q -e 'x = -1; y = log(x - 5)' -c 'dy/dx = 1/(x - 5)'
  assert_success
  run gc -q -e 'x = -1; y = log(x - 5)' -c 'dy/dx = 1/(x - 5)'
  assert_failure 4
  run gc -f tap -e 'x = -1; z = 2*x; y = log(x - 5)' -c 'dy/dx = 1/(x - 5)' -c 'dz/dx = 3'
  assert_failure 1
}

@test "claims: --reveal keeps the right numbers back" {
  local format reveal
  for format in text json csv markdown tap; do
    for reveal in none verdict hint; do
      run gc -f $format --reveal=$reveal -c 'dloss/dw = (pred - y)*x*0.3' -c 'dloss/dw = [1, 2]' -c 'dloss/db = 3' -C - loss.expr <<<'loss = 5'
      assert_failure 1
      refute_output --partial ', correct'
      refute_output --partial 0.15
      refute_output --partial '"correct"'
      refute_output --regexp '(^|[^0-9])12([^0-9]|$)'
      [[ $reveal == none ]] && refute_output --partial shape
      [[ $reveal != hint ]] && refute_output --partial 'if '
    done
  done
  run gc --reveal=hint -c 'dloss/dw = (pred - y)*x' loss.expr
  assert_output --partial 'half of the correct value'
  refute_output --partial yours
  run gc -q --reveal=none -e 'x = 0; y = relu(x)' -c 'dy/dx = 0.5'
  assert_success
}

@test "claims: tolerances, points and seeds" {
  run gc -c 'dloss/dw = 12.0001' -c 'dloss/dw = 2*(pred - y)*x*1.0001' --rtol 1e-3 loss.expr
  assert_success
  run gc -c 'dloss/dw = 2*(pred - y)*x*1.0001' loss.expr
  assert_failure 1
  # In parts of the larger one: |1.6 - 3| < 0.5*3 < |1.4 - 3|, and |5.9 - 3| < 0.5*5.9, but not of 6.1.
  run gc --rtol 0.5 -e 'x = 1; y = 3*x' -c 'dy/dx = 1.6' -c 'dy/dx = 5.9'
  assert_success
  run gc --rtol 0.5 -e 'x = 1; y = 3*x' -c 'dy/dx = 1.4' -c 'dy/dx = 6.1'
  assert_line '2 answers: 2 wrong'
  run gc -c 'dloss/dw = 12*pred/7' --points 0 loss.expr
  assert_success
  run gc -c 'dloss/dw = 12*pred/7' --points 3 --seed 7 loss.expr
  assert_failure 1
  assert_line '1 answer: 1 wrong; 3 points, seed 7'
  run gc -c 'dloss/dw = 12' --points 1.5 loss.expr
  assert_failure 2
  # At an optimum what is left of the gradient is rounding.
  run gc -e 'x = [0.1, 0.2, 0.3]; m = 0.2; f = sum((x - m)^2)' -c 'df/dm = 0' -c 'df/dm = -2*(x[0] - m) - 2*(x[1] - m) - 2*(x[2] - m)' \
    -c 'df/dm = 6*m - 2*sum(x)'
  assert_success
}

@test "claims: the same command prints the same bytes" {
  run gc -c 'dloss/dw = sin(x)*w' -c 'dloss/dw = 2*(pred - y)' loss.expr
  local first=$output
  run gc -c 'dloss/dw = sin(x)*w' -c 'dloss/dw = 2*(pred - y)' loss.expr
  assert_equal "$output" "$first"
}

@test "claims: of an array that a loop reads and writes no copy is kept for each step, however many there are" {
  run gc --max-memory=1G -e $'x = 0.3; s = zeros([20000]); for i in 1:20000 { s[i] = s[i-1]*0.5 + x^2 }\nf = s[19999]' \
    -c 'df/dx = 2*x'
  assert_failure 1
  assert_line --partial 'half of the correct value'
  assert_line 'the search for causes was cut short'
}

@test "claims: of many elements few points are enough, and a coarse bound of rounding" {
  # By hand 2 mean ((w x - y) x).
  local fit='x = rand([60000]); y = rand([60000]); w = 0.7; f = mean((w*x - y)^2)'
  run -1 gc -e "$fit" -c 'df/dw = 2*mean((w*x - y)*x)' -c 'df/dw = mean((w*x - y)*x)'
  assert_line --regexp '^2 answers: 1 ok, 1 wrong; [1-9] points, seed 1'
  assert_line --partial 'hint: you get this if the factor 2 is left out here;'
  refute_line 'the search for causes was cut short'
}

@test "claims: what a long program has in the place of names is found in few runs, the same as of a short one" {
  # By hand: after n steps w - 1 = (w0 - 1) (1 - 2 a)^n; of the wrong claim the first factor is 1.
  local steps='w = 3; a = 0.00005; for t in 0:40000 { w = w - a*2*(w - 1) }' right='-80000*2*(1 - 2*a)^39999'
  run gc -e "$steps" -c "dw/da = $right" -c 'dw/da = -80000*(1 - 2*a)^39999' --reveal verdict
  assert_line 'dw/da  ok  with w = 3 put in'
  assert_line --regexp '^2 answers: 1 ok, 1 wrong'
  steps=${steps/40000/40} right=${right//39999/39} right=${right/80000/80}
  run gc -e "$steps" -c "dw/da = $right" --reveal verdict
  assert_line 'dw/da  ok  with w = 3 put in'
}

@test "claims: of a long program the whole number that counts stays as it is, and no other" {
  # By hand 2 n k w.
  local sum='k = 3; n = 25000; w = 0.5; f = 0; for i in 0:n { f = f + k*w^2 }'
  run -0 gc -e "$sum" -c 'df/dw = 2*n*k*w' -c 'df/dw = 2*n*3*w' --reveal verdict
  assert_line 'df/dw  ok'
  assert_line 'df/dw  ok  with k = 3 put in'
}

@test "claims: numbers put in are right in a long program unless a slip may hide there, and no search is made where none can" {
  # By hand 30000 (b cos(x) + 1).
  run gc -e 'b = 0.3; x = 0.7; f = 0; for i in 0:30000 { f = f + b*sin(x) + x }' -c 'df/dx = 30000*(0.3*cos(x) + 1)'
  assert_success
  assert_line 'df/dx  ok  with b = 0.3 put in'
  refute_line 'the search for causes was cut short'
  # The term in a - b is 0 here, and may have been left out.
  run gc -e 'a = 2; b = 2; x = 0.7; f = 0; for i in 0:30000 { f = f + (a - b)*x^3 + x^2 }' -c 'df/dx = 60000*x'
  assert_line 'df/dx  undecided  right with a = 2, b = 2 put in, which may be chance'
  assert_line --partial 'note: you get this if the base x is held constant here'
}

@test "claims: of many names of a long program those are told that have numbers, and what is right near by alone is wrong" {
  # By hand 30000 (2 b c x + d).
  local sum='b = 0.3; c = 1; d = 2; k = 1.5; x = 0.7; f = 0; for i in 0:30000 { f = f + b*x^2*c + d*x + k }'
  run gc -e "$sum" -c 'df/dx = 30000*(0.6*x + 2)' -c 'df/dx = 30000*(0.6*x*c + d)' -c 'df/dx = 30000*(2*b*x*c + 2)' --reveal verdict
  assert_line 'df/dx  undecided  right with b = 0.3, c = 1, d = 2 put in, which may be chance'
  assert_line 'df/dx  ok  with b = 0.3 put in'
  assert_line 'df/dx  ok  with d = 2 put in'
  sum='b = 0.3; x = 0.7; f = 0; for i in 0:30000 { f = f + b*(x > 0.95 || x < 0.45 ? x^3 : x^2) + x }'
  run -1 gc -e "$sum" -c 'df/dx = 30000*(0.6*x + 1)' --reveal verdict
  assert_line "df/dx  WRONG  right at the program's values, wrong at all 2 random points"
}

@test "claims: what rests in a long program when a number is put in may have that number in its place" {
  # By hand 60000 a x + 30000 c: c is a + 1.5, and rests with a.
  local steps='a = 3; c = a + 1.5; x = 0.5; f = 0; for i in 0:30000 { f = f + a*x^2 + c*x }'
  run gc -e "$steps" -c 'df/dx = 180000*x + 30000*c' --reveal verdict
  assert_line 'df/dx  undecided  right with a = 3 put in, which may be chance'
  run gc -e "${steps/30000/30}" -c 'df/dx = 180*x + 30*c' --reveal verdict
  assert_line 'df/dx  undecided  right with a = 3 put in, which may be chance'
}

@test "claims: what vanishes in a long program does not come back by rounding" {
  [[ $(uname -m) == x86_64 ]] || skip 'the processor rounds to numbers below the normal ones'
  # By hand 30000e-20: t is 0 in the end. Rounded up it would stay the smallest number, and 1e306 times that.
  run gc -e 'x = 0.7; t = 1; s = 0; for i in 0:30000 { t = t*0.5; s = s + x }; y = s*1e-20 + t*1e306*x' \
    -c 'dy/dx = 60000e-20 + 0*s' --reveal verdict
  assert_line 'dy/dx  WRONG'
}

@test "claims: points where a long program leaves its domain end soon, those behind a sum that goes on too" {
  # By hand 100000/(2 sqrt(x)); what is summed beside it is a number on both sides of 0.
  local sum='x = 2; s = 0; t = 0; for i in 0:100000 { s = s + sqrt(x); t = t + x }'
  run gc -e "$sum" -c 'ds/dx = s/(2*x)' -c 'dt/dx = t/x' -c 'ds/dx = s/x' -c 'dt/dx = -t/x' --reveal verdict
  assert_line 'ds/dx  ok'
  assert_line 'dt/dx  ok'
  assert_line --partial '4 answers: 2 ok, 2 wrong'
}

@test "claims: a program of 100000 steps, and one that is compiled while it is read" {
  run gc -e 'x = 0.5; w = 0.8; h = 0.1; for i in 0:25000 { h = tanh(w*h + x) }; f = h^2' -c 'df/dh = 3*x'
  assert_failure 1
  assert_line 'the search for causes was cut short'
  # f = 25000 x w^2.
  run gc -e 'x = 0.5; w = 0.8; f = 0; for i in 0:25000 { f = f + x*w^2 }' -c 'df/dw = 25000*x*w'
  assert_line --partial 'hint: you get this if the factor 2 is left out here;'
  awk 'BEGIN { print "x = 0.5\nt0 = x"; for (i = 1; i <= 60000; i++) print "t" i " = sin(t" (i - 1) ") + x*0.1"; print "f = t60000^2" }' >long.expr
  run gc -c 'df/dt60000 = t60000' long.expr
  assert_failure 1
  assert_line --partial 'long.expr:60003:5: hint: you get this if the factor 2 is left out here'
}

@test "claims: loops of many turns: few points unless they are asked for, and what is none of rounding by a coarse bound" {
  local sum='x = 0.5; w = 0.8; f = 0; for i in 0:25000 { f = f + x*w^2 }'
  run -0 gc -e "$sum" -c 'df/dw = 50000*x*w'
  assert_line '1 answer: 1 ok; 2 points, seed 1'
  run -0 gc -e "$sum" -c 'df/dw = 50000*x*w' --points 20
  assert_line '1 answer: 1 ok; 20 points, seed 1'
  run -1 gc -e "$sum" -c 'df/dw = 50000*x*w*1.00001' -c 'df/dw = 20000.1' --reveal verdict
  assert_line '2 answers: 2 wrong; 2 points, seed 1'
  # Of 10000 turns there are more of them; by hand n p (1 + r)^(n - 1). Most points leave the range of doubles.
  local growth='p = 2; r = 1.7e-4; q = p; for i in 0:10000 { q = q*(1 + r) }'
  run -1 gc -e "$growth" -c 'dq/dr = 10000*p*(1 + r)^9999' -c 'dq/dr = 10000*p*(1 + r)^9998' --reveal verdict
  assert_line '2 answers: 1 ok, 1 wrong; 5 points, seed 1'
  # Away from its values y is below the normal numbers, and what rounding leaves of it is no difference.
  run -0 gc -e 'k = 0.7; h = 1e-5; y = 1.5; for i in 0:100000 { y = y - h*k*y }' -c 'dy/dk = -100000*h*y/(1 - h*k)'
  assert_line '1 answer: 1 ok; 2 points, seed 1'
  # What is wrong by far at the program's own values needs fewer still.
  run -1 gc -e "$sum" -c 'df/dw = 25000*x*w' --reveal verdict
  assert_line '1 answer: 1 wrong; 1 point, seed 1'
  # What is wrong at its own values by rounding alone, as all is below the normal numbers, needs as many as any other.
  run -4 gc -e 'v = [1, 2, 3]; a = 0.5; for i in 0:20000 { v = a*v + sin(v)/3 }; f = sum(v)' -c 'df/da = f/a' --reveal verdict
  assert_line --partial 'df/da  undecided'
  # The gradient is 0, and what is computed is a sum of 25000 roundings.
  run gc -e 'x = 0.7; s = 0; for i in 0:25000 { s = s + x^3 }; f = s - 25000*x^3' -c 'df/dx = 0' -c 'df/dx = 0.001' --reveal verdict
  assert_line '2 answers: 1 ok, 1 wrong'
  # Where the running bound leaves the range of doubles the sharp one is the bound; by mpmath 27.480330056527.
  run gc -e 'x = 0.5; r = 3.2; s = 0; for i in 0:900 { x = r*x*(1 - x); s = s + x^2 }' -c 'ds/dr = 27.48033' -c 'ds/dr = 27.49' --reveal verdict
  assert_line '2 answers: 1 ok, 1 wrong'
  # Of an orbit that is stable, though x stands there twice: 45.790876931528 by mpmath.
  run gc -e 'x = 0.5; r = 3.2; s = 0; for i in 0:1500 { x = r*x*(1 - x); s = s + x^2 }' -c 'ds/dr = 45.79088' -c 'ds/dr = 45.81' --reveal verdict
  assert_line '2 answers: 1 ok, 1 wrong'
}

@test "claims: the homework samples: right answers are right, wrong ones are explained as they should be" {
  local answers name
  cd "$srcdir/samples/homework" || return
  for answers in *.right; do
    name=${answers%.right}
    run gc -C "$answers" "$name.expr"
    assert_success
    [[ -e $name.report ]] || fail "$name has no report"
    run gc -C "$name.wrong" "$name.expr"
    assert_failure 1
    assert_equal "$output" "$(<"$name.report")"
  done
}

@test "claims: a folder of answers marked by a script, and what an autograder takes" {
  command -v jq >/dev/null || skip "jq is not installed"
  cd "$srcdir/samples/homework" || return
  export GRADCALC
  printf 'dloss/dx = q\n' >"$BATS_TEST_TMPDIR/bad.ans"
  run ./grade.sh fit.expr fit.key fit.right "$BATS_TEST_TMPDIR/bad.ans"
  assert_failure 1
  assert_output 'file,target,wrt,verdict,points,of,message
fit.right,loss,r,ok,2,2,
fit.right,loss,w,ok,2,2,
fit.right,loss,b,ok,1,1,
'"$BATS_TEST_TMPDIR"'/bad.ans,loss,r,missing,0,2,
'"$BATS_TEST_TMPDIR"'/bad.ans,loss,w,missing,0,2,
'"$BATS_TEST_TMPDIR"'/bad.ans,loss,b,missing,0,1,'
  run bash -c "'$GRADCALC' -f json --reveal=hint -C fit.wrong fit.expr | jq -c '{tests: [.checks[] | {name: \"d\(.target)/d\(.wrt)\", score: (if .verdict == \"wrong\" then 0 else 1 end), max_score: 1, output: (.hint // .message // .verdict)}]}'"
  assert_output '{"tests":[{"name":"dloss/dr","score":0,"max_score":1,"output":"you get this if the division by the number of elements is left out of the derivative of mean here; the rule is d(mean(u)) = sum(du)/n"},{"name":"dloss/dw","score":1,"max_score":1,"output":"the step from your dloss/dr to dloss/dw is right"},{"name":"dloss/db","score":0,"max_score":1,"output":"wrong"}]}'
}

@test "claims: a quotient of values where a derivative may be meant" {
  run -1 gc -c 'loss/w = 12' -c 'loss/w = 2' -c 'loss/2 = 3' loss.expr
  assert_line --index 1 '  hint: this is about the quotient of two values; the derivative is written dloss/dw'
  assert_line '3 answers: 1 ok, 2 wrong'
  refute_line --regexp 'written dloss/d2'
}

@test "claims: two slips in two places of a small program" {
  run gc -c 'dloss/dw = pred - y' loss.expr
  assert_failure 1
  assert_line 'loss.expr:2:8: hint: you get this if the factor x is left out of the derivative here, and at 3:8 the factor 2 is left out here'
}

@test "claims: a Jacobian without elements is [] where the gradient has some" {
  local option format
  for option in -J -H; do
    for format in text json; do
      gc -q $option -f $format -e 'x = zeros(2, 0); z = [1, 2]; y = z @ x' >golden
      run gc -C golden -e 'x = zeros(2, 0); z = [1, 2]; y = z @ x'
      assert_success
    done
  done
  run gc -e 'x = zeros(0); z = [1, 2]; y = sum(z^2) + sum(x)' -c 'd2y/dxdz = []'
  assert_success
  run gc -e 'x = [1, 2]; z = 3; y = x*z' -c 'dy/dx = []' -c 'dy/dz = []'
  assert_failure 1
  assert_line '2 answers: 2 wrong'
}

@test "claims: second derivatives" {
  local program
  # loss = (w x + b - y)^2: d2/dwdb = 2 x, d2/dw2 = 2 x^2, d2/dwdx = 2 w x + 2 (pred - y).
  run gc -c 'd2loss/dwdb = 2*x' -c 'd2loss/dw2 = 2*x^2' -c 'd2loss/dw^2 = 18' -c 'd2loss/dbdw = 6' -c 'd2loss/dwdx = 2*w*x + 2*(pred - y)' loss.expr
  assert_success
  assert_line 'd2loss/dwdb  ok'
  run gc -c 'd2loss/dwdx = 2*w*x' -c 'd2loss/dw2 = x^2' loss.expr
  assert_failure 1
  assert_line 'd2loss/dw2  WRONG  half of the correct value at all 20 points'
  run gc -f csv -e 'x = [1, 2]; y = [3, 5]; f = sum(x^2*y)' -c 'd2f/dxdx = diag(2*y)' -c 'd2f/dxdy = diag(2*x)'
  assert_success
  assert_line 'f,"x,y",ok,,,,,20,,,,,'
  local format
  for format in text csv json; do
    gc -q -H -f $format -t 'pred*w,loss' loss.expr >golden
    run gc -C golden loss.expr
    assert_success
    assert_line 'd2loss/dxdw  ok'
    assert_line 'd2(pred*w)/dxdw  ok'
    gc -q -H -f $format -w x,y -e 'x = [1, 2]; y = [3, 5]; f = sum(x^2*y)' >golden
    run gc -C golden -e 'x = [1, 2]; y = [3, 5]; f = sum(x^2*y)'
    assert_success
  done
  # Whatever the program calls grad: y = x^3 at 3.
  for program in 'grad(a, b) = 7' 'grad = 2' 'def grad(a) { return a }'; do
    run gc -e "$program; x = 3; y = x^3" -c 'dy/dx = 27' -c 'd2y/dx2 = 6*x' -c 'd2y/dxdx = 18'
    assert_success
  done
  run gc -e 'grad(a, b) = 7*b; x = 3; y = x^3' -c 'd(grad(y,x))/dx = 7'
  assert_success
  run gc -c 'd3loss/dw3 = 0' loss.expr
  assert_failure 2
  assert_output --partial "<-c>:1:1: error: derivatives of an order above 2 are not checked"
  run gc -e 'x = 2; y = x^3; g = grad(y, x); claim dg/dx = 6*x; claim d2y/dx2 = 6*x; claim dy/dx = g'
  assert_success
}

@test "claims: what -p prints of whole numbers is right, in each format" {
  local format digits program='x = 1234; z = 1.96; y = x*z*3 + x^2; v = [-2519.3, 120000.7, 2]*x'
  for format in text csv json; do
    for digits in 1 2 3 4 5 6 7; do
      gc -q -p "$digits" -f "$format" -t y,v -e "$program" </dev/null >own
      run gc -q -C own -e "$program" </dev/null
      assert_success
    done
  done
  # 3*1.96 + 2*1234 is 2473.88
  printf '%s\n' '{"grad": {"y": {"x": 2.5e3}}}' >own
  run gc -q -C own -e "$program" </dev/null
  assert_success
  printf '%s\n' '{"grad": {"y": {"x": 2500}}}' >own
  run gc -q -C own -e "$program" </dev/null
  assert_failure 1
}

@test "claims: thousands of elements, each a target of its own, and thousands of targets and sources" {
  local program='x = linspace(1, 2, 4000); y = x^2'
  gc -q -J --sparse -e "$program" >own
  GC_TIMEOUT=${GC_TIMEOUT:-15} run gc -C own -e "$program"
  assert_success
  assert_line '4001 answers: 4001 ok'
  awk 'BEGIN { for (i = 0; i < 3000; i++) print "x" i " = " i }' >many.expr
  echo "y = $(seq -s ' + ' -f 'x%g' 0 2999)" >>many.expr
  run -0 gc -q -w "$(seq -s , -f 'x%g' 0 2999),x0,x2999" -t y,x7,y many.expr
  assert_line --index 0 'y = 4498500'
  assert_line --index 3000 'dy/dx2999 = 1'
  assert_line --index 3001 'x7 = 7'
  assert_equal "${#lines[@]}" 6002
  gc -q many.expr >own
  run gc -C own many.expr
  assert_success
}
