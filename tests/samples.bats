#!/usr/bin/env bats
# samples.bats -- every program under samples/ does what its .out says.
#
# NAME.cmd holds the options of one run in that directory, NAME.out its standard output (text byte for byte, numbers to
# 1e-12), NAME.err, where there is one, a pattern for each line on standard error that has a place: all of them, in any order.
# A sample without .err says nothing there. Several .cmd may run the same .expr.

load helper

setup () {
  [[ $GRADCALC == /* ]] || GRADCALC=$PWD/$GRADCALC
  cd "$srcdir/samples" || return
}

# same_text ACTUAL EXPECTED: alike but for the last digits of numbers that are not whole.
same_text () {
  ACTUAL=$1 EXPECTED=$2 awk '
    function size(x) { return x < 0 ? -x : x }
    function next_number(text) { return match(text, /[0-9]+\.[0-9]+(e[-+]?[0-9]+)?|[0-9]+e[-+]?[0-9]+/) }
    BEGIN {
      a = ENVIRON["ACTUAL"]; b = ENVIRON["EXPECTED"]
      while (a != b) {
        found = next_number(a); start = RSTART; length_a = RLENGTH
        if (!found || !next_number(b) || RSTART != start || substr(a, 1, start - 1) != substr(b, 1, start - 1)) exit 1
        x = substr(a, start, length_a); y = substr(b, start, RLENGTH)
        if (size(x - y) > 1e-12 * size(y)) exit 1
        a = substr(a, start + length_a); b = substr(b, start + RLENGTH)
      }
    }'
}

sample () {
  local name=$1 message pattern found
  eval "set -- $(<"$name.cmd")"
  run --separate-stderr gc "$@" </dev/null
  assert_equal "$status" 0
  same_text "$output" "$(<"$name.out")" || assert_equal "$output" "$(<"$name.out")"
  if [[ ! -e $name.err ]]; then
    assert_equal "$stderr" ''
    return
  fi
  local -a patterns messages
  mapfile -t patterns <"$name.err"
  mapfile -t messages < <(grep -E ': (note|warning|hint|error): ' <<<"$stderr")
  for message in "${messages[@]}"; do
    found=
    # shellcheck disable=SC2053 # the right side is a pattern
    for pattern in "${patterns[@]}"; do [[ $message == $pattern ]] && found=1; done
    [[ $found ]] || fail "$name.err has no pattern for: $message"
  done
  for pattern in "${patterns[@]}"; do
    found=
    # shellcheck disable=SC2053
    for message in "${messages[@]}"; do [[ $message == $pattern ]] && found=1; done
    [[ $found ]] || fail "no message like: $pattern"$'\n'"in:"$'\n'"$stderr"
  done
}

@test "samples: every program has a command and an output, and a test here" {
  local file name
  for file in *.expr; do
    [[ -e ${file%.expr}.cmd ]] || fail "$file has no .cmd"
  done
  for file in *.cmd; do
    name=${file%.cmd}
    [[ -e $name.out ]] || fail "$file has no .out"
    grep -q "^  sample $name\$" "$BATS_TEST_FILENAME" || fail "no test runs $name"
    run -0 wc -l <"$file"
    assert_equal "$((output))" 1
  done
  for file in *.out *.err; do
    [[ -e ${file%.*}.cmd ]] || fail "$file has no .cmd"
  done
}

@test "samples: the squared error of one prediction" {
  sample loss
}

@test "samples: the same as csv" {
  sample loss-csv
}

@test "samples: the same as json" {
  sample loss-json
}

@test "samples: the list of inputs" {
  sample loss-inputs
}

@test "samples: least squares over a matrix" {
  sample lin
}

@test "samples: the same as csv, one line for all" {
  sample lin-wide
}

@test "samples: x^2 at 3" {
  sample square
}

@test "samples: x @ w + b, a gradient per parameter" {
  sample affine
}

@test "samples: gradients come in the order asked" {
  sample affine-order
}

@test "samples: the gradient of an intermediate result" {
  sample intermediate
}

@test "samples: the same tape asked twice" {
  sample intermediate-twice
}

@test "samples: two targets apart" {
  sample two
}

@test "samples: two targets summed" {
  sample two-sum
}

@test "samples: a target that is a source" {
  sample itself
}

@test "samples: a target that is not one number" {
  sample vector
}

@test "samples: the same with a seed" {
  sample vector-seed
}

@test "samples: x * [3, 4]" {
  sample spread
}

@test "samples: the branch taken" {
  sample branch
}

@test "samples: the other branch, by -D" {
  sample branch-other
}

@test "samples: values assigned after recording change nothing" {
  sample later
}

@test "samples: a const is no source" {
  sample const
}

@test "samples: every way to none" {
  sample none
}

@test "samples: a kink has the smallest slope" {
  sample kink
}

@test "samples: Rosenbrock" {
  sample rosenbrock
}

@test "samples: logistic regression" {
  sample logistic
}

@test "samples: softmax cross-entropy" {
  sample softmax
}

@test "samples: a network of two layers" {
  sample net
}

@test "samples: a loop: Newton for a square root" {
  sample newton
}

@test "samples: a recursive power" {
  sample recursion
}

@test "samples: closures" {
  sample closure
}

@test "samples: a recurrent unit over a sequence" {
  sample recurrent
}

@test "samples: a simulated spring" {
  sample spring
}

@test "samples: a matrix read from a csv file" {
  sample fit
}

@test "samples: data that the program loads" {
  sample predict
}

@test "samples: rows by number, one of them twice" {
  sample gather
}

@test "samples: Newton's method with grad" {
  sample root
}

@test "samples: where a function is smallest" {
  sample argmin
}

@test "samples: a force that is the slope of a potential" {
  sample force
}
