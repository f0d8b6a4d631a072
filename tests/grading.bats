#!/usr/bin/env bats
# grading.bats -- hand-ins marked by a key: points, what is asked, and that none spoils another, whatever it holds.

load helper

setup () {
  [[ $GRADCALC == /* ]] || GRADCALC=$PWD/$GRADCALC
  cd "$BATS_TEST_TMPDIR" || return
  # loss = (w x + b - y)^2: dloss/dpred = 2 (pred - y) = 4, dloss/dw = 12, dloss/db = 4, dloss/dx = 8.
  printf 'x = 3; w = 2; b = 1; y = 5\npred = w*x + b\nloss = (pred - y)^2\n' >loss.expr
  printf '# asked\ndloss/dpred\ndloss/dw: 2\n\ndloss/db: 0.5  # half a point\n' >key
  printf 'dloss/dpred = 2*(pred - y)\ndloss/dw = 12\ndloss/db = 2*(pred - y)\n' >right
  printf 'dloss/dpred = pred - y\ndloss/dw = (pred - y)*x\n' >half
}

@test "grading: points, carried forward or not, and what is missing" {
  run --separate-stderr gc -f csv --key key -C right -C half loss.expr
  assert_failure 1
  assert_equal "$stderr" ''
  assert_output 'file,target,wrt,verdict,points,of,message
right,loss,pred,ok,1,1,
right,loss,w,ok,2,2,
right,loss,b,ok,0.5,0.5,
half,loss,pred,wrong,0,1,half of the correct value at all 20 points; you get this if the factor 2 is left out here; the rule is d(u^2) = 2*u*du (loss.expr:3:8)
half,loss,w,carried,2,2,the step from your dloss/dpred to dloss/dw is right
half,loss,b,missing,0,0.5,'
  run gc -f csv --key key --carried 33.3 --reveal=none -C half loss.expr
  assert_line 'half,loss,w,carried,0.666,2,'
  run gc -f csv --key key --carried 0 --reveal=none -C half loss.expr
  assert_line 'half,loss,w,carried,0,2,'
}

@test "grading: text, a part for each hand-in, then points and questions" {
  printf 'dloss/dw = 12\ndloss/dw = 2*x*(pred - y)\nloss = 5\n' >more
  printf 'loss.expr\0' >binary
  run gc --reveal=hint --key key -C right -C half -C more -C binary loss.expr
  assert_failure 1
  assert_output "right: 3.5 of 3.5 points
dloss/dpred  ok  1 of 1
dloss/dw  ok  2 of 2
dloss/db  ok  0.5 of 0.5

half: 2 of 3.5 points
dloss/dpred  WRONG  0 of 1  half of the correct value at all 20 points
loss.expr:3:8: hint: you get this if the factor 2 is left out here; the rule is d(u^2) = 2*u*du
    3 | loss = (pred - y)^2
      |        ^~~~~~~~~~~~
dloss/dw  carried forward  2 of 2  the step from your dloss/dpred to dloss/dw is right
dloss/db  missing  0 of 0.5

more: 2 of 3.5 points
dloss/dpred  missing  0 of 1
dloss/dw  ok  2 of 2 (the last of 2 answers)
dloss/db  missing  0 of 0.5
not asked for: loss  WRONG

binary: 0 of 3.5 points
unreadable: 'binary' is no text

hand-in  dloss/dpred  dloss/dw  dloss/db  points
right              1         2       0.5     3.5
half               0         2         -       2
more               -         2         -       2
binary            !0        !0        !0       0
of                 1         2       0.5     3.5
! unreadable; - missing

question     ok  carried  wrong  unreadable  missing
dloss/dpred   1        0      1           1        1
dloss/dw      2        1      0           1        0
dloss/db      1        0      0           1        2
dloss/dpred, 1 time: the factor 2 is left out
4 hand-ins, 1.88 of 3.5 points on average"
}

@test "grading: json, markdown, LaTeX and TAP" {
  printf 'dloss/dpred = pred - y\ndloss/db = q\nloss = 4\n' >some
  run gc -f json --reveal=hint --key key -C some loss.expr
  assert_failure 1
  assert_output --partial '{"hand_ins":[{"file":"some","points":0,"of":3.5,"checks":[{"target":"loss","wrt":"pred","verdict":"wrong","cause":"factor","message":"half of the correct value at all 20 points","given":2,"points":20,"file":"loss.expr","line":3,"column":8,"hint":'
  assert_output --partial '"questions":[{"target":"loss","wrt":"pred","ok":0,"wrong":1,"carried":0,"undecided":0,"unreadable":0,"missing":0,"slips":{"factor":1}},'
  run gc -f json --reveal=none --key key -C half -C half loss.expr
  assert_output '{"hand_ins":[{"file":"half","points":2,"of":3.5,"checks":[{"target":"loss","wrt":"pred","verdict":"wrong"},{"target":"loss","wrt":"w","verdict":"carried"},{"target":"loss","wrt":"b","verdict":"missing"}]},{"file":"half","points":2,"of":3.5,"checks":[{"target":"loss","wrt":"pred","verdict":"wrong"},{"target":"loss","wrt":"w","verdict":"carried"},{"target":"loss","wrt":"b","verdict":"missing"}]}],"questions":[{"target":"loss","wrt":"pred","ok":0,"wrong":2,"carried":0,"undecided":0,"unreadable":0,"missing":0,"slips":{}},{"target":"loss","wrt":"w","ok":0,"wrong":0,"carried":2,"undecided":0,"unreadable":0,"missing":0,"slips":{}},{"target":"loss","wrt":"b","ok":0,"wrong":0,"carried":0,"undecided":0,"unreadable":0,"missing":2,"slips":{}}]}'
  run gc -f markdown --reveal=hint --key key -C half loss.expr
  assert_output '## `half`: 2 of 3.5 points

| answer | verdict | points | why |
| --- | --- | ---: | --- |
| `dloss/dpred` | WRONG | 0 of 1 | half of the correct value at all 20 points; you get this if the factor 2 is left out here; the rule is `d(u^2) = 2*u*du` (`loss.expr:3:8`) |
| `dloss/dw` | carried forward | 2 of 2 | the step from your dloss/dpred to dloss/dw is right |
| `dloss/db` | missing | 0 of 0.5 |  |

## Points

| hand-in | `dloss/dpred` | `dloss/dw` | `dloss/db` | points |
| --- | ---: | ---: | ---: | ---: |
| `half` | 0 | 2 | - | 2 |
| of | 1 | 2 | 0.5 | 3.5 |

`-` missing

1 hand-in, 2 of 3.5 points

## Questions

| question | ok | carried | wrong | missing |
| --- | ---: | ---: | ---: | ---: |
| `dloss/dpred` | 0 | 0 | 1 | 0 |
| `dloss/dw` | 0 | 1 | 0 | 0 |
| `dloss/db` | 0 | 0 | 0 | 1 |

- `dloss/dpred`, 1 time: the factor 2 is left out'
  run gc -f latex --key key -C half loss.expr
  assert_line --index 0 '\begin{tabular}{lrrrr}'
  assert_line '\texttt{half} & 0 & 2 & - & 2 \\'
  assert_line '\texttt{-} missing'
  run gc -f tap --reveal=none --key key -C half -C right loss.expr
  assert_failure 1
  assert_output '1..6
not ok 1 - half: dloss/dpred
ok 2 - half: dloss/dw: carried forward from dloss/dpred
not ok 3 - half: dloss/db: missing
ok 4 - right: dloss/dpred
ok 5 - right: dloss/dw
ok 6 - right: dloss/db'
}

@test "grading: whatever a hand-in holds is a row, and the others are judged as they are alone" {
  printf 'def f(n) { while n > 0 { n = n + 1 }; return n }\ndef g(n) { return n < 0 ? 0 : g(n + 1) }\ndef h(v) { return grad(v, w) }\n' >>loss.expr
  printf 'loss = (pred - y)^2\n' >>loss.expr
  : >empty
  printf '# nothing\n\n' >comments
  head -c 2000 "$GRADCALC" >program
  printf '\377\376d\0l\0' >wide
  truncate -s 100M huge
  mkdir folder
  printf 'dloss/dw = 12\n' >secret
  chmod 0 secret
  printf 'dloss/dpred = f(1)\ndloss/dw = 12\ndloss/db = f(x)\n' >endless
  printf 'dloss/dpred = g(1)\ndloss/dw = zeros(100000, 100000)\ndloss/db = h(loss)\n' >greedy
  printf 'dloss/dpred = 4\ndloss/dw = load("key")\ndloss/db = rand(1)[0]\n' >sly
  printf '{"grad":{"loss":{"w":12,"b":4}}}' >right.json
  printf '{"grad":' >cut.json
  local files=() file
  for file in right empty comments program wide huge folder endless greedy sly right.json cut.json nowhere half right; do files+=(-C "$file"); done
  run --separate-stderr gc -f csv --reveal=verdict --key key "${files[@]}" loss.expr
  assert_failure 1
  assert_equal "$stderr" ''
  assert_equal "${#lines[@]}" $((1 + 3 * ${#files[@]} / 2))
  local all=$output
  assert_equal "$(grep '^right,' <<<"$all" | sort -u)" $'right,loss,b,ok,0.5,0.5,\nright,loss,pred,ok,1,1,\nright,loss,w,ok,2,2,'
  assert_equal "$(grep -c '^\(empty\|comments\),.*,missing,0,' <<<"$all")" 6
  assert_equal "$(grep -c "^\(program\|huge\|folder\|wide\|cut.json\|nowhere\),.*,unreadable,0," <<<"$all")" 18
  grep -qx "wide,loss,w,unreadable,0,2,'wide' is text in UTF-16; it has to be saved as UTF-8" <<<"$all"
  grep -qx "huge,loss,w,unreadable,0,2,'huge' has more than 16 MiB" <<<"$all"
  grep -qx "folder,loss,b,unreadable,0,0.5,cannot open 'folder': Is a directory" <<<"$all"
  grep -qx 'endless,loss,pred,unreadable,0,1,this answer does not end' <<<"$all"
  grep -qx 'endless,loss,w,ok,2,2,' <<<"$all"
  grep -qx 'endless,loss,b,unreadable,0,0.5,this answer does not end' <<<"$all"
  grep -qx 'greedy,loss,pred,unreadable,0,1,calls are nested more than 10000 deep' <<<"$all"
  grep -qx 'greedy,loss,w,unreadable,0,2,out of memory' <<<"$all"
  grep -qx "greedy,loss,b,unreadable,0,0.5,\"an answer may not call 'grad', nor a function that does\"" <<<"$all"
  grep -qx "sly,loss,w,unreadable,0,2,an answer may not call 'load'" <<<"$all"
  grep -qx "sly,loss,b,unreadable,0,0.5,an answer may not call 'rand'" <<<"$all"
  grep -qx 'right.json,loss,w,ok,2,2,' <<<"$all"
  grep -qx 'half,loss,w,carried,2,2,the step from your dloss/dpred to dloss/dw is right' <<<"$all"
}

@test "grading: each is judged as it is alone" {
  cd "$srcdir/samples/homework" || return
  local program name alone
  for program in net attention fit softmax; do
    run gc -f csv --key $program.key -C $program.wrong -C $program.right -C $program.wrong $program.expr
    assert_failure 1
    alone=$(gc -f csv -C $program.wrong $program.expr | cut -d, -f1-3 | tail -n +2)
    assert_equal "$(grep "^$program.wrong" <<<"$output" | cut -d, -f2-4)" "$alone"$'\n'"$alone"
    run grep -c "^$program.right,.*,ok,\([0-9]*\),\1," <<<"$output"
    assert_output "$(grep -c '^d' $program.key)"
  done
  # What it says, too.
  run gc --key fit.key -C net.right -C fit.right -C fit.wrong fit.expr
  assert_line 'dloss/dr  WRONG  0 of 2  3 times the correct value at all 20 points; 3 = len(r)'
}

@test "grading: names of a hand-in's own are nobody else's, and answers that nobody asked for count neither way" {
  printf 'r = pred - y\ndloss/dpred = 2*r\ndloss/dw = 2*r*x\ndloss/db = 2*r\n' >own
  printf 'dloss/dpred = 2*r\ndloss/dx = 7\ndloss/dw = 12\ndloss/db = 4\nloss = 4\n' >thief
  run gc -f csv --key key -C own -C thief loss.expr
  assert_line 'own,loss,b,ok,0.5,0.5,'
  assert_line "thief,loss,pred,unreadable,0,1,'r' is not defined"
  assert_line 'thief,loss,w,ok,2,2,'
  printf 'dloss/dx = 7\nloss = 5\n' | cat - right >extra
  run gc --key key -C extra loss.expr
  assert_success
  assert_line --partial 'not asked for: dloss/dx  WRONG'
  run gc -f json --key key -C extra loss.expr
  assert_success
  assert_output --partial '"others":[{"target":"loss","wrt":"x","verdict":"wrong"'
}

@test "grading: the last of several answers counts, and what follows is carried forward from it alone" {
  printf 'dloss/dpred = pred - y\ndloss/dpred = 4\ndloss/dw = (pred - y)*x\ndloss/db = 3\ndloss/db = nonsense\n' >again
  run gc -f csv --reveal=none --key key -C again loss.expr
  assert_failure 1
  assert_line 'again,loss,pred,ok,1,1,'
  assert_line --partial 'again,loss,w,wrong,0,2,'
  assert_line --partial 'again,loss,b,unreadable,0,0.5,'
}

@test "grading: a line with several right sides, one that cannot be read, and hand-ins without end" {
  printf 'dloss/dw = 12 = 2*x*(pred - y)\ndloss/dpred = 4 = 5\ndloss/db: 4\nMy name is Bob.\n' >sides
  printf 'dloss/dpred = 4\ndloss/dw = 3 +* 4\ndloss/db = 1 1\ndloss/db = 4\n' >broken
  awk 'BEGIN { for (i = 0; i < 30000; i++) print "dloss/dw = 2*x*(pred - y)  # again and again" }' >large
  awk 'BEGIN { for (i = 0; i < 900; i++) print "dloss/dw = 7"; print "dloss/dw = 12" }' >patient
  run --separate-stderr gc -f csv --key key -C sides -C broken -C large -C patient loss.expr
  assert_failure 1
  assert_equal "$stderr" ''
  assert_line 'sides,loss,w,ok,2,2,'
  assert_line --partial 'sides,loss,pred,wrong,0,1,'
  assert_line 'sides,loss,b,ok,0.5,0.5,'
  assert_line 'broken,loss,pred,ok,1,1,'
  assert_line --partial 'broken,loss,w,unreadable,0,2,'
  assert_line 'broken,loss,b,ok,0.5,0.5,'
  assert_line "large,loss,pred,unreadable,0,1,'large' has more than 1 MiB of text"
  assert_line 'patient,loss,w,ok,2,2,'
  run gc --key key -C sides loss.expr
  refute_output --partial 'the last of'
  printf 'dy/da\n' >one
  awk 'BEGIN { for (i = 0; i < 1200; i++) print "dy/dx[" i % 3 "] = " i; print "dy/da = 1" }' >others
  run gc -f csv --key one -C others -e 'x = [1, 2, 3]; a = 1; y = a*sum(x)'
  assert_line "others,y,a,unreadable,0,1,'others' has more than 1000 answers that nobody asked for"
  # What an answer follows from may stand behind it.
  printf 'dloss/dw = (pred - y)*x\ndloss/dpred = pred - y\n' >behind
  run gc -f tap --reveal=none -C behind loss.expr
  assert_output $'1..2\nok 1 - dloss/dw: carried forward from dloss/dpred\nnot ok 2 - dloss/dpred'
}

@test "grading: memory that the system refuses is no fault of a hand-in, and ends the run" {
  [[ -z ${GRADCALC_WRAPPER-} ]] || skip "it asks for more space"
  nm "$GRADCALC" 2>/dev/null | grep -q __asan_init && skip "it asks for more space"
  run bash -c "ulimit -v 150000; '$GRADCALC' -f csv --key key -C right -C half loss.expr"
  assert_failure 3
  assert_output --regexp '^gradcalc: out of memory: .* the system gives no more$'
}

@test "grading: statuses" {
  run gc --key key -C right loss.expr
  assert_success
  printf 'dy/dx\n' >open
  printf 'dy/dx = 1/(x - 5)\n' >undecided
  run gc --key open -C undecided -e 'x = -1; y = log(x - 5)'
  assert_failure 4
  assert_line 'undecided     ?0       0'
  run gc -f tap --key open -C undecided -e 'x = -1; y = log(x - 5)'
  assert_success
  assert_line --partial 'ok 1 - undecided: dy/dx # SKIP undecided'
  run gc -q --key open -C undecided -C nowhere -e 'x = -1; y = log(x - 5)'
  assert_failure 1
  assert_output ''
  run gc --key key -C - loss.expr <right
  assert_success
  assert_line '<stdin>: 3.5 of 3.5 points'
  run gc --key - -C right -f csv loss.expr <key
  assert_success
  run gc -o marks --key key -C half -f csv loss.expr
  assert_failure 1
  assert_equal "$(wc -l <marks)" 4
}

@test "grading: a key as people write it, and a wrong one with its place" {
  printf '\xef\xbb\xbfdloss/dw: 2\r\ndloss/d pred  :  .5 # so\r\n\r\nd(loss)/db; loss: 3' >windows
  run gc -f csv --key windows -C right loss.expr
  assert_output $'file,target,wrt,verdict,points,of,message\nright,loss,w,ok,2,2,\nright,loss,pred,ok,0.5,0.5,\nright,loss,b,ok,1,1,\nright,loss,,missing,0,3,'
  local text words
  while IFS='|' read -r text words; do
    printf "$text" >wrong
    run gc --key wrong -C right -C half loss.expr
    assert_failure 2
    assert_line --index 0 "$words"
  done <<'END'
dloss/dq|wrong:1:8: error: 'q' is not a variable of the program
dlss/dw|wrong:1:2: error: 'lss' is not a variable of the program; did you mean 'loss'?
dloss/dw\ndloss/db\ndloss/dw: 3|wrong:3:1: error: the key asks twice for dloss/dw
d2loss/dwdb\nd2loss/dbdw|wrong:2:1: error: the key asks twice for d2loss/dbdw
dloss/dw = 2|wrong:1:10: error: expected the end of the line, ';' or ':' after 'dw', found '='; a key has lines such as dy/dx: 2, two points
dloss/dw: -2|wrong:1:11: error: expected a number of points after ':', found '-'
dloss/dw: 2 points|wrong:1:13: error: expected the end of the line or ';' after '2', found 'points'
dloss/dw 2|wrong:1:7: error: expected an operator between 'dw' and '2'; points stand after ':', as in dy/dx: 2
# nothing\n|gradcalc: wrong: the key asks for nothing; expected lines such as dloss/dw or dloss/dw: 2
END
  run gc --key nokey -C right loss.expr
  assert_failure 2
  assert_output --partial "cannot open 'nokey'"
}

@test "grading: what a key does not go with" {
  local words
  while IFS='|' read -r arguments words; do
    eval "run gc $arguments"
    assert_failure 2
    assert_output "gradcalc: $words"
  done <<'END'
--key key -c 'dloss/dw = 12' -C right loss.expr|--key and -c cannot go together
--key key loss.expr|--key needs -C
--carried 50 -C right loss.expr|--carried needs --key
--key key -C right -e 'x = 3; y = x^2; claim dy/dx = 2*x'|--key and claims in the program cannot go together
--key - -C - loss.expr|--answers and --key would both read standard input; give one of them as a file
--key key -C right -o key loss.expr|-o: 'key' is read, and would be overwritten; write to another file
--key key -C right -w x loss.expr|-C and -w cannot go together
END
  run gc --key key --carried 101 -C right loss.expr
  assert_failure 2
}

@test "grading: elements, second derivatives, inputs of the command line, and names of files" {
  printf 'dy/dx[-1]: 2\nd2y/dadb\nd(a + y)/da\n' >parts
  local odd=$'a,"b"\n#c'
  printf 'dy/dx[2] = 2*a*x[2]*b\nd2y/dbda = sum(x^2)\nd(a+y)/da = 1 + b*sum(x^2)\n' >"$odd"
  run gc -f csv --key parts -C "$odd" -D a=3 -e 'x = [1, 2, 4]; a = 1; b = 0.5; y = a*b*sum(x^2)'
  assert_success
  assert_output $'file,target,wrt,verdict,points,of,message\n"a,""b""\n#c",y,x[-1],ok,2,2,\n"a,""b""\n#c",y,"a,b",ok,1,1,\n"a,""b""\n#c",a+y,a,ok,1,1,'
  run gc -f tap --key parts -C "$odd" -D a=3 -e 'x = [1, 2, 4]; a = 1; b = 0.5; y = a*b*sum(x^2)'
  assert_line 'ok 1 - a,"b"  c: dy/dx[-1]'
  run gc -f json --key parts -C "$odd" -D a=3 -e 'x = [1, 2, 4]; a = 1; b = 0.5; y = a*b*sum(x^2)'
  assert_output --partial '{"file":"a,\"b\"\n#c","points":4,"of":4,'
  printf 'dy/dx[0:2]\n' >parts
  printf 'dy/dx[1:2] = [2*a*x[1]*b]\n' >other
  run gc -f csv --reveal=none --key parts -C other -D a=3 -e 'x = [1, 2, 4]; a = 1; b = 0.5; y = a*b*sum(x^2)'
  assert_line 'other,y,x[0:2],missing,0,1,'
  # What cannot be read is about the element all the same, and about that alone.
  printf 'dy/dx[0]\ndy/dx[1]\nd2y/dadb\ndy/dx\n' >parts
  printf 'dy/dx[0] = junk\nd2y/dadb = 2 3\ndy/dx = 2*a*b*x\ndy/dx[2] = junk\n' >other
  run gc -f tap --key parts -C other -e 'x = [1, 2, 4]; a = 1; b = 0.5; y = a*b*sum(x^2)'
  assert_line "not ok 1 - other: dy/dx[0]: 'junk' is not defined (other:1:12)"
  assert_line 'not ok 2 - other: dy/dx[1]: missing'
  assert_line "not ok 3 - other: d2y/dadb: expected an operator before '3' (other:2:14)"
  assert_line 'ok 4 - other: dy/dx'
}

@test "grading: no number of the solution is told before all" {
  printf 'dloss/dpred = 7\ndloss/dw = [1, 2]\ndloss/db = 0.3*x\nloss = 9\n' >guess
  local format reveal
  for format in text json csv markdown tap; do
    for reveal in none verdict hint; do
      run gc -f $format --reveal=$reveal --key key -C guess loss.expr
      assert_failure 1
      refute_output --partial correct\ 
      refute_output --partial '"correct"'
      refute_output --regexp '(^|[^0-9.])(12|4)([^0-9]|$)'
    done
  done
}

@test "grading: what the program prints and warns of is said once" {
  run --separate-stderr gc -f csv --key key -C right -C half -C right -e 'print 77' loss.expr
  assert_equal "$stderr" 77
}
