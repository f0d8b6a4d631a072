#!/usr/bin/env bats
# rows.bats -- a program evaluated for each record of a file.

load helper

setup () {
  cd "$BATS_TEST_TMPDIR" || return
}

# loss = (w*x + b - y)^2 at w = 2 and b = 1: its gradient in w is 2*(2*x + 1 - y)*x, in b 2*(2*x + 1 - y).
loss () {
  gc -w w,b -D w=2 -D b=1 -e 'loss = (w*x + b - y)^2' -r - "$@"
}

# gives STATUS OUTPUT ERRORS INPUT [OPTION...]: of loss, for an INPUT as printf has it.
gives () {
  local status_wanted=$1 output_wanted=$2 errors=$3 input=$4
  shift 4
  run --separate-stderr loss "$@" < <(printf "$input")
  assert_equal "$input: $output" "$input: $output_wanted"
  assert_equal "$input: $stderr" "$input: $errors"
  assert_equal "$input: $status" "$input: $status_wanted"
}

names='loss,dloss_dw,dloss_db'

@test "records of csv, tsv and JSON Lines, written as csv, tsv, JSON Lines and text" {
  local objects=$'{"row":1,"value":{"loss":4},"grad":{"loss":{"w":12,"b":4}}}\n{"row":2,"value":{"loss":1},"grad":{"loss":{"w":2,"b":2}}}'
  gives 0 "$names"$'\n4,12,4\n1,2,2\n4,0,4' '' 'x,y\n3,5\n1,2\n0,-1\n'
  gives 0 "$names"$'\n4,12,4\n1,2,2' '' 'y\tnote\tx\n5\ta b\t3\n2\t\t1' -I tsv
  gives 0 "$names"$'\n4,12,4\n1,2,2' '' '{"x":3,"y":5}\n\n{"z":[{}],"y":2, "x" : 1e0 }\n' -I json
  gives 0 "$objects" '' 'x,y\n3,5\n1,2\n' -f json
  gives 0 "${names//,/$'\t'}"$'\n4\t12\t4' '' 'x,y\n3,5\n' -f tsv
  gives 0 $'loss = 4\ndloss/dw = 12\ndloss/db = 4\n\nloss = 1\ndloss/dw = 2\ndloss/db = 2' '' 'x,y\n3,5\n1,2\n' -f text
  gives 0 "$names"$'\n4.1,1.2e+1,4.1' '' 'x,y\n3,4.975\n' -p 2
}

@test "line ends, blank lines, a byte order mark, quotes, blanks around fields" {
  local input
  for input in 'x,y\r\n3,5\r\n1,2\r\n' 'x,y\r3,5\r1,2' '\n\nx,y\n\n3,5\n  \n1,2\n\n' '\xef\xbb\xbfx,y\n3,5\n1,2\n' \
    ' x , y \n 3 , 5 \n1,2\n' '"x","y"\n"3","5"\n1,"2"\n' 'x,y,"a\n""b"\n3,5,",\n"\n1,2,""\n'; do
    gives 0 "$names"$'\n4,12,4\n1,2,2' '' "$input"
  done
}

@test "an empty input, a header alone, names of columns from outside, no header in the output" {
  gives 3 '' '<stdin>: error: the file is empty: a header is missed, which names the columns' ''
  gives 0 '' '' '' --columns x,y
  gives 0 '' '' '\n\n' -I json
  gives 0 "$names" '' 'x,y\n'
  gives 0 "$names" '' 'x,y\n' --columns x,y
  gives 0 "$names"$'\n4,12,4' '' '3,5\n' --columns 'x, y'
  gives 0 "$names"$'\n4,12,4' '' 'x,y\n3,5\n' --columns x --columns y
  gives 0 '4,12,4' '' '3,5\n' --columns x,y --no-header
  gives 3 '' "<stdin>:1:1: error: a header is missed: '3' is a number; --columns names the columns" '3,5\n'
  gives 3 '' "<stdin>:1:1: error: column 1: 'x' is not a number, and others here are: is this a header?" 'x,5\n3,5\n'
  gives 3 '' "<stdin>:2:1: error: column 'x': 'y' is not a number" 'x,y\ny,x\n' --columns x,y --no-header
}

@test "columns that are missing, there twice, or of elements with a gap are told by name" {
  gives 2 '' "<stdin>:1: error: no column 'y', which <-e>:1:19 needs (columns: x, Y); did you mean 'Y'?" 'x,Y\n3,5\n'
  gives 2 '' "<stdin>: error: no column 'y', which <-e>:1:19 needs (columns: x, z)" '3,5\n' --columns x,z
  gives 2 '' "<stdin>:1: error: column 'x' is there twice" 'x,y,x\n3,5,1\n'
  gives 0 "$names"$'\n4,12,4' '' 'x,y,z,z\n3,5,,\n'
  gives 2 '' "gradcalc: -D b and a column of <stdin> both give b a value" 'x,y,b\n3,5,1\n'
  gives 2 '' "<stdin>:1: error: the columns of 'x' leave a gap or repeat one: an element is missing" 'x.0,x.2,y\n3,5,1\n'
  gives 2 '' "<stdin>:1: error: column 'x.0' does not go with 'x': both give values to one name" 'x,x.0,y\n3,5,1\n'
  run --separate-stderr loss --delimiter=';' < <(printf 'x;y\n3;5\n')
  assert_output "$names"$'\n4,12,4'
  run --separate-stderr loss < <(printf 'x;y\n3;5\n')
  assert_equal "$status ${stderr_lines[0]}" \
    "2 <stdin>:1: error: no column 'x', which <-e>:1:11 needs (columns: x;y); does --delimiter=';' fit?"
}

@test "a bad field ends the run with its place, or is skipped, or NaN; what came before is written" {
  gives 3 "$names"$'\n4,12,4' "<stdin>:3:3: error: column 'y': 'n/a' is not a number" 'x,y\n3,5\n1,n/a\n0,-1\n'
  gives 3 "$names"$'\n4,12,4' "<stdin>:3:1: error: column 'x': the field is empty" 'x,y\n3,5\n,2\n'
  gives 3 "$names"$'\n4,12,4' "<stdin>:4:3: error: column 'y': '1e400' is too large for a double" 'x,y\n3,5\n\n1,1e400\n'
  gives 3 "$names"$'\n4,12,4' "<stdin>:3: error: 3 fields, but the header has 2 (x, y)" 'x,y\n3,5\n1,2,4\n'
  gives 3 "$names"$'\n4,12,4' "<stdin>:3:5: error: this quote is never closed" 'x,y,n\n3,5,a\n1,2,"b\n0,0,0\n'
  gives 3 "$names"$'\n4,12,4' "<stdin>:4:6: error: a quote can only stand around a whole field, or doubled within one" \
    'x,y,n\n3,5,"a\n"\n1,2,c"b\n'
  gives 3 "$names"$'\n4,12,4' "<stdin>:3:1: error: column 'x': 'z' is not a number" 'x,y\r\n3,5\r\nz,2\r\n'
  local bad='x,y\n3,5\n1,n/a\n0\n0,-1\n'
  gives 0 "$names"$'\n4,12,4\n4,0,4' "<stdin>: note: 2 records were skipped; the first: line 3: column 'y': 'n/a' is not a number" \
    "$bad" --bad-rows=skip
  gives 0 "$names"$'\n4,12,4\nNaN,NaN,NaN\nNaN,NaN,NaN\n4,0,4' '<stdin>: note: 3 bad fields were taken as NaN' "$bad" --bad-rows=nan
  gives 0 '{"row":3,"value":{"loss":4},"grad":{"loss":{"w":0,"b":4}}}' '' 'x,y\n1,\n,1\n0,-1\n' --bad-rows=skip -f json -q
  # In a table of one column a blank line is an empty field, at the end nothing.
  run --separate-stderr gc -e 'y = x^2' -w x -r - < <(printf 'x\n3\n\n1\n\n')
  assert_equal "$status $output $stderr" $'3 y,dy_dx\n9,6 <stdin>:3:1: error: column \'x\': the field is empty'
}

@test "objects that are none, lack a key or have one twice" {
  gives 3 "$names"$'\n4,12,4' "<stdin>:2:1: error: this object has no key 'y'" '{"x":3,"y":5}\n{"x":3}\n' -I json
  gives 3 "$names"$'\n4,12,4' "<stdin>:2:14: error: this object has the key 'x' twice" '{"x":3,"y":5}\n{"y":3,"x":1,"x":2}\n' -I json
  gives 3 '' "<stdin>:1:1: error: expected an object on a line, as jq -c '.[]' makes of an array, found '['" '[{"x":3}]\n' -I json
  gives 3 '' '<stdin>:2:1: error: this object goes on behind its line; jq -c makes one line of each' '\n{\n  "x": 3\n}\n' -I json
  gives 3 '' "<stdin>:1:9: error: expected ',' or '}', found the end of the line" '{"x":3  \n' -I json
  gives 3 "$names"$'\n4,12,4' "<stdin>:2:6: error: column 'x': 'null' is not a number" '{"x":3,"y":5}\n{"x":null,"y":1}\n' -I json
  gives 3 "$names"$'\n4,12,4' "<stdin>:2:6: error: column 'x': expected a number, as in the first record" \
    '{"x":3,"y":5}\n{"x":[1],"y":1}\n' -I json
  gives 0 "$names"$'\nNaN,NaN,NaN\ninf,inf,inf' '' '{"x":"NaN","y":NaN}\n{"y":"-Infinity","x":1}\n' -I json -q
  gives 0 "$names"$'\n4,12,4' '' '{"\\u0078":3,"y":5}\n' -I json
}

@test "elements of arrays, by columns and by nested arrays" {
  local program='w = [1, 2]; q = w @ X @ v'
  printf 'X.1.1,X.1.0,v.0,X.0.0,X.0.1,v.1\n4,3,1,1,2,-1\n' >m.csv
  printf '{"v":[1,-1],"X":[[1,2],[3,4]]}\n' >m.json
  for file in m.csv m.json; do
    run --separate-stderr gc -e "$program" -r "$file"
    assert_output $'q,dq_dw.0,dq_dw.1\n-3,-1,-1'
    run --separate-stderr gc -e "$program" -w X -r "$file"
    assert_output $'q,dq_dX.0.0,dq_dX.0.1,dq_dX.1.0,dq_dX.1.1\n-3,1,-1,2,-2'
  done
  # A column whose name is only called is none that the program mentions.
  run --separate-stderr gc -e 'k = 2; q = k*sum(x)' -r - < <(printf 'sum,x.0,x.1\nten,1,2\n')
  assert_output $'q,dq_dk\n6,3'
}

@test "-a repeats the fields as they stood, whatever the formats" {
  gives 0 $'x,y,"n,1",'"$names"$'\n 3 ,"5","a ""q""\nb",4,12,4' '' 'x,y,"n,1"\n 3 ,"5","a ""q""\nb"\n' -a
  gives 0 $'x\ty\tn\tloss\tdloss_dw\tdloss_db\n3\t5\t"a\tb"\t4\t12\t4' '' 'x,y,n\n3,5,a\tb\n' -a -f tsv
  gives 0 '{"row":1,"input":{"x":3,"y":5.0,"n":"a \"q\"","m":"007","k":""},"value":{"loss":4},"grad":{"loss":{"w":12,"b":4}}}' '' \
    'x,y,n,m,k\n3,5.0,"a ""q""",007,\n' -a -f json
  gives 0 '{"row":1,"input":{"x":3, "y":5,"z":{}},"value":{"loss":4},"grad":{"loss":{"w":12,"b":4}}}' '' \
    '{"x":3, "y":5,"z":{}}\n' -a -f json -I json
  gives 0 $'x,s,v.0,v.1,y,'"$names"$'\n3,"a,b",1,2,5,4,12,4' '' '{"x":3,"s":"a,b","v":[1,2],"y":5}\n' -a -I json
}

@test "columns are no inputs by themselves, and take the place of first values" {
  run --separate-stderr gc -e 'w = 2; x = 7; q = w*x^2' -r - < <(printf 'x\n3\n')
  assert_equal "$output$stderr" $'q,dq_dw\n18,9'
  run --separate-stderr gc -e 'w = 2; x = 7; q = w*x^2' -w x -r - < <(printf 'x\n3\n')
  assert_output $'q,dq_dx\n18,12'
  run --separate-stderr gc -e 'w = 2; q = w*x^2' --along x=1 -r - < <(printf 'x\n3\n')
  assert_output $'q,dq\n18,12'
  run --separate-stderr gc -e 'q = x^2' -r - < <(printf 'x\n3\n')
  assert_equal "$output $stderr" $'q\n9 gradcalc: note: there is no gradient: the program has no inputs but columns, and -w names those to differentiate in'
  run --separate-stderr gc -e 'q = x^2; r = 2*x' --value -t r,q -r - < <(printf 'x\n3\n')
  assert_output $'r,q\n6,9'
  run --separate-stderr gc -e 'q = x^3' -w x -H -f json -r - < <(printf 'x\n3\n')
  assert_output '{"row":1,"value":{"q":27},"hessian":{"q":{"x":{"x":18}}}}'
}

@test "a direction that cannot be moved is refused in front of the first record, and where there is none" {
  local records unknown="gradcalc: --along: 'v' is not a variable of <-e> (inputs: x, w; others: y)"
  for records in 'x,w\n' 'x,w\n1,2\n'; do
    run --separate-stderr gc --along v=1 -e 'y = x*w' -r - < <(printf "$records")
    assert_equal "$status $output$stderr" "2 $unknown"
    run --separate-stderr gc --along y=1 -e 'y = x*w' -r - < <(printf "$records")
    assert_equal "$status $output${stderr_lines[0]} ${#stderr_lines[@]}" \
      '2 <-e>:1:1: error: y is computed from x; --along moves inputs alone 3'
  done
  run --separate-stderr gc --along v=1 -e 'y = x*w' -r - < <(printf 'x,v,w\n1,2,3\n')
  assert_equal "$status $output$stderr" "2 $unknown"
}

@test "a name that is never used is told once, and not of a record" {
  run --separate-stderr gc -w x -e 'q = 1; y = 3*x' -r - < <(printf 'x\n1\n2\n')
  assert_equal "$output ${stderr_lines[0]} ${#stderr_lines[@]}" $'y,dy_dx\n3,3\n6,3 <-e>:1:1: warning: \'q\' is never used 3'
}

@test "what is true of many records is said once, with their number; an error of the program names its record" {
  run --separate-stderr gc -e 'q = log(x)*k' -w x -D k=1 -r - < <(printf 'x\n1\n-1\n2\n-3\n')
  assert_output $'q,dq_dx\n0,1\nNaN,NaN\n0.6931471805599453,0.5\nNaN,NaN'
  assert_equal "${stderr_lines[0]}" \
    '<-e>:1:5: warning: log(-1) is not a real number; q and 1 gradient are NaN (2 records, the first on line 3 of <stdin>)'
  assert_equal "$(grep -c warning <<<"$stderr")" 1
  # Of one place another cause is another thing.
  run --separate-stderr gc -e 'q = sqrt(x)' -w x -r - < <(printf 'x\n1\n0\n-1\n-4e-9\n')
  assert_equal "$(grep warning <<<"$stderr")" \
    '<-e>:1:5: warning: sqrt has an infinite derivative at 0; 1 gradient is infinite (line 3 of <stdin>)
<-e>:1:5: warning: sqrt(-1) is not a real number; q and 1 gradient are NaN (2 records, the first on line 4 of <stdin>)'
  # A tie is met while the program runs, the others when its results are known.
  run --separate-stderr gc -e 'q = x > 1 ? x : x^2' -w x -r - < <(printf 'x\n1\n2\n1\n')
  assert_equal "$(grep warning <<<"$stderr")" \
    "<-e>:1:5: warning: both sides of '>' are 1, a tie; the derivative is that of the branch taken (2 records, the first on line 2 of <stdin>)"
  printf '12345678901234567891\n2\n' >big.csv
  run --separate-stderr gc -w x -r - -e 'q = sum(load("big.csv"))*x' < <(printf 'x\n1\n2\n')
  assert_equal "$stderr" 'big.csv:1:1: warning: 12345678901234567891 cannot be held exactly; 12345678901234567168 is used'
  run --separate-stderr gc -e 'assert x > 0; q = x^2' -w x -r - < <(printf 'x\n1\n2\n-3\n')
  assert_equal "$status ${stderr_lines[0]} ${stderr_lines[-1]}" '3 <-e>:1:1: error: assert failed <stdin>:4: note: in this record'
  assert_output $'q,dq_dx\n1,2\n4,4'
  run --separate-stderr gc -s -e 'q = log(x)' -w x -q -r - < <(printf 'x\n-1\n1\n')
  assert_equal "$status $output" $'3 q,dq_dx\nNaN,NaN\n0,1'
}

@test "loops, branches, functions and files go row by row" {
  printf '1\n2\n' >m.csv
  printf 'x,n\n2,3\n-1,2\n3,0\n' >d.csv
  run --separate-stderr gc -w x -r d.csv -e 'def f(u) { if u > 0 { return u^2 }; return -u }
p = 1
for i in 0:n { p = p*x }
q = p*f(x) + sum(load("m.csv"))*x'
  # x^(n+2) + 3*x for x > 0; x^n*(-x) + 3*x else.
  assert_output $'q,dq_dx\n38,83\n-2,0\n18,9'
  run --separate-stderr gc -w x -r d.csv -e 'g(u) = u^3; q = grad(g)(x)*rand()/rand()'
  assert_success
}

@test "what is ready is written before the program waits" {
  coproc loss
  printf 'x,y\n3,5\n' >&"${COPROC[1]}"
  local first second third
  read -r -t 10 first <&"${COPROC[0]}"
  read -r -t 10 second <&"${COPROC[0]}"
  printf '1,2\n' >&"${COPROC[1]}"
  read -r -t 10 third <&"${COPROC[0]}"
  local writer=${COPROC[1]}
  exec {writer}>&-
  assert_equal "$first $second $third" "$names 4,12,4 1,2,2"
}

# A program of numbers over as many records as several threads share, some of which go by themselves: at x = 7 it has a kink.
@test "why a gradient is missing is told of each object by itself, whatever records came before" {
  printf '{"x":%s}\n' 1 -1 -2 2 -1 -2 >s.jsonl
  run --separate-stderr gc -f json -w a -r s.jsonl -e 'a = 1
if x > 0 { q = a*x } elif x < -1.5 { q = x } else { q = stop_gradient(a)*x }'
  assert_equal "$(jq -c '[.row, .unconnected[0].why]' <<<"$output")" \
    $'[1,null]\n[2,"stopped"]\n[3,"branch"]\n[4,null]\n[5,"stopped"]\n[6,"branch"]'
  assert_equal "$(grep -c note: <<<"$stderr")" 1
  for x in 1 -1 -2; do yes "{\"x\":$x}" | head -n 200; done >s.jsonl
  run gc -q -f json -w a -r s.jsonl -e 'a = 1
if x > 0 { q = a*x } elif x < -1.5 { q = x } else { q = stop_gradient(a)*x }'
  assert_equal "$(jq -c '.unconnected[0].why' <<<"$output" | uniq -c | tr -s ' ')" $' 200 null\n 200 "stopped"\n 200 "branch"'
}

@test "-j: the same bytes and words by any number of threads" {
  local format jobs wanted
  local program='d = abs(x - 7)*w; loss = d > 50 ? d : d^2 + 1/y'
  awk 'BEGIN { print "x,y,note"; for (i = 0; i < 9000; i++) print i % 97 + (i % 13)/8 "," (i == 5000 ? 0 : i % 31 + 1) ",n" i }' >many.csv
  for format in '-f csv' '-f tsv -a' '-f json' '-f json -a' '-f text' '--reduce=sum -f json' '--reduce=mean' --value; do
    [[ $format == --value ]] && format="--value -D w=2" || format+=' -w w,x -D w=2'
    # shellcheck disable=SC2086
    wanted=$("$GRADCALC" $format -r many.csv -e "$program" 2>wanted.err | cksum)
    for jobs in 2 7; do
      # shellcheck disable=SC2086
      assert_equal "$format $("$GRADCALC" $format -j $jobs -r many.csv -e "$program" 2>said | cksum)" "$format $wanted"
      assert_equal "$format $(cat said)" "$format $(cat wanted.err)"
    done
    [[ $format != '-f csv -w'* ]] || assert_regex "$(cat said)" '(14 records, the first on line 712 of many.csv)'
  done
}

@test "-j: a bad field and an error in the middle come behind all before; a total of less there is not" {
  awk 'BEGIN { print "x,y"; for (i = 1; i <= 9000; i++) print i "," (i == 7000 ? "z" : i == 8000 ? "" : 1) }' >bad.csv
  run --separate-stderr gc -j 3 -w x -r bad.csv -e 'q = x*y'
  assert_equal "$status ${#lines[@]} ${lines[-1]} $stderr" "3 7000 6999,1 bad.csv:7001:6: error: column 'y': 'z' is not a number"
  run --separate-stderr gc -j 3 --bad-rows=skip -w x -r bad.csv -e 'q = x*y'
  assert_equal "$status ${#lines[@]} ${lines[-1]} $stderr" \
    "0 8999 9000,1 bad.csv: note: 2 records were skipped; the first: line 7001: column 'y': 'z' is not a number"
  # What is skipped behind the error is not told of: the run was not there yet.
  run --separate-stderr gc -j 3 --bad-rows=skip -w x -r bad.csv -e 'assert x < 7900; q = x*y'
  assert_equal "$status ${#lines[@]} ${stderr_lines[-2]}" '3 7899 bad.csv:7901: note: in this record'
  assert_equal "${stderr_lines[-1]}" "bad.csv: note: 1 record was skipped; the first: line 7001: column 'y': 'z' is not a number"
  run --separate-stderr gc -j 3 --reduce=sum -w x -r bad.csv -e 'q = x*y'
  assert_equal "$status $output" '3 '
  run bash -c "$(declare -f gc keep_json); sed s/z/1/ bad.csv | gc -j 2 -a -w x -r - -e 'q = x' | head -n 1"
  assert_output 'x,y,q,dq_dx'
  run bash -c "$(declare -f gc keep_json); sed s/z/1/ bad.csv | gc -j 2 --bad-rows=skip -q -w x -r - -e 'q = x' >/dev/full"
  assert_equal "$status $output" '3 gradcalc: cannot write standard output: No space left on device'
}

@test "-j: what is ready is written before the program waits" {
  coproc loss -j 2
  local i line answers='' writer=${COPROC[1]}
  { echo x,y; yes 3,5 | head -n 3000; } >&"$writer"
  for ((i = 0; i < 3001; i++)); do read -r -t 10 line <&"${COPROC[0]}"; done
  assert_equal "$line" 4,12,4
  for i in 1 0 1; do
    echo "$i,2" >&"$writer"
    read -r -t 10 line <&"${COPROC[0]}"
    answers+="$line "
  done
  exec {writer}>&-
  assert_equal "$answers" '1,2,2 1,0,-2 1,2,2 '
}

@test "a pipe gets whole records, of at most 4096 bytes a write" {
  command -v python3 >/dev/null || skip 'there is no python3'
  awk 'BEGIN { print "x,y,n"; for (i = 0; i < 5000; i++) print i/7 ",3,a" i*i }' >many.csv
  # In a pipe of packets each write is one, in pieces of 4096 bytes.
  run python3 - "$GRADCALC" <<'END'
import os, subprocess, sys
for more in [], ['-a'], ['-f', 'json'], ['-j', '3', '-a'], ['-f', 'text', '-j', '2']:
    end, start = os.pipe2(os.O_DIRECT)
    running = subprocess.Popen([sys.argv[1], '-w', 'x', '-r', 'many.csv', '-e', 'q = x*y', *more], stdout=start)
    os.close(start)
    writes = []
    while packet := os.read(end, 65536):
        writes.append(packet)
    os.close(end)
    if running.wait() or len(writes) < 10 or max(map(len, writes[1:-1])) < 3000:
        sys.exit(f'{more}: {len(writes)} writes')
    for packet in writes:
        if len(packet) > 4096 or not packet.endswith(b'\n'):
            sys.exit(f'{more}: {packet[-100:]}')
END
  assert_success
}

@test "a full disk is told, a reader that leaves is not; -o is written whole or not at all" {
  run --separate-stderr bash -c "$(declare -f gc loss keep_json); { echo x,y; yes 3,5 | head -n 50000; } | loss >/dev/full"
  assert_equal "$status $stderr" '3 gradcalc: cannot write standard output: No space left on device'
  run --separate-stderr bash -c "$(declare -f gc loss keep_json); { echo x,y; yes 3,5 | head -n 50000; } | loss | head -n 1"
  assert_equal "$status $output $stderr" "0 $names "
  gives 0 '' '' 'x,y\n3,5\n' -o out.csv
  assert_equal "$(cat out.csv)" "$names"$'\n4,12,4'
  gives 3 '' "<stdin>:3:1: error: column 'x': 'z' is not a number" 'x,y\n3,5\nz,1\n' -o out.csv
  assert_equal "$(cat out.csv; ls out*)" "$names"$'\n4,12,4\nout.csv'
}

@test "options that do not go together, or lack -r" {
  local option
  for option in -a --no-header --columns=x --delimiter=';' --bad-rows=nan -j2; do
    run --separate-stderr gc $option -e 'x = 1'
    assert_regex "$status $stderr" '^2 .* needs .*-r( |$)'
  done
  for option in '-J' '-H' '--formula' '--check' '--layout=long' '-f text -a' -x '-f latex' '-f markdown'; do
    run --separate-stderr gc $option -r d.csv -e 'q = x'
    assert_equal "$status ${stderr: -18}" '2 cannot go together'
  done
  run --separate-stderr gc -r - < <(:)
  assert_equal "$status $stderr" '2 gradcalc: the program and --rows would both read standard input; give one of them as a file'
  for option in 0 257 2x -1 ''; do
    run --separate-stderr gc -j "$option" -r d.csv -e 'q = x'
    assert_equal "$status $stderr" "2 gradcalc: -j: '$option' is not a number of threads from 1 to 256"
  done
  run --separate-stderr gc --delimiter=ab -r d.csv -e 'q = x'
  assert_equal "$status $stderr" "2 gradcalc: --delimiter: 'ab' is not a single character that may stand between fields"
}

@test "many columns, a long record, NUL bytes" {
  awk 'BEGIN { n = 100000; for (i = 0; i < n; i++) printf "x.%d,", i; print "y"; for (r = 0; r < 3; r++) { for (i = 0; i < n; i++) printf "1,"; print r } }' >wide.csv
  run --separate-stderr gc -e 'q = k*sum(x) - y' -D k=1 -r wide.csv
  assert_output $'q,dq_dk\n100000,100000\n99999,100000\n99998,100000'
  { printf 'x,n,y\n3,'; head -c 3000000 /dev/zero | tr '\0' a; printf ',5\n1,a,2\n'; } >long.csv
  run --separate-stderr gc -w w -D w=2 -D b=1 -e 'loss = (w*x + b - y)^2' -r long.csv
  assert_output $'loss,dloss_dw\n4,12\n1,2'
  { printf 'x,y,n\n'; yes '3,5,a' | head -n 400; printf '3,5,\0\n3,\0005,a\n'; } >nul.csv
  run --separate-stderr gc -w w -D w=2 -D b=1 -e 'loss = (w*x + b - y)^2' -r nul.csv
  assert_equal "$status ${#lines[@]} $stderr" "3 402 nul.csv:403:3: error: column 'y': '?5' is not a number"
}
