#!/usr/bin/env bats
# data.bats -- columns and keys of files as whole arrays (-d).

load helper

setup () {
  cd "$BATS_TEST_TMPDIR" || return
}

# loss = (2 - 3)^2 + (4 - 5)^2 and its slope in w, 2*(2 - 3) + 2*2*(4 - 5), for x = [1, 2] and y = [3, 5].
program='w = 2; loss = sum((w*x - y)^2)'
expected=$'loss = 2\ndloss/dw = -6'

# gives TEXT DATA [OPTION...]: what the program prints when standard input is DATA.
gives () {
  local text=$1 data=$2
  shift 2
  run --separate-stderr gc -d - "$@" -e "$program" < <(printf '%b' "$data")
  assert_success
  assert_equal "$output" "$text"
  assert_equal "$stderr" ''
}

# refuses STATUS MESSAGE DATA [OPTION...]
refuses () {
  local wanted=$1 message=$2 data=$3
  shift 3
  run --separate-stderr gc -d - "$@" -e "$program" < <(printf '%b' "$data")
  assert_equal "$status" "$wanted"
  assert_output ''
  assert_equal "${stderr_lines[0]}" "$message"
}

@test "data: columns of tables are vectors, and what the program does not mention may be anything" {
  gives "$expected" 'x,y\n1,3\n2,5\n'
  gives "$expected" '\xef\xbb\xbf"y",z,"x"\r\n3,n/a,1\r\n\r\n5,"a,b",2'
  gives "$expected" 'x\ty\n1\t3\n2\t5\n' -I tsv
  gives "$expected" 'x;y\n1;3\n2;5\n' '--delimiter=;'
  gives "$expected" '1,3\n2,5\n' --columns=x,y
  gives "$expected" 'x,y\n1,3\n2,5\n' --columns=x,y
  # With -r they are those of its file.
  printf 'x,y\n1,3\n2,5\n' >pairs.csv
  run -0 gc -w w --columns=w,b --no-header -d pairs.csv -r - -e 'w = 0; b = 0; loss = sum(w*x + b - y)' <<<'2,1'
  assert_output '0,3'
}

@test "data: columns x.0, x.1, ... are a matrix, a row for each record" {
  program='X = 0*[[1]]; w = [1, 10]; y = X @ w'
  gives $'y = [21, 43]\ndy/dw = [4, 6]' 'X.1,X.0\n2,1\n4,3\n' -q
  program='y = x[1,0,1] + 10*x[1,1,0]'
  gives $'y = 86' 'x.0.0,x.0.1,x.1.0,x.1.1\n1,2,3,4\n5,6,8,7\n' --value
  refuses 2 "<stdin>:1: error: the columns of 'x' leave a gap or repeat one: an element is missing" 'x.0,x.2\n1,2\n'
}

@test "data: JSON as pandas, polars, DuckDB, Miller and people write it" {
  gives "$expected" '{"x":[1,2],"y":[3,5],"note":{"a":["b",{}]}}' -I json
  gives "$expected" '{"x":{"0":1.0,"1":2.0},"y":{"0":3.0,"1":5.0}}' -I json
  gives "$expected" '{"columns":["x","s","y"],"index":[0,1],"data":[[1,"a",3],[2,null,5]]}' -I json
  gives "$expected" '[{"x":1,"y":3},\n{"y":5,"x":2,"s":"a\\"}"}]\n' -I json
  gives "$expected" '{"x":1,"y":3}\n{"x":2,"y":5}\n' -I json
  gives $'loss = 1\ndloss/dw = -2' '{"x":1,"y":3}' -I json
  gives $'loss = NaN\ndloss/dw = NaN' '{"x":[1,null],"y":[3,NaN]}' -I json -q
  gives $'loss = 2\ndloss/dw = -6' '{"\\u0078":[[1],[2]],"y":[[3],[5]]}' -I json
  gives $'loss = 0\ndloss/dw = 0' '{"x":[],"y":[]}' -I json
  printf '{"x":1,"y":3}\n' >one.jsonl
  run gc --value -d one.jsonl -e 'z = x + y'
  assert_output 'z = [4]'
  printf '{"\\u03b8":[1,2]}' >theta.json
  run gc --value -d theta.json -e 'z = sum(θ)'
  assert_output 'z = 3'
}

@test "data: keys x.0, x.1, ... of JSON are the elements of an array, as columns are" {
  local text
  # sum over rows and elements, times k, plus the sum of y: 2*12 + 9.
  for text in '[{"x.0":1,"x.1":2,"y":3},{"y":6,"x.1":5,"x.0":4}]' '{"x.0":[1,4],"x.1":[2,5],"y":[3,6]}'; do
    printf '%s' "$text" >x.json
    run --separate-stderr gc -d x.json -w x,k -e 'k = 2; q = k*sum(x) + sum(y)'
    assert_equal "$output$stderr" $'q = 33\ndq/dx = [[2, 2],\n         [2, 2]]\ndq/dk = 12'
  done
  printf '{"X.0.0":[1,2],"X.0.1":[3,4],"X.1.0":[5,6],"X.1.1":[7,8],"X.01":0,"z.0":"a"}' >x.json
  run --separate-stderr gc -d x.json --value -e 'q = X[1,0,1] + 10*X[0,1,0]'
  assert_equal "$output$stderr" 'q = 54'
  local -A faults=(['{"x.0":[1,2],"x.1":[3]}']="gradcalc: -d x.json: key 'x.1' does not have a number for each row, as there are of key x.0"
    ['{"x.0":[[1,2]]}']="gradcalc: -d x.json: key 'x.0' does not have a number for each row"
    ['{"x.0":[1],"x.2":[3]}']="x.json: error: the columns of 'x' leave a gap or repeat one: an element is missing")
  for text in "${!faults[@]}"; do
    printf '%s' "$text" >x.json
    run --separate-stderr gc -d x.json --value -e 'q = sum(x)'
    assert_equal "$stderr" "${faults[$text]}"
  done
}

@test "data: what is wrong with JSON is told with its place" {
  refuses 3 "<stdin>:1:2: error: expected a record, which is an object (-D NAME=@FILE reads an array), found '1'" '[1,2]' -I json
  refuses 3 "<stdin>:2:1: error: this record has no 'x', which the first has" '{"x":1,"y":3}\n{"y":5}' -I json
  refuses 3 "<stdin>:2:8: error: 'x' is here, but not in the records before" '{"y":3}\n{"y":5,"x":1}' -I json
  refuses 3 "<stdin>:1:22: error: 'y' is of shape 1 here, but a number before" '[{"x":1,"y":3},{ "y":[5],"x":1}]' -I json
  refuses 3 "<stdin>:1:16: error: expected a number or an array, found the string 'a'" '{"x":[1,2],"y":"a"}' -I json
  refuses 3 "<stdin>:1:12: error: 'x' is there twice" '{"x":[1,2],"x":[1,2],"y":3}' -I json
  refuses 3 "<stdin>:1:21: error: expected ',' or '}', found the end of the file" '{"x":[1,2],"y":[1,2]' -I json
  refuses 3 "<stdin>:1:23: error: expected the end of the file, found 'z'" '{"x":[1,2],"y":[1,2]} z' -I json
  refuses 3 "<stdin>:1:36: error: this row has 1 element, but there are 2 columns" '{"columns":["x","y"],"data":[[1,3],[2]]}' -I json
  refuses 3 "<stdin>:1:6: error: '1e400' is too large for a double" '{"x":1e400}' -I json
  refuses 3 '<stdin>: error: the file is empty' '' -I json
  refuses 3 '<stdin>: error: the text is UTF-16; UTF-8 is needed' '\xff\xfe{\0' -I json
  refuses 2 "<stdin>: error: no column 'y', which <-e>:1:26 needs (columns: x, Y); did you mean 'Y'?" '{"x":[1],"Y":[2]}' -I json
}

@test "data: what is wrong with a table is told with its place" {
  refuses 3 "<stdin>:3:3: error: column 'y': 'n/a' is not a number" 'x,y\n1,3\n2,n/a\n'
  refuses 3 '<stdin>: error: there is no row below the header' 'x,y\n'
  refuses 3 "<stdin>:1:1: error: a header is missed: '1' is a number; --columns names the columns" '1,3\n'
  refuses 2 "<stdin>:1: error: column 'x' is there twice" 'x,y,x\n1,3,1\n'
  refuses 2 "<stdin>:1: error: no column 'y', which <-e>:1:26 needs (columns: x, Y); did you mean 'Y'?" 'x,Y\n1,3\n'
  program='a = 2; b = a'
  run --separate-stderr gc -d - -e "$program" <<<$'x,y\n1,2'
  assert_success
  assert_equal "$stderr" "gradcalc: warning: -d: no name of <-e> is a column of -d - (columns: x, y)"
}

@test "data: NAME=FILE is one array, of any format" {
  printf '[[1,2],[3,4]]' >m.json
  printf '1,2\n3,4\n' >m.csv
  printf '\x93NUMPY\x01\x00\x37\x00{"descr":"<f8","fortran_order":False,"shape":(2,)}    \n\0\0\0\0\0\0\xf0\x3f\0\0\0\0\0\0\x00\x40' >v.npy
  local file
  for file in m.json m.csv; do
    run gc -d M="$file" -e 'w = 2; y = w*sum(M)'
    assert_output $'y = 20\ndy/dw = 10'
  done
  run gc -d v=v.npy -e 'w = 2; y = w*sum(v)'
  assert_output $'y = 6\ndy/dw = 3'
  run --separate-stderr gc -d v.npy -e 'y = 1'
  assert_equal "$status" 2
  assert_equal "$stderr" "gradcalc: -d: 'v.npy' has one array, without a name; name it: -d NAME=v.npy"
  run --separate-stderr gc -d v=v.npy -e 'w = 2; y = w'
  assert_equal "$stderr" "gradcalc: warning: -d: 'v' is never used in <-e>"
}

@test "data: is differentiated where -w names it, and goes with the other sources of values" {
  printf 'x,y\n1,3\n2,5\n' >d.csv
  run gc -d d.csv -w x,w -e "$program"
  assert_output $'loss = 2\ndloss/dx = [-4, -4]\ndloss/dw = -6'
  run gc -d d.csv --along x=1 -e "$program"
  assert_output $'loss = 2\ndloss = -8'
  run gc -d d.csv -e "$program" -e 'claim dloss/dw = 2*sum(x*(w*x - y))'
  assert_success
  # loss = sum((w*x - y)^2) with w = 2, so 2*(1*(2 - 3) + 2*(4 - 5)) = -6.
  run gc -d d.csv -c 'dloss/dw = 2*sum(x*(w*x - y))' -c 'dL/dx = 2 w (w x - y)' -c 'dloss/dw = -6' -e "$program"
  assert_equal "$status $output" $'0 dloss/dw  ok\ndloss/dx  ok\n  note: read as dloss/dx = 2*w*(w*x - y)\ndloss/dw  ok\n3 answers: 3 ok; 20 points, seed 1'
  run gc -d d.csv -c 'dloss/dw = 2' -e "$program"
  assert_equal "$status ${lines[0]}" '1 dloss/dw  WRONG'
  gc -d d.csv -w w,x -e "$program" >golden
  printf 'dloss/dw = sum(x*(w*x - y))\n' >half
  printf 'dloss/dw: 2\ndloss/dx\n' >key
  printf '{"x":[1,2],"y":[3,5]}' >d.json
  local data
  for data in d.csv d.json; do
    run gc -d "$data" -C golden -e "$program"
    assert_equal "$status ${lines[-1]}" '0 3 answers: 3 ok'
    run gc -d "$data" -C golden -C half --key key -f csv -e "$program"
    assert_equal "$(cut -d, -f1-6 <<<"$output")" \
      $'file,target,wrt,verdict,points,of\ngolden,loss,w,ok,2,2\ngolden,loss,x,ok,1,1\nhalf,loss,w,wrong,0,2\nhalf,loss,x,missing,0,1'
  done
  run --separate-stderr gc -d d.csv -c 'dloss/dw = sum(q)' -e "$program"
  assert_equal "$status ${stderr_lines[0]}" "2 <-c>:1:16: error: 'q' is not defined"
  # In the place of a first assignment, as -D has it.
  run gc -d d.csv -e 'x = [0]; w = 2; z = w*sum(x)'
  assert_output $'z = 6\ndz/dw = 3'
  run gc -d d.csv -w w -D w=1 -r - -e 'z = k*w*sum(x)' <<<$'k\n1\n2'
  assert_output $'z,dz_dw\n3,3\n6,6'
  local message
  while IFS='|' read -r message options; do
    # shellcheck disable=SC2086 # several words
    run --separate-stderr gc $options -e "$program"
    assert_equal "$status" 2
    assert_equal "${stderr_lines[0]}" "$message"
  done <<'EOF'
gradcalc: -D x and -d d.csv both give x a value|-d d.csv -D x=1
gradcalc: -d d.csv and -d d.csv both give x a value|-d d.csv -d d.csv
gradcalc: -d d.csv and a column of d.csv both give x a value|-d d.csv -r d.csv
gradcalc: cannot open 'e.csv': No such file or directory; did you mean 'd.csv'?|-d e.csv
gradcalc: cannot open 'e.json': No such file or directory|-d e.json
gradcalc: -o: 'd.csv' is read, and would be overwritten; write to another file|-d d.csv -o d.csv
gradcalc: the program and --data would both read standard input; give one of them as a file|-d - -
EOF
  run --separate-stderr gc -d d.csv -e 'x = 0; y = 0; w = 2; z = w*x*y'
  assert_equal "${stderr_lines[0]}" '<-e>:1:1: error: x is a number here, but -d d.csv gives it shape (2)'
}
