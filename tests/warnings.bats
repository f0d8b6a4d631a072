#!/usr/bin/env bats
# warnings.bats -- what is warned of, where, how often it is said, and -W.

load helper

# says PATTERN PROGRAM [OPTION...]: the first line on standard error, and status 0.
says () {
  local pattern=$1 program=$2
  shift 2
  run --separate-stderr gc "$@" -e "$program" </dev/null
  assert_success
  # shellcheck disable=SC2053 # the right side is a pattern
  [[ ${stderr_lines[0]-} == $pattern ]] || fail "wanted $pattern, got: $stderr"
}

# silent PROGRAM [OPTION...]: nothing on standard error, and status 0.
silent () {
  local program=$1
  shift
  run --separate-stderr gc "$@" -e "$program" </dev/null
  assert_success
  assert_equal "$stderr" ''
}

@test "broadcast: a vector meets a column of its length" {
  says "<-e>:1:46: warning: '-' between shapes (3) and (3x1) spreads to 3x3" \
    'x = [1, 2, 3]; y = [[1], [2], [3]]; z = sum((x - y)^2)'
  assert_output --partial 'z = 12'
  says "<-e>:1:*: warning: 'atan2' between shapes (3x1) and (3) spreads to 3x3" \
    'x = [1, 2, 3]; y = [[1], [2], [3]]; z = sum(atan2(y, x))'
  silent 'x = [1, 2, 3]; y = [[1, 2, 3]]; z = sum(x - y)'
  silent 'x = [1, 2, 3]; y = [[1], [2]]; z = sum(x - y)'
  silent 'x = [[1, 2, 3]]; y = [[1], [2], [3]]; z = sum(x - y)'
  silent 'x = [1]; y = [[1]]; z = sum(x - y)'
}

@test "equality: a branch that hangs on values being equal" {
  says "<-e>:1:12: warning: '==' of values that vary decides here, and they are equal; the derivative is that of the branch taken" \
    'x = 0; y = x == 0 ? 1 : sin(x) / x'
  says "<-e>:1:11: warning: '!=' *" 'x = 0; if x != 0 { y = sin(x) / x } else { y = 1 + x }'
  says "<-e>:1:18: warning: '==' *" 'x = 0; y = where(x + 1 == 1, 2 * x, x)'
  says "<-e>:1:21: warning: '==' *" 'x = 0; y = x < 1 && x == 0 ? x : 2 * x'
  silent 'x = 1; y = x == 0 ? 1 : sin(x) / x'
  silent 'x = 1; n = 2; y = len([1, 2]) == int(n) ? x : 2 * x' -w x
  silent 'x = 1; const n = 2; y = n == 2 ? x : 2 * x'
}

@test "tie: a branch that hangs on values being as large" {
  says "<-e>:1:12: warning: both sides of '<' are 2, a tie; the derivative is that of the branch taken" \
    'x = 2; y = x < 2 ? x : 2 * x'
  says "<-e>:1:11: warning: both sides of '>=' are 2, a tie; *" 'x = 2; if x >= 2 { y = x } else { y = 1 }'
  says "<-e>:1:18: warning: both sides of '>' are 0, a tie; *" 'x = 0; y = where(x > 0, x, 2 * x)'
  says "<-e>:1:23: warning: both sides of '>' are 2, a tie; *" 'x = 2; u = [x, 1]; if u[0] > 2 { y = x } else { y = 2*x }'
  silent 'x = 2; y = x < 2.5 ? x : 2 * x'
  silent 'x = 2; z = x < 2; y = 3 * x + int(z)'
  silent 't = 0; x = 1; y = x; while t < 1 { y = 2 * y; t = t + 0.5 }; z = y' -w x
  # In arrays, with the element.
  says "<-e>:1:27: warning: both sides of '>' are 0 (element \[0\]), a tie; *" \
    'x = [0, 1]; y = sum(where(x > 0, x*2, 0))'
  says "<-e>:1:37: warning: '==' of values that vary decides here, and they are equal (element \[0,1\]); *" \
    'x = [[3, 1], [2, 1]]; y = sum(where(x*2 == 2, x*2, 0))'
  says "<-e>:1:34: warning: both sides of '>' are 0, a tie; *" 's = 0; x = [3, 1]; y = sum(where(s > 0, s, x))'
  silent 'x = [0, 1]; y = sum(where(x > -1, x*2, 0))'
  silent 'const x = [0, 1]; b = 1; y = sum(where(x > 0, b*2, 0))'
}

@test "unused: a name that nothing reads" {
  says "<-e>:1:8: warning: 'w' is never used" 'x = 2; w = x + 1; y = x^2'
  says "<-e>:1:1: warning: 'f' is never used" 'f(a) = 2 * a; x = 2; y = x^2'
  silent 'x = 2; _w = x + 1; y = x^2; for i in 0:3 { y = y + x }'
  silent 'x = 2; w = x + 1; y = x^2' -w x,w -q
  silent 'x = 2; w = x + 1; y = x^2' -t w,y
  silent 'x = 2; x; 3 * x'
  silent 'x = 2; w = x; assert w > 1; y = x^2' -q
  # An input that is never used has a gradient that says so.
  says '<-e>:1:8: note: y does not depend on w: w is never used' 'x = 2; w = 3; y = x^2'
  [[ $stderr != *warning* ]]
}

@test "digits and define" {
  says "<-e>:1:5: warning: 9007199254740993 cannot be held exactly; 9007199254740992 is used" 'x = 9007199254740993; y = x'
  says "gradcalc: warning: -D: 'z' is never used in <-e>" 'x = 1; y = x' -D z=1 -w x
  silent 'x = 9007199254740993; y = x' -D z=1 -w x -W no-digits -W no-define
}

@test "every kind is said of some program" {
  local kind program rest said=''
  cd "$BATS_TEST_TMPDIR" || return
  printf '0,1\n5,6\n' >counted.csv
  while IFS='|' read -r kind program rest; do
    # shellcheck disable=SC2086 # options are words
    run --separate-stderr gc -W "error=$kind" $rest -e "$program" </dev/null
    assert_equal "$kind $status" "$kind 3"
    # shellcheck disable=SC2086
    run --separate-stderr gc -W "no-$kind" $rest -e "$program" </dev/null
    assert_equal "$kind $status $(grep warning: <<<"$stderr")" "$kind 0 "
    said+=$kind$'\n'
  done <<'END'
broadcast|x = [1, 2, 3]; y = [[1], [2], [3]]; z = sum((x - y)^2)
equality|x = 0; y = x == 0 ? x : sin(x)
tie|x = 2; y = x < 2 ? x : 2 * x
unused|x = 2; w = x + 1; y = x^2
kink|x = 0; y = abs(x)
domain|x = -1; y = log(x)
overflow|x = 800; y = exp(x)
define|x = 1; y = x|-D z=1 -w x
digits|x = 9007199254740993; y = x
header|x = load("counted.csv"); y = sum(x)
END
  run diff <(sort <<<"${said%?}") <(sed -nE 's/^WARNING \([A-Z_]*, "([a-z]*)".*/\1/p' "$srcdir/src/base/warning.def" | sort)
  assert_output ''
}

@test "a place is told once, however often it is met" {
  run --separate-stderr gc -f json -e 'x = [1, 2]; y = [[1], [2]]; z = 0; for i in 0:5 { z = z + sum(x - y) }' </dev/null
  assert_success
  assert_equal "$(grep -c warning: <<<"$stderr")" 1
  assert_output --partial '"warnings":[{"kind":"broadcast","op":"-","file":"<-e>","line":1,"column":'
  assert_output --partial '"count":5,"message":"'"'-' between shapes (2) and (2x1) spreads to 2x2"'"}]'
}

@test "-W no-NAME, NAME, error, error=NAME, no-error=NAME" {
  local program='x = 2; w = x < 2 ? 1 : 2; y = x^2'
  says "*: both sides of '<'*" "$program"
  silent "$program" -W no-tie --warn=no-unused
  says "*'w' is never used" "$program" -W no-tie
  says "*: both sides of '<'*" "$program" -W no-tie -W tie
  run --separate-stderr gc -W error -e "$program" </dev/null
  assert_equal "$status" 3
  assert_output $'y = 4\ndy/dx = 4'
  assert_equal "$(grep -c ': error: ' <<<"$stderr")" 2
  run --separate-stderr gc -W error=unused -e "$program" </dev/null
  assert_equal "$status" 3
  [[ ${stderr_lines[0]} == *": warning: both"* && $stderr == *": error: 'w'"* ]]
  run --separate-stderr gc -W error -W no-error=unused -W no-tie -e "$program" </dev/null
  assert_equal "$status" 0
  run --separate-stderr gc -W error=tie -q -e "$program" </dev/null
  assert_equal "$status" 3
  [[ $stderr == *": error: both"* && $stderr != *unused* ]]
}

@test "-W: a kind that there is not" {
  run gc -W tei -e 'x = 1'
  assert_failure 2
  assert_output "gradcalc: -W: 'tei' is not one of broadcast, equality, tie, unused, kink, domain, overflow, define, digits, header; did you mean 'tie'?"
  run gc -W error=no -e 'x = 1'
  assert_failure 2
  assert_output --partial "gradcalc: -W: 'no' is not one of"
}

@test "-q: nothing is said, and json has all of it" {
  silent 'x = 2; w = x < 2 ? 1 : 2; y = x^2' -q
  run --separate-stderr gc -q -f json -e 'x = 2; w = x < 2 ? 1 : 2; y = x^2' </dev/null
  assert_equal "$stderr" ''
  assert_output --partial '"warnings":[{"kind":"tie","op":"<",'
  jq -e '.warnings | map(.kind) == ["tie", "unused"]' <<<"$output"
}
