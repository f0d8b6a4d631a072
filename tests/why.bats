#!/usr/bin/env bats
# why.bats -- --why: the paths by which a target depends on a variable, or why it does not. Products are worked out by hand.

load helper

why () {
  local names=$1 program=$2
  shift 2
  run --separate-stderr gc -q --why "$names" "$@" -e "$program"
  assert_equal "$status" 0
}

@test "why: each path is a product of local derivatives, the largest first" {
  # p = x^3 = 8 with 3*4, s = p*y has slopes y = 5 and p; y^2 on its own.
  why x,y 'x = 2; y = 5; p = x^3; s = p*y + y^2 + x'
  assert_output 'ds/dx = 61
  60, the product of
    1  in s = p*y + y^2 + x, by p*y + y^2  (1:28)
    1  in p*y + y^2, by p*y  (1:28)
    5  in p*y, by p  (1:28)
    12  in p = x^3, by x  (1:19)
  1, the product of
    1  in s = p*y + y^2 + x, by x  (1:28)

ds/dy = 18
  10, the product of
    1  in s = p*y + y^2 + x, by p*y + y^2  (1:28)
    1  in p*y + y^2, by y^2  (1:28)
    10  in y^2, by y  (1:34)
  8, the product of
    1  in s = p*y + y^2 + x, by p*y + y^2  (1:28)
    1  in p*y + y^2, by p*y  (1:28)
    8  in p*y, by y  (1:28)'
  why y 'x = 2; y = x; z = 3*y'
  assert_line '  3, the product of'
  why x 'x = 2; y = x'
  assert_output $'dy/dx = 1\n  1, by itself'
}

@test "why: of many paths the largest are found first" {
  why x 'x = 1; y = 3*x + 9*x + x + 7*x + 12*x + 5*x + 2*x + 11*x + 4*x + 8*x + 6*x + 10*x'
  assert_equal "$(sed -n 's/^  \([0-9]*\), the product of/\1/p' <<<"$output" | paste -sd' ')" '12 11 10 9 8'
}

@test "why: what is not shown is one line, and all of it adds up to the gradient" {
  # (1 + x)^10 has 10 factors, each of which x comes through: 2^9 each at x = 1.
  why x 'x = 1; y = 1; for i in 0:10 { y = y*(1 + x) }'
  assert_line 'dy/dx = 5120'
  assert_line '  2560, the sum of 5 other paths'
  [[ $(grep -c '^  512, the product of' <<<"$output") == 5 ]] || fail "$output"
  # 2^30 paths, all alike.
  why x 'x = 1; for i in 0:30 { x = x*x }; y = x'
  assert_line 'dy/dx = 1073741824'
  assert_line '  1073741819, the sum of 1073741819 other paths'
}

@test "why: paths of arrays, the rest, and the samples: they add up" {
  why w 'X = [[1, 2], [3, 4]]; w = [1, 2]; y = sum((X @ w)^2) + w[0]'
  # X @ w = [5, 11]; 2*X'"'"' @ [5, 11] = [76, 108], and 1 for the first element.
  assert_line 'dy/dw = [77, 108]'
  assert_line '  [76, 108], the product of'
  assert_line "    [[1, 2], [3, 4]]' @  in X @ w, by w  (1:44)"
  assert_line '  [1, 0], the product of'
  cd "$srcdir/samples" || return
  local file names
  for file in *.expr homework/*.expr; do
    names=$(gc --list inputs "$file" 2>/dev/null | paste -sd,)
    # Not of what is read from a file beside the sample.
    gc -q -f json --why "$names" "$file" 2>/dev/null </dev/null >>"$BATS_TEST_TMPDIR/all" || [ $? -le 4 ]
  done
  run python3 - "$BATS_TEST_TMPDIR/all" <<'END'
import json, math, sys
def flat(x):
    return [y for e in x for y in flat(e)] if isinstance(x, list) else [float(x)]
count = 0
for line in open(sys.argv[1]):
    all = json.loads(line)
    for target, sources in all['why'].items():
        for source, why in sources.items():
            gradient = all['grad'][target][source]
            if gradient is None or not why['paths']:
                continue
            parts = [flat(path['contribution']) for path in why['paths']] + [flat(why['rest'])]
            largest = max(abs(x) for part in parts for x in part)
            for i, g in enumerate(flat(gradient)):
                assert abs(math.fsum(part[i] for part in parts) - g) <= 1e-12 * largest, (target, source)
            if why['others'] == 0:
                assert max(abs(x) for x in flat(why['rest'])) <= 1e-12 * largest, (target, source, why['rest'])
            count += 1
assert count > 60, count
END
  assert_success
}

@test "why: none, zero, and what is no number" {
  why z 'x = 1; z = 2; y = 3*x'
  assert_output $'dy/dz = none\n  y does not depend on z: z is never used  (<-e>:1:8)'
  why x 'x = -3; y = relu(x)*2'
  assert_output $'dy/dx = 0\n  relu(x) passes nothing on to x: its derivative is 0 there  (1:13)'
  why x 'x = 0; y = relu(x)*2'
  assert_line '  relu(x) passes nothing on to x, at a kink  (1:12)'
  # Two paths that cancel are no reason of that kind.
  why x 'x = 3; y = x - x'
  assert_line '  -1, the product of'
  why x 'x = -1; k = 2; y = log(x)*k'
  assert_line '  it began in log(x)  (1:20), x = -1'
  why x 'x = 0; y = sqrt(x)^2'
  assert_line '  it began in sqrt(x)  (1:12), x = 0: what came to it is 0, its derivative Inf'
}

@test "why: formats, and names that are not there" {
  why w 'x = 3; w = 2; y = w*x' -f csv
  assert_output 'target,wrt,path,contribution,local,file,line,column,expression,operand
y,w,1,3,3,<-e>,1,19,w*x,w'
  why w 'x = 3; w = 2; y = (w*x)^2' -f latex
  assert_output '\frac{\partial y}{\partial w} = 12 \cdot 3 = 36'
  why w 'x = 3; w = 2; y = w*x' -f markdown
  assert_line '| `dy/dw` | 1 | 3 | 3 | `w*x` | `w` | 1:19 |'
  why w 'x = 3; w = 2; y = w*x' -f json
  assert_output '{"value":{"y":6},"grad":{"y":{"w":3}},"why":{"y":{"w":{"paths":[{"contribution":3,"factors":[{"name":"y","expression":"w*x","file":"<-e>","line":1,"column":19,"operand":"w","local":3}]}],"others":0,"rest":0}}}}'
  run -2 gc --why z -e 'x = 1; y = x'
  assert_output --partial "--why: 'z' is not a variable"
  run -2 gc --why 2x -e 'x = 1; y = x'
  assert_output --partial "--why: '2x' is not a name"
}
