# rows.awk -- what scripts share that make a part of the tables in C: the cells of a row, and text as man source.

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

# The cells of a row between commas outside of brackets and strings, into cell[1], cell[2], ...
function split_row(row, cell,    i, c, depth, quoted, count) {
  sub(/^[A-Z_]+ \(/, "", row)
  sub(/\)[ \t]*$/, "", row)
  count = 1
  cell[1] = ""
  for (i = 1; i <= length(row); i++) {
    c = substr(row, i, 1)
    if (c == "\"" && substr(row, i - 1, 1) != "\\") quoted = !quoted
    if (!quoted) depth += (c == "(") - (c == ")")
    if (c == "," && !quoted && depth == 0) {
      cell[++count] = ""
      continue
    }
    cell[count] = cell[count] c
  }
  for (i = 1; i <= count; i++) gsub(/^ +| +$/, "", cell[i])
  return count
}

# What a cell with a string says.
function said(text) {
  if (text !~ /^".*"$/) return text
  text = substr(text, 2, length(text) - 2)
  gsub(/\\"/, "\"", text)
  return text
}
