# functions.awk -- puts the table of functions in the place of a line @FUNCTIONS@:
#   awk -f functions.awk src/ops/ops.def man/gradcalc.5.in
# Each row of ops.def is one line. A row that is not understood stops the build.

# Text as man source. A minus is any hyphen that does not join two words.
function escaped(text,    result, i, c, before) {
  for (i = 1; i <= length(text); i++) {
    c = substr(text, i, 1)
    if (c == "\\") c = "\\e"
    else if (c == "^") c = "\\(ha"
    else if (c == "~") c = "\\(ti"
    else if (c == "'") c = "\\(aq"
    else if (c == "-" && before !~ /[A-Za-z]/) c = "\\-"
    result = result c
    before = substr(text, i, 1)
  }
  return result
}

function entry(call, says) {
  table = table ".TP 30\n.B " escaped(call) "\n\\&" escaped(says) "\n"
}

function fail(what) {
  print FILENAME ":" FNR ": " what > "/dev/stderr"
  failed = 1
  exit 1
}

NR == FNR && /^(GROUP|UNARY|BINARY|TERNARY|FUNCTION|FORMULA) \(/ {
  kind = $1
  name = $2
  sub(/^\(/, "", name)
  sub(/,$/, "", name)
  strings = split($0, piece, "\"")
  if (strings != (kind == "GROUP" ? 3 : kind == "FORMULA" ? 7 : 5) || name !~ /^[a-z_][a-z_0-9]*$/) fail("this row is not understood")
  if (kind == "GROUP") table = table (groups++ ? ".PD\n" : "") ".SS " escaped(piece[2]) "\n.PD 0\n"
  else if (kind == "FUNCTION") entry(name "(" piece[2] ")", piece[4])
  else if (kind == "FORMULA") entry(name "(" piece[2] ")", piece[6])
  else if (kind == "TERNARY") entry(name "(a, b, c)", piece[4])
  else if (kind == "BINARY") entry(piece[2] ? "a " piece[2] " b" : name "(a, b)", piece[4])
  else entry(piece[2] ? piece[2] "a" : name "(a)", piece[4])
  rows++
}

NR == FNR { next }

FNR == 1 { print ".\\\" Made of gradcalc.5.in and ops.def by functions.awk; do not edit." }
/^@FUNCTIONS@$/ {
  if (!rows) fail("there are no rows to put here")
  printf "%s.PD\n", table
  placed = 1
  next
}
{ print }

END {
  if (!failed && !placed) fail("no line @FUNCTIONS@")
  exit failed
}
