#!/usr/bin/env bats
# files.bats -- data files: csv, tsv, json and npy.

load helper

setup () {
  cd "$BATS_TEST_TMPDIR" || return
}

# says_of_digits WARNING: of a.npy, with status 0, and not with -W no-digits.
says_of_digits () {
  run --separate-stderr gc --value -e 'y = sum(load("a.npy"))' </dev/null
  assert_success
  assert_equal "$stderr" "$1"
  run --separate-stderr gc --value -W no-digits -e 'y = sum(load("a.npy"))' </dev/null
  assert_success
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

@test "-I: files without a known suffix are csv, or what it says; a suffix wins" {
  printf 'a,b\n1,2\n' >d.txt
  printf 'a\tb\n1\t2\n' >tabs
  printf '[[1, 2]]' >d.dat
  npy d.bin "'|u1'" False '(1, 2)' '\1\2'
  local file
  for file in d.txt 'tabs -Itsv' 'd.dat -I json' 'd.bin --input-format=npy'; do
    # shellcheck disable=SC2086
    prints $'y = 3\ndy/dd = [[1, 1]]' 'y = sum(d)' -D d=@$file
    # shellcheck disable=SC2086
    prints 'y = [[1, 2]]' "y = load(\"${file% -*}\")" --value ${file#"${file%% *}"}
  done
  cp d.txt D.CSV
  prints 'y = [[1, 2]]' 'y = load("D.CSV")' --value -I npy
  prints 'y = [[1, 2]]' 'y = d' --value -I json -D 'd=load("d.dat")'
  says 3 'd.bin: error: this is an npy file (-I npy), not a table of numbers' 'y = load("d.bin")'
  printf 'PK\3\4xyz' >d.npz
  says 3 'd.npz: error: this is a zip archive (npz, xlsx), not a table of numbers' 'y = load("d.npz")'
  printf '1,\0\n' >d.txt
  says 3 'd.txt: error: this is a binary file, not a table of numbers' 'y = load("d.txt")'
  says 2 "gradcalc: -I: 'cvs' is not one of csv, tsv, json, npy; did you mean 'csv'?" 'y = 1' -I cvs
}

@test "-D X=@-: standard input, which has one reader" {
  local program='y = sum(d)'
  run --separate-stderr gc -D d=@- -e "$program" <<<$'a,b\n1,2'
  assert_output $'y = 3\ndy/dd = [[1, 1]]'
  run --separate-stderr gc -I json -D d=@- -e "$program" <<<'[1, 2]'
  assert_output $'y = 3\ndy/dd = [1, 1]'
  run --separate-stderr gc -D d=@/dev/stdin -e "$program" <<<'1,2'
  assert_output $'y = 3\ndy/dd = [[1, 1]]'
  run --separate-stderr gc -D d=@<(echo 1,2) -e "$program"
  assert_output $'y = 3\ndy/dd = [[1, 1]]'
  run --separate-stderr gc -D d=@- -e "$program" <<<$'1,2\n3,x'
  assert_equal "$status" 3
  assert_equal "$stderr" "<stdin>:2:3: error: column 2: 'x' is not a number"
  says 3 '<stdin>: error: the file is empty' "$program" -D d=@-
  local words
  while IFS='|' read -r words arguments; do
    # shellcheck disable=SC2086
    run --separate-stderr gc $arguments <<<'y = 1'
    assert_equal "$status" 2
    assert_output ''
    assert_equal "$stderr" "gradcalc: $words would both read standard input; give one of them as a file"
  done <<'END'
the program and -D d|-D d=@-
the program and -D d|-D d=@- -
-D d and -D e|-D d=@- -D e=@- -e y=d
--answers and -D d|-D d=@- -C - -e y=d
the program and --answers|-C -
END
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

@test "npy: whole numbers of 8 and 16 bits, without a sign, booleans" {
  local type bytes
  while IFS='|' read -r type bytes; do
    npy a.npy "'$type'" False '(3,)' "$bytes"
    prints 'y = [0, 1, 200]' 'y = load("a.npy")' --value
  done <<'END'
<u1|\0\1\xc8
<i2|\0\0\1\0\xc8\0
>i2|\0\0\0\1\0\xc8
<u2|\0\0\1\0\xc8\0
>u2|\0\0\0\1\0\xc8
<u4|\0\0\0\0\1\0\0\0\xc8\0\0\0
>u4|\0\0\0\0\0\0\0\1\0\0\0\xc8
<u8|\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\xc8\0\0\0\0\0\0\0
>u8|\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\xc8
END
  npy a.npy "'|u1'" False '(2,)' '\x80\xff'
  prints 'y = [128, 255]' 'y = load("a.npy")' --value
  npy a.npy "'|i1'" False '(2,)' '\x80\xff'
  prints 'y = [-128, -1]' 'y = load("a.npy")' --value
  npy a.npy "'<i2'" False '(2,)' '\0\x80\xff\xff'
  prints 'y = [-32768, -1]' 'y = load("a.npy")' --value
  npy a.npy "'<u4'" False '(1,)' '\xff\xff\xff\xff'
  prints 'y = [4294967295]' 'y = load("a.npy")' --value
  npy a.npy "'|b1'" False '(2, 2)' '\0\1\1\0'
  prints $'y = 6\ndy/dw = 2' 'w = 3; y = sum(w * load("a.npy"))'
}

@test "npy: numbers of 16 bits" {
  # 1, -2.5, 65504 (the largest), 2^-24 (the least), 2^-14 - 2^-24 (the largest below the normal ones), Inf, -Inf, NaN, -0
  npy a.npy "'<f2'" False '(9,)' '\0\x3c\0\xc1\xff\x7b\1\0\xff\3\0\x7c\0\xfc\0\x7e\0\x80'
  prints 'y = [1, -2.5, 65504, 5.960464477539063e-8, 0.00006097555160522461, Inf, -Inf, NaN, -0]' 'y = load("a.npy")' --value
  npy a.npy "'>f2'" False '(1,)' '\x35\x55'
  prints 'y = [0.333251953125]' 'y = load("a.npy")' --value
}

@test "npy: whole numbers that no double holds are a warning" {
  # 2^53 and 2^53 + 1; then -(2^53 + 1), 2^64 - 1, 2^63 and 2^64 - 2048, which is the largest double below 2^64.
  npy a.npy "'<i8'" False '(2,)' '\0\0\0\0\0\0\x20\0\1\0\0\0\0\0\x20\0'
  says_of_digits 'a.npy: warning: element [1]: 9007199254740993 cannot be held exactly; 9007199254740992 is used'
  npy a.npy "'<i8'" True '(1, 2)' '\xff\xff\xff\xff\xff\xff\xdf\xff\1\0\0\0\0\0\x20\0'
  says_of_digits 'a.npy: warning: element [0,0]: -9007199254740993 cannot be held exactly; -9007199254740992 is used (and 1 more)'
  npy a.npy "'<u8'" True '(2, 2)' '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\0\0'
  says_of_digits 'a.npy: warning: element [0,1]: 18446744073709551615 cannot be held exactly; 18446744073709551616 is used'
  run --separate-stderr gc --value -f json -q -e 'y = size(load("a.npy"))'
  assert_output '{"value":{"y":4},"warnings":[{"kind":"digits","file":"a.npy","count":1,"message":"element [0,1]: 18446744073709551615 cannot be held exactly; 18446744073709551616 is used"}]}'
  run --separate-stderr gc --value -W error=digits -e 'y = size(load("a.npy"))'
  assert_equal "$status" 3
  assert_output 'y = 4'
  npy a.npy "'<u8'" False '(2,)' '\0\0\0\0\0\0\0\x80\0\xf8\xff\xff\xff\xff\xff\xff'
  prints 'y = [9223372036854776000, 18446744073709550000]' 'y = load("a.npy")' --value
}

@test "npy: entries in any order and with other quotes" {
  printf '\x93NUMPY\1\0\x3d\0{"shape":(3,),"fortran_order":False,"descr":"<i4"}          \n\1\0\0\0\2\0\0\0\3\0\0\0' >a.npy
  prints 'y = [1, 2, 3]' 'y = load("a.npy")' --value
}

@test "npy: other types are refused by name" {
  local type
  while IFS=, read -r type words; do
    npy a.npy "$type" False '(1,)' '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
    says 3 "a.npy: error: holds $words; numbers (f2 f4 f8, i1 i2 i4 i8, u1 u2 u4 u8) and booleans (b1) can be read" 'y = X' -D X=@a.npy
  done <<'END'
'<c16',complex numbers (c16)
'|b8',booleans (b8)
'<u16',whole numbers without a sign (u16)
'|i2',whole numbers (|i2)
'<f16',floating-point numbers (f16)
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
{'descr': '<i4', 'fortran_order': False, 'shape': 6}|expected a shape in parentheses in the header, found '6}\n'
{'descr': '<i4', 'fortran_order': False, 'shape': (-6,)}|expected an extent or ')' in the header, found '-6,)}\n'
{'descr': '<i4', 'fortran_order': False, 'shape': (6 6)}|expected ',' or ')' in the header, found '6)}\n'
{'descr': '<i4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1)}|the array has more than 8 axes
{'descr': '<i4', 'fortran_order': False, 'shape': (99999999999999999999,)}|an extent of the shape is beyond all memory
{'descr': '<i4', 'fortran_order': False, 'shape': (4503599627370496,4503599627370496)}|an array of 4503599627370496x4503599627370496 i4 elements takes 8.112963841460668e+31 bytes, the file has 24
{'descr': '<i4', 'fortran_order': False, 'shape': (7,)}|an array of 7 i4 elements takes 28 bytes, the file has 24
{'descr': '<i4', 'fortran_order': False, 'shape': (5,)}|an array of 5 i4 elements takes 20 bytes, the file has 24
{'descr': '<i4', 'fortran_order': False, 'shape': ()}|one i4 element takes 4 bytes, the file has 24
{'descr': '<i4', 'color': 3}|the header has an unknown key 'color'
{'descr': '<i4' 'shape'}|expected ',' or '}' in the header, found ''shape'}\n'
{'descr' '<i4'}|expected ':' in the header, found ''<i4'}\n'
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

# --- csv and tsv

# reads WHAT TEXT: the text as a csv file is the array WHAT, without a word.
reads () {
  printf -- "$2" >t.csv
  prints "y = $1" 'y = load("t.csv")' --value
}

# refuses MESSAGE TEXT [SUFFIX]: the text as a file is refused, with the status of bad data.
refuses () {
  printf -- "$2" >"t.${3:-csv}"
  says 3 "t.${3:-csv}:$1" "y = load(\"t.${3:-csv}\")"
}

# warns MESSAGE TEXT: the text as a csv file has this warning, which -W no-header leaves out.
warns () {
  printf -- "$2" >t.csv
  run --separate-stderr gc --value -e 'y = size(load("t.csv"))'
  assert_success
  assert_equal "$stderr" "t.csv:$1"
  run --separate-stderr gc --value -W error=header -e 'y = size(load("t.csv"))'
  assert_equal "$status" 3
  prints "$output" 'y = size(load("t.csv"))' -W no-header --value
}

@test "csv: a header has names only" {
  reads '[[1, 2]]' 'x,y\n1,2\n'
  reads '[[1, 2]]' '# x,"the y"\n1,2\n'
  reads '[[1, 2]]' 'θ,x.1\n1,2\n'
  reads '[[1, 2, 3]]' 'T,_,net$\n1,2,3\n'
  reads '[[1]]' 'x\n1\n'
}

@test "csv: what is neither a row of numbers nor a header is an error at its place" {
  local field
  for field in NA N/A NULL null None '\N' TRUE false True NaT '<NA>' '#N/A' 1_000 10% 2.O '$1.00' '$ 1' €5 1D5 1.5f −1 -1x \
    '+$3' '(5)' 'nan(1)' '-NaN(ind)' .5.5 12L 0x1F 2024-01-31 1+2i 12:30 - '?'; do
    printf '%s,2\n3,4\n' "$field" >t.csv
    says 3 "t.csv:1:1: error: column 1: '$field' is not a number" 'y = load("t.csv")'
    printf 'x,%s\n3,4\n' "$field" >t.csv
    says 3 "t.csv:1:3: error: column 2: '$field' is not a number, nor a name for a header" 'y = load("t.csv")'
    printf '1,2\n3,%s\n' "$field" >t.csv
    says 3 "t.csv:2:3: error: column 2: '$field' is not a number" 'y = load("t.csv")'
  done
  refuses "1:2: error: column 1: '2.O' is not a number" '"2.O",2\n3,4\n'
  refuses "1:1: error: column 1: 'x' is not a number" 'x,1\n2,3\n'
  refuses "1:3: error: column 2: the field is empty" 'x,\n2,3\n'
  refuses "1:3: error: column 2: the field is empty" 'x,,z\n1,2,3\n'
  refuses "1:1: error: column 1: the field is empty" ',0,1\n0,1,2\n'
}

@test "csv: an empty line in a file of one column is an empty field" {
  refuses "3:1: error: column 'n': the field is empty" 'n\n1.0\n\n3.0\n'
  refuses "2:1: error: column 'n': the field is empty" 'n\r\n\r\n3.0\r\n'
  refuses "2:3: error: column 1: the field is empty" '1\n  \n3'
  refuses "1:1: error: column 1: the field is empty" '\n1\n3\n'
  refuses "2:2: error: column 'n': the field is empty" 'n\n""\n3\n'
  reads $'[[1],\n     [3]]' 'n\n1\n3\n\n\n'
  reads $'[[1],\n     [3]]' '\n\nn\n1\n3'
  reads $'[[1, 2],\n     [3, 4]]' '\nx,y\n\n1,2\n\n3,4\n\n'
}

@test "csv: no row below the header" {
  refuses "1:1: error: a header and no row below it, with ',' between the fields" 'x,y\n'
  refuses "1:1: error: a header and no row below it, with ',' between the fields" 'x'
  refuses "1:1: error: a header and no row below it, with a tab between the fields" 'x\ty\n' tsv
  refuses "1:1: error: a header and no row below it, with a tab between the fields; is it ',' in this file?" 'x,y\n' tsv
  refuses "1:1: error: a header and no row below it, with ',' between the fields; is it ';' in this file?" 'x;y\n'
  local text
  for text in '1;2;3' '1;2;3\n' '1;2;3\r\n\r\n'; do
    refuses "1:1: error: a header and no row below it, with ',' between the fields; is it ';' in this file?" "$text"
  done
  refuses "1:1: error: a header and no row below it, with ',' between the fields; is it a blank in this file?" '1 2  3\n'
  refuses "1:1: error: a header and no row below it, with ',' between the fields; is it a tab in this file?" '1\t2\n'
  refuses "1:1: error: a header and no row below it, with ',' between the fields; is it '|' in this file?" '1|2\n'
}

@test "csv: another separator is guessed where a field is cut by it" {
  refuses "2:1: error: column 'x;y': '1;2' is not a number; is ';' between the fields?" 'x;y\n1;2\n'
  refuses "1:1: error: column 1: '1;2' is not a number, nor a name for a header; is ';' between the fields?" '1;2\n3;4\n'
  refuses "1:3: error: column 2: '5;2' is not a number; is ';' between the fields?" '1,5;2,5\n1,4;3,4\n'
  refuses "2:1: error: column 'x': '1 2' is not a number; is a blank between the fields?" 'x\n1 2\n'
  refuses "2:1: error: column 'x': 'a b' is not a number" 'x\na b\n'
}

@test "csv: names that are numbers, and a first column without a name, are warnings" {
  warns '1:1: warning: the first line counts from 0 to 2; if it names the columns, its numbers are data here' '0,1,2\n3,4,5\n'
  warns '1:1: warning: the first column has no name; if it holds row numbers, they are data here' ',x,y\n0,1,2\n'
  warns '1:1: warning: the first column has no name; if it holds row numbers, they are data here' '"","x"\n"1",2\n'
  reads '[[0, 1]]' '0,1\n'
  reads $'[[0],\n     [1]]' '0\n1\n'
  reads $'[[0, 1],\n     [2, 3]]' '0.0,1\n2,3\n'
  reads $'[[0, 1],\n     [2, 3]]' 'x,y\n0,1\n2,3\n'
}

@test "csv: numbers as other programs write them, and ends of lines" {
  reads $'[[1e+22, Inf],\n     [-Inf, NaN]]' '1.0E22,Infinity\n-inf,nan\n'
  reads $'[[1, 2],\n     [3, 4]]' 'x,y\r1,2\r3,4'
  reads $'[[1, 2],\n     [3, 4]]' '\xef\xbb\xbfx,y\r\n1,2\r\n3,4'
  reads '[[1, -2]]' '+1 , "-2"\n'
  printf '9007199254740993,1\n2,9007199254740995\n' >t.csv
  run --separate-stderr gc --value -e 'y = load("t.csv")'
  assert_output $'y = [[9007199254740992, 1],\n     [2, 9007199254740996]]'
  assert_equal "$stderr" 't.csv:1:1: warning: 9007199254740993 cannot be held exactly; 9007199254740992 is used (and 1 more)'
}

@test "csv, json: a number is the same bare, in quotes, in json and in a program" {
  # Digits, points and exponents of all lengths; numbers at the ends of the range, below 1, zeros, halves of the last digit.
  awk 'BEGIN {
    srand (1)
    for (i = 0; i < 4000; i++) {
      digits = ""
      for (n = int (1 + 22 * rand ()); n > 0; n--)
        digits = digits int (10 * rand ())
      point = int (length (digits) * rand ())
      whole = substr (digits, 1, point + 1)
      sub (/^0+/, "", whole)
      rest = substr (digits, point + 2)
      print (rand () < 0.3 ? "-" : "") (whole == "" ? 0 : whole) (rest == "" ? "" : "." rest) \
        (rand () < 0.3 ? (rand () < 0.5 ? "e-" : "E+") int (280 * rand () ^ 3) : "")
    }
  }' >fields
  printf '%s\n' 0 -0 0.0 -0.000000000 0e-400 1e-400 -1e-400 4.9e-324 2.4703282292062328e-324 1.7976931348623157e308 9007199254740991 \
    9007199254740992 4503599627370496.5 9007199254740993.0 1e22 1e23 8.5e-23 0.000000000000000000000000000000001 >>fields
  { printf 'y = [0'; sed 's/^/, /' fields | tr -d '\n'; printf ']\n'; } >program
  gc -f json -W no-digits --value program >expected
  sed '1i 0' fields >bare.csv
  sed '1i 0
    s/.*/"&"/' fields >quoted.csv
  sed '1i 0
    0~3s/.*/ "&"/' fields >mixed.csv
  { printf '[[0]'; sed 's/.*/, [&]/' fields; printf ']'; } >fields.json
  for file in bare.csv quoted.csv mixed.csv fields.json; do
    gc -f json -W no-digits --value -e "y = load(\"$file\")[:, 0]" >actual
    cmp expected actual
  done
}

@test "csv: a slip behind many plain numbers is told at its place" {
  { seq -f '%g,1' 1000; printf '1001,2x\n'; } >t.csv
  says 3 "t.csv:1001:6: error: column 2: '2x' is not a number" 'y = load("t.csv")'
  { seq -f '%g,1' 1000; printf '1001\n'; } >t.csv
  says 3 't.csv:1001: error: 1 field, but line 1 has 2' 'y = load("t.csv")'
  { seq -f '%g,1' 1000; printf '1001, 2 , 3\n'; } >t.csv
  says 3 't.csv:1001: error: 3 fields, but line 1 has 2' 'y = load("t.csv")'
  { seq -f '%g,1' 1000; printf '\n'; printf '1,"2\n'; } >t.csv
  says 3 't.csv:1002:3: error: this quote is never closed' 'y = load("t.csv")'
}

# --- json

@test "json: bare words for what is not finite, and null" {
  printf '[[1, NaN], [Infinity, -Infinity], [null, "NaN"], ["Infinity", "-Infinity"]]' >t.json
  prints $'y = [[1, NaN],\n     [Inf, -Inf],\n     [NaN, NaN],\n     [Inf, -Inf]]' 'y = load("t.json")' --value
  printf ' null\n' >t.json
  prints 'y = NaN' 'y = load("t.json")' --value
}

@test "json: whole numbers that no double holds are a warning" {
  printf '[1, 9007199254740992,\n -9007199254740993, 1152921504606846977, 9007199254740993.0]' >t.json
  run --separate-stderr gc --value -e 'y = load("t.json")'
  assert_output 'y = [1, 9007199254740992, -9007199254740992, 1152921504606847000, 9007199254740992]'
  assert_equal "$stderr" 't.json:2:2: warning: -9007199254740993 cannot be held exactly; -9007199254740992 is used (and 1 more)'
}

@test "json: what is not nested arrays of numbers is an error at its place" {
  local text message
  while IFS='|' read -r text message; do
    refuses "$message" "$text" json
  done <<'END'
[1,2|1:5: error: expected ',' or ']', found the end of the file
[1,\n2\n|3:1: error: expected ',' or ']', found the end of the file
[1,]|1:4: error: expected a number, found ']'
[1 2]|1:4: error: expected ',' or ']', found '2'
{"a": [1]}|1:1: error: expected a number or an array, found an object
[1, {}]|1:5: error: expected a number, found an object
[[1, 2], [3]]|1:10: error: this array has 1 element, but the first beside it has 2
[[1], [2, 3]]|1:7: error: this array has 2 elements, but the first beside it has 1
[[1, 2], 3]|1:10: error: expected an array of 2, found a number
[[1, 2], null]|1:10: error: expected an array of 2, found a number
[[], [1]]|1:6: error: this array has 1 element, but the first beside it has 0
[1, [2]]|1:5: error: expected a number, found an array
[[[1]], [2]]|1:10: error: expected an array of 1, found a number
[01]|1:2: error: expected a number or an array, found '01'
[+1]|1:2: error: expected a number or an array, found '+1'
[.5]|1:2: error: expected a number or an array, found '.5'
[1, 1.]|1:5: error: expected a number, found '1.'
[1, 1e]|1:5: error: expected a number, found '1e'
[1, 1e400]|1:5: error: '1e400' is too large for a double
[1, true]|1:5: error: expected a number, found 'true'
[1, nan]|1:5: error: expected a number, found 'nan'
[1, "x,]"]|1:5: error: expected a number, found the string 'x,]'
[1, "null"]|1:5: error: expected a number, found the string 'null'
[1, "x|1:5: error: expected a number, found '"x'
[1] 2|1:5: error: expected the end of the file, found '2'
[[[[[[[[[1]]]]]]]]]|1:9: error: arrays are nested more than 8 deep
]|1:1: error: expected a number or an array, found ']'
END
  printf '[[], []]' >t.json
  prints 'y = 0' 'y = size(load("t.json"))' --value
}

@test "data without rows: what has no value for want of them is an error" {
  echo '[]' >none.json
  says 3 'gradcalc: the data of none.json has no rows: y is NaN' 'X = load("none.json"); w = 2; y = w*mean(X)'
  says 3 'gradcalc: the data of none.json has no rows: y is NaN' 'X = load("none.json"); w = 2; y = w*mean(X)' -H
  says 3 'gradcalc: the data of X has no rows: y is NaN' 'X = [1, 2]; y = mean(X)' -D X=@none.json
  prints $'y = 0\ndy/dw = 0' 'X = load("none.json"); w = 2; y = w*sum(X)'
}

@test "csv: what may stand between the fields, where a quote or a decimal comma tells, and a file that is packed" {
  local text message
  while IFS='@' read -r text message; do
    # shellcheck disable=SC2059 # it is a format
    printf "$text" >d.csv
    says 3 "d.csv:$message" 'd = load("d.csv"); y = sum(d)'
  done <<'END'
"x";"y"\n1;2\n@1:4: error: a quote can only stand around a whole field, or doubled within one; is ';' between the fields?
"x" "y"\n1 2\n@1:5: error: a quote can only stand around a whole field, or doubled within one; is a blank between the fields?
"x" ;"y"\n1;2\n@1:5: error: a quote can only stand around a whole field, or doubled within one; is ';' between the fields?
"x"\t"y"\n1\t2\n@1:5: error: a quote can only stand around a whole field, or doubled within one; is a tab between the fields?
"1"2\n@1:4: error: a quote can only stand around a whole field, or doubled within one
x;y\n1,5;2,5\n@2: error: 3 fields, but the header has 1 (x;y); is ';' between the fields?
x\n1,5\n@2: error: 2 fields, but the header has 1 (x)
1\t2\n3\t4\n@1:1: error: column 1: '1\t2' is not a number, nor a name for a header; is a tab between the fields?
1,2\033[31m\n@1:3: error: column 2: '2\x1b[31m' is not a number
\037\213\010\000\000@ error: this is compressed (gzip), not a table of numbers
END
}
