#!/usr/bin/env bats
# totals.bats -- sums and means over records, and totals of parts of them put together.

load helper

setup () {
  cd "$BATS_TEST_TMPDIR" || return
}

# merges TEXT [OPTION...]: puts together the totals on standard input; TEXT is what comes out.
merges () {
  local expected=$1
  shift
  run --separate-stderr gc --merge "$@"
  assert_success
  assert_equal "$output" "$expected"
  assert_equal "$stderr" ''
}

# refuses MESSAGE [OPTION...]: as merges does, but with status 3 and that message.
refuses () {
  local expected=$1
  shift
  run --separate-stderr gc --merge "$@"
  assert_equal "$status" 3
  assert_output ''
  assert_equal "${stderr_lines[0]}" "$expected"
}

# A total of one number and its gradient in two sources: ROWS LOSS W B.
total () {
  printf '{"value":{"loss":%s},"grad":{"loss":{"w":%s,"b":%s}},"reduce":"sum","rows":%s,"skipped":0,"exact":{"value":{"loss":[%s]},"grad":{"loss":{"w":[%s],"b":[%s]}}}}\n' \
    "$2" "$3" "$4" "$1" "$2" "$3" "$4"
}

@test "merge: totals add up, in every format, and to a total again" {
  total 2 5 12 4 >a
  total 1 4 2 6 >b
  merges $'loss,dloss_dw,dloss_db\n9,14,10' a b
  merges $'9\t14\t10' -f tsv --no-header b a
  merges $'loss = 9\ndloss/dw = 14\ndloss/db = 10' -f text a b
  merges "$(total 3 9 14 10)" -f json --expect=3 a b
  cat a b >both
  merges "$(total 6 18 28 20)" -f json - both <both
  gc --merge -f json a | merges "$(total 3 9 14 10)" -f json - b
}

@test "merge: blank lines, a tab or CR behind a total, several on a line, none at the end, a byte order mark" {
  printf '\n\xef\xbb\xbf' >marked
  { printf '\xef\xbb\xbf\n\n'; total 1 1 1 1 | tr '\n' '\t'; printf '\r\n \n'; total 1 1 1 1 | tr '\n' ' '; total 1 1 1 1 | tr -d '\n'; } >all
  merges $'loss,dloss_dw,dloss_db\n3,3,3' all
  jq . all 2>/dev/null >pretty || skip 'there is no jq'
  merges $'loss,dloss_dw,dloss_db\n3,3,3' pretty
}

@test "merge: nothing is a total of no records, which changes no other" {
  merges '' </dev/null
  merges '{"value":{},"grad":{},"reduce":"sum","rows":0,"skipped":0,"exact":{}}' -f json --expect=0 </dev/null
  gc --merge -f json </dev/null >none
  total 1 4 2 6 >b
  sed 's/"sum"/"mean"/' b >mean
  merges "$(cat mean)" -f json none mean none
  printf '{"value":{"loss":0},"grad":{"loss":{"w":[0,0],"b":0}},"reduce":"sum","rows":0,"skipped":3,"exact":{"value":{"loss":[]},"grad":{"loss":{"w":[[],[]],"b":[]}}}}' >empty
  merges "$(sed 's/"skipped":0/"skipped":3/' b)" -f json empty b
  merges "$(sed 's/"skipped":0/"skipped":3/' b)" -f json b empty
}

@test "merge: sums are exact, so that digits do not depend on the order" {
  # 1e100 + 1 + 3 - 1e100 is 4, of which a sum of doubles keeps 0 or 3; the mean of 3 thirds of the least is the least.
  local x
  for x in 1e100 1 3 -1e100; do total 1 "$x" 5e-324 -0; done >all
  merges $'loss,dloss_dw,dloss_db\n4,2e-323,-0' all
  tac all >back
  merges $'loss,dloss_dw,dloss_db\n4,2e-323,-0' back
  sed 's/"sum"/"mean"/' all >means
  merges $'loss,dloss_dw,dloss_db\n1,5e-324,-0' means
  merges 'loss = 1'$'\n''dloss/dw = 5e-324'$'\n''dloss/db = -0' -f text -p 2 means
  # What is beyond the doubles comes back: 2^1024 + 2^1024 - 2^1024 - 2^1024 + 1.
  total 1 1.7976931348623157e308 9 9 >large
  total 1 -1.7976931348623157e308 9 9 >less
  gc --merge -f json large large >two
  run gc --merge two
  assert_output $'loss,dloss_dw,dloss_db\ninf,18,18'
  merges $'loss,dloss_dw,dloss_db\n-1.7976931348623157e+308,45,45' less two less less
}

@test "merge: arrays, gradients that are missing, and what is not finite" {
  cat >a <<'EOF'
{"value":{"y":[1,"NaN"]},"grad":{"y":{"w":[[0.1,"Infinity"]],"c":null,"a+b":-0}},"reduce":"sum","rows":2,"skipped":0,"exact":{"value":{"y":[[1],{"sum":[2],"NaN":1,"Infinity":3}]},"grad":{"y":{"w":[[[0.1,-1e-20],["0x1.8p+1030",5]]],"c":[null,null],"a+b":[-0]}}}}
EOF
  merges "$(cat a)" -f json a
  merges $'y.0,y.1,dy_dw.0.0,dy_dw.0.1,dy_dc.0,dy_dc.1,dy_d(a+b)\n2,NaN,0.2,inf,,,-0' a a
  merges $'y = [2, NaN]\ndy/dw = [[0.2, Inf]]\ndy/dc = none\ndy/d(a+b) = -0' -f text a a
  sed 's/"c":null/"c":[1,2]/; s/\[null,null\]/[[1],[2]]/' a >b
  merges $'y.0,y.1,dy_dw.0.0,dy_dw.0.1,dy_dc.0,dy_dc.1,dy_d(a+b)\n2,NaN,0.2,inf,1,2,-0' a b
  printf '{"value":{"y":3},"along":{"y":null},"reduce":"sum","rows":1,"skipped":0,"exact":{"value":{"y":[3]},"along":{"y":null}}}\n' >along
  merges "$(cat along)" -f json along
  merges $'y,dy\n6,' along along
  printf '{"value":{"y":3},"reduce":"sum","rows":1,"skipped":0,"exact":{"value":{"y":[3]}}}\n' >value
  merges $'y\n6' value value
}

@test "merge: what is no total, or one of something else, is an error at its place" {
  total 2 5 12 4 >a
  printf 'x,y\n1,2\n' >table
  refuses "table:1:1: error: expected a total, as --reduce prints it with -f json" table
  { cat a; head -c 60 a; } >cut
  run --separate-stderr gc --merge cut
  assert_equal "$status" 3
  assert_regex "${stderr_lines[0]}" '^cut:2:60: error: '
  printf '{"value":{"loss":4},"grad":{"loss":{"w":12,"b":4}}}\n' >plain
  refuses 'plain:1:1: error: this is no total of --reduce: there is no "exact"' plain
  { cat a; sed 's/loss/lost/g' a; } >names
  refuses "names:2:1: error: its target 'lost' is 'loss' in the total before" names
  sed 's/"b"/"v"/g' a >source
  refuses "source:1:1: error: its source 'v' is 'b' in the total before" a source
  sed 's/,"b":4//; s/,"b":\[4\]//' a >fewer
  refuses "fewer:1:1: error: it lacks the source 'b', which the total before has" a fewer
  refuses "a:1:1: error: it has the source 'b', which the total before lacks" fewer a
  sed 's/"w":12/"w":[12]/; s/\[12\]}/[[12]]}/; s/"w":\[12\],"b":\[4\]/"w":[[12]],"b":[4]/' a >shape
  refuses "shape:1:1: error: 'w' is of shape 1, but one number in the total before" a shape
  sed 's/"sum"/"mean"/' a >mean
  refuses 'mean:1:1: error: it is a mean, the total before is a sum' a mean
  sed 's/"sum"/"median"/' a >median
  refuses 'median:1:1: error: this is no total of --reduce: "reduce" is neither "sum" nor "mean"' median
  sed 's/"rows":2/"rows":2.5/' a >half
  refuses 'half:1:1: error: this is no total of --reduce: "rows" is no whole number' half
  sed 's/"loss":\[5\]/"loss":[5,"x"]/' a >part
  refuses 'part:1:1: error: there are no exact sums of loss' part
  refuses 'gradcalc: --expect: there are 2 records, not 3' --expect=3 a
  run --separate-stderr gc --merge nothing.json
  assert_equal "$status" 2
  assert_equal "$stderr" "gradcalc: cannot open 'nothing.json': No such file or directory"
}

@test "merge: goes with few options, and is written whole or not at all" {
  total 2 5 12 4 >a
  local option
  for option in -w=x --value -J '-D x=1' --layout=long --strict -k; do
    # shellcheck disable=SC2086 # two words
    run --separate-stderr gc --merge $option a
    assert_equal "$status" 2
    assert_regex "$stderr" 'cannot go together|needs'
  done
  run --separate-stderr gc --merge -o out a
  assert_success
  assert_equal "$(cat out)" $'loss,dloss_dw,dloss_db\n5,12,4'
  run --separate-stderr gc --merge --expect=9 -o out2 a
  assert_equal "$status" 3
  [[ ! -e out2 ]]
  run --separate-stderr gc --merge -o a a
  assert_equal "$status" 2
  run --separate-stderr gc --expect=9 -e 'x = 1'
  assert_equal "$stderr" 'gradcalc: --expect needs -r or --merge'
}

# The program of what follows; its records in any order, cut anywhere, have the same total.
reduced () {
  gc --reduce="$1" -w w,b "${@:2}" -e 'w = [2, 1e-9]; b = 1; k = 1e8; loss = (w[0]*x + w[1]*k*x + b - y)^2'
}

@test "reduce: the total of all records is that of 7 uneven parts in any order, to the byte" {
  python3 - <<'EOF' >d.csv || skip 'there is no python3'
import random
random.seed(3)
print('x,y')
for i in range(1000):
    print(random.gauss(0, 1) * 10 ** random.randint(-8, 8), random.gauss(0, 1) * 10 ** random.randint(-8, 8), sep=',')
EOF
  local kind part
  for kind in sum mean; do
    reduced "$kind" -f json -r d.csv >whole
    tail -n +2 d.csv | split -n r/7 -a 1 - part.
    cat part.a part.b >>part.c
    : >part.a
    for part in part.?; do reduced "$kind" -f json --columns=x,y -r - <"$part"; done | sort >parts
    run gc --merge -f json --expect=1002 parts
    assert_equal "$status" 3
    # Two parts were read twice.
    rm part.b part.d
    for part in part.?; do reduced "$kind" -f json --columns=x,y -r - <"$part"; done >parts
    run gc --merge -f json parts
    { head -n 1 d.csv; cat part.?; } >again.csv
    assert_output "$(reduced "$kind" -f json -r again.csv)"
    { head -n 1 d.csv; tail -n +2 d.csv | tac; } >back.csv
    run reduced "$kind" -f json -r back.csv
    assert_output "$(cat whole)"
    run reduced "$kind" -r d.csv
    assert_output "$(gc --merge whole)"
    rm part.?
  done
}

@test "reduce: sums are those of rational numbers, rounded once" {
  # 1e100 + 1 + 3 - 1e100 = 4, and a third of 1 + 1e-30 + 1e-30 rounds as a third of 1 does.
  run gc --reduce=sum --value -r - -e 'z = x' <<<$'x\n1e100\n1\n3\n-1e100'
  assert_output $'z\n4'
  run gc --reduce=mean --value -r - -f text -e 'z = x' <<<$'x\n1\n1e-30\n1e-30'
  assert_output 'z = 0.3333333333333333'
  run gc --reduce=sum -f json --value -r - -e 'z = x' <<<$'x\n1\n1e-30\n1e-30'
  assert_output '{"value":{"z":1},"reduce":"sum","rows":3,"skipped":0,"exact":{"value":{"z":[1,2e-30]}}}'
  # Many at once: ten times each power of two from 1 to 2^89, 10 (2^90 - 1) = 12379400392853802748991242230, whose
  # nearest double is 12379400392853802748991242240; the rest is -10. Of negative zeros the sum is one.
  awk 'BEGIN { print "x,y"; for (i = 0; i < 900; i++) printf "%.0f,-0\n", 2^(i % 90) }' >powers.csv
  run gc -q --reduce=sum -f json -w w -D w=2 -r powers.csv -t z,y -e 'z = w*x'
  assert_output '{"value":{"z":2.4758800785707605e+28,"y":-0},"grad":{"z":{"w":1.2379400392853803e+28},"y":{"w":null}},"reduce":"sum","rows":900,"skipped":0,"exact":{"value":{"z":[2.4758800785707605e+28,-20],"y":[-0]},"grad":{"z":{"w":[1.2379400392853803e+28,-10]},"y":{"w":null}}}}'
}

@test "reduce: what is of another shape in a later record has no sum" {
  run --separate-stderr gc -q -r - --reduce=sum -t y -w x -e 'y = x*ones(n)' <<<$'n,x\n2,1\n3,1'
  assert_failure 3
  assert_output ''
  assert_equal "${stderr_lines[0]}" '<stdin>:3: error: y is of shape 3 in this record, but of shape 2 in the first; they have no sum'
}

@test "reduce: bad records, no records, gradients that are missing in some, changes in a direction" {
  local program='w = 2; loss = x > 0 ? w*x : 1'
  run --separate-stderr gc --reduce=sum -r - -e "$program" <<<$'x\n1\n2\nz'
  assert_equal "$status" 3
  assert_output ''
  assert_equal "$stderr" "<stdin>:4:1: error: column 'x': 'z' is not a number"
  run --separate-stderr gc --reduce=sum -f json --bad-rows=skip --expect=3 -r - -e "$program" <<<$'x\n1\n-2\nz'
  assert_success
  assert_output '{"value":{"loss":3},"grad":{"loss":{"w":1}},"reduce":"sum","rows":2,"skipped":1,"exact":{"value":{"loss":[3]},"grad":{"loss":{"w":[1]}}}}'
  run --separate-stderr gc -q --reduce=sum -f json --bad-rows=nan -r - -e "$program" <<<$'x\n1\n-2\nz'
  assert_output '{"value":{"loss":4},"grad":{"loss":{"w":1}},"reduce":"sum","rows":3,"skipped":0,"exact":{"value":{"loss":[4]},"grad":{"loss":{"w":[1]}}}}'
  run --separate-stderr gc -q --reduce=sum -f json -r - -e "$program" <<<$'x\n-1\n-2'
  assert_output '{"value":{"loss":2},"grad":{"loss":{"w":null}},"reduce":"sum","rows":2,"skipped":0,"exact":{"value":{"loss":[2]},"grad":{"loss":{"w":null}}}}'
  run --separate-stderr gc -q --reduce=sum --unconnected=zero -r - -f json -e "$program" <<<$'x\n-1\n-2'
  assert_equal "$(gc --merge <<<"$output")" $'loss,dloss_dw\n2,'
  run --separate-stderr gc -q --reduce=sum -s -r - -e "$program" <<<$'x\n-1\n-2'
  assert_equal "$status" 3
  run gc --reduce=mean --along x=1 -r - -e "$program" <<<$'x\n1\n2'
  assert_output $'loss,dloss\n3,2'
  run gc --reduce=sum -f json -r - -e "$program" <<<x
  assert_output '{"value":{"loss":0},"grad":{"loss":{"w":0}},"reduce":"sum","rows":0,"skipped":0,"exact":{"value":{"loss":[]},"grad":{"loss":{"w":[]}}}}'
  run --separate-stderr gc --reduce=mean --columns=x -r - -e "$program" </dev/null
  assert_success
  assert_output ''
  run --separate-stderr gc --reduce=sum -f json --columns=x -r - -e "$program" </dev/null
  assert_output '{"value":{},"grad":{},"reduce":"sum","rows":0,"skipped":0,"exact":{}}'
  for option in '--reduce=sum --columns=x' '--columns=x'; do
    # shellcheck disable=SC2086 # two words
    run --separate-stderr gc $option --expect=2 -r - -e "$program" </dev/null
    assert_equal "$status $output $stderr" '3  gradcalc: --expect: there are 0 records, not 2'
  done
  run --separate-stderr gc -q --reduce=sum -I json -w x -r - -e 'y = x' <<<$'{"x":[1,2]}\n{"x":[3]}'
  assert_equal "$status $output ${stderr_lines[0]}" "3  <stdin>:2:6: error: column 'x': expected an array of 2, as in the first record"
}
