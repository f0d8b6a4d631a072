# helper.bash -- what every .bats file loads first: `load helper`.
# Under `make check` GRADCALC, srcdir and builddir are set; `bats tests/cli.bats` finds them from the file's own place.
# GRADCALC_WRAPPER is put before the program (valgrind), GC_TIMEOUT is the limit of one run in seconds. Without that, it is 60
# seconds of processor time, for `timeout` takes as long to start as the program.

# Before each command bats notes where it stands, which takes it longer than most commands. Its own commands and those here, which
# are most, are passed over: a failure is told of where the test calls them. A command of the test itself is one frame, without
# a loop over those that called it. This comes first, as what is read below is commands too.
if declare -F bats_capture_stack_trace bats_emit_trace >/dev/null; then
  bats_debug_trap () {
    [[ $1 != "$BATS_ROOT"/lib* && $1 != */tests/*.bash && ! ${BATS_INTERRUPTED+x}${BATS_TIMED_OUT+x} ]] || return 0
    BATS_DEBUG_LASTLAST_STACK_TRACE=("${BATS_DEBUG_LAST_STACK_TRACE[@]}")
    BATS_DEBUG_LAST_LINENO=("${BASH_LINENO[@]}")
    BATS_DEBUG_LAST_SOURCE=("${BASH_SOURCE[@]}")
    if [[ ${FUNCNAME[1]} == "${BATS_TEST_NAME-}" ]]; then
      BATS_DEBUG_LAST_STACK_TRACE=("${BASH_LINENO[0]} ${FUNCNAME[1]} ${BASH_SOURCE[1]}")
    else
      bats_capture_stack_trace
    fi
    [[ ${BATS_TRACE_LEVEL:-0} == 0 ]] || bats_emit_trace
  }
fi

bats_require_minimum_version 1.5.0
# As their load.bash does, which starts a process for each of its files, and this is read again for each test.
for library in "${BATS_LIB_PATH:-/usr/lib/bats}"/bats-{support,assert}/src/*.bash; do
  # shellcheck disable=SC1090
  source "$library"
done

# As `run` has it, which reads a text from itself byte by byte: the lines of a variable, by default without the empty ones.
bats_separate_lines () { # INTO FROM
  if [[ ! $keep_empty_lines ]]; then
    local - IFS=$'\n'
    set -f
    eval "$1=(\${!2})"
  elif [[ ${!2} ]]; then
    mapfile -t "$1" <<<"${!2}"
  else
    eval "$1=()"
  fi
}

# For the file that `run --separate-stderr` asks for, which is in a folder of its own, a name needs no process.
mktemp () {
  if [[ $# == 1 && $1 == "$BATS_TEST_TMPDIR"/separate-stderr-XXXXXX ]]; then
    printf '%s\n' "${1%XXXXXX}$BASHPID.$EPOCHREALTIME"
  else
    command mktemp "$@"
  fi
}

[[ $srcdir == /* ]] || srcdir=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
[[ $builddir == /* ]] || builddir=$srcdir
: "${GRADCALC:=$builddir/gradcalc}"
export srcdir builddir GRADCALC
export LC_ALL=C.UTF-8 TERM=dumb
source "$srcdir/tests/keep_json.bash"
unset NO_COLOR GRADCALC_DUMP ARGP_HELP_FMT POSIXLY_CORRECT
[[ ${GC_TIMEOUT-} ]] || ulimit -S -t 60

# Runs the program. What it prints as JSON is held against the schema when the last test is through.
gc () {
  # shellcheck disable=SC2086 # a command with its own arguments
  keep_json ${GC_TIMEOUT:+timeout -k 5 "$GC_TIMEOUT"} ${GRADCALC_WRAPPER-} "$GRADCALC" "$@"
}

# gc_program TEXT [OPTION...]: runs TEXT as the program, from standard input.
gc_program () {
  local text=$1
  shift
  printf '%s\n' "$text" | gc "$@"
}

# find_differences RTOL [ATOL]: standard input has lines NAME, ACTUAL, EXPECTED with tabs between. Prints the name of each that
# is not the same text, but each number within RTOL * |EXPECTED| + ATOL, and what the trouble is; status 1 when there is one.
# Arrays compare number by number, brackets and commas must agree; blanks do not count.
find_differences () {
  awk -F '\t' -v rtol="$1" -v atol="${2:-0}" '
    function split_up(text, pieces) {
      gsub(/ +/, "", text)
      gsub(/[][,]/, " & ", text)
      return split(text, pieces, " ")
    }
    function is_number(text) { return text ~ /^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$/ }
    function size(x) { return x < 0 ? -x : x }
    function trouble(    n, m, i, a, e, error, allowed) {
      n = split_up($2, actual)
      m = split_up($3, expected)
      if (n != m || m == 0) return "they differ in form"
      for (i = 1; i <= n; i++) {
        a = actual[i]; e = expected[i]
        if (a == e) continue
        if (!is_number(a) || !is_number(e)) return "\"" a "\" instead of \"" e "\""
        error = size(a - e); allowed = rtol * size(e + 0) + atol
        if (!(error <= allowed)) return a " is off by " error ", allowed are " allowed
      }
    }
    (report = trouble()) { print $1 ($1 == "" ? "" : ": ") report; status = 1 }
    END { exit status }'
}

# assert_close ACTUAL EXPECTED RTOL [ATOL]: as find_differences has it. Line ends do not count either.
assert_close () {
  local report
  [[ -z $1 || $1 != "$2" ]] || return 0
  if ! report=$(find_differences "${3:-1e-12}" "${4:-0}" <<<$'\t'"${1//[$' \t\n']/}"$'\t'"${2//[$' \t\n']/}"); then
    batslib_print_kv_single_or_multi 8 actual "$1" expected "$2" trouble "$report" \
      | batslib_decorate 'values are not close' | fail
  fi
}

# result NAME: what $output says of NAME ("NAME = ..."), a matrix on one line.
result () {
  local REPLY
  find_result "$1" || { printf 'no %s\n' "$1"; return 1; }
  printf '%s\n' "$REPLY"
}

# The same in REPLY, without a process.
find_result () {
  local rest=$'\n'$output start=$'\n'"$1 = " line
  [[ $rest == *"$start"* ]] || return 1
  rest=${rest#*"$start"}
  REPLY=${rest%%$'\n'*}
  while [[ $rest == *$'\n'[$' \t']* ]]; do
    [[ ${rest#"${rest%%$'\n'*}"} == $'\n'[$' \t']* ]] || break
    rest=${rest#*$'\n'}
    line=${rest%%$'\n'*}
    REPLY+=" ${line#"${line%%[!$' \t']*}"}"
  done
}

# assert_result NAME EXPECTED RTOL [ATOL]: after `run`, the value printed for NAME.
assert_result () {
  local REPLY
  find_result "$1" || fail "no '$1 = ' in the output:"$'\n'"$output" || return
  assert_close "$REPLY" "$2" "${3:-1e-12}" "${4:-0}"
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

# judge_table FOLDER: judges answers, rows as claims.tsv has them; those about one program are judged at once. What is said of
# them is in FOLDER/N.said, a line each, and FOLDER/order has N for each row.
judge_table () {
  local count i
  mkdir "$1"
  count=$(awk -F '\t' -v folder="$1" '
    !($3 in number) { number[$3] = ++count; printf "%s\n", $3 >(folder "/" count ".expr"); close(folder "/" count ".expr") }
    { file = folder "/" number[$3] ".answers"; printf "%s\n", $2 >>file; close(file); print number[$3] >(folder "/order") }
    END { print count }')
  for ((i = 1; i <= count; i++)); do
    gc -f csv -C "$1/$i.answers" "$1/$i.expr" 2>/dev/null | tail -n +2 >"$1/$i.said"
  done
}
