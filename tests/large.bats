#!/usr/bin/env bats
# large.bats -- a program of more than a megabyte is compiled while it is parsed: nothing of that may show.

load helper

setup_file () {
  # Comments and statements without any bearing, enough of both that the program counts as large and is taken in pieces.
  PADDING=$BATS_FILE_TMPDIR/padding
  awk 'BEGIN {
    blank = sprintf("%1000s", ""); gsub(/ /, ".", blank)
    for (i = 0; i < 1100; i++) print "# " blank
  }' >"$PADDING"
  STATEMENTS=$BATS_FILE_TMPDIR/statements
  awk 'BEGIN {
    blank = sprintf("%300s", ""); gsub(/ /, ".", blank)
    print "const pad_0 = 1"
    for (i = 1; i < 4000; i++) print "const pad_" i " = pad_" i - 1 " * 1 # " blank
    print "assert pad_3999 == 1"
  }' >"$STATEMENTS"
  export PADDING STATEMENTS
}

# same FIRST LAST [OPTION...]: two parts of a program, apart by much else, do what they do next to each other.
same () {
  local first=$1 last=$2
  shift 2
  { printf '%s\n' "$first"; cat "$STATEMENTS"; printf '%s\n' "$last"; } >"$BATS_TEST_TMPDIR/p.expr"
  run --separate-stderr gc "$@" "$BATS_TEST_TMPDIR/p.expr"
  local large_output=$output large_status=$status large_errors
  large_errors=$(sed -E 's/^[^ ]*:[0-9]+:[0-9]+: //; /^ *[0-9]* \|/d; s/[0-9]+:[0-9]+/PLACE/' <<<"$stderr")
  printf '%s\n%s\n' "$first" "$last" >"$BATS_TEST_TMPDIR/p.expr"
  run --separate-stderr gc "$@" "$BATS_TEST_TMPDIR/p.expr"
  local errors
  errors=$(sed -E 's/^[^ ]*:[0-9]+:[0-9]+: //; /^ *[0-9]* \|/d; s/[0-9]+:[0-9]+/PLACE/' <<<"$stderr")
  [[ $status == "$large_status" && $large_output == "$output" && $large_errors == "$errors" ]] \
    || batslib_print_kv_single_or_multi 8 large "$large_output $large_errors" small "$output $errors" \
    | batslib_decorate 'large and small programs differ' | fail
}

@test "large: every sample with a megabyte of comments behind it" {
  local command name
  cp -r "$srcdir/samples" "$BATS_TEST_TMPDIR/"
  cd "$BATS_TEST_TMPDIR/samples"
  chmod u+w . ./*
  for name in *.expr; do cat "$PADDING" >>"$name"; done
  for command in *.cmd; do
    name=${command%.cmd}
    eval "set -- $(<"$command")"
    run --separate-stderr gc "$@" </dev/null
    local large=$status:$output:$(sed '/^ *[0-9]* |/d' <<<"$stderr")
    cd "$srcdir/samples"
    run --separate-stderr gc "$@" </dev/null
    cd "$BATS_TEST_TMPDIR/samples"
    assert_equal "$name:$large" "$name:$status:$output:$(sed '/^ *[0-9]* |/d' <<<"$stderr")"
  done
}

@test "large: a name that is assigned far below" {
  same 'g(a) = a * below' 'below = 3; y = g(2)'
  assert_result y 6
  assert_result dy/dbelow 2
  same 'def h(a) { total = a; total += below; return total }' 'below = 3; total = 1; y = h(total)'
  assert_result dy/dbelow 1
  same 'x = 2; y = below + x' 'below = 3'
  [[ $stderr == *"'below' is used before it is assigned"* ]]
}

@test "large: a name that is built in above and the program's own below" {
  same 'x = 2; y = pi * x' 'pi = 3; z = y + pi'
  same 'x = 2; y = square(x)' 'square = 3; z = y + square'
  same 's = sqrt; x = 4; y = s(x)' 'sqrt = 3; z = y * sqrt'
}

@test "large: names of expressions alone" {
  same 'x = 2; 3 * x' 'f = x + 1'
  same 'x = 2; 3 * x' 'x + 1'
  same 'x = 2' '3 * x'
}

@test "large: options" {
  same 'x = 2; w = 3' 'y = x * w; x = 4; z = x * y' -w x,w,y -t 'z,y*w'
  same 'x = 2; w = 3' 'y = x * w' -D w=5 -D x=7
  same 'x = 2' 'y = x ^ 3' --list inputs
  same 'x = [1, 2]' 'y = x ^ 3' -u 'y = [1, 10]' -f json
}

@test "large: mistakes at both ends" {
  same 'x = 2 +' 'y = x 3'
  same 'x = 2; y = widht' 'z = sigmod(x)'
  same 'const x = 2' 'x = 3'
  same 'x = 2; return x' 'break'
  same 'W = [[1, 2]]; X = [1, 2, 3]' 'y = W @ X'
  same 'x = "text"' 'print x; assert 1 > 2, "told so"'
}

@test "large: reasons for none are found in a syntax that was not kept" {
  same 'x = 1; c = 2; unused = 3; const k = 4' 'y = x * int(c); if c > 1 { y = y + 1 }' -w x,c,unused,k
  same 'x = 1; f(a) = a * 2' 'y = f(stop_gradient(x))'
}

# place LINE COLUMN TEXT...: a program of that text, whose last name is unknown, is refused there.
place () {
  local line=$1 column=$2
  shift 2
  printf '%b' "$@" >"$BATS_TEST_TMPDIR/long.expr"
  run -2 --separate-stderr gc "$BATS_TEST_TMPDIR/long.expr"
  [[ ${stderr_lines[0]} == *"long.expr:$line:$column: error: 'unknown' is not defined" ]] || fail "expected $line:$column, found ${stderr_lines[0]}"
}

@test "large: lines and columns of places in long texts, over lines and characters of any length" {
  local many long wide
  many=$(printf 'θ%d = 1\\n' {1..9000})
  place 9001 5 "$many" 'y = unknown'
  place 9001 5 '\xef\xbb\xbf' "$many" 'y = unknown'
  long=$(printf '1 + %.0s' {1..9000})
  place 1 36005 'y = ' "$long" 'unknown'
  place 1 36005 '\xef\xbb\xbfy = ' "$long" 'unknown\r\n'
  wide=$(printf 'θ%.0s' {1..20000})
  place 2 12 "# $wide\r\nθ = 1; y = unknown # $wide\n"
  # Where a line begins at a multiple of any power of two.
  place 3 1 "#$(printf '%8190s' '')\n#$(printf '%16382s' '')\nunknown"
}

# peak_of PROGRAM OPTION...: the kilobytes that a run of it has at most.
peak_of () {
  python3 - "$GRADCALC" "$@" <<'END'
import os, sys
program, text, *options = sys.argv[1:]
process = os.posix_spawn(program, [program, "-q", "-f", "csv", "-e", text, *options], os.environ,
                         file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
print(os.wait4(process, 0)[2].ru_maxrss)
END
}

# each_round MOST PROGRAM OPTION...: of rounds of a loop each keeps no more kilobytes; the program has N in the place of their number.
each_round () {
  local most=$1 program=$2 few many
  shift 2
  command -v python3 >/dev/null || skip 'there is no python3'
  few=$(peak_of "${program/N/10}" "$@")
  many=$(peak_of "${program/N/30}" "$@")
  [ $(((many - few) / 20)) -le "$most" ] || fail "$(((many - few) / 20))"
}

@test "large: arrays that keep what they were made of take its memory, and no huge page for a part of one" {
  # Each round keeps three arrays of 2 MB.
  each_round 7800 'a = 2; x = linspace(0, 1, 2^18); y = 0; for i in 0:N { z = tanh(x*a); y += sum(z^3) }' -w a
  # And here of 0.8 MB.
  each_round 3000 'a = 2; x = linspace(0, 1, 10^5); y = 0; for i in 0:N { z = tanh(x*a); y += sum(z^3) }' -w a
}

@test "large: what a recorded sweep multiplies by is not kept once more as coefficients" {
  # Each round keeps 12 arrays of 2 MB; there would be as many coefficients.
  each_round 28000 'x = linspace(0, 1, 2^18); q = 0; for i in 0:N { q += sum(grad(sum(x^3*exp(x)), x)) }' --value -t q
}
