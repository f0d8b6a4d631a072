# shells.awk -- makes the completion for a shell of a template and the tables of options and of the words that they take:
#   awk -v shell=bash|zsh|fish -f ../man/rows.awk -f tables.awk -f shells.awk TABLE.def... TEMPLATE
#
#   @CASES@     what each option is: its name, and what it takes
#   @NAMES@     the names of all options
#   @OPTIONS@   the options: in bash a list, in zsh specifications for _arguments, in fish commands
#   @WORDS@     the words of each option that takes some, in zsh with what they mean

# The words of an option, each with what is said of it, into choice[1], meaning[1], ...; how many there are.
function choices_of(i,    count, k, table) {
  table = takes[i]
  if (table == "WORDS" || may_choose(i)) {
    count = split(may_choose(i) ? maybe[i] : shown[i], choice, "|")
    for (k = 1; k <= count; k++) meaning[k] = ""
    return count
  }
  if (table == "WARNINGS") add_choice(++count, "error", "errors of all warnings")
  for (k = 1; k <= words[table]; k++) {
    add_choice(++count, word[table, k], word_says[table, k])
    if (table != "WARNINGS") continue
    add_choice(++count, "no-" word[table, k], "not that " word_says[table, k])
    add_choice(++count, "error=" word[table, k], "an error: " word_says[table, k])
  }
  return count
}

function add_choice(k, text, says) {
  choice[k] = text
  meaning[k] = says
}

function has_choices(i) {
  return takes[i] ~ /^(WORDS|FORMATS|FILE_FORMATS|WARNINGS)$/
}

# Whether there are words that may be given behind =, but do not have to be.
function may_choose(i) {
  return maybe[i] ~ /^[a-z|]+$/
}

function in_quotes(text) {
  if (shell == "fish") gsub(/['\\]/, "\\\\&", text)
  else gsub(/'/, "'\\''", text)
  return "'" text "'"
}

function case_of(i,    flags) {
  flags = (letter[i] == "" ? "" : "-" letter[i] (shell == "fish" ? " " : " | ")) "--" name[i]
  if (shell == "fish") return "        case " flags "\n            echo " name[i] "\n            echo " takes[i]
  return "    " flags ") name=" name[i] " takes=" takes[i] " ;;"
}

function words_of(i,    count, k, list) {
  count = choices_of(i)
  for (k = 1; k <= count; k++)
    list = list (k > 1 ? " " : "") \
      (shell == "bash" ? choice[k] : in_quotes(choice[k] (meaning[k] == "" ? "" : ":" meaning[k])))
  return "    " name[i] ") " (shell == "bash" ? "choices='" list "'" : "choices=(" list ")") " ;;"
}

# For _arguments: any number of times, the letter and the name, each with its argument in the same word or the next.
function specification(flag, i,    text) {
  text = says[i]
  gsub(/\\|\[|\]|:/, "\\\\&", text)
  if (may_choose(i) && flag ~ /^--/)
    return "    " in_quotes("*" flag "=-[" text "]::" name[i] ": _gradcalc_argument " name[i] " WORDS")
  if (takes[i] == "NOTHING") return "    " in_quotes("*" flag "[" text "]")
  flag = flag (flag ~ /^--/ ? "=" : "+")
  return "    " in_quotes("*" flag "[" text "]:" name[i] ": _gradcalc_argument " name[i] " " takes[i])
}

function command(i,    flags, list, count, k, text) {
  flags = "complete -c gradcalc" (letter[i] == "" ? "" : " -s " letter[i]) " -l " name[i] " -d " in_quotes(says[i])
  if (may_choose(i)) return flags " -a " in_quotes(maybe[i])
  if (takes[i] == "NOTHING") return flags
  if (takes[i] == "FILE") return flags " -r -F"
  if (takes[i] == "TEXT") return flags " -x"
  if (!has_choices(i)) return flags " -x -a '(__gradcalc_" tolower(takes[i]) ")'"
  count = choices_of(i)
  for (k = 1; k <= count; k++)
    list = list (k > 1 ? " " : "") choice[k] (meaning[k] == "" ? "" : "\\t" in_quotes(meaning[k]))
  return flags " -x -a " in_quotes(list)
}

function print_options(    i, k, count, list) {
  for (i = 1; i <= options; i++)
    if (shell == "fish") print command(i)
    else if (shell == "bash") {
      list = list (letter[i] == "" ? "" : " -" letter[i]) " --" name[i] (takes[i] == "NOTHING" ? "" : "=")
      count = may_choose(i) ? split(maybe[i], choice, "|") : 0
      for (k = 1; k <= count; k++) list = list " --" name[i] "=" choice[k]
    }
    else {
      if (letter[i] != "") print specification("-" letter[i], i)
      print specification("--" name[i], i)
    }
  if (shell == "bash") print "_gradcalc_options='" list " '"
}

/@NAMES@$/ {
  for (i = 1; i <= options; i++) list = list (i > 1 ? " " : "") "--" name[i]
  sub(/@NAMES@/, list)
}
/^ *@CASES@$/ {
  for (i = 1; i <= options; i++) print case_of(i)
  next
}
/^ *@OPTIONS@$/ {
  print_options()
  next
}
/^ *@WORDS@$/ {
  for (i = 1; i <= options; i++) if (has_choices(i) || may_choose(i)) print words_of(i)
  next
}
{ print }
END { exit failed }
