#!/usr/bin/env bats
# completion.bats -- what the shells offer.

load helper

setup () {
  [[ $GRADCALC == /* ]] || GRADCALC=$PWD/$GRADCALC
  cd "$BATS_TEST_TMPDIR" || return
  printf 'x = 3; width = 2\npred = width * x\nloss = pred^2\n' >loss.expr
  # shellcheck disable=SC1091
  source "$srcdir/completion/gradcalc.bash"
}

# offers WORD...: what bash offers for the last word, one a line, in order.
offers () {
  COMP_WORDS=(gradcalc "$@") COMP_CWORD=$#
  _gradcalc "$GRADCALC"
  printf '%s\n' "${COMPREPLY[@]}" | sort
}

@test "completion: every option of --help" {
  local option
  for option in $(gc --help | grep -oE '^ +(-[A-Za-z?], )?--[a-z-]+' | grep -oE -- '--[a-z-]+'); do
    run offers "$option"
    assert_line "$option"
  done
  run offers --un
  assert_output '--unconnected'
  run offers -
  assert_line -- -w
  assert_line -- --wrt
}

@test "completion: arguments with a fixed choice" {
  run offers -f ''
  assert_output "$(gc --list formats | sort)"
  run offers --color = al
  assert_output always
  run offers --list inp
  assert_output inputs
  run offers -W no-t
  assert_output no-tie
  run offers --unconnected = z
  assert_output zero
}

@test "completion: names of the program, also behind a comma" {
  run offers loss.expr -w ''
  assert_output $'loss\npred\nwidth\nx'
  run offers loss.expr -w wi
  assert_output width
  run offers loss.expr -w x,wi
  assert_output x,width
  run offers loss.expr -t p
  assert_output pred
  run offers -e 'a = 1; bee = a^2' -t b
  assert_output bee
  run offers -w x
  refute_output width
}

@test "completion: kinds of warning are those of -W" {
  local kind
  for kind in $(gc -W nothing -e 'x = 1' 2>&1 | sed 's/.*none of //; s/;.*//; s/,//g'); do
    grep -qw "$kind" "$srcdir/completion/gradcalc.bash"
    grep -qw "$kind" "$srcdir/completion/_gradcalc"
    grep -qw "$kind" "$srcdir/completion/gradcalc.fish"
  done
}

@test "completion: files elsewhere" {
  run offers los
  assert_output loss.expr
  run offers -o lo
  assert_output loss.expr
}

@test "completion: the scripts for zsh and fish are well formed" {
  local checked=
  command -v zsh >/dev/null && { zsh -n "$srcdir/completion/_gradcalc"; checked=1; }
  command -v fish >/dev/null && { fish -n "$srcdir/completion/gradcalc.fish"; checked=1; }
  [[ $checked ]] || skip 'neither zsh nor fish is here'
}
