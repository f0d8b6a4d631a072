#!/usr/bin/env bats
# examples.bats -- README and manuals: every example gives what stands below it, and nothing that exists is left out.

load helper

setup () {
  manual1=$builddir/man/gradcalc.1
  manual5=$builddir/man/gradcalc.5
  readme=$srcdir/README.md
  examples=$srcdir/tests/examples
  [[ -e $manual1 && -e $manual5 ]] || skip "the manuals are not built"
}

# run_examples FILE LEAST: all examples of a file, of which there are at least so many.
run_examples () {
  run -0 "$examples" list "$1"
  (( ${#lines[@]} >= $2 )) || fail "${#lines[@]} examples were found in $1"
  run "$examples" run "$1"
  assert_success
  local line
  for line in "${lines[@]}"; do printf '# %s\n' "$line" >&3; done
}

# long_options TEXT: every --word of a text, once.
long_options () {
  grep -oE -- '--[a-z][a-z-]*' <<<"$1" | sort -u
}

@test "examples: README.md" {
  run_examples "$readme" 10
}

@test "examples: gradcalc.1" {
  run_examples "$manual1" 10
}

@test "examples: gradcalc.5" {
  run_examples "$manual5" 9
}

@test "examples: gradcalc-tutorial.7" {
  run_examples "$srcdir/man/gradcalc-tutorial.7" 15
}

@test "examples: gradcalc-autodiff.7" {
  run_examples "$srcdir/man/gradcalc-autodiff.7" 12
}

@test "examples: gradcalc-grading.7" {
  run_examples "$srcdir/man/gradcalc-grading.7" 5
}

@test "examples: one that is wrong is noticed, whether by its output, its status or its assert" {
  cd "$BATS_TEST_TMPDIR"
  printf '%s\n' '```console' '$ echo right' 'wrong' '```' >output.md
  printf '%s\n' '```console' '$ echo right' 'right' 'more' '```' >missing.md
  printf '%s\n' '```console' '$ false' '```' >status.md
  printf '%s\n' '```console' '$ false' '$ echo $?' '1' '$ echo right' 'right' '```' >good.md
  printf '%s\n' '```expr' 'x = 1' 'assert x == 2' '```' >assert.md
  printf '%s\n' '.EX' '$ gradcalc \-e \(aqx = 1\(aq' 'x = 1' 'dx/dx = 2' '.EE' >manual.1
  local file
  for file in output.md missing.md status.md assert.md manual.1; do
    run -1 "$examples" run "$file"
    assert_output --partial "$file:2: "
  done
  run -0 "$examples" run good.md
}

@test "manual: every option of --help is in gradcalc.1, and no other" {
  local help manual options
  help=$(gc --help)
  manual=$("$examples" text "$manual1" | sed -n '/^\.SH OPTIONS/,/^\.SH EXIT/p')
  # Of the manual, the lines after .TP, where an option is introduced.
  options=$(grep -A 1 '^\.TP' <<<"$manual" | grep -- '--')
  assert_equal "$(long_options "$options")" "$(long_options "$help")"
  local letter
  for letter in $(grep -oE -- '^ +-[A-Za-z]\b' <<<"$help"); do
    grep -qE -- "(^|[ .])$letter\b" <<<"$options" || fail "$letter is not in the manual"
  done
}

@test "manual: the groups of options are those of --help, in their order" {
  local help manual
  help=$(gc --help | grep -E '^ [A-Z][a-z]+$' | tr -d ' ')
  manual=$("$examples" text "$manual1" | sed -n '/^\.SH OPTIONS/,/^\.SH EXIT/s/^\.SS //p')
  assert [ -n "$help" ]
  assert_equal "$manual" "$help"
}

@test "manual: gradcalc.5 has every function of --list, with what it does, and every operator" {
  local text name
  text=$("$examples" text "$manual5")
  gc --list functions >"$BATS_TEST_TMPDIR/functions"
  (( $(wc -l <"$BATS_TEST_TMPDIR/functions") > 100 )) || fail "--list has few functions"
  # Some stand there more than once, with other arguments: one of them has the words below it.
  run awk '
    NR == FNR { if (introduced != "") below[introduced "\t" $0]; introduced = ""
                if (/^\.B [^(]+\(/) { introduced = $2; sub(/\(.*/, "", introduced); there[introduced] } next }
    { name = says = $0; sub(/\(.*/, "", name); sub(/^[^)]*\) +/, "", says) }
    !(name in there) { print "there is no " name; next }
    !(name "\t" says in below) { print name " is not described as: " says }
  ' <(printf '%s\n' "$text") "$BATS_TEST_TMPDIR/functions"
  assert_output ''
  for name in + - \* / % @ == != '<' '<=' '>' '>=' '&&' '||'; do
    [[ $name == @ ]] || grep -qxF -- ".B a $name b" <<<"$text" || fail "there is no operator $name"
  done
}

@test "manual: every format of results has a heading in gradcalc.5, but for those of checks alone and of formulas alone" {
  local format begins
  run -0 gc --list=formats
  for format in $output; do
    begins="SS .*\\b(${format}|${format^})\\b"
    [[ $format != tap && $format != c ]] || begins="B (.-f )?$format\$"
    grep -qE "^\.$begins" "$srcdir"/man/gradcalc.[15].in || fail "$format is not in the manual"
  done
}

@test "manual: a table that cannot be made stops the build" {
  cd "$BATS_TEST_TMPDIR"
  local make_table=(awk -f "$srcdir/man/rows.awk" -f "$srcdir/man/functions.awk")
  printf 'GROUP (one, "One")\nUNARY (half, "", PLAIN, EXACT, 1, a / 2, 0.5, "half of -a-b")\n' >good.def
  printf 'UNARY (half, "", PLAIN)\n' >short.def
  printf 'UNARY (half, "", PLAIN, EXACT, 1, a / 2, half_of (a), "half of a")\n' >helper.def
  printf 'UNARY (half, "", PLAIN, EXACT, 1, a / 2, ONE_HALF, "half of a")\n' >constant.def
  printf 'before\n@FUNCTIONS@\nafter\n' >manual.in
  printf 'before\n' >bare.in
  run -0 "${make_table[@]}" good.def manual.in
  assert_output --partial $'before\n.SS One\n.PD 0\n.TP 30\n.B half(a)\n\\&half of \\-a-b\n.br\n\\&d/da = 0.5\n.PD\nafter'
  run -1 "${make_table[@]}" short.def manual.in
  assert_output --partial 'short.def:1: '
  run -1 "${make_table[@]}" helper.def manual.in
  assert_output --partial 'helper.def:1: readable() has no words for half_of()'
  run -1 "${make_table[@]}" constant.def manual.in
  assert_output --partial 'constant.def:1: readable() has no words for: ONE_HALF'
  run -1 "${make_table[@]}" good.def bare.in
}

@test "manual: an option without a place in it, or a place without an option, stops the build" {
  cd "$BATS_TEST_TMPDIR"
  local make_manual=(awk -f "$srcdir/man/rows.awk" -f "$srcdir/completion/tables.awk" -f "$srcdir/man/options.awk")
  printf 'OPTION (WRT, \047w\047, "with-it", NAMES, "[no-]NAME", bool, with, ONE (X) | ONE (Y), 0,\n        "says, \\"so\\"")\n' >options.def
  printf 'OPTION (WRT, 0, "wrt", MUCH, "NAMES", bool, wrt, 0, 0, "says")\n' >wrong.def
  printf '.TP\n@OPTION with-it@\n' >good.1.in
  printf '.TP\n@OPTION wrt@\n' >other.1.in
  printf '.TP\n' >bare.1.in
  run -0 "${make_manual[@]}" options.def good.1.in
  assert_output $'.TP\n\\fB\\-w\\fR, \\fB\\-\\-with\\-it\\fR\\fB=\\fR[\\fBno\\-\\fR]\\fINAME\\fR'
  run -1 "${make_manual[@]}" options.def other.1.in
  assert_output --partial 'other.1.in:2: there is no option wrt'
  run -1 "${make_manual[@]}" options.def bare.1.in
  assert_output --partial 'bare.1.in:1: the option with-it is not in the manual'
  printf 'OPTION (HOW, 0, "how", WORDS, "well|ill", int, how, 0, 0, "says")\n' >words.def
  printf '.TP\n@OPTION how@\n.B well\nor stillness\n.SH END\n' >words.1.in
  run -1 "${make_manual[@]}" words.def words.1.in
  assert_output --partial 'words.1.in:5: nothing is said of --how=ill'
  run -1 "${make_manual[@]}" wrong.def good.1.in
  assert_output --partial 'wrong.def:1: an option cannot take MUCH'
}

@test "manual: mandoc finds nothing to say" {
  command -v mandoc >/dev/null || skip "mandoc is not installed"
  # A clock that is wrong is not the manual's fault.
  run mandoc -T lint -W all "$manual1" "$manual5" "$srcdir"/man/gradcalc-{autodiff,grading,tutorial}.7 \
    "$srcdir"/man/gradcalc-mpi.1
  assert_equal "$(grep -v "date in the future" <<<"$output")" ""
}

@test "manual: gradcalc.5 has every cause of a wrong answer, and no names of C" {
  local cause count=0
  while read -r cause; do
    count=$((count + 1))
    grep -qE "^\.(RB \(|BR |B ).*\b$cause\b" "$manual5" || fail "$cause is not in the manual"
  done < <(sed -n 's/^SLIP ([A-Z_]*, "\([a-z]*\)".*/\1/p' "$srcdir/src/diagnose/slips.def" | sort -u)
  (( count > 15 )) || fail "there are $count causes"
  run grep -nE '\b(rint|NAN|INFINITY|fabs|LOG_E|[a-z_]+_slope[_a-z]*)\b|larger\(' "$manual5"
  assert_output ''
}
