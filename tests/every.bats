#!/usr/bin/env bats
# every.bats -- tests/every.expr uses every function of the language once, runs, and has the gradient that differences give.

load helper

setup () {
  [[ $GRADCALC == /* ]] || GRADCALC=$PWD/$GRADCALC
  cd "$srcdir/tests" || return
}

@test "every function: none is missing from the program" {
  local name text
  text=$(sed 's/#.*//' every.expr)
  for name in $(gc --list functions | cut -d'(' -f1); do
    grep -qE "(^|[^a-z0-9_])$name\\(" <<<"$text" || fail "$name is not used"
  done
}

# value OPTION...: the target's value with 17 digits.
value () {
  gc -q --value -p 17 -f csv every.expr "$@" | sed -n '2s/.*,//p'
}

@test "every function: it runs, and its gradient is that of differences" {
  run gc -q -p 17 -w a,x -f csv every.expr
  assert_success
  local step=0.0001 slope
  slope=$(sed -n '2s/.*,//p' <<<"$output")
  # Central differences with one step of Richardson extrapolation.
  differences () {
    local up down up2 down2
    up=$(value -D "$1") down=$(value -D "$2") up2=$(value -D "$3") down2=$(value -D "$4")
    awk -v a="$up" -v b="$down" -v c="$up2" -v d="$down2" -v h="$step" \
      'BEGIN { printf "%.15g", (4 * (a - b) / (2 * h) - (c - d) / (4 * h)) / 3 }'
  }
  assert_close "$slope" "$(differences a=1.7001 a=1.6999 a=1.7002 a=1.6998)" 1e-7
  slope=$(sed -n '3s/.*,//p' <<<"$output")
  assert_close "$slope" "$(differences 'x=[0.3001,0.7,0.2]' 'x=[0.2999,0.7,0.2]' 'x=[0.3002,0.7,0.2]' 'x=[0.2998,0.7,0.2]')" 1e-7
}
