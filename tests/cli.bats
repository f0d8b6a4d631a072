#!/usr/bin/env bats
# cli.bats -- options, statuses, formats to the byte, and how files and pipes are treated.

load helper

setup () {
  cd "$BATS_TEST_TMPDIR" || return
  printf '%s\n' 'x = 3; w = 2; b = 1; y = 5' 'pred = w*x + b' 'loss = (pred - y)^2' >loss.expr
  printf '%s\n' 'X = [[1,2],[3,4],[5,6]]; w = [0.5,-1]; y = [1,0,1]; r = X @ w - y; loss = sum(r^2)/2' >lin.expr
}

# prints TEXT OPTION...: status 0, exactly TEXT on standard output, nothing on standard error.
prints () {
  local expected=$1
  shift
  run --separate-stderr gc "$@" </dev/null
  assert_success
  assert_equal "$output" "$expected"
  assert_equal "$stderr" ''
}

# refuses STATUS MESSAGE OPTION...: nothing on standard output, and the message is the first line on standard error.
refuses () {
  local status_wanted=$1 message=$2
  shift 2
  run --separate-stderr gc "$@" </dev/null
  assert_equal "$status" "$status_wanted"
  assert_equal "$output" ''
  assert_equal "${stderr_lines[0]}" "$message"
}

# Bytes as they come, with the last newline kept.
bytes () {
  run bash -c '"$@"; echo .' - "$@"
}

# --- where the program comes from

@test "a program from standard input, as FILE - or without FILE" {
  run gc_program $'x = 3\ny = x^2'
  assert_success
  assert_output $'y = 9\ndy/dx = 6'
  run gc_program $'x = 3\ny = x^2' -
  assert_output $'y = 9\ndy/dx = 6'
}

@test "the output ends with one newline" {
  bytes "$GRADCALC" -e 'x = 3; y = x^2'
  assert_output $'y = 9\ndy/dx = 6\n.'
}

@test "several -e are lines of one program" {
  prints $'y = 9\ndy/dx = 6' -e 'x = 3' -e 'y = x^2'
  refuses 2 "<-e>:2:5: error: 'q' is not defined" -e 'x = 3' -e 'y = q + x'
}

@test "-e comes before FILEs, wherever it stands" {
  echo 'y = x^2' >square.expr
  prints $'y = 9\ndy/dx = 6' square.expr -e 'x = 3'
}

@test "with -e and no FILE standard input is not read" {
  run gc_program 'y = y +' -e 'x = 3; y = x^2'
  assert_success
  assert_output $'y = 9\ndy/dx = 6'
}

@test "several FILEs run in order as one program, - among them" {
  echo 'x = 3' >a.expr
  echo 'z = y + 1' >c.expr
  run gc_program 'y = x^2' a.expr - c.expr
  assert_success
  assert_output $'z = 10\ndz/dx = 6'
}

@test "a file without a newline at its end is a whole line" {
  printf 'x = 3' >a.expr
  printf 'y = x^2' >b.expr
  prints $'y = 9\ndy/dx = 6' a.expr b.expr
}

@test "messages name the file and the line within it" {
  echo 'x = 3' >a.expr
  printf '\ny = q\n' >b.expr
  refuses 2 "b.expr:2:5: error: 'q' is not defined" a.expr b.expr
}

@test "messages name standard input" {
  run --separate-stderr gc_program 'y = q'
  assert_equal "$status" 2
  assert_equal "${stderr_lines[0]}" "<stdin>:1:5: error: 'q' is not defined"
}

@test "line ends of DOS, a byte-order mark, tabs and a #! line" {
  printf '\xef\xbb\xbf#!/usr/bin/gradcalc\r\nx = 3\r\n\r\n\ty\t= x^2  # two\r\nif y > 1 {\r\n  z = y\r\n}\r\nelse {\r\n  z = 0\r\n}\r\n' \
    >dos.expr
  prints $'z = 9\ndz/dx = 6' dos.expr
}

@test "a program without a newline, after blank lines and comments" {
  run bash -c 'printf "\n\n  # nothing\n;;x = 3; y = x^2" | "$GRADCALC"'
  assert_output $'y = 9\ndy/dx = 6'
}

@test "a locale with decimal commas changes nothing" {
  local name
  if [ -z "$(locale -a 2>/dev/null | grep -i '^de_DE.utf')" ]; then
    localedef -i de_DE -f UTF-8 "$PWD/de_DE.UTF-8" 2>/dev/null && export LOCPATH=$PWD
  fi
  for name in de_DE.UTF-8 C POSIX; do
    export LC_ALL=$name
    prints $'y = 2.25\ndy/dθ = 3' -e 'θ = 1.5; y = θ^2'
    prints $'v = 0.001\ndv/dx = 0.5' -D x=0.002 -e 'v = x * .5'
    prints 'target,index,value
y,,0.000001' -f csv --value -e 'y = 1e-6'
  done
}

# --- files that can't be read

@test "a FILE that is not there: the system's reason, and the file that was meant" {
  refuses 2 "gradcalc: cannot open 'lss.expr': No such file or directory; did you mean 'loss.expr'?" lss.expr
  refuses 2 "gradcalc: cannot open 'quite/another': No such file or directory" quite/another
}

@test "a directory is no program" {
  mkdir there
  refuses 2 "gradcalc: cannot open 'there': Is a directory" there
}

@test "an empty program is an error that says so" {
  printf '# nothing but this\n\n' >empty.expr
  refuses 2 'gradcalc: empty.expr: the program is empty' empty.expr
}

# --- derivatives

@test "-w gives the gradients in the order asked" {
  prints $'loss = 4\ndloss/dx = 8\ndloss/dw = 12\ndloss/db = 4' -w x,w,b loss.expr
  prints $'loss = 4\ndloss/db = 4\ndloss/dx = 8\ndloss/dw = 12' -w b,x -w w loss.expr
  prints $'loss = 4\ndloss/db = 4\ndloss/dx = 8' --wrt='b, x' loss.expr
}

@test "without -w the inputs, in order of first assignment" {
  prints $'loss = 4\ndloss/dx = 8\ndloss/dw = 12\ndloss/db = 4\ndloss/dy = -4' loss.expr
}

@test "-w of an intermediate result is its adjoint" {
  prints $'loss = 4\ndloss/dpred = 4' -w pred loss.expr
}

@test "-w of the target itself is one" {
  prints $'loss = 4\ndloss/dloss = 1' -w loss loss.expr
}

@test "-w x is the first value of x, -w x@LINE the one bound on that line" {
  printf '%s\n' 'x = 3' 'y = x^2' 'x = 2 * y' 'z = x^2' >twice.expr
  run --separate-stderr gc -w x,x@3 twice.expr
  assert_success
  assert_output $'z = 324\ndz/dx = 432\ndz/dx@3 = 36'
  assert_equal "${stderr_lines[0]}" 'twice.expr:3:1: note: x is bound again here; -w x means its first value (1:1)'
}

@test "-w of an unknown name: what was meant, and what there is" {
  refuses 2 "gradcalc: -w: 'wt' is not a variable of loss.expr; did you mean 'w'? (inputs: x, w, b, y; others: pred, loss)" \
    -w x,wt loss.expr
  refuses 2 "gradcalc: -w: 'velocity' is not a variable of loss.expr (inputs: x, w, b, y; others: pred, loss)" \
    -w velocity loss.expr
}

@test "-t takes names and expressions, named by their text" {
  prints $'loss = 4\ndloss/dx = 8\npred = 7\ndpred/dx = 2' -w x -t loss,pred loss.expr
  prints $'loss = 4\ndloss/dx = 8\npred^2 = 49\nd(pred^2)/dx = 28' -w x -t loss -t ' pred ^ 2' loss.expr
  prints $'a+sum(b) = 6\nd(a+sum(b))/da = 1\nd(a+sum(b))/db = [1, 1]' -t 'a + sum(b)' -e 'a = 1; b = [2, 3]'
  prints $'max(x,w) = 3\nd(max(x,w))/dx = 1' -w x -t 'max(x, w)' loss.expr
}

@test "-t x is the last value of x" {
  printf '%s\n' 'x = 3' 'y = x^2' 'y = y * x' >last.expr
  prints $'y = 27\ndy/dx = 27' -t y last.expr
}

@test "-t of an unknown name is an error with a suggestion" {
  run --separate-stderr gc -t los loss.expr
  assert_equal "$status" 2
  assert_output ''
  [[ ${stderr_lines[0]} == *"'los'"*"did you mean 'loss'?"* ]]
}

@test "a broken expression in -t is an error with its place" {
  run --separate-stderr gc -t 'loss +' loss.expr
  assert_equal "$status" 2
  assert_equal "${stderr_lines[0]}" "<-t>:1:6: error: expected a number, a name or '(' after '+', found the end"
}

@test "--sum gives one gradient, of the sum of the targets" {
  prints $'loss+pred = 11\nd(loss+pred)/dx = 10\nd(loss+pred)/db = 5' --sum -t loss,pred -w x,b loss.expr
}

@test "--sum of arrays of different shapes is one number" {
  prints $'y+z = 12\nd(y+z)/dx = [5, 6]' --sum -t y,z -e 'x = [1, 2]; y = x * [3, 2]; z = sum(x^2)'
}

@test "-u gives the weights of a target that is an array" {
  printf '%s\n' 'x = [1, 2, 3]' 'y = x^2' >vec.expr
  prints $'y = [1, 4, 9]\ndy/dx = [2, 40, 600]' -u 'y=[1, 10, 100]' vec.expr
  refuses 2 'gradcalc: -u: y has shape (3), the seed has shape (2)' -u 'y=[1, 10]' vec.expr
  refuses 2 "gradcalc: -u: 'z' is not a target (targets: y)" -u z=1 vec.expr
}

@test "an array as target: the gradient of its sum, and a note" {
  printf '%s\n' 'x = [1, 2, 3]' 'y = x^2' >vec.expr
  run --separate-stderr gc vec.expr
  assert_success
  assert_output $'y = [1, 4, 9]\ndy/dx = [2, 4, 6]'
  assert_equal "${stderr_lines[0]}" 'vec.expr:2:1: note: y has 3 elements; the gradient is that of their sum'
}

@test "--unconnected=zero prints zeros for what is not connected" {
  run --separate-stderr gc -e 'a = 2; c = [1, 2]; loss = a^2'
  assert_success
  assert_output $'loss = 4\ndloss/da = 4\ndloss/dc = none'
  assert_equal "${stderr_lines[0]}" '<-e>:1:8: note: loss does not depend on c: c is never used'
  run --separate-stderr gc --unconnected=zero -e 'a = 2; c = [1, 2]; loss = a^2'
  assert_output $'loss = 4\ndloss/da = 4\ndloss/dc = [0, 0]'
  run --separate-stderr gc --unconnected=none -e 'a = 2; c = 1; loss = a^2'
  assert_output $'loss = 4\ndloss/da = 4\ndloss/dc = none'
}

@test "--value prints values only, with no word about gradients" {
  prints $'loss = 4' --value loss.expr
  prints $'pred = 7\nloss = 4' --value -t pred,loss loss.expr
  prints $'y = [1, 4]' --value -e 'x = [1, 2]; _c = 0; y = x^2'
}

# --- -D

@test "-D replaces an input, by an expression" {
  prints $'loss = 25\ndloss/dx = 20' -D x=4 -w x -D 'b = 1 + 1' loss.expr
  prints $'y = 13\ndy/dx = [4, 6]' --define='x=[2, 3]' -e 'x = [1, 1]; y = sum(x^2)'
}

@test "-D defines an input that the program does not assign" {
  prints $'y = 12\ndy/dw = 4' -D w=3 -e 'y = 4*w'
}

@test "-D given again for a name takes the place of the one before" {
  prints $'y = 12\ndy/dw = 4' -D w=2 -D w=3 -e 'y = 4*w'
  prints $'y = 16\ndy/dw = 4' -D w=2 -D w=4 -e 'w = 1; y = 4*w'
}

@test "-o does not go with --list" {
  refuses 2 'gradcalc: --list and -o cannot go together' --list functions -o out.txt
  [ ! -e out.txt ]
}

@test "a number in a table that is too large for a double" {
  printf '1,1e999\n' >large.csv
  refuses 3 "large.csv:1:3: error: column 2: '1e999' is too large for a double" -D X=@large.csv -e 'y = sum(X)'
  printf '1,-inf\n' >large.csv
  prints $'y = -Inf' --value -D X=@large.csv -e 'y = sum(X)' -q
}

@test "-D of an array keeps the rank, not the size" {
  prints $'y = 14\ndy/dx = [2, 4, 6]' -D 'x=[1,2,3]' -e 'x = [0, 0]; y = sum(x^2)'
}

@test "-D with another rank is an error at the assignment" {
  refuses 2 'loss.expr:1:8: error: w is a number here, but -D w gives it shape (2)' -D 'w=[1, 2]' loss.expr
  refuses 2 'lin.expr:1:26: error: w has shape (2) here, but -D w gives it a number' -D w=1 lin.expr
}

@test "-D x=@FILE.csv is a matrix, with or without a header" {
  printf '1,2\n3,4\n' >m.csv
  printf 'a,b\r\n1,2\r\n3,4\r\n' >h.csv
  printf '1\t2\n3\t4\n' >m.tsv
  local file
  for file in m.csv h.csv m.tsv; do
    prints $'y = 30\ndy/dX = [[2, 4],\n         [6, 8]]' -D "X=@$file" -e 'y = sum(X^2)'
  done
}

@test "-D x=@FILE.json is one nested array, or a number" {
  echo '[[[1, 2], [3, 4]]]' >m.json
  echo '2.5' >n.json
  prints $'y = 30\ndy/dX = [[[2, 4],\n          [6, 8]]]' -D X=@m.json -e 'y = sum(X^2)'
  prints $'y = 5\ndy/dX = 2' -D X=@n.json -e 'y = X*2'
}

@test "-D x=@FILE that can't be used" {
  refuses 2 "gradcalc: cannot open 'no.csv': No such file or directory" -D X=@no.csv -e 'y = X'
  printf '1,2\n3\n' >short.csv
  printf '1,2\n3,x\n' >word.csv
  echo '[[1, 2], [3]]' >ragged.json
  local file
  for file in short.csv word.csv ragged.json; do
    run --separate-stderr gc -D "X=@$file" -e 'y = X'
    assert_equal "$status" 3
    assert_output ''
    [[ ${stderr_lines[0]} == "$file:"*'error: '* ]]
  done
}

@test "-D that the program never uses is a warning with a suggestion" {
  run --separate-stderr gc -w x -D wt=4 loss.expr
  assert_success
  assert_output $'loss = 4\ndloss/dx = 8'
  assert_equal "$stderr" "gradcalc: warning: -D: 'wt' is never used in loss.expr; did you mean 'w'?"
  run --separate-stderr gc -q -w x -D wt=4 loss.expr
  assert_equal "$stderr" ''
}

@test "-D: what is said of a value names its option" {
  refuses 2 "<-D x>:1:1: error: 'abc' is not defined" -D w=2 -D x=abc -e 'y = x*w'
  refuses 2 "<-u y>:1:1: error: 'abc' is not defined" -u y=abc -e 'x = 1; y = [x, x]'
  refuses 2 "<--along x>:1:1: error: 'abc' is not defined" --along x=abc -e 'x = 1; y = x'
  refuses 2 "<-D k>:1:3: error: -D k: expected one number or array, found 2 expressions (numbers have a decimal point, arrays brackets)" -D k=1,5 -e 'y = k'
  refuses 2 '<-D k>:1:1: error: -D k: expected a number or an array, found a string' -D 'k="a"' -e 'y = k'
  touch d.csv
  refuses 2 "gradcalc: -D d: 'd.csv' is a file; did you mean '@d.csv'?" -D d=d.csv -e 'y = d'
}

@test "-D that is not NAME=VALUE" {
  refuses 2 "gradcalc: -D: expected NAME=VALUE, found 'w'" -D w loss.expr
  refuses 2 "gradcalc: -D: '2' is not a name" -D 2=3 loss.expr
  run --separate-stderr gc -D 'w=1 +' loss.expr
  assert_equal "$status" 2
  [[ ${stderr_lines[0]} == '<-D w>:'*": error: expected a number, a name or '(' after '+', found the end" ]]
}

# --- formats

@test "text: matrices under each other, what is of higher rank a line for each innermost row" {
  prints 'loss = 16.375
dloss/dw = [-32.5, -42]
dloss/dX = [[-1.25, 2.5],
            [-1.25, 2.5],
            [-2.25, 4.5]]' -w w,X lin.expr
  prints 'y = [[[1, 2],
      [3, 4]],
     [[5, 6],
      [7, 8]]]' --value -e 'y = [[[1,2],[3,4]],[[5,6],[7,8]]]'
}

@test "text: booleans, empty arrays, whole numbers" {
  prints $'a = true\nb = [false, true]\nc = []\nd = 2' --value -t a,b,c,d \
    -e 'x = [1, 2]; a = 1 < 2; b = x > 1; c = x[2:]; d = len(x)'
}

@test "csv in long layout" {
  prints $'target,wrt,index,at,grad\nloss,x,,3,8\nloss,w,,2,12\nloss,b,,1,4' -f csv -w x,w,b loss.expr
  prints $'target,wrt,index,at,grad\nloss,w,0,0.5,-32.5\nloss,w,1,-1,-42' --format=csv -w w lin.expr
  prints 'target,wrt,index,at,grad
loss,X,0 0,1,-1.25
loss,X,0 1,2,2.5
loss,X,1 0,3,-1.25
loss,X,1 1,4,2.5
loss,X,2 0,5,-2.25
loss,X,2 1,6,4.5' -f csv -w X lin.expr
}

@test "csv in wide layout" {
  prints $'loss,dloss_dw.0,dloss_dw.1\n16.375,-32.5,-42' -f csv --layout=wide -w w lin.expr
  prints $'loss,dloss_dx,dloss_db\n4,8,4' -f csv --layout=wide -w x,b loss.expr
}

@test "csv of values, and of what is not connected" {
  prints $'target,index,value\npred,,7\ny,0,1\ny,1,4' -f csv --value -t pred,y -e 'x = [1, 2]; pred = 7; y = x^2'
  prints $'target,wrt,index,at,grad\nloss,a,,2,4\nloss,c,0,5,\nloss,c,1,6,' -q -f csv -e 'a = 2; c = [5, 6]; loss = a^2'
  prints $'loss,dloss_da,dloss_dc\n4,4,' -q -f csv --layout=wide -e 'a = 2; c = 5; loss = a^2'
  prints $'target,wrt,index,at,grad\nloss,a,,2,4\nloss,c,,5,0' -q -f csv --unconnected=zero -e 'a = 2; c = 5; loss = a^2'
}

@test "csv quotes a name with a comma" {
  prints $'target,wrt,index,at,grad\n"max(x,w)",x,,3,1' -f csv -w x -t 'max(x, w)' loss.expr
}

@test "tsv" {
  prints $'target\twrt\tindex\tat\tgrad\nloss\tx\t\t3\t8' -f tsv -w x loss.expr
  prints $'loss\tdloss_dw.0\tdloss_dw.1\n16.375\t-32.5\t-42' -f tsv --layout=wide -w w lin.expr
}

@test "json, one object on one line, nested by target" {
  prints '{"value":{"loss":4},"grad":{"loss":{"x":8,"w":12,"b":4}}}' -f json -w x,w,b loss.expr
  prints '{"value":{"loss":4,"pred":7},"grad":{"loss":{"x":8},"pred":{"x":2}}}' -f json -t loss,pred -w x loss.expr
  prints '{"value":{"loss":16.375},"grad":{"loss":{"w":[-32.5,-42],"X":[[-1.25,2.5],[-1.25,2.5],[-2.25,4.5]]}}}' \
    -f json -w w,X lin.expr
  prints '{"value":{"a":true,"loss":4}}' -f json --value -t a,loss -e 'a = 1 < 2; loss = 4'
}

@test "json of what is not connected: null, and why, with the place; -q changes nothing" {
  local expected='{"value":{"loss":4},"grad":{"loss":{"a":4,"c":null}},"unconnected":[{"target":"loss","wrt":"c","why":"unused","file":"<-e>","line":1,"column":8,"message":"loss does not depend on c: c is never used"}]}'
  run --separate-stderr gc -f json -e 'a = 2; c = 5; loss = a^2'
  assert_success
  assert_output "$expected"
  prints "$expected" -q -f json -e 'a = 2; c = 5; loss = a^2'
}

@test "json is valid whatever the values: strings for what is not finite" {
  run --separate-stderr gc -f json -w x -e 'x = 0; y = 1/x'
  assert_success
  run jq -c '[.value.y, .grad.y.x]' <<<"$output"
  assert_output '["Infinity","-Infinity"]'
  run --separate-stderr gc -f json -w x -e 'x = -1; y = log(x)'
  run jq -c '[.value.y, .grad.y.x]' <<<"$output"
  assert_output '["NaN","NaN"]'
}

@test "text and csv of what is not finite" {
  prints $'y = Inf\nz = -Inf\nv = NaN' --value -q -t y,z,v -e 'y = inf; z = -inf; v = nan'
  prints $'target,index,value\ny,0,inf\ny,1,-inf\ny,2,NaN' --value -q -f csv -e 'y = [inf, -inf, nan]'
}

@test "numbers are the shortest text that reads back, laid out as ECMAScript does" {
  local number list='' expected='' n=0
  local literals=(0.1 100000 0.000001 1e-7 123456789012345680000 1e21 1e+23 -0.0 5e-324 1.7976931348623157e308 4.35 0.1+0.2 1/3
    2^53 1e20/3 123456.789e-3)
  local shown=(0.1 100000 0.000001 1e-7 123456789012345680000 1e+21 1e+23 -0 5e-324 1.7976931348623157e+308 4.35
    0.30000000000000004 0.3333333333333333 9007199254740992 33333333333333330000 123.456789)
  for number in "${literals[@]}"; do
    list+="${list:+, }$number"
    expected+="${expected:+, }${shown[n]}"
    n=$((n + 1))
  done
  prints "y = [$expected]" --value -q -e "y = [$list]"
  prints "{\"value\":{\"y\":[${expected//, /,}]}}" --value -q -f json -W no-digits -e "y = [$list]"
}

@test "-p rounds to significant digits in every format" {
  prints $'y = 0.333\ndy/dx = -0.111' -p 3 -e 'x = 3; y = 1/x'
  prints '{"value":{"y":0.33},"grad":{"y":{"x":-0.11}}}' -p2 -f json -e 'x = 3; y = 1/x'
  prints $'target,index,value\ny,0,1.2\ny,1,1.2e+5\ny,2,2e+0' --precision=2 --value -f csv -e 'y = [1.23, 123456, 1.999]'
  refuses 2 "gradcalc: -p: '0' is not a number of digits from 1 to 17" -p 0 loss.expr
  refuses 2 "gradcalc: -p: 'x' is not a number of digits from 1 to 17" -p x loss.expr
}

@test "the digits are the same in every format" {
  local program='x = 0.7; y = sin(x) * 1e10 / 3'
  run gc -e "$program"
  local text=${lines[1]#* = }
  run gc -f csv -e "$program"
  assert_line "y,x,,0.7,$text"
  run gc -f json -e "$program"
  assert_output --partial "{\"x\":$text}"
}

# --- -o

@test "-o writes the result to a file, and nothing to standard output" {
  prints '' -o out.txt -w x loss.expr
  run cat out.txt
  assert_output $'loss = 4\ndloss/dx = 8'
}

@test "-o leaves an old file alone when the program fails, and no other file behind" {
  echo old >out.txt
  run gc -o out.txt -e 'y = q'
  assert_equal "$status" 2
  run gc -o out.txt -e 'x = 1; assert x > 2; y = x'
  assert_equal "$status" 3
  run cat out.txt
  assert_output old
  run ls -A
  assert_output $'lin.expr\nloss.expr\nout.txt'
}

@test "-o replaces a file whole, and keeps its mode" {
  echo old >out.txt
  chmod 640 out.txt
  ln out.txt other.txt
  prints '' --output=out.txt -w x loss.expr
  run cat out.txt
  assert_output $'loss = 4\ndloss/dx = 8'
  run cat other.txt
  assert_output old
  run stat -c %a out.txt
  assert_output 640
}

@test "-o into a directory that is not there is status 3" {
  refuses 3 "gradcalc: cannot write 'no/such/out.txt': No such file or directory" -o no/such/out.txt loss.expr
}

@test "-o on a directory is status 3" {
  mkdir there
  refuses 3 "gradcalc: cannot write 'there': Is a directory" -o there loss.expr
  run ls -A there
  assert_output ''
}

@test "-o to a pipe writes into it" {
  mkfifo pipe
  timeout 10 cat pipe >got &
  local reader=$!
  run gc -o pipe -w x loss.expr
  assert_success
  [ -p pipe ]
  wait "$reader"
  run cat got
  assert_output $'loss = 4\ndloss/dx = 8'
}

# --- writing that fails

to_full () { gc "$@" >/dev/full; }
messages_to_full () { gc "$@" 2>/dev/full </dev/null; }
to_nothing () { gc "$@" >&-; }

@test "a full device is status 3 with a message: results in every format" {
  local format
  for format in text csv tsv json; do
    run to_full -f "$format" loss.expr
    assert_equal "$status" 3
    assert_output 'gradcalc: cannot write standard output: No space left on device'
  done
}

@test "a full device is status 3 where it was messages that are lost" {
  run messages_to_full --value -e 'print 3; y = 2'
  assert_equal "$status" 3
  assert_output 'y = 2'
  run messages_to_full -e 'y = 2'
  assert_success
  run messages_to_full -e 'y = '
  assert_equal "$status" 2
}

@test "a full device is status 3 with a message: much output" {
  run to_full --value -e 'y = linspace(0, 1, 100000)'
  assert_equal "$status" 3
  assert_output 'gradcalc: cannot write standard output: No space left on device'
}

@test "a full device is status 3 with a message: help, version, lists" {
  local option
  for option in --help --usage --version -h -V --list=functions --list=formats; do
    run to_full "$option"
    assert_equal "$status" 3
    assert_output 'gradcalc: cannot write standard output: No space left on device'
  done
}

@test "a closed standard output is status 3 with a message" {
  run to_nothing loss.expr
  assert_equal "$status" 3
  assert_output 'gradcalc: cannot write standard output: Bad file descriptor'
}

@test "a reader that goes away ends the program by SIGPIPE, without a message" {
  run bash -c 'env --default-signal=PIPE "$GRADCALC" --value -e "y = linspace(0, 1, 300000)" | head -c 10; status=${PIPESTATUS[0]}; echo; echo "$status"'
  assert_output $'y = [0, 0.\n141'
}

# --- statuses, -n -s -q

@test "-n finds errors and prints nothing" {
  prints '' -n loss.expr
  prints '' --dry-run -e 'x = [1, 2]; y = x + [1, 2, 3]'
  refuses 2 "<-e>:1:5: error: 'q' is not defined" -n -e 'y = q'
  refuses 2 "<-e>:1:7: error: expected a number, a name or '(' after '*', found the end of the line" -n -e 'y = 1 *'
}

@test "-s is status 3 for what is not finite or not connected, after the results" {
  run --separate-stderr gc -s -e 'a = 2; c = 5; loss = a^2'
  assert_equal "$status" 3
  assert_output $'loss = 4\ndloss/da = 4\ndloss/dc = none'
  run --separate-stderr gc --strict -e 'x = 0; y = 1/x'
  assert_equal "$status" 3
  assert_output $'y = Inf\ndy/dx = -Inf'
  run --separate-stderr gc -s --value -e 'x = 0; y = [1, nan]'
  assert_equal "$status" 3
  prints $'loss = 4\ndloss/dx = 8' -s -w x loss.expr
}

@test "-q drops notes and warnings, never errors" {
  prints $'loss = 4\ndloss/da = 4\ndloss/dc = none' -q -e 'a = 2; c = 5; loss = a^2'
  prints $'y = NaN\ndy/dx = NaN' --quiet -e 'x = -1; y = log(x)'
  refuses 2 "<-e>:1:5: error: 'q' is not defined" -q -e 'y = q'
}

@test "a failed assert is status 3, an error of shape or index is status 2, and nothing is printed" {
  local case
  run --separate-stderr gc -e 'x = 1; assert x > 2; y = x'
  assert_equal "$status" 3
  assert_output ''
  for case in 'x = [1, 2]; y = x + [1, 2, 3]' 'x = [1, 2]; y = x[2]' 'f(x) = f(x + 1); y = f(1)' 'y = [[1], [1, 2]]' 'y = "a" + 1'; do
    run --separate-stderr gc -e "$case"
    assert_equal "$status" 2
    assert_output ''
  done
}

@test "print goes to standard error" {
  run --separate-stderr gc -e 'x = 2; print "x is", x, [1, 2] * x; y = x^2'
  assert_success
  assert_output $'y = 4\ndy/dx = 4'
  assert_equal "$stderr" 'x is 2 [2, 4]'
}

@test "--max-memory ends a run that wants more, with the place and the size" {
  run --separate-stderr gc --max-memory=20M -e 'y = 1' -e 'z = zeros(100000000)'
  assert_equal "$status" 3
  assert_output ''
  [[ ${stderr_lines[0]} == '<-e>:2:'*'error: '*'20M'* ]]
  run --separate-stderr gc --max-memory=20M -e 'x = 1' -e 'while true { x = x * 1.0000001 }'
  assert_equal "$status" 3
  [[ ${stderr_lines[0]} == '<-e>:2:'*'error: '*'20M'* ]]
}

@test "--value takes memory for values alone" {
  # Logarithms of 10^5 numbers, in a hundred rounds: links alone would be 80 MB. x stays, for log(exp(x)) is x.
  run gc --value --max-memory=30M -e 'x = 0.5; y = x + zeros(100000); for i in 0:100 { y = log(exp(y)) }; z = mean(y)'
  assert_success
  assert_result z 0.5 1e-12
  # Of what is no derivative nothing is said: ties.
  run --separate-stderr gc --value -e 'x = 1; y = x > 1 ? x : 2*x'
  assert_success
  assert_output 'y = 2'
  assert_equal "$stderr" ''
}

@test "--max-memory takes plain bytes and suffixes, and refuses the rest" {
  local size
  for size in 200000000 200000k 200M 1G 1g; do
    prints $'loss = 4\ndloss/dx = 8' "--max-memory=$size" -w x loss.expr
  done
  for size in lots -1 0 12Q 1e9999; do
    refuses 2 "gradcalc: --max-memory: '$size' is not a size such as 500M or 2G" "--max-memory=$size" loss.expr
  done
}

# --- colours

@test "--color=always colours messages, never and auto do not in a pipe" {
  run gc --color=always -e 'y = q'
  assert_output --partial $'\033['
  run gc --color=never -e 'y = q'
  refute_output --partial $'\033['
  run gc -e 'y = q'
  refute_output --partial $'\033['
}

@test "results are never coloured" {
  prints $'loss = 4\ndloss/dx = 8' --color=always -w x loss.expr
}

# --- lists and help

@test "--list inputs, targets, formats: one name a line" {
  prints $'x\nw\nb\ny' --list=inputs loss.expr
  prints $'text\ncsv\ntsv\njson\nmarkdown\nlatex\ndot\ntap\nhtml\nc' --list formats
  run gc --list=targets loss.expr
  assert_success
  assert_line loss
}

@test "--list inputs leaves out const names, loop variables and derived ones" {
  prints $'x\nk' --list=inputs -e 'x = 1; const c = 2; s = x + c; for i in 0:3 { s += i }; k = 2 * pi; f(z) = z'
}

@test "options that cannot go together, or would have no effect, are refused by name" {
  local together needs options
  echo 'dloss/dw = 12' >g
  while IFS='|' read -r together options; do
    # shellcheck disable=SC2086
    refuses 2 "gradcalc: $together cannot go together" $options loss.expr
  done <<'END'
--along and -w|--along w=1 -w x
--along and --sum|--along w=1 --sum
--digits and --sum|--digits --sum
--digits and --layout|--digits -f csv --layout=wide
-J and --digits|--digits -J
--uncertainty and -w|--uncertainty w=1 -w x
--uncertainty and --sum|--uncertainty w=1 --sum
--uncertainty and -u|--uncertainty w=1 -u loss=1
-H and --uncertainty|--uncertainty w=1 -H
-J and --elasticity|--elasticity -J
--elasticity and -u|--elasticity -u loss=1
--uncertainty and --elasticity|--elasticity --uncertainty w=1
--value and -w|--value -w x
-x and -J|-x -J
--why and -w|--why w -w x
-x and --why|-x --why w
-J and --why|-J --why w
-x --formula and --sum|--trace --formula --sum
-x --formula and -f c|-x --formula -f c
-x --formula and -f html|-x --formula -f html
-x --formula and --trace=all|--trace=all --formula
-x and -k|-x -k
-x and --layout|-x -f csv --layout=wide
-x and --unconnected|-x --unconnected=zero
-x and -C|-x -C g
--value and -u|--value -u loss=1
--value and --unconnected|--unconnected=zero --value
--formula and -p|--formula -p 3
--formula and --layout|--formula -f csv --layout=wide
-J and -u|-J -u loss=1
-k and -s|-k -s
-k and --layout|-k -f csv --layout=wide
-C and -w|-C g -w w
-C and -t|-C g -t loss
-C and --sum|-C g --sum
-C and -u|-C g -u loss=1
-C and -s|-C g -s
-C and -p|-p 3 -C g
-C and --layout|-C g -f csv --layout=long
-c and --unconnected|-c dloss/dw=12 --unconnected=zero
--value and -c|--value -c dloss/dw=12
--list and -w|--list inputs -w x
--list and -f json|--list inputs -f json
END
  while IFS='|' read -r needs options; do
    # shellcheck disable=SC2086
    refuses 2 "gradcalc: $needs" $options loss.expr
  done <<'END'
--layout needs -r, -f csv or -f tsv|--layout=wide
--layout needs -r, -f csv or -f tsv|--layout=wide -f json
--sparse needs -J or -H|--sparse
--points needs -c, -C or claims in the program|--points 3
--points needs -c, -C or claims in the program|--points 3 -k
--reveal needs -c, -C or claims in the program|--reveal none
--rtol needs -k, -c, -C or claims in the program|--rtol 0.1
--atol needs -k, -c, -C or claims in the program|--atol 0.1
-f tap needs -k, -c, -C or claims in the program|-f tap
-f c needs --formula|-c dloss/dw=12 -f c
-f c needs --formula|-f c
-f html needs -x|-f html
END
  refuses 2 'gradcalc: -J and claims in the program cannot go together' -J -e 'x = 1; y = x; claim dy/dx = 1'
  refuses 2 'gradcalc: claims in the program and -w cannot go together' -w x -e 'x = 1; y = x; claim dy/dx = 1'
  run gc --points 3 -f tap -e 'x = 1; y = x; claim dy/dx = 1'
  assert_success
  run gc -k --rtol 0.1 loss.expr
  assert_success
  # Nothing runs before.
  refuses 2 'gradcalc: --points needs -c, -C or claims in the program' --points 3 -e 'print 1; x = 1; while true { x += 1 }'
}

@test "--list resolves and runs nothing" {
  local endless='x = 1; while true { x = x + 1 }; f(n) = n + f(n); y = f(x); z = load("no.csv"); assert false'
  GC_TIMEOUT=5
  prints x --list=inputs -e "$endless"
  prints $'x\ny\nz' --list=targets -e "$endless"
  prints $'x\nv\nw\nu' --list=inputs -e 'x = 1; b = 1 < 2; t = true; s = "a"; v = [1, 2]; m = [true, false]; f(x) = x; k = randint(0, 2, 3); w = -2; u = 2*pi; n = int(2.5)'
  prints $'x\ny' --list=targets -e 'x = 1; b = x < 2; c = b && true; f(x) = x; g = fn(x) x; y = f(x); n = size(x)'
  prints $'x\nw' --list=inputs -e 'if 1 > 0 { x = 1 } else { x = 2 }; w = 2; y = x*w'
  prints $'x\ny' --list=targets -e 'x = 1; y = x^2; claim dy/dx = 3*x'
  prints $'a\nx' --list=inputs -D a=@no.csv -D x=@- -e 'x = 1; y = a*x'
  refuses 2 "<-e>:1:5: error: 'q' is not defined" --list=inputs -e 'y = q'
}

@test "--list functions: name, arguments and what it is, one a line" {
  run gc --list=functions
  assert_success
  local name
  for name in sin sqrt sum softmax matmul reshape where stop_gradient; do
    assert_line --regexp "^$name\\(.*\\)  *[^ ]"
  done
  for name in "${lines[@]}"; do
    [[ $name =~ ^[a-z][a-z0-9_]*\([A-Za-z0-9_.=,\ -]*\)\ +[^\ ] ]]
  done
  assert_equal "$(printf '%s\n' "${lines[@]}" | sort | uniq -d)" ''
}

@test "-h, -? and --help print the options in groups" {
  local option word
  for option in -h '-?' --help; do
    run --separate-stderr gc "$option"
    assert_success
    assert_equal "$stderr" ''
    assert_line --index 0 'Usage: gradcalc [OPTION...] [FILE...]'
    for word in --expression= --define= --dry-run --wrt= --target= --sum --upstream= --unconnected= --value --format= --output= \
      --precision= --layout= --strict --quiet --max-memory= --color --list= --help --usage --version; do
      assert_output --partial " $word"
    done
  done
}

@test "no line of --help is longer than 80 columns" {
  run gc --help
  [ "${#lines[@]}" -gt 20 ]
  local line
  for line in "${lines[@]}"; do
    [ "${#line}" -le 80 ]
  done
}

@test "--usage and --version" {
  run --separate-stderr gc --usage
  assert_success
  assert_line --index 0 --partial 'Usage: gradcalc'
  run --separate-stderr gc -V
  assert_success
  [[ ${lines[0]} =~ ^gradcalc\ [0-9]+\.[0-9] ]]
  local short=$output
  run --separate-stderr gc --version
  assert_output "$short"
  assert_line --partial 'License GPLv3+'
  assert_line --regexp '^  BLAS +libblas.so.3 +(not )?found$'
  LD_LIBRARY_PATH=$BATS_TEST_TMPDIR
  printf 'no library' >"$BATS_TEST_TMPDIR/liblapack.so.3"
  export LD_LIBRARY_PATH
  run gc -V
  assert_line --regexp '^  LAPACK +liblapack.so.3 +not found$'
}

# --- wrong commands

@test "an unknown option is status 2, with its name" {
  run --separate-stderr gc --frobnicate loss.expr
  assert_equal "$status" 2
  assert_output ''
  [[ ${stderr_lines[0]} == gradcalc:*frobnicate* ]]
  run --separate-stderr gc -Z loss.expr
  assert_equal "$status" 2
}

@test "a misspelt option: what was meant, what it could be, or whether it takes an argument" {
  refuses 2 "gradcalc: unrecognized option '--jacobain'; did you mean '--jacobian'?" --jacobain loss.expr
  refuses 2 "gradcalc: unrecognized option '--targte'; did you mean '--target'?" --targte=loss loss.expr
  refuses 2 "gradcalc: unrecognized option '--xyzzy'" --xyzzy loss.expr
  refuses 2 "gradcalc: unrecognized option '--json'; did you mean '-f json'?" --json loss.expr
  refuses 2 "gradcalc: invalid option -- 'v'; did you mean '-V'?" -v
  refuses 2 "gradcalc: option '--w' is ambiguous; possibilities: '--wrt' '--why' '--whole' '--warn'" --w x loss.expr
  refuses 2 "gradcalc: option '--sum' doesn't allow an argument" --sum=3 loss.expr
  refuses 2 "gradcalc: option '--along' requires an argument" loss.expr --along
  refuses 2 "gradcalc: option requires an argument -- 'w'" loss.expr -w
  refuses 2 "gradcalc: invalid option -- 'z'" -z loss.expr
  refuses 2 "gradcalc: unrecognized option '--\x1b[31m'" --$'\e[31m' loss.expr
}

@test "names may be cut short, letters joined, and -- ends options" {
  run --separate-stderr gc --hess -e 'x = 3; y = x^2'
  assert_line 'd2y/dxdx = 2'
  run --separate-stderr gc -He 'x = 3; y = x^2'
  assert_line 'd2y/dxdx = 2'
  refuses 2 "gradcalc: cannot open '-e': No such file or directory" -- -e
}

@test "an option without its argument is status 2" {
  local option
  for option in -e -D -w -t -u -f -o -p --layout --max-memory --list; do
    run --separate-stderr gc "$option"
    assert_equal "$status" 2
    assert_output ''
  done
}

@test "a word that an option does not know: what there is, and what was meant" {
  refuses 2 "gradcalc: -f: 'jsno' is not one of text, csv, tsv, json, markdown, latex, dot, tap, html, c; did you mean 'json'?" -f jsno loss.expr
  refuses 2 "gradcalc: -f: 'pdf' is not one of text, csv, tsv, json, markdown, latex, dot, tap, html, c" --format=pdf loss.expr
  refuses 2 "gradcalc: --layout: 'tall' is not one of long, wide, columns" --layout=tall loss.expr
  refuses 2 "gradcalc: --unconnected: 'zeros' is not one of none, zero; did you mean 'zero'?" --unconnected=zeros loss.expr
  refuses 2 "gradcalc: --list: 'input' is not one of functions, inputs, targets, formats; did you mean 'inputs'?" --list=input
  refuses 2 "gradcalc: --color: 'red' is not one of auto, always, never" --color=red loss.expr
  local option wanted
  while read -r option wanted; do
    refuses 2 "gradcalc: $option: '3\x1b[31m' is not $wanted" "$option" $'3\x1b[31m' loss.expr
  done <<'END'
-p a number of digits from 1 to 17
--seed a whole number from 0 to 18446744073709551615
--max-memory a size such as 500M or 2G
END
}

@test "a name that is no name in -w" {
  refuses 2 "gradcalc: -w: '-t' is not a name; does -w lack its argument?" -w -t loss.expr
  refuses 2 "gradcalc: -w: 'x+1' is not a name" -w x+1 loss.expr
}

@test "options may stand after FILEs, -- ends them" {
  prints $'loss = 4\ndloss/dx = 8' loss.expr -w x
  cp loss.expr -- -odd.expr
  prints $'loss = 4\ndloss/dx = 8' -w x -- -odd.expr
}

@test "a --max-memory too small for anything is status 3 with a message" {
  local size
  for size in 1 100 900 1K 4K 10K 30K; do
    run --separate-stderr gc --max-memory=$size -e 'x = [1,2,3]; y = sum(x^2); f(a) = a*2; z = f(y)'
    assert_equal "$status" 3
    [[ ${stderr_lines[0]} == *'out of memory: '* ]]
  done
}

@test "cli: a process that is held to a part of the address space" {
  # A sanitizer takes more for itself.
  (ulimit -v 500000; "$GRADCALC" -V) >/dev/null 2>&1 || skip 'it does not start so'
  ulimit -v 500000
  run -0 gc -w w loss.expr
  assert_line 'dloss/dw = 12'
  run -0 gc --formula -w w loss.expr
  assert_output 'dloss/dw = 2*x*(pred - y)'
  run -0 gc -c 'dloss/dw = 2*x*(pred - y)' loss.expr
  assert_line 'dloss/dw  ok'
  run -3 gc -e 'x = ones(1e8); y = sum(x)'
  assert_line --partial 'out of memory'
}
