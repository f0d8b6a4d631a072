# helper.bash -- what every .bats file loads first: `load helper`.
# Under `make check` GRADCALC, srcdir and builddir are set; `bats tests/cli.bats` finds them from the file's own place.
# GRADCALC_WRAPPER is put before the program (valgrind), GC_TIMEOUT is the limit of one run in seconds.

bats_require_minimum_version 1.5.0
export BATS_LIB_PATH=${BATS_LIB_PATH:-/usr/lib/bats}
bats_load_library bats-support
bats_load_library bats-assert

[[ $srcdir == /* ]] || srcdir=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
[[ $builddir == /* ]] || builddir=$srcdir
: "${GRADCALC:=$builddir/gradcalc}"
export srcdir builddir GRADCALC
export LC_ALL=C.UTF-8 TERM=dumb
unset NO_COLOR GRADCALC_DUMP ARGP_HELP_FMT POSIXLY_CORRECT

# Runs the program. What it prints as JSON is held against the schema when the last test is through.
gc () {
  local keep=()
  [[ " $* " != *json\ * ]] || keep=("$srcdir/tests/keep-json")
  # shellcheck disable=SC2086 # the wrapper is a command with its own arguments
  "${keep[@]}" timeout -k 5 "${GC_TIMEOUT:-60}" ${GRADCALC_WRAPPER-} "$GRADCALC" "$@"
}

# gc_program TEXT [OPTION...]: runs TEXT as the program, from standard input.
gc_program () {
  local text=$1
  shift
  printf '%s\n' "$text" | gc "$@"
}

# assert_close ACTUAL EXPECTED RTOL [ATOL]: the same text, but each number within RTOL * |EXPECTED| + ATOL.
# Arrays compare number by number, brackets and commas must agree; blanks and line ends do not count.
assert_close () {
  local report
  if ! report=$(ACTUAL=$1 EXPECTED=$2 RTOL=${3:-1e-12} ATOL=${4:-0} awk '
    function split_up(text, pieces,    n) {
      gsub(/[ \t\n]+/, "", text)
      gsub(/[][,]/, " & ", text)
      return split(text, pieces, " ")
    }
    function is_number(text) { return text ~ /^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$/ }
    function size(x) { return x < 0 ? -x : x }
    BEGIN {
      n = split_up(ENVIRON["ACTUAL"], actual)
      m = split_up(ENVIRON["EXPECTED"], expected)
      if (n != m || m == 0) { print "they differ in form"; exit 1 }
      for (i = 1; i <= n; i++) {
        a = actual[i]; e = expected[i]
        if (a == e) continue
        if (!is_number(a) || !is_number(e)) { print "\"" a "\" instead of \"" e "\""; exit 1 }
        error = size(a - e); allowed = ENVIRON["RTOL"] * size(e + 0) + ENVIRON["ATOL"]
        if (!(error <= allowed)) { print a " is off by " error ", allowed are " allowed; exit 1 }
      }
    }'); then
    batslib_print_kv_single_or_multi 8 actual "$1" expected "$2" trouble "$report" \
      | batslib_decorate 'values are not close' | fail
  fi
}

# result NAME: what $output says of NAME ("NAME = ..."), a matrix on one line.
result () {
  NAME=$1 awk '
    index($0, ENVIRON["NAME"] " = ") == 1 { text = substr($0, length(ENVIRON["NAME"]) + 4); found = 1; next }
    found && /^[ \t]/ { sub(/^[ \t]+/, " "); text = text $0; next }
    found { exit }
    END { if (found) print text; else { print "no " ENVIRON["NAME"]; exit 1 } }' <<<"$output"
}

# assert_result NAME EXPECTED RTOL [ATOL]: after `run`, the value printed for NAME.
assert_result () {
  local actual
  actual=$(result "$1") || fail "no '$1 = ' in the output:"$'\n'"$output" || return
  assert_close "$actual" "$2" "${3:-1e-12}" "${4:-0}"
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
