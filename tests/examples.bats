#!/usr/bin/env bats
# examples.bats -- what README and the manuals show is what the program prints, and every option is in its manual.

load helper

example () {
  run bash "$srcdir/tests/examples" "$srcdir/$1"
  assert_success
}

@test "examples: README.md" { example README.md; }

@test "examples: gradcalc(1)" { example man/gradcalc.1; }

@test "examples: gradcalc(5)" { example man/gradcalc.5.in; }

@test "every option of --help is in gradcalc(1)" {
  local option options
  options=$(gc --help | grep -oE -- '--[a-z][a-z-]+' | sort -u)
  [[ $(wc -l <<<"$options") -gt 15 ]]
  for option in $options; do
    grep -qE -- "${option//-/\\\\-}([^a-z\\]|$)" "$srcdir/man/gradcalc.1" || fail "$option is not in gradcalc.1"
  done
}

@test "every function of the program is in the table of gradcalc(5)" {
  local name page
  page=$(awk -f "$srcdir/man/functions.awk" "$srcdir/src/ops/ops.def" "$srcdir/man/gradcalc.5.in")
  while read -r name; do
    grep -qE "^\.B[A-Z]* .*\b$name" <<<"$page" || fail "$name is not in gradcalc.5"
  done < <(gc --list functions | cut -d'(' -f1)
}
