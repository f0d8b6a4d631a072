#!/usr/bin/env bats
# chance.bats -- random numbers, and data that a program loads.
#
# The table of numbers comes from expected.py, which has Philox4x32-10 from its definition and checks it against the known
# answers of Random123 (`expected.py --check chance.bats` compares).

load helper

setup () {
  cd "$BATS_TEST_TMPDIR" || return
}

# value EXPRESSION [OPTION...]
value () {
  local expression=$1
  shift
  run --separate-stderr gc --value "$@" -e "y = $expression" </dev/null
  assert_success
  result y
}

# says STATUS MESSAGE PROGRAM [OPTION...]: nothing on standard output, and the message is the first line on standard error.
says () {
  local status_wanted=$1 message=$2 program=$3
  shift 3
  run --separate-stderr gc "$@" -e "$program" </dev/null
  assert_equal "$status" "$status_wanted"
  assert_output ''
  assert_equal "${stderr_lines[0]}" "$message"
}

# prints TEXT PROGRAM [OPTION...]: status 0, exactly TEXT on standard output, nothing on standard error.
prints () {
  local expected=$1 program=$2
  shift 2
  run --separate-stderr gc "$@" -e "$program" </dev/null
  assert_success
  assert_equal "$output" "$expected"
  assert_equal "$stderr" ''
}

# npy FILE DESCR ORDER SHAPE BYTES [VERSION]: BYTES are those of the elements, as printf has them.
npy () {
  local header="{'descr': $2, 'fortran_order': $3, 'shape': $4, }" version=${6:-1} size
  while (( (${#header} + 1) % 16 )); do header+=' '; done
  size=$(( ${#header} + 1 ))
  {
    printf '\x93NUMPY'
    printf "$(printf '\\x%02x\\x00' "$version")"
    if (( version == 1 )); then
      printf "$(printf '\\x%02x\\x%02x' $((size % 256)) $((size / 256)))"
    else
      printf "$(printf '\\x%02x\\x%02x\\x00\\x00' $((size % 256)) $((size / 256)))"
    fi
    printf '%s\n' "$header"
    printf "$5"
  } >"$1"
}

# --- random numbers

@test "random numbers: those of Philox" {
  local line seed program expected
  while IFS= read -r line; do
    seed=${line%% *} expected=${line##* => } program=${line#* }
    run --separate-stderr gc --value --seed "$seed" -e "y = ${program%% => *}" </dev/null
    assert_success
    assert_result y "$expected" 1e-15
  done <<'END'
0 rand(2) => [0.8805201978886142, 0.6054818538799213]
1 rand(5) => [0.8946847163350924, 0.7112680765766943, 0.8741119351871307, 0.6561031684921107, 0.5565002330689228]
1 rand() => 0.8946847163350924
1 rand(2, 3) => [[0.8946847163350924, 0.7112680765766943, 0.8741119351871307], [0.6561031684921107, 0.5565002330689228, 0.9215883292986847]]
1 rand([2, 3]) => [[0.8946847163350924, 0.7112680765766943, 0.8741119351871307], [0.6561031684921107, 0.5565002330689228, 0.9215883292986847]]
1 [rand(), rand(), rand()] => [0.8946847163350924, 0.25980214542417135, 0.5505031244603771]
2 rand(5) => [0.4972801207158358, 0.39949916651819817, 0.23096983625409184, 0.4951816219752112, 0.9739662889702833]
18446744073709551615 rand(3) => [0.08311886932882984, 0.13466801369145887, 0.2945537688447033]
1 rand(100000)[99997:] => [0.40492888165903396, 0.03141536958249325, 0.35644372610944364]
1 randn(6) => [1.2518334262356443, 0.5570930630842972, 1.1460459748596201, 0.40185103133819366, 0.14210187919023992, 1.4158366325692238]
7 randn(3, 2) => [[0.6749688500369043, -1.3679883249593705], [0.8248937317910292, 1.7263102119346934], [-2.38874078191011, 1.0307908086210134]]
7 randn() => 0.6749688500369043
1 randint(0, 10, 8) => [8, 4, 1, 7, 8, 6, 7, 7]
1 randint(-3, 4, 2, 3) => [[3, -2, 1], [-3, 3, -1]]
1 randint(5, 6) => 5
3 randint(-9007199254740992, 9007199254740992, 3) => [2330753410026871, 1732803078319194, 4863403074671777]
END
}

@test "random numbers: a known answer, to the last bit" {
  # Known answer of Random123, counter and key 0: 6627e8d5 e169c58d bc57ac4c 9b00dbd8.
  prints 'y = true' 'y = all(rand(2) * 2^53 == [7931020870206717, 5453695703026421])' --seed 0 --value -t y
}

@test "random numbers: the seed is 1 unless told otherwise" {
  local plain one two
  plain=$(value 'randn(4)')
  one=$(value 'randn(4)' --seed 1)
  two=$(value 'randn(4)' --seed=2)
  assert_equal "$plain" "$one"
  refute [ "$one" = "$two" ]
}

@test "random numbers: again and again the same, whatever else is asked for" {
  local text='a = rand(3); b = randn(3); y = sum(a * b)'
  run -0 gc -e "$text"
  local first=$output
  run -0 gc -e "$text"
  assert_output "$first"
  run -0 gc -D 'a=[1, 2, 3]' --value -t b -e "$text"
  local b=$output
  run -0 gc --value -t b -e "$text"
  assert_output "$b"
}

@test "random numbers: an element does not depend on how many there are, a call does on those before" {
  assert_equal "$(value 'rand(9)[:4]')" "$(value 'rand(4)')"
  assert_equal "$(value 'randn(2, 50)[0, :3]')" "$(value 'randn(3)')"
  run -0 gc -q -e 'a = rand(50); b = rand(50); y = count(a == b) + 0.0' --value
  assert_output 'y = 0'
}

@test "random numbers: those of options are others" {
  run -0 gc --value -t 'y' -D 'a=rand(50)' -D 'b=rand(50)' -e 'c = rand(50); y = count(a == b) + count(a == c) + count(b == c) + 0.0'
  assert_output 'y = 0'
}

@test "random numbers: a second look for a reason sees the same run" {
  local text='x = 2; u = rand(8); y = 0; for i in 0:8 { if u[i] > 0.7 { y = y + stop_gradient(x) * u[i] } else { y += u[i] } }'
  run --separate-stderr gc -w x -f json -e "$text"
  assert_success
  run jq -r '.unconnected[0].why' <<<"$output"
  assert_output stopped
}

@test "random numbers: mean and variance" {
  # 100000 numbers: within five standard errors of the mean, and of the variance.
  run -0 gc -e 'x = rand(100000)' -e 'assert abs(mean(x) - 1/2) < 5 * sqrt(1/12/100000)' \
    -e 'assert abs(var(x) - 1/12) < 5 * sqrt(1/180/100000)' -e 'assert min(x) >= 0 && max(x) < 1' --value
  run -0 gc -e 'x = randn(100000)' -e 'assert abs(mean(x)) < 5 / sqrt(100000)' \
    -e 'assert abs(var(x) - 1) < 5 * sqrt(2/100000)' -e 'assert abs(mean(x^3)) < 5 * sqrt(15/100000)' \
    -e 'assert abs(mean(x^4) - 3) < 5 * sqrt(96/100000)' \
    -e 'assert abs(mean(x < -1.959963984540054) - 0.025) < 5 * sqrt(0.025 * 0.975 / 100000)' --value
  run -0 gc -e 'k = randint(-2, 5, 70000)' -e 'assert min(k) == -2 && max(k) == 4' \
    -e 'for v in -2:5 { assert abs(count(k == v) - 10000) < 5 * sqrt(70000 * 6/49) }; y = 1.0'
  # Numbers beside one another, and in calls after one another, have nothing to do with each other.
  run -0 gc -e 'x = randn(100000); z = randn(100000)' -e 'assert abs(mean(x[1:] * x[:-1])) < 5 / sqrt(99999)' \
    -e 'assert abs(mean(x * z)) < 5 / sqrt(100000)' --value
}

@test "random numbers: randint gives integers, and what mentions chance alone is an input" {
  prints $'x\nz' 'x = rand(3) * 2 + 1; k = randint(0, 9, 3); z = randn(); n = x[0]; y = sum(x * k) * z' --list=inputs
  run --separate-stderr gc -w k -e 'x = 2; k = randint(0, 9, 3); y = sum(x * k)'
  assert_output --partial 'dy/dk = none'
  [[ $stderr == *'k is an integer'* ]]
}

@test "random numbers: the gradient passes through what uses them, and not to their shape" {
  run -0 gc -f json -q -w x,n -e 'n = 3; u = randn(n) * 1; x = [1, 2, 3]; y = sum(u * x^2)'
  local gradient
  gradient=$(jq -c '.grad.y.x' <<<"$output")
  run -0 gc --value -t g -e 'u = randn(3); g = u * 2 * [1, 2, 3]'
  assert_close "$gradient" "${output#g = }" 1e-15
  run -0 gc -q -w n -e 'n = 3; u = randn(n); y = sum(u)'
  assert_line 'dy/dn = none'
}

@test "random numbers: functions as values, in loops and functions" {
  run -0 gc --value -e 'draw = rand; f(n) = draw(n)' -e 'y = concat(f(2), draw(1))'
  run -0 gc --value -t r -e "r = all(${output#y = } == concat(rand(2), rand(1)))"
  assert_output 'r = true'
  prints 'y = 0' 'def f(n) { s = 0; for i in 0:n { s += randint(i, i + 1) - i }; return s }; y = f(20) + 0.0' --value
}

@test "random numbers: what cannot be drawn" {
  says 2 "<-e>:1:5: error: 'randint': lo must be less than hi, got 5 and 5" 'y = randint(5, 5)'
  says 2 "<-e>:1:5: error: 'randint': lo must be a whole number, not 0.5" 'y = randint(0.5, 5)'
  says 2 "<-e>:1:5: error: 'randint' takes at least 2 arguments, 1 given" 'y = randint(5)'
  says 2 '<-e>:1:5: error: a size cannot be negative, got -1' 'y = rand(-1)'
  says 2 "<-e>:1:5: error: 'randn': the shape must be whole numbers, not 1.5" 'y = randn(2, 1.5)'
  run --separate-stderr gc -e 'y = rand(1e9, 1e9)'
  assert_equal "$status" 3
  [[ ${stderr_lines[0]} == '<-e>:1:5: error: '*' an array of 1000000000x1000000000'* ]]
}

@test "--seed that is no whole number" {
  local seed
  for seed in -1 1.5 x '' 18446744073709551616 1e3; do
    run --separate-stderr gc --seed "$seed" -e 'y = rand()'
    assert_equal "$status" 2
    assert_equal "$stderr" "gradcalc: --seed: '$seed' is not a whole number from 0 to 18446744073709551615"
  done
}

# --- load

@test "load: csv, tsv, json, npy" {
  printf 'a,b\n1,2\n3,4\n' >m.csv
  printf '1\t2\n3\t4\n' >m.tsv
  echo '[[1, 2], [3, 4]]' >m.json
  echo 2.5 >n.json
  npy m.npy "'<f8'" False '(2, 2)' '\0\0\0\0\0\0\xf0\x3f\0\0\0\0\0\0\0\x40\0\0\0\0\0\0\x08\x40\0\0\0\0\0\0\x10\x40'
  local file
  for file in m.csv m.tsv m.json m.npy; do
    prints $'y = 20\ndy/dw = 10' "w = 2; d = load(\"$file\"); y = sum(w * d)"
  done
  prints $'y = 5\ndy/dw = 2.5' 'w = 2; y = w * load("n.json")'
  mkdir sub
  mv m.csv sub
  prints $'y = 20\ndy/dw = 10' 'w = 2; name = "sub/m.csv"; y = sum(w * load(name))'
}

@test "load: a name bound to data is no input, but may be asked for or replaced" {
  printf '1,2\n3,4\n' >m.csv
  printf '5,6\n' >other.csv
  prints w 'w = 2; d = load("m.csv"); e = load("m.csv")[:, 0] * 3; y = sum(w * d)' --list=inputs
  prints $'y = 20\ndy/dd = [[2, 2],\n         [2, 2]]' 'w = 2; d = load("m.csv"); y = sum(w * d)' -w d
  prints $'y = 22\ndy/dd = [[2, 2]]' 'w = 2; d = load("m.csv"); y = sum(w * d)' -w d -D d=@other.csv
  prints $'y = 22\ndy/dd = [[2, 2]]' 'w = 2; d = [[0]]; y = sum(w * d)' -w d -D 'd=load("other.csv")'
}

@test "load: assigning to elements leaves the file's numbers alone" {
  printf '1,2\n3,4\n' >m.csv
  prints 'y = 10' 'a = load("m.csv"); a[0, 0] = 100; y = sum(load("m.csv"))' --value -W no-unused
}

@test "load: a file is read once in a run, and not again for the reasons of what is missing" {
  mkfifo pipe.csv
  printf '1,2\n' >pipe.csv &
  run --separate-stderr gc -w x,k -e 'x = 1; k = 3; y = 0' -e 'for i in 0:3 { y += x * sum(load("pipe.csv")) * stop_gradient(k) }'
  wait
  assert_success
  assert_output $'y = 27\ndy/dx = 27\ndy/dk = none'
}

@test "load: what cannot be loaded" {
  says 2 "<-e>:1:5: error: cannot open 'no.csv': No such file or directory" 'y = load("no.csv")'
  says 2 "<-e>:1:5: error: 'm.dat' is not named .csv, .tsv, .json or .npy" 'y = load("m.dat")'
  says 2 "<-e>:1:5: error: 'load' needs the name of a file, a string, not 2 numbers" 'y = load([1, 2])'
  says 2 "<-e>:1:5: error: 'load' takes 1 argument, 0 given" 'y = load()'
  mkdir directory.csv
  says 2 "<-e>:1:5: error: cannot open 'directory.csv': Is a directory" 'y = load("directory.csv")'
  printf '1,2\n3,x\n' >word.csv
  says 3 "word.csv:2:3: error: column 2: 'x' is not a number" 'y = load("word.csv")'
  echo '[[1, 2], [3]]' >ragged.json
  says 3 'ragged.json:1:10: error: this array has 1 element, but the first beside it has 2' 'y = load("ragged.json")'
  prints '' 'y = load("no.csv")' -n
}

# --- npy

# Elements of 1, -2, 3, 4, 5, 6 in each type.
little_f8='\0\0\0\0\0\0\xf0\x3f\0\0\0\0\0\0\0\xc0\0\0\0\0\0\0\x08\x40\0\0\0\0\0\0\x10\x40\0\0\0\0\0\0\x14\x40\0\0\0\0\0\0\x18\x40'
big_f8='\x3f\xf0\0\0\0\0\0\0\xc0\0\0\0\0\0\0\0\x40\x08\0\0\0\0\0\0\x40\x10\0\0\0\0\0\0\x40\x14\0\0\0\0\0\0\x40\x18\0\0\0\0\0\0'
little_f4='\0\0\x80\x3f\0\0\0\xc0\0\0\x40\x40\0\0\x80\x40\0\0\xa0\x40\0\0\xc0\x40'
big_f4='\x3f\x80\0\0\xc0\0\0\0\x40\x40\0\0\x40\x80\0\0\x40\xa0\0\0\x40\xc0\0\0'
little_i8='\1\0\0\0\0\0\0\0\xfe\xff\xff\xff\xff\xff\xff\xff\3\0\0\0\0\0\0\0\4\0\0\0\0\0\0\0\5\0\0\0\0\0\0\0\6\0\0\0\0\0\0\0'
big_i8='\0\0\0\0\0\0\0\1\xff\xff\xff\xff\xff\xff\xff\xfe\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0\4\0\0\0\0\0\0\0\5\0\0\0\0\0\0\0\6'
little_i4='\1\0\0\0\xfe\xff\xff\xff\3\0\0\0\4\0\0\0\5\0\0\0\6\0\0\0'
big_i4='\0\0\0\1\xff\xff\xff\xfe\0\0\0\3\0\0\0\4\0\0\0\5\0\0\0\6'

@test "npy: every type and byte order, in the order of C and of Fortran, in every version" {
  local type version bytes
  for type in '<f8 little_f8' '>f8 big_f8' '<f4 little_f4' '>f4 big_f4' '<i8 little_i8' '>i8 big_i8' '<i4 little_i4' '>i4 big_i4'; do
    bytes=${type#* }
    for version in 1 2 3; do
      npy a.npy "'${type% *}'" False '(2, 3)' "${!bytes}" $version
      prints $'y = [[1, -2, 3],\n     [4, 5, 6]]' 'y = X' -D X=@a.npy --value
      npy a.npy "'${type% *}'" True '(2, 3)' "${!bytes}" $version
      prints $'y = [[1, 3, 5],\n     [-2, 4, 6]]' 'y = X' -D X=@a.npy --value
    done
  done
}

@test "npy: shapes of every rank" {
  npy a.npy "'<i4'" False '()' '\7\0\0\0'
  prints $'y = 49\ndy/dX = 14' 'y = X^2' -D X=@a.npy
  npy a.npy "'<i4'" True '(6,)' "$little_i4"
  prints 'y = [1, -2, 3, 4, 5, 6]' 'y = load("a.npy")' --value
  npy a.npy "'<i4'" False '(6L, )' "$little_i4"
  prints 'y = [1, -2, 3, 4, 5, 6]' 'y = load("a.npy")' --value
  npy a.npy "'<i4'" True '(3, 1, 2)' "$little_i4"
  prints $'y = [[[1, 4]],\n     [[-2, 5]],\n     [[3, 6]]]' 'y = load("a.npy")' --value
  npy a.npy "'<i4'" True '(1, 3, 1, 1, 2, 1, 1, 1)' "$little_i4"
  prints 'y = [1, 4, -2, 5, 3, 6]' 'y = flatten(load("a.npy"))' --value
  npy a.npy "'<i4'" False '(0, 3)' ''
  prints 'y = 0' 'y = size(load("a.npy")) + 0.0' --value
}

@test "npy: numbers that are not finite, and the least" {
  npy a.npy "'<f4'" False '(4,)' '\0\0\x80\x7f\0\0\x80\xff\0\0\xc0\x7f\1\0\0\0'
  prints 'y = [Inf, -Inf, NaN, 1.401298464324817e-45]' 'y = load("a.npy")' --value
  npy a.npy "'<i8'" False '(1,)' '\0\0\0\0\0\0\0\x80'
  prints 'y = true' 'd = load("a.npy"); y = d[0] == -2^63' --value -t y
}

@test "npy: entries in any order and with other quotes" {
  printf '\x93NUMPY\1\0\x3d\0{"shape":(3,),"fortran_order":False,"descr":"<i4"}          \n\1\0\0\0\2\0\0\0\3\0\0\0' >a.npy
  prints 'y = [1, 2, 3]' 'y = load("a.npy")' --value
}

@test "npy: other types are refused by name" {
  local type
  while IFS=, read -r type words; do
    npy a.npy "$type" False '(1,)' '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
    says 3 "a.npy: error: holds $words; f4, f8, i4 and i8 can be read" 'y = X' -D X=@a.npy
  done <<'END'
'<c16',complex numbers (c16)
'|b1',booleans (b1)
'<u8',whole numbers without a sign (u8)
'<i2',whole numbers (i2)
'<f2',floating-point numbers (f2)
'<U4',strings (U4)
'|S4',strings of bytes (S4)
'|O',Python objects (O)
'<M8[ns]',dates (M8[ns])
'',elements of an unknown type ()
[('a' '<f8')],records of several fields
END
}

@test "npy: headers that are wrong" {
  local text
  while IFS='|' read -r text words; do
    printf '%s\n' "$text" >header
    { printf '\x93NUMPY\1\0'; printf "$(printf '\\x%02x\\x00' "$(wc -c <header)")"; cat header; printf "$little_i4"; } >a.npy
    says 3 "a.npy: error: $words" 'y = load("a.npy")'
  done <<'END'
|the header ends where '{' should be
{'descr': '<i4', 'shape': (6,)}|the header has no 'fortran_order'
{'descr': '<i4', 'fortran_order': False}|the header has no 'shape'
{'fortran_order': False, 'shape': (6,)}|the header has no 'descr'
{'descr': '<i4', 'fortran_order': 0, 'shape': (6,)}|expected True or False in the header, found '0, 'shape': '
{'descr': '<i4', 'fortran_order': False, 'shape': 6}|expected a shape in parentheses in the header, found '6}?'
{'descr': '<i4', 'fortran_order': False, 'shape': (-6,)}|expected an extent or ')' in the header, found '-6,)}?'
{'descr': '<i4', 'fortran_order': False, 'shape': (6 6)}|expected ',' or ')' in the header, found '6)}?'
{'descr': '<i4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1)}|the array has more than 8 axes
{'descr': '<i4', 'fortran_order': False, 'shape': (99999999999999999999,)}|an extent of the shape is beyond all memory
{'descr': '<i4', 'fortran_order': False, 'shape': (4503599627370496,4503599627370496)}|an array of 4503599627370496x4503599627370496 i4 numbers takes 8.112963841460668e+31 bytes, the file has 24
{'descr': '<i4', 'fortran_order': False, 'shape': (7,)}|an array of 7 i4 numbers takes 28 bytes, the file has 24
{'descr': '<i4', 'fortran_order': False, 'shape': (5,)}|an array of 5 i4 numbers takes 20 bytes, the file has 24
{'descr': '<i4', 'fortran_order': False, 'shape': ()}|one i4 number takes 4 bytes, the file has 24
{'descr': '<i4', 'color': 3}|the header has an unknown key 'color'
{'descr': '<i4' 'shape'}|expected ',' or '}' in the header, found ''shape'}?'
{'descr' '<i4'}|expected ':' in the header, found ''<i4'}?'
{'descr: <i4}|expected a key in quotes in the header, found ''descr: <i4}'
END
  printf 'a,b\n1,2\n' >a.npy
  says 3 'a.npy: error: this is no npy file: it does not begin as one' 'y = load("a.npy")'
  : >a.npy
  says 3 'a.npy: error: the file is empty' 'y = load("a.npy")'
  printf '\x93NUMPY\4\0\0\0\0\0' >a.npy
  says 3 'a.npy: error: version 4.0 of the format is not known; 1.0, 2.0 and 3.0 can be read' 'y = load("a.npy")'
  printf '\x93NUMPY\2\0\xff\xff\xff\xff{' >a.npy
  says 3 'a.npy: error: the file ends within its header' 'y = load("a.npy")'
}

@test "npy: cut off anywhere it is refused" {
  npy whole.npy "'>f8'" True '(2, 3)' "$big_f8"
  local size at
  size=$(wc -c <whole.npy)
  for (( at = 0; at < size; at++ )); do
    head -c "$at" whole.npy >cut.npy
    run --separate-stderr gc --max-memory 100M -e 'y = load("cut.npy")'
    assert_equal "$status" 3
    assert_output ''
    [[ ${stderr_lines[0]} == 'cut.npy: error: '* ]]
  done
}

@test "npy: with any byte changed it is read or refused" {
  npy whole.npy "'<f8'" False '(2, 3)' "$little_f8"
  local size at byte
  size=$(( $(wc -c <whole.npy) - 48 ))
  for (( at = 0; at < size; at++ )); do
    for byte in '9' '\xff'; do
      { head -c "$at" whole.npy; printf "$byte"; tail -c "+$((at + 2))" whole.npy; } >changed.npy
      run --separate-stderr gc --max-memory 100M --value -e 'y = load("changed.npy")'
      [[ $status -eq 0 || ( $status -eq 3 && ${stderr_lines[0]} == 'changed.npy: error: '* ) ]] \
        || fail "byte $at as $byte: status $status: $stderr"
    done
  done
}
