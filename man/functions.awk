# functions.awk -- the table of functions in gradcalc(5): the rows of ops.def as man source, in place of one line of the page.
#
# awk -f functions.awk ops.def gradcalc.5.in

# The cells of a row, split at the commas that stand in no bracket and no string; cell[1..n].
function split_cells(row,    n, depth, quoted, i, c) {
  n = 1; depth = 0; quoted = 0
  cell[1] = ""
  for (i = 1; i <= length(row); i++) {
    c = substr(row, i, 1)
    if (c == "\"")
      quoted = !quoted
    else if (!quoted && c == "(")
      depth++
    else if (!quoted && c == ")")
      depth--
    if (c == "," && !quoted && depth == 0)
      cell[++n] = ""
    else
      cell[n] = cell[n] c
  }
  for (i = 1; i <= n; i++) {
    gsub(/^ +| +$/, "", cell[i])
    gsub(/^"|"$/, "", cell[i])
  }
  return n
}

# Text that stands for itself in a manual.
function plain(text) {
  gsub(/\\/, "\\e", text)
  gsub(/-/, "\\-", text)
  gsub(/\^/, "\\(ha", text)
  gsub(/~/, "\\(ti", text)
  gsub(/'/, "\\(aq", text)
  return text
}

# A rule as the language writes it, not C.
function rule(text) {
  gsub(/ \(/, "(", text)
  text = spaced(text)
  gsub(/fabs/, "abs", text)
  gsub(/LN_2/, "log(2)", text)
  gsub(/LN_10/, "log(10)", text)
  gsub(/PI/, "pi", text)
  gsub(/sech_squared\(a\)/, "1 / cosh(a)^2", text)
  gsub(/sigmoid_slope\(a\)/, "sigmoid(a) * sigmoid(-a)", text)
  gsub(/power_base\(a, b\)/, "b * a^(b - 1)", text)
  gsub(/power_exponent\(a, b, v\)/, "v * log(a)", text)
  gsub(/upper_slope\(a, b, both\)/, "a > b ? 1 : a < b ? flat : tie", text)
  gsub(/upper_slope\(b, a, both\)/, "b > a ? 1 : b < a ? flat : tie", text)
  gsub(/larger/, "maximum", text)
  gsub(/smaller/, "minimum", text)
  gsub(/FLAT/, "flat", text)
  gsub(/ \+ 0$/, "", text)
  gsub(/ \+ 0;/, ";", text)
  return text
}

# Without the blank that C style puts before a bracket, but with the one after an operator: `a * (b)`.
function spaced(text) {
  gsub(/[*\/+:?&|<>=-]\(/, "& ", text)
  gsub(/\( /, " (", text)
  gsub(/  +/, " ", text)
  return text
}

function say(text) {
  table = table text "\n"
}

# One entry: heading, what it says, and the rules in the names of its operands.
function entry(heading, says, names, from, count,    i, text, operand) {
  say(".TP")
  say(heading)
  fill(says)
  if (!count)
    return
  split(names, operand, " ")
  text = ""
  for (i = 1; i <= count; i++)
    text = text (i > 1 ? "; " : "") (count > 1 ? "in " operand[i] ": " : "") rule(cell[from + i - 1])
  if (truth || text == "0")
    return
  say(".br")
  fill("Slope " text)
}

# Text in lines that are no longer than a page's source should be.
function fill(text,    words, n, i, line) {
  n = split(text, words, " ")
  for (i = 1; i <= n; i++) {
    if (line != "" && length(line) + length(words[i]) > 70) {
      say(plain(line) (line ~ /[?.!:]$/ ? "\\&" : ""))
      line = ""
    }
    line = line (line == "" ? "" : " ") words[i]
  }
  say(plain(line))
}

# A call: the name bold, the parameters as they are written.
function called(name, parameters) {
  return ".BR " name " (" quoted_word(plain(parameters)) ")"
}

function quoted_word(text) {
  gsub(/ /, "\\~", text)
  return text
}

FNR == 1 { file++ }

file == 1 && match($0, /^(GROUP|UNARY|BINARY|TERNARY|FUNCTION) \(/) {
  kind = substr($0, 1, RLENGTH - 2)
  row = substr($0, RLENGTH + 1)
  sub(/\)[^)]*$/, "", row)
  split_cells(row)
  truth = cell[3] ~ /TRUTH|CAST/ && kind != "FUNCTION" && kind != "GROUP"
  if (kind == "GROUP")
    say(".SS " cell[2])
  else if (kind == "FUNCTION")
    entry(called(cell[1], cell[2]), cell[3], "", 0, 0)
  else {
    count = kind == "UNARY" ? 1 : kind == "BINARY" ? 2 : 3
    names = count == 1 ? "a" : count == 2 ? "a, b" : "a, b, c"
    if (cell[2] == "")
      heading = called(cell[1], names)
    else if (count == 1)
      heading = ".B \"" plain(cell[2]) "a\""
    else
      heading = ".B \"a " plain(cell[2]) " b\""
    if (heading ~ /^\.B /)
      sub(/"\\\(/, "\"\\(", heading)
    operands = names
    gsub(/,/, "", operands)
    entry(heading, cell[6 + count], operands, 6, count)
  }
}

file == 2 && /@FUNCTIONS@/ { printf "%s", table; next }
file == 2 { print }
