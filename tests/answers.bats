#!/usr/bin/env bats
# answers.bats -- answers as people write them: what is read, what is not, and that one spoils no other.

load helper

setup () {
  [[ $GRADCALC == /* ]] || GRADCALC=$PWD/$GRADCALC
  cd "$BATS_TEST_TMPDIR" || return
  # loss = |X w - y|^2 / 2: dloss/dw = X' r, dloss/dr = r, dloss/dX = r w', dloss/dy = -r.
  printf 'X = [[1,2],[3,4],[5,6]]; w = [0.5,-1]; y = [1,0,1]\nr = X @ w - y\nf(v) = grad(v, w)\nloss = sum(r^2)/2\n' >lin.expr
}

@test "answers: one that cannot be taken spoils no other" {
  run --separate-stderr gc -C - lin.expr <<'END'
dloss/dw = 2*X @ r
dloss/dr = r
dloss/dq = 3
dloss/dX = outer(r, v)
dloss/dy = grad(loss, y)
dloss/dy = f(loss)
dloss/dy = -r
dloss/dw[7] = 3
dloss/dX = sum
dloss/dw = r - w
dloss/dr = zeros(4000, 4000, 4000)
dloss/dX = outer(r, w)
END
  assert_failure 1
  assert_equal "$stderr" ''
  assert_output "dloss/dw  WRONG  cannot multiply 2*X (3x2) by r (3): the inner sizes 2 and 3 differ
  hint: a transpose is missing: 2*X' @ r would have 2 elements
dloss/dr  ok
dloss/dq  unreadable  'q' is not a variable of the program
  at <stdin>:3:8
dloss/dX  unreadable  'v' is not defined
  at <stdin>:4:21
dloss/dy  unreadable  an answer may not call 'grad'
dloss/dy  unreadable  an answer may not call 'grad', nor a function that does
dloss/dy  ok
dloss/dw[7]  unreadable  w[7] has no such element
dloss/dX  unreadable  a claim is a number or an array, not a function
dloss/dw  WRONG  '-' cannot combine shapes (3) and (2): the sizes 3 and 2 differ
dloss/dr  unreadable  out of memory
dloss/dX  ok
12 answers: 3 ok, 2 wrong, 7 unreadable; 20 points, seed 1"
}

@test "answers: names that run together in square brackets behind a number are a factor" {
  run gc -C - -e 'x = 5; w = 1; b = 3; y = 2; L = 2*b*y*w; M = x*b*y*w' <<'END'
dL/dw = 2[by]
dL/db = 2 \left[yw\right]
dM/dw = x[by]
END
  assert_success
  assert_output "dL/dw  ok
  note: read as dL/dw = 2*(b*y)
dL/db  ok
  note: read as dL/db = 2*(y*w)
dM/dw  ok
  note: read as dM/dw = x*(b*y)
3 answers: 3 ok; 20 points, seed 1"
}

@test "answers: a transpose that is too many" {
  run gc -C - -e 'A = [[1, 0], [0, 2], [1, 1]]; X = [[1, 2, 3], [0, 1, 4]]; E = A @ X; F = sum(E^2)' <<'END'
dF/dA = 2*X' @ E
dF/dA = X.T @ E
dF/dX = E @ A'
END
  assert_failure 1
  assert_line --index 1 '  hint: a transpose is too many: 2*X @ E would be 2x3'
  assert_line --index 3 '  hint: a transpose is too many: X @ E would be 2x3'
  assert_line --index 5 '  hint: a transpose is too many: E @ A would be 3x2'
}

@test "answers: with -c and in the program they are errors, but for shapes" {
  run gc -c 'dloss/dw = 2*X @ r' lin.expr
  assert_failure 1
  assert_line 'dloss/dw  WRONG  cannot multiply 2*X (3x2) by r (3): the inner sizes 2 and 3 differ'
  run gc -c 'dloss/dr = (r + r) @ X' lin.expr
  assert_failure 1
  run gc -c 'dloss/dy = f(loss)' lin.expr
  assert_failure 2
  assert_line --partial "<-c>:1:12: error: an answer may not call 'grad', nor a function that does"
  run gc -e 'x = [1, 2]; claim dy/dx = x @ [1, 2, 3]; y = sum(x)'
  assert_failure 1
  assert_line "dy/dx  WRONG  cannot multiply x (2) by [1, 2, 3] (3): the inner sizes 2 and 3 differ"
}

# Of each answer of answers.tsv, in its order: what became of it and how it was read, a line each; one run for each program.
read_table () {
  local kind reading answer program='' number=0 file
  while IFS=$'\t' read -r kind reading answer; do
    case $kind in
      \#*) continue ;;
      @) program=$reading number=$((number + 1)); printf '%s\n' "$program" >"$number.expr" ;;
      *) printf '%s\n' "${answer//\[newline\]/$'\n'}" >>"$number.ans" ;;
    esac
  done <"$srcdir/tests/answers.tsv"
  for ((file = 1; file <= number; file++)); do
    gc -f json -C "$file.ans" "$file.expr" >"$file.json" || [ $? -le 4 ]
    jq -r '.checks[] | [.verdict, .read // "=", .message // ""] | join("\t")' "$file.json"
  done
}

@test "answers: the table of what people and programs write" {
  command -v jq >/dev/null || skip "jq is not installed"
  local kind reading answer verdict read message failed=0 count=0
  read_table >said
  while IFS=$'\t' read -r kind reading answer; do
    IFS=$'\t' read -r verdict read message <&3 || true
    count=$((count + 1))
    case $kind in
      ok) [[ $verdict == ok ]] ;;
      yes) [[ $verdict == ok && $read == "$reading" ]] ;;
      read) [[ $verdict == @(wrong|carried|undecided) && $read == "$reading" ]] ;;
      no) [[ $verdict == unreadable && $message == "$reading" ]] ;;
    esac || { echo "$answer: expected $kind, $reading: $verdict, $read, $message"; failed=1; }
  done < <(grep -v '^[#@]' "$srcdir/tests/answers.tsv") 3<said
  ((failed == 0 && count >= 200 && count == $(wc -l <said)))
}

@test "answers: a reading read again is the language, and has the same value" {
  command -v jq >/dev/null || skip "jq is not installed"
  local file
  read_table >/dev/null
  for file in *.json; do
    jq -r '.checks[] | select(.read) | .read' "$file" >again.ans
    jq -c '.checks[] | select(.read) | .given' "$file" >before
    [[ -s again.ans ]] || continue
    gc -f json -C again.ans "${file%.json}.expr" >again.js || [ $? -le 4 ]
    jq -c '.checks[].given' again.js | diff before -
    assert_equal "$(jq '[.checks[] | select(.read)] | length' again.js)" 0
  done
}

@test "answers: a decimal that is rounded in a formula" {
  local answer exact program='x = 2; w = 5; b = 1; f = x*w/3 + pi*b*x'
  # df/dw = x/3, df/db = pi x, df/dx = w/3 + pi b.
  while read -r exact answer; do
    run gc -e "$program" -c "$answer"
    assert_failure 1
    assert_line --index 0 --regexp "^df/d.  WRONG  [0-9.]+ is rounded, and numbers in formulas are exact; with $exact in its place yours is right"
  done <<'END'
1/3 df/dw = 0.333*x
1/3 df/dw = .33*x
3 df/dw = x/3.01
pi df/db = 3.14*x
pi df/db = x*3.1416
END
  run gc -e "$program" --reveal=hint -c 'df/dw = 0.333*x'
  assert_line --index 0 'df/dw  WRONG  0.333 is rounded, and numbers in formulas are exact'
  run gc -e "$program" -c 'df/dw = 0.9*x/3'
  refute_output --partial 'is rounded'
  run gc -e "$program" -c 'df/dw = 0.333'
  refute_output --partial 'is rounded'
  # So it is where the decimal stands for values of the program: dv/dt is n/m cos(t), n/m = 2/3.
  program='n = 1; m = 1.5; t = 0.6; v = n*sin(t)/m'
  run gc -e "$program" -c 'dv/dt = 0.667*cos(t)'
  assert_failure 1
  assert_line --index 0 'dv/dt  WRONG  0.667 is rounded, and numbers in formulas are exact; with 2/3 in its place yours is right at the program'\''s values of what it does not mention'
  run gc -e "$program" -c 'dv/dt = 0.7*cos(t)'
  refute_output --partial 'is rounded'
  run gc -e "$program" -c 'dv/dt = 0.667*sin(t)'
  refute_output --partial 'is rounded'
}

@test "answers: a name of their own where a derivative may be meant, and lines that are none" {
  run --separate-stderr gc -C - lin.expr <<<$'Homework of Ada\ndr = r\ndloss/dw = X^T dr'
  assert_success
  assert_line --index 0 'dloss/dw  ok'
  assert_line --index 1 "  note: read as dloss/dw = X' @ dr"
  assert_equal "${stderr_lines[0]}" '<stdin>:1:1: note: this line has no =, and is passed over'
  assert_equal "${stderr_lines[3]}" '<stdin>:2:1: note: dr is a name of your own; a derivative is stated as dloss/dr = ...'
  run --separate-stderr gc -C - lin.expr <<<$'dL = r\ndloss = r\ngrad_w = r\ndx = r'
  assert_equal "$(grep -o 'is stated as.*' <<<"$stderr")" "is stated as dloss/d... = ...
is stated as dloss/d... = ...
is stated as dloss/dw = ..."
  run gc -q -C - lin.expr <<<$'Homework of Ada\ndloss/dw = X^T r'
  assert_success
  assert_output ''
}

@test "answers: earlier answers in answers, which double from line to line" {
  # Each is (a)*(a), 6*2^n - 5 bytes: ten doublings are read, and of 2^40 factors nobody has the memory.
  { echo 'df/dx = 1'; for ((i = 0; i < 40; i++)); do echo 'df/dx = df/dx*df/dx'; done; } >doubled.ans
  run gc -C doubled.ans -e 'x = 3; f = x'
  assert_failure 1
  assert_line --partial 'with the earlier answers in it this is too long'
  assert_equal "$(grep -c '^df/dx  ok' <<<"$output")" 11
}

@test "answers: lines of comments and of prose between answers that are the language" {
  printf '// first\ndf/dx = 2*x*y\n%% then\ndf/dy = x^2\n***\n**Problem 2**\n  - by the chain rule\n-5 points\n' >said.ans
  run -0 gc -q -f json -C said.ans -e 'x = 1.3; y = 0.7; f = x^2*y'
  run jq -c '[.checks[] | .verdict, .read]' <<<"$output"
  assert_output '["ok",null,"ok",null]'
}
