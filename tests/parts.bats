#!/usr/bin/env bats
# parts.bats -- what every function has: points with values, formulas in each format, a rule in words, slips, kinks; and what it lacks on
# purpose, which parts.tsv gives with the reason. A part that is forgotten is told, and so is one that is there in spite of the list.

load helper

setup () {
  [[ $GRADCALC == /* ]] || GRADCALC=$PWD/$GRADCALC
  cd "$srcdir/tests" || return
}

# rows KIND...: the functions of ops.def of these kinds, but for those that only rules name.
rows () {
  sed -n '/^GROUP (inner/q; /^GROUP/!p' ../src/ops/ops.def | sed -nE "s/^($(IFS='|'; echo "$*")) \(([a-z_0-9]+), .*/\2/p"
}

# uses: a line for each function: its name, and a call of it as every.expr has one, or its sign between operands.
uses () {
  sed -nE 's/^BINARY \(([a-z_]+), "(&&|\|\|)".*/\1\t(x > 0.4 \2 x < 0.1)/p; s/^BINARY \(([a-z_]+), "([^"]+)".*/\1\tx \2 0.4/p
    s/^UNARY \(([a-z_]+), "([^"]+)".*/\1\t(\2x)/p' ../src/ops/ops.def
  awk -v names="$(rows UNARY BINARY TERNARY FUNCTION FORMULA DERIVATIVE | paste -sd' ')" '
    { sub(/(^|[^"])#.*/, ""); text = text $0 "\n" }
    END {
      count = split(names, name, " ")
      for (i = 1; i <= count; i++) {
        if (!match(text, "(^|[^a-z0-9_])" name[i] "\\("))
          continue
        rest = substr(text, RSTART)
        sub(/^[^a-z]/, "", rest)
        depth = 0
        for (k = 1; k <= length(rest); k++) {
          depth += index("([", substr(rest, k, 1)) > 0
          depth -= index(")]", substr(rest, k, 1)) > 0
          if (index(")", substr(rest, k, 1)) && depth == 0)
            break
        }
        print name[i] "\t" substr(rest, 1, k)
      }
    }' every.expr
}

# program CALL: one that comes to a number which hangs on x by the call, and also beside it, in REPLY, without a process.
program () {
  REPLY='const a = 1.7; const n = 6; const N = [[4, 1, 0.5], [1, 3, 0.2], [0.5, 0.2, 2]]; x = [0.3, 0.7, 0.2]; '
  REPLY+="M = N + outer(x, x)/10; q = x^3*a; y = sum($1)*sum(x^2)"
}

# formulas NAME PROGRAM: what there is for a function of --formula and -H; $whole has those that give truths or whole numbers.
formulas () {
  local answer=$BATS_FILE_TMPDIR/answer points=20
  # Truths and whole numbers are others elsewhere, and so is the formula.
  [[ $whole != *$'\n'"$1"$'\n'* ]] || points=0
  gc -q -H -w x -f csv -e "$2" >"$answer" 2>/dev/null && [[ $(<"$answer") != *nan* ]] && echo "hessian $1"
  gc -q --formula -w x -e "$2" >"$answer" 2>/dev/null && gc -q --points=$points -C "$answer" -e "$2" 2>/dev/null && echo "formula $1"
  gc -q --formula -f latex -w x -e "$2" >/dev/null 2>&1 && echo "LaTeX $1"
  gc -q --formula -f c -w x -e "$2" >"$BATS_FILE_TMPDIR/c/$1.c" 2>/dev/null && echo "C $1"
  return 0
}

# explained NAME...: those of which a slip in the derivative explains an answer, and one of the axis, by what is in the file "said".
explained () {
  sed -nE 's/^NOTATION \(([a-z_0-9]+), .*"(d\(.*)"\)$/\1\t\2/p' ../src/ops/notation.def | awk -F'\t' -v names="$*" '
    NR == FNR { rule[$1] = $2; next }
    { line[++lines] = $0 }
    END {
      count = split(names, name, " ")
      for (n = 1; n <= count; n++) {
        own = "you get this if .* of " name[n] " (is|goes|here)"
        words = name[n] ~ /^pow/ ? "d(u^" : rule[name[n]]
        slip = axis = 0
        for (i = 1; i <= lines; i++)
          if (line[i] ~ own || words != "" && index(line[i], "the rule is " words)) {
            slip = 1
            axis = axis || index(line[i], ",axis,")
          }
        if (slip) print "slip", name[n]
        if (axis) print "axis", name[n]
      }
    }' - "$BATS_FILE_TMPDIR/said"
}

# A line for each part that a function has, in $BATS_FILE_TMPDIR/has: the part, the function.
look () {
  local name call inner whole REPLY
  mkdir "$BATS_FILE_TMPDIR/c"
  whole=$'\n'$(sed -nE 's/^[A-Z]+ \(([a-z_0-9]+), ("[^ ]*", )?[A-Z |]*(TRUTH|INTEGER).*/\1/p' ../src/ops/ops.def)$'\n'
  while IFS=$'\t' read -r name call inner; do
    echo "use $name"
    program "$call"
    formulas "$name" "$REPLY"
    # The derivative of the function is left out.
    gc -f csv -e "x = 0.8; const a = 1.7; y = $inner" -c 'dy/dx = 2*x' 2>/dev/null >>"$BATS_FILE_TMPDIR/said" || true
  done < <(paste <(uses) <(uses | cut -f2 | sed 's/\bx\b/(x^2)/g'))
  judge_table "$BATS_FILE_TMPDIR/table" < <(grep -vE '^(#|ok|none)' claims.tsv)
  cat "$BATS_FILE_TMPDIR"/table/*.said >>"$BATS_FILE_TMPDIR/said"
  # shellcheck disable=SC2046 # words
  explained $(rows UNARY BINARY TERNARY FUNCTION)
  tail -n +3 gallery.tsv | cut -f1 | sort -u | sed 's/^/points /'
  cut -f1 structured.tsv | sort | uniq -c | awk '$1 >= 3 { print "points", $2 }'
  sed -n 's/^%\([a-z_0-9]*\)\t.*/magnitudes \1/p' magnitudes.tsv
  sed -nE 's/^NOTATION \(([a-z_0-9]+), .*"d\(.*"\)$/words \1/p' ../src/ops/notation.def
  sed -nE 's/^KINK \(([a-z_0-9]+), .*/kink \1/p' ../src/ops/ops.def
}

# What each has to have: the part, the function.
due () {
  rows UNARY BINARY TERNARY FUNCTION FORMULA DERIVATIVE | sed 's/.*/use &\nhessian &/'
  rows UNARY BINARY TERNARY FUNCTION FORMULA | sed 's/.*/formula &\nLaTeX &\nC &\npoints &/'
  rows UNARY BINARY TERNARY FUNCTION | sed 's/.*/words &\nslip &/'
  rows UNARY BINARY TERNARY | sed 's/^/magnitudes /'
  sed -nE 's/^FUNCTION \(([a-z_0-9]+), [^"]*"[^"]*axis=.*/axis \1/p' ../src/ops/ops.def
  # What passes nothing somewhere: where that begins is a kink.
  sed '/^GROUP (inner/q' ../src/ops/ops.def | sed -nE 's/^(UN|BIN|TERN)ARY \(([a-z_0-9]+),.*\b(FLAT|upper_slope)\b.*/kink \2/p'
}

@test "parts: every function has all, or lacks on purpose what it lacks" {
  look >"$BATS_FILE_TMPDIR/has"
  awk -F'\t' '!/^#/ { count = split($3, name, " "); for (i = 1; i <= count; i++) print $1, name[i] }' parts.tsv | sort >"$BATS_TEST_TMPDIR/meant"
  comm -23 <(due | sort -u) <(sort -u "$BATS_FILE_TMPDIR/has") >"$BATS_TEST_TMPDIR/lacks"
  run diff <(sed 's/^/lacks: /' "$BATS_TEST_TMPDIR/meant") <(sed 's/^/lacks: /' "$BATS_TEST_TMPDIR/lacks")
  assert_output ''
}

@test "parts: what a function of arrays counts as a kink has a KINK" {
  local name call said
  # There is one jq for all of them, as it takes longer to start than the program takes to run.
  while IFS=$'\t' read -r name call; do
    grep -q "^FUNCTION ($name," ../src/ops/ops.def || continue
    said=$(gc -f json -e "x = [0, 0, 0]; a = 1.7; M = eye(3)*0; q = x; y = sum($call)" 2>/dev/null) || true
    printf '{"name": "%s", "said": %s}\n' "$name" "${said:-null}"
  done < <(uses) >"$BATS_TEST_TMPDIR/said"
  (( $(wc -l <"$BATS_TEST_TMPDIR/said") > 60 ))
  run -0 jq -c '.name as $name | .said.kinks // [] | .[] | select(.op == $name and .left == .right)' "$BATS_TEST_TMPDIR/said"
  assert_output ''
}

@test "parts: compiled C gives the value and the gradient of each function" {
  local name call helpers REPLY expected='' has file=$BATS_FILE_TMPDIR/all.c
  [[ -d $BATS_FILE_TMPDIR/c ]] || look >"$BATS_FILE_TMPDIR/has"
  has=$'\n'$(<"$BATS_FILE_TMPDIR/has")$'\n'
  printf '#include <stdio.h>\n' >"$file"
  while IFS=$'\t' read -r name call; do
    [[ $has == *$'\n'"C $name"$'\n'* ]] || continue
    # Each with helpers of its own.
    helpers=$(sed -n '/^static/{n;s/ (.*//p}' "$BATS_FILE_TMPDIR/c/$name.c")
    sed -E "/^#define _DEFAULT_SOURCE/d; s/\\b(${helpers//$'\n'/|}${helpers:+|}y_gradient)\\b/&_of_$name/g" "$BATS_FILE_TMPDIR/c/$name.c" >>"$file"
    program "$call"
    run -0 gc -q -p 17 -w x --unconnected=zero -e "$REPLY"
    [[ $output =~ ^'y = '(.*)$'\n''dy/dx = ['(.*)']'$ ]] || fail "$name: $output"
    expected+=,${BASH_REMATCH[1]},${BASH_REMATCH[2]}
    printf 'static void show_%s (void)\n{\n  double x[] = { 0.3, 0.7, 0.2 }, g[3], y = y_gradient_of_%s (x, g);\n' "$name" "$name" >>"$file"
    printf '  printf (",%%.17g,%%.17g,%%.17g,%%.17g", y, g[0], g[1], g[2]);\n}\n' >>"$file"
  done < <(uses)
  { printf 'int main (void)\n{\n'; sed -n 's/^static void \(show_.*\) (void)/  \1 ();/p' "$file"; printf '  return 0;\n}\n'; } >"$file.main"
  cat "$file.main" >>"$file"
  ${CC:-cc} -Wall -Wextra -Werror -D_DEFAULT_SOURCE -o "$BATS_FILE_TMPDIR/all" "$file" -lm
  run "$BATS_FILE_TMPDIR/all"
  assert_close "[${output#,}]" "[${expected#,}]" 1e-12 1e-13
}

# Along a line, on which all that a rule names moves.
@test "parts: the rule in words is the derivative" {
  local rule left right first point value slope shift count=0 REPLY rules=$BATS_TEST_TMPDIR/rules
  sed -nE 's/^NOTATION \(.*"(d\(.*)"\)$/\1/p' ../src/ops/notation.def >"$rules"
  # What is told in words is put into the language.
  while IFS=$'\t' read -r rule left right; do
    shift=0
    [[ $left != acosh* ]] || shift=1
    for first in 0.3 -0.3; do
      point="const U = [$first, 0.7, 0.2]; const V = [0.9, 0.4, 1.1]; const E = [[0.2, 1, 0.3], [-0.4, 0.6, 0.1], [0.5, 0.7, -0.2]]
        const F = [[0.1, 0.2, 0.7], [0.4, -0.3, 0.2], [0.6, 0.1, 0.5]]; const n = 3; const lo = 0.25; const hi = 0.6; const c = [true, false, true]; const p = 2.5; const q = 1.5
        u = U + t*V; v = V - t*U; a = u; b = v; u = u + $shift; A = 3*eye(3) + E + t*F; B = E' + t*F'; left = $left"
      run gc -q -p 17 -w t -t y,z -e "t = 0; $point; y = sum(left*stop_gradient(cos(left)))
        du = V; dv = -U; da = du; db = dv; dA = F; dB = F'; z = sum(($right)*cos(left))"
      find_result z
      value=$REPLY
      find_result dy/dt || REPLY=''
      slope=$REPLY
      [[ $value == nan && $first == -* ]] && continue
      assert_close "$value" "$slope" 1e-12 1e-15 || fail "$rule: $left: $right"
    done
    count=$((count + 1))
  done < <(paste "$rules" <(sed -E 's/, s = softmax\(u\)$//; s/\bs\b/softmax(u)/g; s/^d\((.*)\) (=|is) /\1\t/; s/ holds//; s/ //g; s/\t/ /
      s/max\(u,v\)/maximum(u,v)/; s/min\(u,v\)/minimum(u,v)/; s/thatofthelarger/where(u>v,du,dv)/; s/thatofthesmaller/where(u<v,du,dv)/; s/dubetweenloandhi,else0/where(u>lo\&\&u<hi,du,0)/
      s/ ([a-z]*)where(.*),else(.*)/ where(\2,\1,\3)/; s/ /\t/' "$rules"))
  (( count >= 98 )) || fail "only $count"
}
