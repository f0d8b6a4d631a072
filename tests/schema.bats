#!/usr/bin/env bats
# schema.bats -- JSON output against the schema that ships with it; setup_suite.bash does so with what all tests print.

load helper

setup () {
  python3 -c 'import jsonschema' 2>/dev/null || skip 'there is no python3-jsonschema'
  cd "$BATS_TEST_TMPDIR" || return
  cp -r "$srcdir/samples" .
  cd samples || return
  lines=$BATS_TEST_TMPDIR/lines
  : >"$lines"
}

# collect [OPTION...]: adds what the run prints.
collect () {
  gc -f json "$@" >>"$lines" 2>/dev/null </dev/null || [ $? -le 4 ]
}

# Every line that was collected fits the schema, and there are so many at least.
conforms () {
  run "$srcdir/tests/schema.py" "$builddir/man/gradcalc.schema.json" "$1" "$lines"
  assert_success
}

@test "schema: samples, with every option that has JSON of its own" {
  local file option
  for file in *.expr homework/*.expr; do
    for option in --value -J -H --formula -k --unconnected=zero --sum --trace "--trace --formula"; do
      # shellcheck disable=SC2086
      collect $option "$file"
    done
    collect "$file"
    collect --why "$(gc --list inputs "$file" 2>/dev/null | paste -sd,)" "$file"
    collect -J --sparse "$file"
    collect -H --sparse "$file"
  done
  for file in homework/*.right homework/*.wrong; do
    collect -C "$file" "${file%.*}.expr"
    collect --reveal=none -C "$file" "${file%.*}.expr"
  done
  conforms 100
}

@test "schema: what is not finite, not connected, kinks, warnings, booleans, names, data files" {
  local program='x = [0, 2]; w = 3; c = 1; y = sum(relu(x)*w)/0^2 + log(x[0] - 1)' option
  for option in --value -J -H --formula -k --along=x=1 -q -x --why=x,w,c; do collect "$option" -e "$program"; done
  collect --value -t b,z,e -e 'x = [1, 2]; b = x > 1; z = x[0] == 1; e = zeros(0); y = x'
  collect -t 'a + sum(b)' -e 'a = 1; b = [1, 2]'
  collect -c 'dy/dc = none' -c 'dy/dx = [1, 2]' -c 'y = 3' -e "$program"
  printf ',x\n0,9007199254740993\n' >d.csv
  printf '\x93NUMPY\1\0\x3d\0{"shape":(1,),"fortran_order":False,"descr":"<i8"}          \n\1\0\0\0\0\0\x20\0' >d.npy
  collect -D d=@d.csv -e 'y = sum(d)'
  collect -D d=@d.npy -D n=2 -e 'y = sum(d)'
  conforms 12
}

@test "schema: it refuses what is wrong" {
  local line
  for line in '{}' '{"value":3}' '{"value":{"y":"Inf"}}' '{"value":{"y":1},"grad":{"y":3}}' '{"value":{"y":null}}' \
    '{"checks":[{"verdict":"WRONG"}]}' '{"value":{"y":1},"warnings":[{"kind":"none","count":1,"message":""}]}' \
    '{"value":{"y":1},"jacobian":{"y":[{"index":0}]}}'; do
    printf '%s\n' "$line" >"$lines"
    run conforms 1
    assert_failure
  done
}
