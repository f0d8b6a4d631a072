# syntax.awk -- syntax files for editors, of the scanner's keywords and the functions of ops.def:
#   awk -v editor=vim|textmate -f syntax.awk parser/scan.l src/ops/ops.def

FNR == 1 { file++ }

file == 1 && /^"[a-z]+"/ {
  word = $1
  sub(/^"/, "", word)
  sub(/".*/, "", word)
  keywords[++keyword_count] = word
}

# What no program can name.
file == 2 && /^GROUP \(inner,/ { inner = 1 }

file == 2 && !inner && /^(UNARY|BINARY|TERNARY|FUNCTION|DERIVATIVE|FORMULA) \(/ {
  name = $2
  sub(/^\(/, "", name)
  sub(/,$/, "", name)
  split($0, piece, "\"")
  # Operators are written with a sign, functions have none.
  if (($1 == "FUNCTION" || $1 == "DERIVATIVE" || $1 == "FORMULA") || piece[2] == "") functions[++function_count] = name
}

function joined(words, count, separator,    i, text) {
  for (i = 1; i <= count; i++) text = text (i > 1 ? separator : "") words[i]
  return text
}

function vim() {
  print "\" gradcalc.vim -- made of the scanner and of ops.def; do not edit."
  print "if exists(\"b:current_syntax\")\n  finish\nendif"
  print "syntax keyword gradcalcKeyword " joined(keywords, keyword_count, " ")
  print "syntax keyword gradcalcConstant pi e tau inf nan true false None"
  print "syntax match gradcalcFunction \"\\<\\%(" joined(functions, function_count, "\\|") "\\)\\>\\ze\\s*(\""
  print "syntax match gradcalcNumber \"\\<\\d[0-9_]*\\%(\\.[0-9_]*\\)\\?\\%([eE][+-]\\?\\d[0-9_]*\\)\\?\\>\""
  print "syntax match gradcalcNumber \"\\.\\d[0-9_]*\\%([eE][+-]\\?\\d[0-9_]*\\)\\?\\>\""
  print "syntax region gradcalcString start=+\"+ skip=+\\\\.+ end=+\"+ oneline"
  print "syntax match gradcalcComment \"#.*$\" contains=@Spell"
  print "highlight default link gradcalcKeyword Keyword"
  print "highlight default link gradcalcConstant Constant"
  print "highlight default link gradcalcFunction Function"
  print "highlight default link gradcalcNumber Number"
  print "highlight default link gradcalcString String"
  print "highlight default link gradcalcComment Comment"
  print "setlocal commentstring=#\\ %s"
  print "let b:current_syntax = \"gradcalc\""
}

function rule(name, pattern, last) {
  print "    { \"name\": \"" name ".gradcalc\", \"match\": \"" pattern "\" }" (last ? "" : ",")
}

function textmate() {
  print "{\n  \"name\": \"gradcalc\",\n  \"scopeName\": \"source.gradcalc\",\n  \"fileTypes\": [\"expr\"],\n  \"patterns\": ["
  rule("comment.line.number-sign", "#.*$")
  print "    { \"name\": \"string.quoted.double.gradcalc\", \"begin\": \"\\\"\", \"end\": \"\\\"|$\","
  print "      \"patterns\": [{ \"name\": \"constant.character.escape.gradcalc\", \"match\": \"\\\\\\\\.\" }] },"
  rule("keyword.control", "\\\\b(" joined(keywords, keyword_count, "|") ")\\\\b")
  rule("constant.language", "\\\\b(pi|e|tau|inf|nan|true|false|None)\\\\b")
  rule("support.function", "\\\\b(" joined(functions, function_count, "|") ")\\\\b(?=\\\\s*\\\\()")
  rule("constant.numeric", "(\\\\b\\\\d[\\\\d_]*\\\\.?|\\\\.\\\\d)[\\\\d_]*([eE][+-]?\\\\d[\\\\d_]*)?")
  rule("keyword.operator", "[-+*/%@^<>=!?:&|']+", 1)
  print "  ]\n}"
}

END {
  if (!keyword_count || !function_count) {
    print "syntax.awk: no keywords or no functions" > "/dev/stderr"
    exit 1
  }
  if (editor == "vim") vim()
  else textmate()
}
