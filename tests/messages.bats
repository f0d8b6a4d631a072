#!/usr/bin/env bats
# messages.bats -- what is said about a program, to the byte: text, place, source line and carets.

load helper

setup () {
  cd "$BATS_TEST_TMPDIR" || return
  wanted_status=2
  file=p.expr
}

# complains PROGRAM [OPTION...]: nothing on standard output, status $wanted_status, and standard error begins with what stands
# on standard input (whole lines).
complains () {
  local expected
  expected=$(cat)
  printf '%s\n' "$1" >"$file"
  shift
  run --separate-stderr gc "$file" "$@" </dev/null
  assert_equal "$status" "$wanted_status"
  assert_equal "$output" ''
  begins "$expected"
}

# warns PROGRAM [OPTION...]: status 0, and each line of standard input is a line of standard error, in this order.
warns () {
  printf '%s\n' "$1" >"$file"
  shift
  local expected line from=0 i
  mapfile -t expected
  run --separate-stderr gc "$file" "$@" </dev/null
  assert_success
  for line in "${expected[@]}"; do
    for ((i = from; i < ${#stderr_lines[@]}; i++)); do
      [[ ${stderr_lines[i]} != "$line" ]] || break
    done
    ((i < ${#stderr_lines[@]})) || assert_equal "$stderr" "... $line ..."
    from=$((i + 1))
  done
}

begins () {
  [[ $'\n'"$stderr"$'\n' == $'\n'"$1"$'\n'* ]] || assert_equal "$stderr" "$1"
}

# --- syntax

@test "an operand is missing at the end of a line" {
  file=loss.expr
  complains $'x = 3; y = 5\n\nloss = pred *\ny = 1' <<'END'
loss.expr:3:13: error: expected a number, a name or '(' after '*', found the end of the line
    3 | loss = pred *
      |             ^
END
}

@test "an operand is missing before something else" {
  complains $'x = 3\ny = x * / 2' <<'END'
p.expr:2:9: error: expected a number, a name or '(' after '*', found '/'
    2 | y = x * / 2
      |         ^
END
  complains 'y = (2 + )' <<'END'
p.expr:1:10: error: expected a number, a name or '(' after '+', found ')'
    1 | y = (2 + )
      |          ^
END
  complains 'y =' <<'END'
p.expr:1:3: error: expected a number, a name or '(' after '=', found the end of the line
    1 | y =
      |   ^
END
}

@test "a bracket is not closed on its line" {
  file=loss.expr
  complains $'x = 3\ny = 4\nloss = (pred - y * 2' <<'END'
loss.expr:3:21: error: expected ')' before the end of the line
    3 | loss = (pred - y * 2
      |                     ^
loss.expr:3:8: note: to match this '('
    3 | loss = (pred - y * 2
      |        ^
END
}

@test "a bracket is not closed, and the next line shows it" {
  complains $'x = 3\nloss = (x - 2 * 2\nz = 4' <<'END'
p.expr:2:18: error: expected ')' before the end of the line
    2 | loss = (x - 2 * 2
      |                  ^
p.expr:2:8: note: to match this '('
    2 | loss = (x - 2 * 2
      |        ^
END
  complains $'v = [1, 2\nz = 4' <<'END'
p.expr:1:10: error: expected ']' before the end of the line
    1 | v = [1, 2
      |          ^
p.expr:1:5: note: to match this '['
    1 | v = [1, 2
      |     ^
END
}

@test "the wrong bracket closes" {
  complains 'v = sum([1, 2)' <<'END'
p.expr:1:14: error: expected ']', found ')'
    1 | v = sum([1, 2)
      |              ^
p.expr:1:9: note: to match this '['
    1 | v = sum([1, 2)
      |         ^
END
}

@test "a bracket that nothing opened" {
  complains 'y = 3)' <<'END'
p.expr:1:6: error: ')' without '('
    1 | y = 3)
      |      ^
END
  complains $'y = 3\n}' <<'END'
p.expr:2:1: error: '}' without '{'
    2 | }
      | ^
END
}

@test "a block is not closed" {
  printf 'x = 3\nif x > 2 {\n  y = x\n' >p.expr
  run --separate-stderr gc p.expr
  assert_equal "$status" 2
  [[ ${stderr_lines[0]} == p.expr:[34]:*": error: expected '}' before the end of the program" ]]
  [[ $stderr == *$'\n'"p.expr:2:10: note: to match this '{'"$'\n    2 | if x > 2 {\n      |          ^' ]]
}

@test "an operator is missing, with the product that was meant" {
  file=loss.expr
  complains $'x = 3\npred = 2x + 1' <<'END'
loss.expr:2:8: error: expected an operator between '2' and 'x'
    2 | pred = 2x + 1
      |        ^~
      |        2*x
END
  complains $'x = 3\npred = x 2' <<'END'
loss.expr:2:8: error: expected an operator between 'x' and '2'; a call has brackets, a product has *
    2 | pred = x 2
      |        ^~~
END
}

@test "comparisons do not chain" {
  complains $'a = 1; b = 2; c = 3\ny = a < b < c ? 1 : 0' <<'END'
p.expr:2:11: error: comparisons do not chain; write a < b && b < c
    2 | y = a < b < c ? 1 : 0
      |           ^
END
}

@test "a block, the other side of a choice, an expression that is not there" {
  complains $'for i in 0:3\nx = i' <<'END'
p.expr:1:13: error: expected '{' after '3', found the end of the line
    1 | for i in 0:3
      |             ^
END
  complains $'x = 3\nif 2x > 1 { y = 2 }' <<'END'
p.expr:2:4: error: expected an operator between '2' and 'x'
    2 | if 2x > 1 { y = 2 }
      |    ^~
      |    2*x
END
  complains $'x = 3\ny = x > 1 ? 1' <<'END'
p.expr:2:14: error: expected ':' after '1', found the end of the line
    2 | y = x > 1 ? 1
      |              ^
END
  run --separate-stderr gc -e 'y = x' -D x=
  assert_equal "$status" 2
  assert_equal "${stderr_lines[0]}" '<-D x>:1:1: error: expected an expression, found the end'
}

@test "what a function is called elsewhere" {
  complains 'y = ln(2)' <<'END'
p.expr:1:5: error: no function 'ln'; did you mean 'log'?
    1 | y = ln(2)
      |     ^~
END
  complains 'y = power(2, 3)' <<'END'
p.expr:1:5: error: no function 'power'; did you mean 'pow'?
    1 | y = power(2, 3)
      |     ^~~~~
END
}

@test "a character that does not belong" {
  complains 'y = “text”' <<'END'
p.expr:1:5: error: unexpected character '“' (U+201C); use plain quotes
    1 | y = “text”
      |     ^
END
  complains 'y = 2 $ 3' <<'END'
p.expr:1:7: error: unexpected character '$' (U+0024); remove it
    1 | y = 2 $ 3
      |       ^
END
  complains 'θσ = 2; y = θσ ≤ 3' <<'END'
p.expr:1:16: error: unexpected character '≤' (U+2264); write <=
    1 | θσ = 2; y = θσ ≤ 3
      |                ^
END
}

@test "bytes that are not UTF-8 are named" {
  printf 'y = \xff + 1\n' >p.expr
  run --separate-stderr gc p.expr
  assert_equal "$status" 2
  assert_equal "${stderr_lines[0]}" 'p.expr:1:5: error: unexpected byte 0xff, which is not UTF-8'
  printf 'y = 1 \x01\n' >p.expr
  run --separate-stderr gc p.expr
  assert_equal "$status" 2
  assert_equal "${stderr_lines[0]}" 'p.expr:1:7: error: unexpected control character U+0001; remove it'
  assert_equal "${stderr_lines[1]}" '    1 | y = 1  '
}

@test "a NUL byte is an error, not an end" {
  printf 'x = 3\ny = x \0+ 1\n' >p.expr
  run --separate-stderr gc p.expr
  assert_equal "$status" 2
  assert_equal "${stderr_lines[0]}" 'p.expr:2:7: error: unexpected control character U+0000; remove it'
}

@test "a string is not closed, or has an unknown escape" {
  complains 'print "text' <<'END'
p.expr:1:7: error: expected '"' before the end of the line
    1 | print "text
      |       ^~~~~
END
  complains 'print "a\qb"' <<'END'
p.expr:1:9: error: '\q' is not an escape; there are \" \\ \n and \t
    1 | print "a\qb"
      |         ^~
END
}

@test "carets align behind tabs and wide letters" {
  complains $'\tθ =\t2; y = θ + widht' <<END
p.expr:1:17: error: 'widht' is not defined
    1 | $(printf '\t')θ =$(printf '\t')2; y = θ + widht
      | $(printf '\t')   $(printf '\t')           ^~~~~
END
}

@test "carets count wide characters twice and combining ones not at all" {
  complains $'漢字 = 3\nloss = 漢字^2 + zz' <<'END'
p.expr:2:15: error: 'zz' is not defined
    2 | loss = 漢字^2 + zz
      |                 ^~
END
  complains $'e\u0301 = 2; y = e\u0301 + qq' <<END
p.expr:1:18: error: 'qq' is not defined
    1 | $(printf 'e\u0301') = 2; y = $(printf 'e\u0301') + qq
      |                ^~
END
}

@test "a long line is cut to 80 columns around the caret, or to the terminal's" {
  local filler line
  filler=$(printf '+ 1%.0s ' {1..60})
  for line in "y = qq $filler" "y = 1 $filler + qq $filler" "y = 1 $filler + qq"; do
    printf '%s\n' "$line" >long.expr
    run gc long.expr
    (( ${#lines[1]} <= 80 && ${#lines[1]} > 70 ))
    # The carets stand under the name.
    local before=${lines[2]%%^*}
    assert_equal "${lines[1]:${#before}:2}" qq
    assert_equal "${lines[2]:${#before}}" '^~'
  done
  type script >/dev/null || skip 'there is no script(1)'
  run script -qec "stty cols 50; $GRADCALC long.expr" /dev/null
  (( $(tr -d '\r' <<<"${lines[1]}" | wc -L) <= 50 ))
}

@test "control characters of texts and names are escaped" {
  run gc -e $'assert 1 > 2, "\e[31mred\a"'
  assert_line --index 0 '<-e>:1:1: error: assert failed: \x1b[31mred\x07'
  refute_output --partial $'\e'
  run gc -w $'x\e[2J' -e 'x = 1'
  assert_output "gradcalc: -w: 'x\\x1b[2J' is not a name"
  run gc $'no\e]0;title\a.expr'
  assert_output "gradcalc: cannot open 'no\\x1b]0;title\\x07.expr': No such file or directory"
  printf 'y = q\n' >$'two\nlines.expr'
  run gc $'two\nlines.expr'
  assert_line --index 0 "two\\nlines.expr:1:5: error: 'q' is not defined"
  run gc --reveal $'\e[1m' -c 'dy/dx = 1' -e 'x = 1; y = x'
  refute_output --partial $'\e'
  run gc -e $'y = q \xc2\x9b31m'
  refute_output --partial $'\xc2\x9b'
}

@test "columns count characters, from the line's first, after a byte-order mark too" {
  complains $'\xef\xbb\xbfy = q' <<'END'
p.expr:1:5: error: 'q' is not defined
END
  [[ $stderr == *$'y = q\n      |     ^\n'* ]]
}

@test "a long line is shown in part" {
  { printf 'y = '; for i in {1..200}; do printf '%d + ' "$i"; done; echo 'q'; } >p.expr
  run --separate-stderr gc p.expr
  assert_equal "$status" 2
  assert_equal "${stderr_lines[0]}" "p.expr:1:$(($(wc -c <p.expr) - 1)): error: 'q' is not defined"
  [ "${#stderr_lines[1]}" -lt 300 ]
  local before=${stderr_lines[2]%%^*}
  assert_equal "${stderr_lines[1]:${#before}:1}" q
}

@test "statements that stand in the wrong place" {
  complains $'x = 1\nbreak' <<'END'
p.expr:2:1: error: 'break' outside a loop
    2 | break
      | ^~~~~
END
  complains $'x = 1; if x > 0 { continue }' <<'END'
p.expr:1:19: error: 'continue' outside a loop
END
  complains $'x = 1\nreturn x' <<'END'
p.expr:2:1: error: 'return' outside a function
    2 | return x
      | ^~~~~~~~
END
  complains $'def f(x) {\n  def g(y) { return y }\n  return g(x)\n}\ny = f(1)' <<'END'
p.expr:2:7: error: 'def' inside a function
END
  complains $'for i in 0:3 { f(x) = x }\ndef g(x) { while true { break }; break }\ny = 1' <<'END'
p.expr:2:34: error: 'break' outside a loop
END
}

@test "what can't be assigned to" {
  complains $'x = 1\nx + 1 = 2' <<'END'
p.expr:2:1: error: only a name or its elements can be assigned to
    2 | x + 1 = 2
      | ^~~~~
END
  complains $'a, 2 = [1, 2]' <<'END'
p.expr:1:1: error: only names can be unpacked into
    1 | a, 2 = [1, 2]
      | ^~~~
END
  complains 'a, b' <<'END'
p.expr:1:1: error: expected '=' after these
    1 | a, b
      | ^~~~
END
  complains 'const a, b = [1, 2]' <<'END'
p.expr:1:7: error: 'const' takes one name
END
}

# --- several errors

@test "several errors in one run, each with its place" {
  complains $'a = 2 *\nb = 3 3\nc = 4\nd = c +\ne = )' <<'END'
p.expr:1:7: error: expected a number, a name or '(' after '*', found the end of the line
    1 | a = 2 *
      |       ^
p.expr:2:5: error: expected an operator between '3' and '3'
    2 | b = 3 3
      |     ^~~
p.expr:4:7: error: expected a number, a name or '(' after '+', found the end of the line
    4 | d = c +
      |       ^
p.expr:5:5: error: expected a number, a name or '(' after '=', found ')'
    5 | e = )
      |     ^
END
}

@test "several undefined names in one run" {
  complains $'a = velocity + 1\nb = q(a)\nc = a' <<'END'
p.expr:1:5: error: 'velocity' is not defined
    1 | a = velocity + 1
      |     ^~~~~~~~
p.expr:2:5: error: no function 'q'
    2 | b = q(a)
      |     ^
END
}

@test "at most 10 errors a run" {
  for i in {1..25}; do echo "y$i = 2 *"; done >p.expr
  run --separate-stderr gc p.expr
  assert_equal "$status" 2
  assert_equal "$(grep -c ': error: ' <<<"$stderr")" 10
  assert_equal "${stderr_lines[${#stderr_lines[@]} - 1]}" 'gradcalc: there are more errors; the first 10 are shown'
}

@test "an error within a block does not hide the next ones" {
  complains $'x = 1\nif x > 0 {\n  y = 2 *\n  z = 3 3\n}\nw = 4 *' <<'END'
p.expr:3:9: error: expected a number, a name or '(' after '*', found the end of the line
    3 |   y = 2 *
      |         ^
p.expr:4:7: error: expected an operator between '3' and '3'
    4 |   z = 3 3
      |       ^~~
p.expr:6:7: error: expected a number, a name or '(' after '*', found the end of the line
    6 | w = 4 *
      |       ^
END
}

# --- names and calls

@test "an undefined name, with the one that was meant" {
  file=area.expr
  complains $'width = 3\nh = 2\narea = widht * h' <<'END'
area.expr:3:8: error: 'widht' is not defined; did you mean 'width'?
    3 | area = widht * h
      |        ^~~~~
END
}

@test "an unknown function, with the one that was meant" {
  file=net.expr
  complains $'z = 1\n\ny = sigmod(z)' <<'END'
net.expr:3:5: error: no function 'sigmod'; did you mean 'sigmoid'?
    3 | y = sigmod(z)
      |     ^~~~~~
END
}

@test "a wrong number of arguments" {
  file=net.expr
  complains $'z = [1, 2]\n\ny = softmax(z, 1)' <<'END'
net.expr:3:5: error: 'softmax' takes 1 argument, 2 given
    3 | y = softmax(z, 1)
      |     ^~~~~~~~~~~~~
END
  complains $'y = atan2(1)' <<'END'
net.expr:1:5: error: 'atan2' takes 2 arguments, 1 given
    1 | y = atan2(1)
      |     ^~~~~~~~
END
  complains $'f(x, y) = x*y\nz = f(1)' <<'END'
net.expr:2:5: error: 'f' takes 2 arguments, 1 given
    2 | z = f(1)
      |     ^~~~
END
  complains $'z = (fn(x) x)(1, 2)' <<'END'
net.expr:1:5: error: this function takes 1 argument, 2 given
END
  complains $'one() = 1\nz = one(2)' <<'END'
net.expr:2:5: error: 'one' takes no arguments, 1 given
END
}

@test "an unknown keyword" {
  complains $'x = [1, 2]\ny = sum(x, axes=0)' <<'END'
p.expr:2:12: error: 'sum' has no argument 'axes'; did you mean 'axis'?
    2 | y = sum(x, axes=0)
      |            ^~~~
END
}

@test "a number is called" {
  complains $'x = 3\ny = x(2)' <<'END'
p.expr:2:5: error: 'x' is a number, not a function; a product needs *
    2 | y = x(2)
      |     ^~~~
END
}

@test "an array is called, and a product without its sign" {
  complains $'x = [1, 2]\ny = x(1)' <<'END'
p.expr:2:5: error: 'x' is 2 numbers, not a function; elements stand in square brackets
    2 | y = x(1)
      |     ^~~~
END
  complains $'x = 2\ny = 3(x + 1)' <<'END'
p.expr:2:5: error: a number is not a function; a product needs *
    2 | y = 3(x + 1)
      |     ^~~~~~~~
END
}

@test "what turns text around or hides in it is not printed" {
  complains $'x = 1 \u202e y' <<'END'
p.expr:1:7: error: unexpected character '\xe2\x80\xae' (U+202E)
    1 | x = 1  y
      |       ^
END
  run gc -w $'x\u2066' -e 'x = 1'
  assert_output "gradcalc: -w: 'x\xe2\x81\xa6' is not a variable of <-e> (inputs: x)"
}

@test "a name is used before it is assigned" {
  file=net.expr
  complains $'x = 1\ny = h + x\nh = 2' <<'END'
net.expr:2:5: error: 'h' is used before it is assigned (first assigned at 3:1)
    2 | y = h + x
      |     ^
END
  complains $'x = -1\nif x > 0 { h = 2 }\ny = h + x' <<'END'
net.expr:3:5: error: 'h' is used before it is assigned (first assigned at 2:12)
    3 | y = h + x
      |     ^
END
}

@test "a const name is bound again" {
  complains $'const k = 3\nx = 1\nk = 4' <<'END'
p.expr:3:1: error: 'k' is const and cannot be bound again (bound at 1:7)
    3 | k = 4
      | ^
END
  complains $'const k = [1, 2]\nk[0] = 4' <<'END'
p.expr:2:1: error: 'k' is const and cannot be bound again (bound at 1:7)
END
  complains $'const k = 1\nk += 4' <<'END'
p.expr:2:1: error: 'k' is const and cannot be bound again (bound at 1:7)
END
}

@test "a function ends without return" {
  complains $'def f(x) {\n  if x > 5 { return x }\n}\ny = f(1)' <<'END'
p.expr:1:5: error: 'f' ended without 'return'
    1 | def f(x) {
      |     ^
END
}

# --- values

@test "numbers out of range" {
  file=big.expr
  complains $'k = 1e400' <<'END'
big.expr:1:5: error: 1e400 is too large for a double (the largest is about 1.8e308)
    1 | k = 1e400
      |     ^~~~~
END
  run --separate-stderr gc -e "k = 1$(printf '0%.0s' {1..400})" </dev/null
  assert_equal "${stderr_lines[0]}" \
    "<-e>:1:5: error: 1$(printf '0%.0s' {1..59})... is too large for a double (the largest is about 1.8e308)"
  warns $'k = 1e-400; x = 2; y = x' <<'END'
big.expr:1:5: warning: 1e-400 is too small for a double and becomes 0
    1 | k = 1e-400; x = 2; y = x
      |     ^~~~~~
END
  warns $'k = 9007199254740993' <<'END'
big.expr:1:5: warning: 9007199254740993 cannot be held exactly; 9007199254740992 is used
    1 | k = 9007199254740993
      |     ^~~~~~~~~~~~~~~~
END
  warns $'k = 123456789012345680000' <<'END'
big.expr:1:5: warning: 123456789012345680000 cannot be held exactly; 123456789012345683968 is used
    1 | k = 123456789012345680000
      |     ^~~~~~~~~~~~~~~~~~~~~
END
}

@test "shapes that do not go together" {
  complains $'a = [1, 2, 3]\nb = [1, 2]\ny = 2 + a * b' <<'END'
p.expr:3:9: error: '*' cannot combine shapes (3) and (2): the sizes 3 and 2 differ
    3 | y = 2 + a * b
      |         ^~~~~
END
  complains $'a = zeros(2, 3)\nb = zeros(2)\ny = a - b' <<'END'
p.expr:3:5: error: '-' cannot combine shapes (2x3) and (2): the sizes 3 and 2 differ
    3 | y = a - b
      |     ^~~~~
END
  complains $'y = maximum([1, 2], [1, 2, 3])' <<'END'
p.expr:1:5: error: 'maximum' cannot combine shapes (2) and (3): the sizes 2 and 3 differ
END
  complains $'y = [1, 2, 3] < [1, 2]' <<'END'
p.expr:1:5: error: '<' cannot combine shapes (3) and (2): the sizes 3 and 2 differ
END
}

@test "a matrix product whose inner sizes differ, with the places of both and the transpose that fits" {
  file=model.expr
  complains $'W = [[1, 2, 3], [4, 5, 6]]\nX = ones(2, 4)\nb = 1\nh = tanh(W @ X + b)' <<'END'
model.expr:4:10: error: cannot multiply W (2x3) by X (2x4): the inner sizes 3 and 2 differ
    4 | h = tanh(W @ X + b)
      |          ^~~~~
END
  [[ $stderr == *$'\nmodel.expr:1:1: note: W is 2x3 because of this\n'* ]]
  [[ $stderr == *": hint: W' @ X would be 3x4"* ]]
}

@test "the hint of a transpose only if it fits" {
  complains $'W = ones(2, 3)\nX = ones(4, 5)\nh = W @ X' <<'END'
p.expr:3:5: error: cannot multiply W (2x3) by X (4x5): the inner sizes 3 and 4 differ
    3 | h = W @ X
      |     ^~~~~
END
  [[ $stderr != *hint* ]]
}

@test "an array whose elements differ in shape" {
  complains 'y = [[1, 2], [3]]' <<'END'
p.expr:1:5: error: elements of an array must have equal shapes, got (2) and (1)
    1 | y = [[1, 2], [3]]
      |     ^~~~~~~~~~~~~
END
  complains 'y = [1, [3]]' <<'END'
p.expr:1:5: error: elements of an array must have equal shapes, got a number and (1)
END
}

@test "an index out of range" {
  complains $'x = [1, 2, 3]\ny = x[3] + 1' <<'END'
p.expr:2:5: error: index 3 is out of range: axis 0 has length 3
    2 | y = x[3] + 1
      |     ^~~~
END
  complains $'A = zeros(2, 3)\ny = A[1, -4]' <<'END'
p.expr:2:5: error: index -4 is out of range: axis 1 has length 3
END
  complains $'x = [1, 2, 3]\ny = x[[0, 7]]' <<'END'
p.expr:2:5: error: index 7 is out of range: axis 0 has length 3
END
  complains $'x = [1, 2, 3]\nx[5] = 1' <<'END'
p.expr:2:1: error: index 5 is out of range: axis 0 has length 3
END
}

@test "an index that is none" {
  complains $'x = [1, 2, 3]\ny = x[0.5]' <<'END'
p.expr:2:5: error: index 0.5 is not a whole number
END
  complains $'x = [1, 2, 3]\ny = x[0, 1]' <<'END'
p.expr:2:5: error: 2 indices for an array of rank 1
END
  complains $'x = 3\ny = x[0]' <<'END'
p.expr:2:5: error: a number has no elements
END
  complains $'x = [1, 2, 3]\ny = x["a"]' <<'END'
p.expr:2:5: error: a string cannot be an index
END
  complains $'x = [1, 2, 3]\ny = x[x[:2] > 1]' <<'END'
p.expr:2:5: error: 2 booleans cannot select from an axis of length 3
END
}

@test "an assignment to elements that does not fit" {
  complains $'x = [1, 2, 3]\nx[:2] = [1, 2, 3]' <<'END'
p.expr:2:1: error: shape (3) cannot be assigned to elements of shape (2)
END
}

@test "an unpacking that does not fit" {
  complains 'a, b = [1, 2, 3]' <<'END'
p.expr:1:8: error: cannot unpack 3 elements into 2 names
END
  complains 'a, b = 4' <<'END'
p.expr:1:8: error: cannot unpack a number into 2 names
END
}

@test "conditions need one boolean" {
  complains $'x = [1, 2, 3]\nif x { y = 1 }' <<'END'
p.expr:2:4: error: 'if' needs one boolean, got 3 numbers
    2 | if x { y = 1 }
      |    ^
END
  complains $'x = [1, 2, 3]\nif x > 0 { y = 1 }' <<'END'
p.expr:2:4: error: 'if' needs one boolean, got 3 booleans
    2 | if x > 0 { y = 1 }
      |    ^~~~~
END
  complains $'x = 3\nwhile x { y = 1 }' <<'END'
p.expr:2:7: error: 'while' needs one boolean, got a number
    2 | while x { y = 1 }
      |       ^
END
  complains $'x = 3\ny = "a" ? 1 : 2' <<'END'
p.expr:2:5: error: '?' needs one boolean, got a string
    2 | y = "a" ? 1 : 2
      |     ^~~
END
  complains $'x = [1, 2]\nassert x, "none"\ny = 1' <<'END'
p.expr:2:1: error: 'assert' needs one boolean, got 2 numbers
END
  complains $'x = 1\ny = x && true' <<'END'
p.expr:2:5: error: '&&' needs booleans, got a number
END
}

@test "strings and functions do not calculate" {
  complains 'y = 1 + "a"' <<'END'
p.expr:1:5: error: '+' cannot take a string
    1 | y = 1 + "a"
      |     ^~~~~~~
END
  complains $'f(x) = x\ny = -f' <<'END'
p.expr:2:5: error: '-' cannot take a function
END
  complains 'y = sin("a")' <<'END'
p.expr:1:5: error: 'sin' cannot take a string
END
}

@test "a range that does not count" {
  complains $'y = 0\nfor i in 0:3:0 { y += i }' <<'END'
p.expr:2:10: error: the step of a range cannot be 0
END
  complains $'y = 0\nfor i in 0.5:3 { y += i }' <<'END'
p.expr:2:10: error: 0.5 in a range is not a whole number
END
  complains $'y = 0\nfor v in 3 { y += v }' <<'END'
p.expr:2:10: error: 'for' needs a range or an array, got a number
END
}

@test "a failed assert, with and without words, is status 3" {
  wanted_status=3
  complains $'x = 1\nassert x > 5, "x is too small"\ny = x' <<'END'
p.expr:2:1: error: assert failed: x is too small
    2 | assert x > 5, "x is too small"
      | ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
END
  complains $'x = 1\nassert x > 5\ny = x' <<'END'
p.expr:2:1: error: assert failed
    2 | assert x > 5
      | ^~~~~~~~~~~~
END
}

# --- warnings and notes

@test "no warning where a vector meets a matrix or a row" {
  run --separate-stderr gc -w y -e 'y = [[1, 2], [3, 4]]; s = sum(y + [1, 2] + [[1, 2]] + [[3], [4]])'
  assert_success
  assert_output $'s = 36\nds/dy = [[1, 1],\n         [1, 1]]'
  assert_equal "$stderr" ''
}

@test "a name that is bound again" {
  file=loss.expr
  warns $'x = 3; w = 2\ny = w*x\n\nloss = y^2\nw = loss' -w w -t loss <<'END'
loss.expr:5:1: note: w is bound again here; -w w means its first value (1:8)
    5 | w = loss
      | ^
END
  assert_output $'loss = 36\ndloss/dw = 36'
  # The other branch of an `if` is no second time, unless a loop comes back to it.
  warns $'x = 1\nif x > 5 { z = x } elif x > 4 { z = 3 } else { z = 2*x }\ny = z*3' -w z </dev/null
  assert_equal "$stderr" ''
  warns $'x = 1\nif x > 5 {\n  z = x\n} else {\n  z = 2*x\n}\nz = z^2' -w z <<'END'
loss.expr:7:1: note: z is bound again here; -w z means its first value (3:3, or in another branch)
    7 | z = z^2
      | ^
END
  warns $'x = 1\nfor i in 0:2 { if i > 0 { z = x } else { z = 2*x } }\ny = z' -w z -t z <<'END'
loss.expr:2:42: note: z is bound again here; -w z means its first value (2:27)
    2 | for i in 0:2 { if i > 0 { z = x } else { z = 2*x } }
      |                                          ^
END
}

# reason CODE PLACE TEXT SOURCE PROGRAM: why loss does not depend on SOURCE, on standard error and in JSON.
reason () {
  printf '%s\n' "$5" >loss.expr
  run --separate-stderr gc -t loss -w "$4" loss.expr
  assert_success
  assert_line "dloss/d$4 = none"
  [[ $'\n'$stderr$'\n' == *$'\n'"loss.expr:$2: note: loss does not depend on $4: $3"$'\n'* ]] \
    || assert_equal "$stderr" "loss.expr:$2: note: loss does not depend on $4: $3"
  run --separate-stderr gc -q -f json -t loss -w "$4" loss.expr
  run jq -r '.unconnected[0] | "\(.why) \(.file):\(.line):\(.column) \(.message)"' <<<"$output"
  assert_output "$1 loss.expr:$2 loss does not depend on $4: $3"
}

@test "why there is no gradient: const, after, unused, rebound" {
  reason const 1:7 'c is const' c $'const c = 2; x = 1\nloss = c*x'
  reason after 3:1 'c is assigned after loss' c $'x = 1\nloss = 2*x\nc = 3'
  reason unused 1:9 'c is never used' c $'x = 1 ; c = 2\nloss = 2*x'
  reason rebound 2:1 'c is bound again here before it was read' c $'c = 2; x = 1\nc = 3*x\nloss = c*x'
}

@test "why there is no gradient: stopped, integer, boolean, string" {
  reason stopped 4:7 'the only path goes through stop_gradient here' w $'w = 2\nx = 1\n\nloss =stop_gradient(w) * x'
  reason integer 2:8 'the only path goes through an integer here' w $'w = 2.5; x = 1\nloss = int(w) * x'
  reason boolean 2:9 'the only path goes through a boolean here' w $'w = 2.5; x = 1\nloss = (w > 1) * x'
  reason string 1:1 's is a string' s $'s = "a"; x = 1\nprint s\nloss = 2*x'
}

@test "why there is no gradient: sizes, axes and positions are whole numbers" {
  local call
  for call in 'pad(x, w)' 'repeat(x, w)' 'roll(x, w)' 'tile(x, w)' 'reshape(x, w, -1)' 'x[w]' 'take(x, w)' 'tril(m, w)' \
    'linspace(0, 1, w)' 'one_hot(w, 3)' 'eye(2, w)' 'full(w, w, 1.5)' 'ones(w)' 'zeros_like(w)' 'broadcast_to(x, w, 2)' \
    'matrix_power(m, w)' 'transpose(m, w, 0)' 'sum(m, axis=w)' 'mean(x, keepdims=w)' 'var(x, ddof=w)' 'take(m, 0, axis=w)' \
    'stack(x, x, axis=w)' 'expand_dims(x, w)' 'range(w)' 'rand(w)' 'randint(0, w)'; do
    reason integer 2:8 'the only path goes through an integer here' w "w = 1; x = [1, 2]; m = [[1, 2], [3, 4]]"$'\n'"loss = $call"
  done
}

@test "why there is no gradient: condition, branch, unrelated" {
  reason condition 2:4 'w is used only in the condition here' w $'w = 2; x = 1\nif w > 1 { loss = x } else { loss = 2*x }'
  reason branch 2:37 'w is used only here, in a branch that was not taken' w $'w = 2; x = 1; loss = 0\nif x > 0 { loss = 2*x } else { loss=w*x }'
  reason unrelated 2:7 'w is used only here, for reg, which loss does not use' w $'w = 2; x = 1\nreg = w^2\nloss = x^2'
}

@test "why there is no gradient: each of several for its own reason" {
  run --separate-stderr gc -q -f json -w a,b,c -e 'a = 2; b = 3; c = 4; x = 1; p = a*x; q = b*x; r = int(c*x)
loss = stop_gradient(q) + r + x'
  assert_equal "$(jq -c '[.unconnected[] | .why]' <<<"$output")" '["unrelated","stopped","integer"]'
}

@test "why there is no gradient: of loops whose turns are run at once" {
  reason condition 2:7 'k is used only in the condition here' k \
    $'k = 0; x = 1; c = 0.5\nwhile k < 5000 and x < 9 { t = x/2 + c; c = c/2 + t/4; x = t; k += 1 }\nloss = x + c'
  reason condition 2:18 'w is used only in the condition here' w \
    $'w = 2; x = 1\ndef f(u, c) { if c > 0 { return u*0.5 }; return u }\nfor i in 0:200 { x = f(x, w) }\nloss = x'
  # After an odd number of exchanges the first is where the second was, and after the last z it is assigned once more.
  reason stopped 1:26 'the only path goes through stop_gradient here' w \
    $'w = 2; x = 1; u = x; v = stop_gradient(w)\nfor i in 0:201 { t = u; u = v; v = t }\nloss = u'
  reason stopped 1:26 'the only path goes through stop_gradient here' w \
    $'w = 2; x = 1; u = x; v = stop_gradient(w)\nfor i in 0:202 { t = u; u = v; v = t }\nloss = v'
  reason unrelated 1:19 'x is used only here, for u, which loss does not use' x \
    $'w = 2; x = 1; u = x; v = stop_gradient(w)\nfor i in 0:201 { t = u; u = v; v = t }\nloss = u'
  run --separate-stderr gc -w z -t loss - <<'END'
x = 1; y = 0
for j in 0:3 {
  for i in 0:900 { if i > 5 { loss = x*2 } }
  if j == 1 { z = 3; y = z; z = 1; y = 0 }
}
END
  assert_equal "$(grep 'not depend' <<<"$stderr")" \
    '<stdin>:4:26: note: loss does not depend on z: z is used only here, for y, which loss does not use'
  reason integer 2:19 'the only path goes through an integer here' w \
    $'w = 2.5; x = 1; b = 1\ndef g(u) { return int(u) }\nfor i in 0:300 { x = x + g(w)*b; b = b/2 + x/1e9 }\nloss = x'
}

@test "why there is no gradient: values that come from outside alone" {
  # outside PLACE TEXT PROGRAM TARGET [OPTION...]
  outside () {
    local place=$1 text=$2 program=$3 target=$4
    shift 4
    run --separate-stderr gc -w w -t "$target" -e "$program" "$@"
    assert_equal "${stderr_lines[0]}" "<-e>:1:$place: note: $target does not depend on w: $text"
  }
  outside 3 'w is used only here, for z, which y does not use' 'z=w*x' y -D y=4 -D w=2 -D x=3
  outside 14 'w is used only here, in a branch that was not taken' 'if x > 5 { z=w*x } else { z = x }' z -D w=2 -D x=3
  outside 5 'w is used only in the condition here' 'u = w > 1 ? x : 3*x' u -D w=2 -D x=3
  outside 3 'the only path goes through stop_gradient here' 'z=stop_gradient(w)*x' z -D w=2 -D x=3
  outside 5 'w is used only here, for z, which u does not use' 'z=x*w; u=3*x' u -r - -f json < <(printf 'x,w\n1,2\n')
}

@test "an array as target" {
  warns $'x = [1, 2, 3]\ny = x^2' <<'END'
p.expr:2:1: note: y has 3 elements; the gradient is that of their sum
    2 | y = x^2
      | ^
END
}

@test "recursion without end" {
  complains $'def f(x) {\n  return f(x + 1)\n}\ny = f(1)' <<'END'
p.expr:2:10: error: calls are nested more than 10000 deep
    2 |   return f(x + 1)
      |          ^~~~~~~~
END
}

@test "sizes that no memory holds are an error with the size" {
  wanted_status=3
  complains $'x = 1\ny = zeros(200000, 200000)' <<'END' --max-memory=1G
p.expr:2:5: error: out of memory: an array of 200000x200000 needs 320 GB, the limit is 1G (--max-memory)
END
}

@test "sizes that make no array are errors" {
  complains 'y = zeros(-1)' <<'END'
p.expr:1:5: error: a size cannot be negative, got -1
END
  complains 'y = reshape([1, 2, 3], 2, 2)' <<'END'
p.expr:1:5: error: cannot reshape 3 elements to 2x2
END
  complains 'y = sum([1, 2], axis=1)' <<'END'
p.expr:1:5: error: axis 1 is out of range for rank 1
END
}

@test "what to write instead of a character, where removing it would mean something else" {
  local program message
  while IFS='~' read -r program message; do
    run gc -e "$program"
    assert_failure 2
    assert_line --index 0 "<-e>:1:$message"
    refute_output --partial 'remove it'
  done <<'END'
y = |x|~5: error: unexpected character '|' (U+007C); write abs(...), or || between conditions
y = A.x~6: error: unexpected character '.' (U+002E); functions stand alone, sum(x) for x.sum()
y = sin(30°)~11: error: unexpected character '°' (U+00B0); angles are in radians, x*pi/180
∂f/∂x = 2~1: error: unexpected character '∂' (U+2202); write d, as in df/dx
y = ∞~5: error: unexpected character '∞' (U+221E); write inf
y = ∑x~5: error: unexpected character '∑' (U+2211); write sum(...)
y = a & b~7: error: unexpected character '&' (U+0026); write && between conditions
y = x ∘ z~7: error: unexpected character '∘' (U+2218)
END
}

@test "how it is written here what other notations write" {
  local program message
  while IFS='~' read -r program message; do
    run gc -e "$program"
    assert_failure 2
    assert_line --index 0 "<-e>:1:$message"
    refute_output --partial 'hint: give'
  done <<'END'
x = 1; y = sin x~12: error: expected an operator between 'sin' and 'x'; a call has brackets, a product has *
x = 2 y = 3~5: error: expected an operator between '2' and 'y'; a statement ends with ;
x = [1 2 3]~6: error: expected an operator between '1' and '2'; commas stand between elements
x = 1; if x = 1 { y = x }~13: error: did not expect '=' after 'x'; == compares
x := 2~3: error: did not expect ':' after 'x'; = assigns
x = 1,5~6: error: did not expect ',' after '1'; decimals have a point
x = 1, y = 2~6: error: did not expect ',' after '1'; a statement ends with ;
a, b = 1, 2~9: error: did not expect ',' after '1'; values to unpack stand in square brackets
x = 2 // half~8: error: expected a number, a name or '(' after '/', found '/'; # begins a comment
x = 1; y = x if x > 1 else 0~14: error: did not expect 'if' after 'x'; c ? a : b chooses a value
x = 1; y = if x > 1 { x }~12: error: expected a number, a name or '(' after '=', found 'if'; c ? a : b chooses a value
A = eye(2); y = sum(A^T)~23: error: 'T' is not defined; a transpose is A' or A.T
x = 2; y = (x + 1) x~18: error: expected an operator between ')' and 'x'; a product has *
y = 2*π~7: error: 'π' is not defined; did you mean 'pi'?
x = 2; y = x²~12: error: 'x²' is not defined; a power is written x^2
x = 2; y == x^2~8: error: 'y' is not defined; = assigns, == compares
x = 2; y <- x^2~8: error: 'y' is not defined; = assigns, <- is less than minus
f(x) = x^2; x = 1; y = f'(x)~24: error: a function has no transpose; the derivative of f is grad(f)
END
}

@test "how an answer is written" {
  run gc -e 'x = 2; y = x^2' -c '2*x'
  assert_line --index 0 "<-c>:1:1: error: expected a derivative and =, as in df/dx = 2*x"
  run gc -e 'x = 2; y = x^2' -c 'dy/dx: 2*x'
  assert_success
  run gc -e 'x = 2; y = x^2' -c 'dy/dx ='
  assert_line --index 0 "<-c>:1:7: error: expected a number, a name or '(' behind this"
}

@test "no product is offered where none is meant" {
  local program
  while read -r program; do
    run gc -e "$program"
    assert_failure 2
    refute_output --regexp '^      \| +[0-9]+\*'
  done <<'END'
d^2f/dx^2 = 2
x = 3; if x == 3 then y = 2
x = 1; while x < 3 x = x+1
x = 0x1F
x = 1e
END
  run gc -e 'x = 1; while x < 3 x = x+1'
  assert_line --index 0 "<-e>:1:18: error: expected '{' or an operator between '3' and 'x'"
}

@test "a program's text in the place of a file, and quotes that are missing" {
  run gc 'x=3; y=x^2'
  assert_failure 2
  assert_output "gradcalc: cannot open 'x=3; y=x^2': No such file or directory; is it program text? that needs -e"
  run gc -c df/dx = '2*x'
  assert_output "gradcalc: cannot open '=': No such file or directory; are quotes missing around what has blanks?"
  run gc 'my file.expr'
  assert_output "gradcalc: cannot open 'my file.expr': No such file or directory"
}

@test "how to give a value to a name that is not defined, once and last" {
  run gc -e 'f = x^2*y'
  assert_failure 2
  assert_equal "${#lines[@]}" 7
  assert_line --index 0 "<-e>:1:5: error: 'x' is not defined"
  assert_line --index 6 'gradcalc: hint: give x a value: x = 2 in the program, or -D x=2'
  run gc -e 'width = 2; y = widht'
  refute_output --partial hint
  run gc -e 'x = 2; y = x' -c 'dy/dx = qq'
  refute_output --partial hint
  run gc -t qq -e 'x = 2; y = x'
  refute_output --partial hint
}

@test "suggestions for functions are functions, and a line's own name is none" {
  local name meant
  while read -r name meant; do
    local suffix="; did you mean '$meant'?"
    [[ -n $meant ]] || suffix=
    run gc -e "pit = 3; f(x) = x; y = $name(2)"
    assert_line --index 0 "<-e>:1:24: error: no function '$name'$suffix"
  done <<'END'
ifelse where
iif where
pitt
derivative grad
gradient grad
jac jacobian
tg tan
avg mean
logistic sigmoid
inverse inv
swish silu
svd
cov
cot 1/tan
sigmod sigmoid
END
  run gc -e 'y1 = q1'
  assert_line --index 0 "<-e>:1:6: error: 'q1' is not defined"
}

@test "without inputs, or with a boolean for a last value, a note says so" {
  run --separate-stderr gc -e 'f(x) = x^2; f(3)'
  assert_success
  assert_equal "$stderr" 'gradcalc: note: the program has no inputs, so there is no gradient: an input is a variable whose first value names no other, as x = 3'
  run --separate-stderr gc --value -e 'const x = 3; y = x^2'
  assert_equal "$stderr" ''
  run --separate-stderr gc -W no-unused -e 'x = 3; y = x > 2'
  assert_success
  assert_output $'x = 3\ndx/dx = 1'
  assert_equal "${stderr_lines[0]}" '<-e>:1:12: note: the last value is a boolean, which has no derivative; the target is x'
  run --separate-stderr gc -q -e 'x = 3; y = x > 2'
  assert_equal "$stderr" ''
}

@test "-o is no file that is read" {
  local file
  printf 'x = 2; y = x^2\n' >p.expr
  printf '1,2\n' >d.csv
  printf 'dy/dx = 4\n' >g
  ln -s p.expr link.expr
  refused () {
    run gc -o "$@"
    assert_failure 2
    assert_output "gradcalc: -o: '$1' is read, and would be overwritten; write to another file"
  }
  refused p.expr p.expr
  refused link.expr p.expr
  refused g -C g p.expr
  refused d.csv -D d=@d.csv -e 'y = sum(d)'
  refused d.csv -e 'y = sum(load("d.csv"))'
  run cat p.expr d.csv g
  assert_output $'x = 2; y = x^2\n1,2\ndy/dx = 4'
  run gc -o out.txt p.expr
  assert_success
  run gc -o /dev/null p.expr
  assert_success
}

@test "a statement that is a formula as people write it is written in the language, where there is one way" {
  local program hint
  while IFS='|' read -r program hint; do
    printf "$program" >p.expr
    run -2 --separate-stderr gc p.expr
    assert_equal "$output" ''
    assert_equal "$program: $(sed -n 's/.*: hint: write //p' <<<"$stderr")" "$program: $hint"
  done <<'END'
x = 2\ny = sin 2x|y = sin(2*x)
x = 2\ny = 2sin(x) + sin x|y = 2*sin(x) + sin(x)
x = 2\ny = 3cos x|y = 3*cos(x)
x = 2\ny = x² + 2x|y = x^2 + 2*x
x = 2\ny = 2x|
x = 2\ny = sin^2 x + 1|y = sin(x)^2 + 1
x = 2\nz = 1; y = np.sqrt(x)/np.pi; w = 2|y = sqrt(x)/pi
x = [1, 2]\ny = x.sum()|y = sum(x)
x = 2\ny = √(x)|y = sqrt(x)
x = [1 2; 3 4]|x = [[1, 2], [3, 4]]
x = [1,2;3,4]|x = [[1, 2], [3, 4]]
x = 2\nf(a) = a*sin x|f(a) = a*sin(x)
x = 2\ny += sin x|y += sin(x)
w = 1; x = [1, 2]\nx[0] = exp w|x[0] = exp(w)
x = 2\nprint sin x|print sin(x)
x = 2\nif x > 1 { y = sin x }|y = sin(x)
x = 2 // the mass\ny = x|x = 2
x = 2\ny = f(x\nz = 2|
x = 2\ny = x +* 3|
x = 2\ny = sin x*3|
x = 2\ny = cos q|
import numpy as np|
x = 2\ny = 1/2 x|
x = 2\ny = 3(x+1)|y = 3*(x + 1)
x = 2\ny = x(x+1)|y = x*(x + 1)
x = 2\ny = (x+1)(x-1)|y = (x + 1)*(x - 1)
x = 2\nf(a) = 3(a+1); y = f(x)|f(a) = 3*(a + 1)
x = 2\nif x > 1 { y = 3(x) }|y = 3*(x)
x = 2\ny = sin^2(x)|y = sin(x)^2
X = [[1, 2], [3, 4]]\ny = sum(X^T)|y = sum(X')
x = 2\ny = sqrt(x²)|y = sqrt(x^2)
x = 2\nz = x^2; y = z(x+1)|
x = 2\ny = 1/2(x+1)|
x = 2\ny = 3*cos|
f(a) = a^2\nx = 2; y = f(x, 3)|
x = [1, 2]\ny = x(1)|
END
  run -2 gc -r - -e 'y = sin u + 3v' <<<$'u,v\n1,2'
  assert_line '<-e>:1:1: hint: write y = sin(u) + 3*v'
}
