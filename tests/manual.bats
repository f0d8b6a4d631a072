#!/usr/bin/env bats
# manual.bats -- --help=NAME and --list functions NAME: every function, and an example of each that runs.

setup () {
  load helper
  cd "$BATS_TEST_TMPDIR" || return
}

@test "--list functions NAME: every function has a derivative in words, kinks, and an example that runs" {
  local program name
  mapfile -t names < <(gc --list functions | sed 's/(.*//')
  ((${#names[@]} > 150))
  gc --list functions "${names[@]}" >said
  for part in derivative kinks example; do
    assert_equal "$(grep -c "^  $part  " said)" "${#names[@]}"
  done
  printf '1\n2\n' >data.csv
  # All in one program, with the sum of each one's last value.
  echo 'total = 0' >all.expr
  while IFS= read -r program; do
    name=${program##*; }
    printf '%s\ntotal += sum(%s)\n' "$program" "${name%% *}"
  done < <(sed -n "s/^  example     gradcalc -e '\(.*\)'$/\1/p" said) >>all.expr
  assert_equal "$(grep -c 'total += ' all.expr)" "${#names[@]}"
  run -0 gc -q -s --value -t total all.expr
  run -0 gc -q -e "$(sed -n "s/^  example     gradcalc -e '\(.*erfinv.*\)'$/\1/p" said)"
  assert_line --regexp '^dy/dx = 1\.'
}

@test "--help=NAME: a function, an operator, one with a domain and one with kinks" {
  run -0 gc --help=tanh
  assert_output "tanh(a)
  hyperbolic tangent
  derivative  d(tanh(u)) = (1 - tanh(u)^2)*du
  kinks       none
  example     gradcalc -e 'x = 0.5; y = tanh(x)'"
  run -0 gc --help='*'
  assert_line --index 0 'a * b'
  assert_line '  derivative  d(u*v) = v*du + u*dv'
  # By every sign that the grammar has, and by the names that suggestions have.
  run -0 gc --help='@'
  assert_line --index 0 'matmul(a, b)'
  run -0 gc --help='**'
  assert_line --index 0 'a ^ b'
  run -0 gc --help="'"
  assert_line --index 0 'transpose(x, ...)'
  run -0 gc --help=multiply
  assert_line --index 0 'a * b'
  run -0 gc --help=log
  assert_line '  domain      a >= 0'
  run -0 gc --help=abs
  assert_line '  kinks       where a == 0: the smallest of the slopes that are possible, -1 to 1'
  run -0 gc --help=max
  assert_line '  kinks       where elements tie: the slope is shared by those that tie and vary, 0 to 1'
  run -0 gc --help=argmax
  assert_line '  derivative  none: the result is a whole number'
  # The short form takes no name.
  run -0 gc -h
  assert_line --partial 'Usage: gradcalc'
}

@test "--help=NAME and --list functions NAME: several, and one that is none" {
  run -0 gc --list functions sin cos
  assert_line --index 0 'sin(a)'
  assert_line 'cos(a)'
  run -2 --separate-stderr gc --help=sigmod
  assert_equal "$stderr" "gradcalc: no function 'sigmod'; did you mean 'sigmoid'?"
  assert_output ''
  run -2 gc --list functions sin sigmod
  assert_line 'sin(a)'
  run bash -c "'$GRADCALC' --help=sin >/dev/full"
  assert_equal "$status" 3
}
