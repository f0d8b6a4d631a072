# options.awk -- makes the manual of the command from the tables of options and of the words that they take:
#   awk -f rows.awk -f ../completion/tables.awk -f options.awk TABLE.def... gradcalc.1.in
#
#   @OPTION name@     how the option is written; each has its place, and below it something is said of each word it takes
#   @WORDS table@     the words of FORMATS, FILE_FORMATS or WARNINGS, each with what is said of it, to the end of the sentence
#   @NAMES table@     the words alone, as JSON

function dashed(text) {
  gsub(/-/, "\\-", text)
  return text
}

# An argument: what stands for something slanted, what is meant as it is bold.
function argument(text,    result) {
  while (match(text, /[A-Z]+|[a-z=-]+/)) {
    result = result substr(text, 1, RSTART - 1) (substr(text, RSTART, 1) ~ /[A-Z]/ ? "\\fI" : "\\fB") \
      dashed(substr(text, RSTART, RLENGTH)) "\\fR"
    text = substr(text, RSTART + RLENGTH)
  }
  return result text
}

function head(i) {
  return (letter[i] == "" ? "" : "\\fB\\-" letter[i] "\\fR, ") "\\fB\\-\\-" dashed(name[i]) "\\fR" \
    (maybe[i] != "" ? "[\\fB=" argument(maybe[i]) "\\fR]" : shown[i] == "" ? "" : "\\fB=\\fR" argument(shown[i]))
}

function print_words(table,    i, more) {
  if (!words[table]) fail("there is no table " table)
  for (i = 1; i <= words[table]; i++) {
    more = i < words[table] && word_of[table, i + 1] == word_of[table, i]
    if (i > 1 && word_of[table, i] != word_of[table, i - 1]) print "of " word_of[table, i] " also"
    print ".B " word[table, i]
    print "(" escaped(word_says[table, i]) ")" \
      (i == words[table] ? "." : !more ? ";" : i + 1 < words[table] && word_of[table, i + 2] == word_of[table, i] ? "," : " and")
  }
}

function names(table,    i, list) {
  if (!words[table]) fail("there is no table " table)
  for (i = 1; i <= words[table]; i++) list = list (i > 1 ? ", " : "") "\"" word[table, i] "\""
  return "[" list "]"
}

# The words of the option whose text ends here have all been in it.
function end_option(    count, k, list) {
  count = current && takes[current] == "WORDS" ? split(shown[current], list, "|") : 0
  for (k = 1; k <= count; k++)
    if (text !~ "(^|[^a-z])" list[k] "([^a-z]|$)") fail("nothing is said of --" name[current] "=" list[k])
  current = 0
  text = ""
}

FNR == 1 && /^\.\\"/ { print ".\\\" Made by options.awk; do not edit." }
/^@OPTION [a-z-]+@$/ {
  wanted = substr($2, 1, length($2) - 1)
  for (i = 1; i <= options && name[i] != wanted; i++);
  if (i > options) fail("there is no option " wanted)
  end_option()
  print head(i)
  placed[i] = 1
  current = i
  next
}
/^@WORDS [A-Z_]+@$/ {
  print_words(substr($2, 1, length($2) - 1))
  next
}
match($0, /@NAMES [A-Z_]+@/) {
  $0 = substr($0, 1, RSTART - 1) names(substr($0, RSTART + 7, RLENGTH - 8)) substr($0, RSTART + RLENGTH)
}
/^\.S[HS]/ { end_option() }
{
  text = text " " $0
  print
}

END {
  for (i = 1; i <= options && !failed; i++)
    if (FILENAME ~ /\.1\.in$/ && !placed[i]) fail("the option " name[i] " is not in the manual")
  exit failed
}
