# functions.awk -- puts the table of functions in the place of a line @FUNCTIONS@, the causes of slips in that of @CAUSES@:
#   awk -f rows.awk -f functions.awk src/ops/ops.def [src/diagnose/slips.def] man/gradcalc.5.in
# Each row of ops.def is one line. A row that is not understood stops the build.

# A cell of C in the words of the language; what elementwise.h has helpers for, as formulas.
function readable(rule) {
  gsub(/power_base \(a, b\)/, "b * a^(b - 1)", rule)
  gsub(/power_exponent \(a, b, v\)/, "v * log(a)", rule)
  gsub(/upper_slope \(a, b, both\)/, "a > b ? 1 : 0, shared at a tie", rule)
  gsub(/upper_slope \(b, a, both\)/, "b > a ? 1 : 0, shared at a tie", rule)
  gsub(/sech_squared \(a\)/, "1 / cosh(a)^2", rule)
  gsub(/atan_slope \(a\)/, "1 / (1 + a^2)", rule)
  gsub(/LOG_E/, "log10(e)", rule)
  gsub(/sigmoid_slope \(a\)/, "v * (1 - v)", rule)
  gsub(/-v \* polygamma_difference \(0, a, b\)/, "v * (digamma(a) - digamma(a + b))", rule)
  gsub(/-v \* polygamma_difference \(0, b, a\)/, "v * (digamma(b) - digamma(a + b))", rule)
  gsub(/-polygamma_difference \(0, a, b\)/, "digamma(a) - digamma(a + b)", rule)
  gsub(/-polygamma_difference \(0, b, a\)/, "digamma(b) - digamma(a + b)", rule)
  gsub(/-polygamma_difference \(0, a \+ 1, -b\)/, "digamma(a + 1) - digamma(a - b + 1)", rule)
  gsub(/polygamma_difference \(0, b \+ 1, a - 2 \* b\)/, "digamma(a - b + 1) - digamma(b + 1)", rule)
  gsub(/fabs/, "abs", rule)
  while (match(rule, /[a-z0-9_] \(/)) rule = substr(rule, 1, RSTART) substr(rule, RSTART + 2)
  gsub(/FLAT/, "0", rule)
  gsub(/PI/, "pi", rule)
  gsub(/LN_2/, "log(2)", rule)
  gsub(/LN_10/, "log(10)", rule)
  gsub(/rint\(/, "round(", rule)
  gsub(/larger\(/, "maximum(", rule)
  gsub(/NAN/, "nan", rule)
  gsub(/INFINITY/, "inf", rule)
  gsub(/sinc_slope\(a\)/, "(cos(pi * a) - v) / a", rule)
  gsub(/log_ndtr_slope\(a\)/, "exp(-a^2 / 2 - v) / sqrt(2 * pi)", rule)
  gsub(/gamma_density\(a, b\)/, "b^(a - 1) * exp(-b) / gamma(a)", rule)
  gsub(/exp\(beta_log\(a, b, c\)\)/, "c^(a - 1) * (1 - c)^(b - 1) / beta(a, b)", rule)
  gsub(/-gammainc_slope\(a, b\)/, "a series", rule)
  gsub(/gammainc_slope\(a, b\)/, "a series", rule)
  gsub(/betainc_slope_[ab]\(a, b, c\)/, "a series", rule)
  gsub(/gated\(a, sigmoid\(a\) \* sigmoid\(-a\)\)/, "a * sigmoid(a) * sigmoid(-a)", rule)
  gsub(/gated\(a, exp\(-0.5 \* a \* a\)\)/, "a * exp(-0.5 * a * a)", rule)
  if (match(rule, /[A-Z]/)) fail("readable() has no words for: " rule)
  keep_calls(rule)
  return rule
}

# Calls of what the language has not are told when all rows are read.
function keep_calls(rule) {
  while (match(rule, /[a-z_0-9]+\(/)) {
    called[substr(rule, RSTART, RLENGTH - 1)] = FILENAME ":" FNR
    rule = substr(rule, RSTART + RLENGTH)
  }
}

# A formula of the language, its inner functions as what they mean.
function spelled(formula) {
  sub(/poisson_log\(k, rate\)/, "xlogy(k, rate) - rate - lgamma(k + 1)", formula)
  sub(/gamma_log\(shape, rate, y\)/, "shape * log(rate) - lgamma(shape) + xlogy(shape - 1, y) - rate * y", formula)
  sub(/beta_log\(a, b, y\)/, "xlogy(a - 1, y) + xlog1py(b - 1, -y) - lbeta(a, b)", formula)
  sub(/student_t_log\(\(y - mu\) \/ sigma, nu\)/, "-lbeta(nu / 2, 1 / 2) - log(nu) / 2 - (nu + 1) / 2 * log1p(((y - mu) / sigma)^2 / nu)", formula)
  if (formula ~ /(poisson|gamma|beta|student_t)_log\(/) fail("this formula has an inner function")
  return formula
}

function entry(call, says, rule) {
  table = table ".TP 30\n.B " escaped(call) "\n\\&" escaped(says) (rule == "" ? "" : "\n.br\n" wrapped(rule)) "\n"
}

# In lines of moderate length; the formatter fills them again.
function wrapped(text,    words, count, i, line, result) {
  count = split(text, words, " ")
  for (i = 1; i <= count; i++)
    if (length(line) + length(words[i]) > 70) {
      result = result "\\&" line "\n"
      line = words[i]
    } else line = line (line == "" ? "" : " ") words[i]
  return result "\\&" line
}

# The partials of an elementwise row, unless it is made of booleans.
function rule_of(arity,    k, text, names) {
  if (cell[3] ~ /TRUTH|INTEGER/) return ""
  split("a b c", names, " ")
  for (k = 1; k <= arity; k++)
    text = text (k > 1 ? "; " : "") "d/d" names[k] " = " escaped(readable(cell[6 + k]))
  return text
}

function fail(what) {
  print FILENAME ":" FNR ": " what > "/dev/stderr"
  failed = 1
  exit 1
}

# What no program can name.
NR == FNR && /^GROUP \(inner,/ { inner = 1 }
NR == FNR && !inner && /^(GROUP|UNARY|BINARY|TERNARY|FUNCTION|DERIVATIVE|FORMULA) \(/ {
  kind = $1
  name = $2
  sub(/^\(/, "", name)
  sub(/,$/, "", name)
  strings = split($0, piece, "\"")
  if (strings != (kind == "GROUP" ? 3 : kind == "FORMULA" ? 7 : 5) || name !~ /^[a-z_][a-z_0-9]*$/) fail("this row is not understood")
  if (kind == "GROUP") table = table (groups++ ? ".PD\n" : "") ".SS " escaped(piece[2]) "\n.PD 0\n"
  else if (kind == "FUNCTION" || kind == "DERIVATIVE") entry(name "(" piece[2] ")", piece[4])
  else if (kind == "FORMULA") entry(name "(" piece[2] ")", piece[6], "It is " escaped(spelled(piece[4])) ".")
  else if (split_row($0, cell) < 8) fail("this row has too few cells")
  else if (kind == "TERNARY") entry(name "(a, b, c)", piece[4], rule_of(3))
  else if (kind == "BINARY") entry(piece[2] ? "a " piece[2] " b" : name "(a, b)", piece[4], rule_of(2))
  else entry(piece[2] ? piece[2] "a" : name "(a)", piece[4], rule_of(1))
  rows++
  is_function[name]
}

NR == FNR { next }

# The simplest slip comes first.
FILENAME ~ /slips\.def$/ {
  if (/^(SLIP|SECOND|EDIT) \(/ && split($0, piece, "\"") >= 3 && !(piece[2] in causes)) {
    list = list (list == "" ? "" : " \", \" ") piece[2]
    causes[piece[2]]
  }
  next
}

FNR == 1 {
  for (name in called)
    if (!(name in is_function)) fail(called[name] ": readable() has no words for " name "()")
  print ".\\\" Made of gradcalc.5.in and ops.def by functions.awk; do not edit."
}
/^@FUNCTIONS@$/ {
  if (!rows) fail("there are no rows to put here")
  printf "%s.PD\n", table
  placed = 1
  next
}
/^@CAUSES@$/ {
  if (list == "") fail("there are no causes to put here")
  print ".BR " list " ,"
  next
}
{ print }

END {
  if (!failed && !placed) fail("no line @FUNCTIONS@")
  exit failed
}
