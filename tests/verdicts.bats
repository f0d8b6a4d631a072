#!/usr/bin/env bats
# verdicts.bats -- right answers that are not called wrong, and wrong ones that are not called right.

load helper

setup () {
  [[ $GRADCALC == /* ]] || GRADCALC=$PWD/$GRADCALC
  cd "$BATS_TEST_TMPDIR" || return
}

@test "verdicts: a variable that a branch binds again has derivative 0 there" {
  # Where x < 0 the first x passes nothing on.
  run gc -e 'x = 1; if x < 0 { x = 4 }; y = x^2' -c 'dy/dx = 3*x'
  assert_failure 1
  assert_line 'dy/dx  WRONG'
  assert_line "  at the program's values: yours 3, correct 2"
  run gc -e 'x = 1; z = 5; if x > 0 { z = 2*x } else { z = 4 }; y = z^2' -c 'dy/dx = 8*x + z'
  assert_failure 1
  assert_line "  at the program's values: yours 10, correct 8"
  run gc -e 'x = [1, 2]; if x[0] < 0 { x = [4, 5, 6] }; y = sum(x^2)' -c 'dy/dx = 3*x'
  assert_failure 1
  run gc -e 'x = [1, 2]; y = x; if x[0] < 0 { y = 3 } else { y = x^2 }' -c 'dy/dx = 3*diag(x)'
  assert_failure 1
  run gc -e 'x = [1, 2]; y = x; if x[0] < 0 { y = [1, 1]; } else { y = x^2 }' -c 'dy/dx = 3*diag(x)'
  assert_failure 1
}

@test "verdicts: a prime on the left side is no transpose of a number" {
  run gc -e 'x = 1; f = x^3' -c "f' = 3*x^2" -c "f'' = 6*x" -c "f' = 3"
  assert_success
  run gc -e 'x = 1; f = x^3' -c "f' = 1"
  assert_failure 1
  run gc -e 'x = 1; y = 2; f = x^3*y' -c "f' = 3*x^2"
  assert_failure 2
  assert_line --index 0 '<-c>:1:1: error: in which input? write df/dx'
  run gc -e 'x = [[1, 2]]' -c "x' = [[1], [2]]"
  assert_failure 2
  assert_line --index 0 --partial "a prime of an array: its transpose, or its derivative?"
}

@test "verdicts: a mistake in the branch that is not taken, by the sign of an input" {
  local seed
  # d elu(b)/db = exp(b) below 0, where selu has 1.0507 * 1.6733 * exp(b).
  for seed in 1 2 3 4 5 6; do
    run gc --seed=$seed -e 'a = 1; b = 0; y = hard_tanh(b)' -c 'dy/db = where(a > -1 && b < 1, 1, 0)'
    assert_line --partial 'dy/db  WRONG'
    run gc --seed=$seed -e 'a = 1; b = 1; y = elu(b)' -c 'dy/db = where(b >= 0, 1, exp(a))'
    assert_failure 1
    run gc --seed=$seed -e 'b = 2; y = selu(b)' -c 'dy/db = where(b >= 0, 1.0507009873554805, 1.7580993408473766 + exp(b))'
    assert_failure 1
    run gc --seed=$seed -e 'b = -1; y = leaky_relu(b)' -c 'dy/db = where(b < 0, 0.01, 1.5)'
    assert_failure 1
    run gc --seed=$seed -e 'a = 1; b = 1; y = elu(b)' -c 'dy/db = where(b >= 0, 1, exp(b))'
    assert_success
  done
}

@test "verdicts: answers do not let the machine work out what is asked for" {
  local program='x = 2; f(t) = t^3; g = grad(f); h(t) = grad(f(t), t); k(t) = h(t); r(t) = rand()*t; s = grad; y = f(x)' claim
  for claim in 'grad(y, x)' 'jacobian(f)(x)' 'g(x)' 'h(x)' 'k(x)' 's(y, x)' 'rand()' 'r(x)' '(fn(t) grad(t^2, t))(x)' \
    'load("a.csv")' 'vjp(y, x, 1)' 'randint(1, 2)'; do
    run gc -e "$program" -c "dy/dx = $claim"
    assert_failure 2
    assert_line --partial '<-c>:1:'
    assert_line --partial 'an answer may not call'
    echo "dy/dx = $claim" >answers
    run gc -e "$program" -C answers
    assert_failure 1
    assert_line --partial 'dy/dx  unreadable  an answer may not call'
  done
  # In the program they may, and what it computed may be named.
  run gc -e "$program; claim dy/dx = grad(y, x); claim dy/dx = g(x); d = g(x); y = f(x)" -c 'dy/dx = 3*x^2' -c 'd2y/dx2 = 6*x'
  assert_success
}

@test "verdicts: json with whole numbers that no integer holds" {
  local value
  for value in 1e20 9223372036854775808 18446744073709551616 1e19 123456789012345680000 1e21 1e18; do
    gc -q -f json -e "x = $value; y = 3*x" >own.json
    run gc -C own.json -q -e "x = $value; y = 3*x"
    assert_success
  done
  run gc -e 'x = 3; y = x*1e20' -C <(echo '{"value":{"y":300000000000000000001},"grad":{"y":{"x":200000000000000000000}}}')
  assert_failure 1
  assert_line --partial 'yours 200000000000000000000, correct 100000000000000000000'
}

@test "verdicts: csv as it comes back from a program that holds columns as real numbers" {
  local program='x = [3, 1]; c = 2; n = 0.5; X = [[1, 2]]; y = c*x[0]^2 + n + 7*x[1] + X[0,1]'
  # y = 25 + 0.5, dy/dx = [4*3, 7], dy/dc = 9, dy/dn = 1.
  printf 'target,wrt,index,at,grad\ny,x,0.0,3.0,12.0\ny,x,1.0,1.0,7.0\ny,c,,2.0,9.0\ny,n,,0.5,1.0\n' >back.csv
  run gc -C back.csv -e "$program"
  assert_success
  assert_output $'dy/dx  ok\ndy/dc  ok\ndy/dn  ok\n3 answers: 3 ok'
  printf 'target,wrt,index,at,grad\ny,x,0.0,3,12\ny,x,1.0,1,8\ny,c,,2,9\n' >back.csv
  run gc -C back.csv -e "$program"
  assert_line 'dy/dx  WRONG  differs in 1 of 2 elements (x[1])'
  program='c = 3; X = [[1], [2]]; y = c*sum(X^2)'
  gc -f csv -e "$program" >own.csv
  run gc -C own.csv -e "$program"
  assert_success
  # y = c*sum(X^2) = 15, dy/dX = 2*c*X = [[6], [12]], dy/dc = 5: names in quotes, row names, NA, CR LF.
  printf '"","target","wrt","index","at","grad"\r\n"1","y","X","1 0",2,12\r\n"2","y","X","0 0",1,6\r\n"3","y","c",NA,3,5\r\n' >back.csv
  run gc -C back.csv -e "$program"
  assert_success
  assert_output $'dy/dX  ok\ndy/dc  ok\n2 answers: 2 ok'
  printf ',target,wrt,index,at,grad\n0,y,X,0 0,1.0,6.0\n1,y,X,1 0,2.0,13.0\n' >back.csv
  run gc -C back.csv -e "$program"
  assert_line 'dy/dX  WRONG  differs in 1 of 2 elements (X[1,0])'
  printf 'target,wrt,index,at,grad\ny,X,0.1,1,6\n' >back.csv
  run gc -C back.csv -e "$program"
  assert_failure 2
  assert_output 'back.csv:2: error: expected positions with a blank between them, as 0 or 1 2'
}

@test "verdicts: csv of 12 columns, of what is not finite or not there, and of booleans" {
  local program='X = full([2, 12], 1.5); y = sum(X^3)' option
  for option in -J -H --layout=wide --value; do
    [[ $option == --layout=wide ]] || gc -f csv $option -e "$program" >own.csv
    gc -f csv --layout=wide -e "$program" >wide.csv
    run gc -q -C own.csv -C wide.csv -e "$program"
    assert_success
  done
  program='x = [0, 4]; c = 1; y = sum(sqrt(x))'
  gc -q -f csv -e "$program" >own.csv
  run cat own.csv
  assert_output $'target,wrt,index,at,grad\ny,x,0,0,inf\ny,x,1,4,0.25\ny,c,,1,'
  # The elements that are not finite are not decided, the others are right.
  run gc -C own.csv -e "$program"
  assert_line 'dy/dc  ok'
  printf 'target,index,value\ny,0,True\ny,1,FALSE\n' >back.csv
  run gc -C back.csv -e 'x = [1, 2]; y = x < 2; z = x'
  assert_success
}

@test "verdicts: none and infinity as other languages print them" {
  local word
  for word in none None null; do
    run gc -e 'x = 2; c = 3; y = x^2' -c "dy/dc = $word"
    assert_success
    assert_output $'dy/dc  ok\n1 answer: 1 ok'
    run gc -e 'x = 2; c = 3; y = x^2' -c "dy/dx = $word"
    assert_failure 1
    assert_line 'dy/dx  WRONG  y depends on x'
  done
  for word in inf Inf Infinity oo; do
    run gc -q -e 'x = 1; y = x*inf' -c "dy/dx = $word"
    assert_success
    run gc -e 'x = 1; y = x*3' -c "dy/dx = $word"
    assert_failure 1
  done
  # In an index None is an axis, and names of the program stay what they are.
  run gc -e 'x = [1, 2]; y = sum(x[:, None])' -c 'dy/dx = sum([[1, 1]][:, None], axis=0)[0]'
  assert_success
  run gc -e 'null = 2; y = null^2' -c 'dy/dnull = 2*null'
  assert_success
}

@test "verdicts: what gradcalc prints passes, in every format" {
  local programs=('x = [1, 2, 3]; y = sum(x[0:2]^2)' 'x = linspace(1, 5, 5); y = sum((x[1:] - x[:-1])^2)' 'x = [1, 2]; y = x^2'
    'x = [[1, 2], [3, 4]]; y = x^2' 'A = ones(4, 4); y = sum(A @ A)' 'x = -1; y = log(x)' 'x = 0; y = 1/x' 'x = 1e10; y = x^2'
    'x = [1, 2]; z = 3; c = 4; y = [z*x[0], x[0]*x[1]^2]' 'c = 3; X = [[1], [2]]; y = c*sum(X^2)')
  local program options
  for program in "${programs[@]}"; do
    for options in '' '-f json' '-f csv' '-f tsv' '-J' '-J -f json' '-J -f csv' '-J --sparse' '-J --sparse -f json' '-J --sparse -f csv' \
      '-H' '-H -f json' '-H -f csv' '-H --sparse' '-H --sparse -f json' '-H --sparse -f csv' '--formula' '--value' \
      '-f csv --layout=wide'; do
      # shellcheck disable=SC2086
      gc $options -e "$program" >own 2>/dev/null || continue
      # Where the derivative is NaN, so need not be what its formula comes to.
      [[ $program$options != *log*--formula ]] || continue
      run gc -C own -e "$program"
      [[ $status == 0 ]] || { echo "$program: $options:"; cat own; echo "$output"; false; }
    done
  done
}

@test "verdicts: where the value is NaN, so is its derivative" {
  local program
  for program in 'x = nan; y = x*2' 'x = [nan, 1]; y = sum(x)' 'x = [nan, 1]; y = x*2' 'x = -1; w = 2; y = log(x) + w*3' \
    'x = inf; y = x - x' 'x = -1; w = 2; y = [log(x) + w*3, w]'; do
    for options in '' -J '-J --sparse' '-f csv' '-f json'; do
      # shellcheck disable=SC2086
      gc -q $options -e "$program" >own
      run gc -C own -e "$program"
      [[ $status == 0 ]] || { echo "$program: $options:"; cat own; echo "$output"; false; }
    done
  done
  # The other elements count.
  run gc -e 'x = [nan, 1, 2]; y = x*2' -c 'dy/dx = [nan, 3, 2]'
  assert_failure 1
  assert_line 'dy/dx  WRONG  differs in 1 of 3 elements (x[1])'
}

@test "verdicts: an empty field where NaN belongs, as programs that read and write tables leave it" {
  printf 'target,wrt,index,at,grad\ny,x,,-1,\n' >back.csv
  run gc -C back.csv -e 'x = -1; y = log(x)'
  assert_success
  assert_line 'dy/dx  ok  an empty field, where NaN belongs'
  run gc -C back.csv -e 'x = 1; y = log(x)'
  assert_failure 1
  printf 'target,index,value\ny,,\n' >back.csv
  run gc -C back.csv -e 'x = -1; y = log(x)'
  assert_success
}

@test "verdicts: arrays without elements, whatever their shape" {
  run gc -e 'x = zeros(2, 0); y = sum(x)' -c 'dy/dx = []'
  assert_success
  run gc -e 'x = zeros(2, 1); y = sum(x)' -c 'dy/dx = []'
  assert_failure 1
}

@test "verdicts: elements and parts of arrays, and Jacobians in either layout" {
  # y = x0^2 x1 + x2, r = X w.
  local program='x = [1, 2, 3]; y = x[0]^2*x[1] + x[2]'
  run gc -e "$program" -c 'dy/dx[0] = 2*x[0]*x[1]' -c 'dy/dx[-1] = 1' -c 'dy/dx[1:3] = [x[0]^2, 1]' -c 'd2y/dx[0]dx[1] = 2*x[0]' \
    -c 'd2y/dx[0]dx = [2*x[1], 2*x[0], 0]'
  assert_success
  run gc -e "$program" -c 'dy/dx[0] = x[0]*x[1]' -c 'd2y/dx[0]dx[2] = 1'
  assert_failure 1
  assert_line --partial 'dy/dx[0]  WRONG'
  assert_line --partial 'd2y/dx[0]dx[2]  WRONG'
  run gc -e "$program" -c 'dy/dx[3] = 1'
  assert_failure 2
  assert_line --partial 'x[3] has no such element'
  program='X = [[1, 2], [3, 4], [5, 7]]; w = [0.5, -1]; r = X @ w'
  run gc -e "$program" -c 'dr/dw = X' -c 'dr[1]/dw = X[1]' -c 'dr/dw[0] = X[:,0]' -c 'dr[2]/dw[1] = X[2,1]'
  assert_success
  run gc -e "$program" -c "dr/dw = X'"
  assert_success
  assert_line 'dr/dw  ok  a Jacobian with the axes of w first'
  run gc -e "$program" -c "dr/dw = 2*X'"
  assert_failure 1
  # Of a vector in one number, as a column, as a row, and with a sign lost; of a number in a vector the shape is its own.
  program='t = 0.7; y = [sin(t), cos(t), t^2]; w = [1, 2, 3]; f = w @ w'
  run gc -e "$program" -c 'dy/dt = [[cos(t)], [-sin(t)], [2*t]]' -c 'dy/dt = [[cos(t), -sin(t), 2*t]]' -c 'dy/dt = [0.76484; -0.64422; 1.4]'
  assert_success
  assert_line 'dy/dt  ok  a Jacobian as a column'
  assert_line 'dy/dt  ok  a Jacobian as a row'
  run gc -e "$program" -c 'dy/dt = [[cos(t)], [sin(t)], [2*t]]' -c 'df/dw = reshape(2*w, 3, 1)' -c 'df/dw = [2*w]'
  assert_failure 1
  assert_line 'dy/dt  WRONG  differs in 1 of 3 elements (t[1,0])'
  refute_output --partial sum
  assert_equal "$(grep -c 'the values are right, only the shape is not' <<<"$output")" 2
}

@test "verdicts: numbers that make a term 0 by chance put nothing in" {
  # A x = [0.25, -0.5], and h A x = 0: y/R is right there, where (y - h A x)/R belongs.
  local program='A = [[0.8, 0.1], [-0.2, 0.6]]; h = [1, 0.5]; R = 0.3; x = [0.4, -0.7]; y = 0.9; e = y - h @ A @ x; J = e^2/(2*R)'
  run gc -e "$program" -c 'dJ/dy = y/R'
  assert_failure 4
  assert_line --partial 'dJ/dy  undecided'
  assert_line --partial 'y stands here where e belongs'
  run gc -e "$program" -c 'dJ/dy = e/0.3' -c 'dJ/dy = (y - [1, 0.5] @ A @ x)/R'
  assert_success
}

@test "verdicts: where a loop begins stands as a number in answers, which cannot name it" {
  # p = a^2 x0 + a x1 + x2, as it begins at 0; the product of x begins at 1.
  local program='a = 0.8; x = [0.5, 1.2, -0.4]; p = 0; for i in 0:3 { p = a*p + x[i] }; L = p^2'
  run gc -e "$program" -c 'dL/da = 2*p*(2*a*x[0] + x[1])' -c 'dp/da = 2*a*x[0] + x[1]' -c 'dL/dp = 2*p*a^3'
  assert_success
  assert_line 'dL/da  ok  with p = 0 put in'
  run gc -e 'x = [1.5, 2.5]; p = 1; for v in x { p = p*v }' -c 'dp/dx = [x[1], x[0]]'
  assert_success
  run gc -e "$program" -c 'dL/da = 2*p*(a*x[0] + x[1])' -c 'dL/dp = 2*p'
  assert_line '2 answers: 2 wrong; 20 points, seed 1'
}

@test "verdicts: a sparse table of json is checked, too" {
  gc -q -J --sparse -f json -e 'x = [1, 2]; y = x^2' >own.json
  run gc -e 'x = [1, 2]; y = x^2' -C own.json
  assert_success
  assert_line 'd(y[1])/dx[1]  ok'
  sed 's/"grad":4/"grad":5/' own.json >other.json
  run gc -e 'x = [1, 2]; y = x^2' -C other.json
  assert_failure 1
  assert_line '  at the program'"'"'s values: yours 5, correct 4'
}

@test "verdicts: what may be chance is told with the slip that gives the same" {
  run gc -e 'a = 1; x = 3; y = a*x^2' -c 'dy/dx = 2*x'
  assert_failure 4
  assert_line 'dy/dx  undecided  right with a = 1 put in, which may be chance'
  assert_line --partial '<-e>:1:19: note: you get this if the factor a is left out'
  run gc -e 'X = [[2, 0.5], [0.5, 1]]; w = [1, 2]; f = sum((X @ w)^2)' -c 'df/dw = 2*X @ (X @ w)'
  assert_failure 4
  assert_line --partial 'note: you get this if a matrix is not transposed'
}

@test "verdicts: data of a file stays as it is" {
  printf '1,2\n3,5\n' >x.csv
  # dy/dw = X'r: that x is what the file says is no chance.
  run gc -D X=@x.csv -e 'w = [0.5, 1]; y = sum((X @ w)^2)/2' -c 'dy/dw = [1, 3]*(X[0] @ w) + [2, 5]*(X[1] @ w)' \
    -c "dy/dw = [1*(X[0] @ w) + 3*(X[1] @ w), 2*(X[0] @ w) + 5*(X[1] @ w)]"
  assert_failure 1
  assert_line --partial '1 ok'
}

@test "verdicts: a Hessian in what is bound again passes as it was printed" {
  local program
  for program in 'x = 3; for i in 0:3 { x = x*sin(x) }; y = x' 'x = [1, 2]; w = 2; x[0] = w*x[1]; w = x[0]^2*w; y = sum(w*x)'; do
    gc -H -e "$program" >own
    run gc -C own -e "$program"
    assert_success
  done
}

@test "verdicts: what is printed to six digits passes" {
  # The second derivatives of a cube, 6*x, and its value have digits that -p leaves out.
  local program='x = [123456789321, 12345678.9, 7654321, 0.123456789]; y = sum(x^3)' options
  for options in '' '-f json' '-f csv' '-J' '-H'; do
    # shellcheck disable=SC2086
    gc -p 6 $options -e "$program" >own
    run gc -C own -e "$program"
    assert_success
  done
}

@test "verdicts: the table of verdicts and remarks" {
  local verdict remark claim program line failed=0 count=0
  while IFS=$'\t' read -r verdict remark claim program; do
    [[ $verdict != \#* ]] || continue
    count=$((count + 1))
    line=$(gc -e "$program" -c "$claim" 2>/dev/null | head -n 1)
    case $verdict in
      wrong) [[ $line == *'  WRONG'* ]] ;;
      *) [[ ($remark == - && $line == *"  $verdict") || ($remark != - && $line == *"  $verdict  "*"$remark"*) ]] ;;
    esac || { echo "$program: $claim: $verdict, $remark was expected: $line"; failed=1; }
  done <"$srcdir/tests/verdicts.tsv"
  ((failed == 0 && count >= 70))
}

@test "verdicts: a number that rounding swallows is no zero where it is ordinary elsewhere" {
  # The derivative is sigmoid(z): 1 here, of which 1 - sigmoid(36) leaves no digit; and 0 for a sum that is 1 everywhere.
  run gc -e 'z = 36; y = -log(1 - sigmoid(z))' -c 'dy/dz = 0'
  assert_failure 4
  assert_line 'dy/dz  undecided  rounding alone can make that difference at the program'"'"'s values'
  run gc -e 'x = [1.7, -1.2, 0.5, 1.9]; y = sum(softmax(x))' -c 'dy/dx = [0, 0, 0, 0]'
  assert_success
  # At the least sum of squares it is 0 beside what it is around there.
  run gc -e 'x = [1, 2, 3]; a = [1.1, 2, 2.9]; b = 13.8/14; y = sum((a - b*x)^2)' -c 'dy/db = 0'
  assert_success
}

@test "verdicts: zeros of a flat piece do not decide what rounding leaves open elsewhere" {
  # Where x > 0 the slope is 1, and the claim 2 within the rounding of 1e16 + x, which is 1; elsewhere both are 0.
  run gc -e 'x = -1; y = relu(x)' -c 'dy/dx = where(x > 0, 2 + (1e16 + x) - 1e16 - x, 0)'
  assert_failure 4
  assert_line 'dy/dx  undecided  rounding alone can make the difference at every point'
}

@test "verdicts: a claim speaks of the side of the domain that the program is on" {
  run gc -e 'l = 1.2; g = 9.81; T = 2*pi*sqrt(l/g)' -c 'dT/dl = pi/sqrt(l*g)'
  assert_success
  assert_line --index 0 'dT/dl  ok  while the signs stay as they are here'
  run gc -f json -e 'l = 1.2; g = 9.81; T = 2*pi*sqrt(l/g)' -c 'dT/dl = pi/sqrt(l*g)'
  assert_output --partial '"verdict":"ok","cause":"signs"'
  # A way leads to the other sign where nothing on it is no number.
  run gc -e 'a = 2; b = 3; y = a*abs(b)' -c 'dy/da = b'
  assert_failure 1
  assert_line --index 0 --partial 'dy/da  WRONG'
}
