#!/usr/bin/env bats
# completion.bats -- what TAB does in bash, zsh and fish: real ones, in terminals of their own (press).

load helper

setup () {
  [[ $GRADCALC == /* ]] || GRADCALC=$PWD/$GRADCALC
  cd "$BATS_TEST_TMPDIR" || return
  mkdir bin work && cd work || return
  # What the shells call by its name, and a record of what they called it with.
  printf '#!/bin/sh\nprintf "%%s\\n" "$*" >>"%s/calls"\nexec "%s" "$@"\n' "$BATS_TEST_TMPDIR" "$GRADCALC" >../bin/gradcalc
  chmod +x ../bin/gradcalc
  PATH=$BATS_TEST_TMPDIR/bin:$PATH
  mkdir directory
  printf 'x = 3; width = 2\npred = width * x\nloss = pred^2\n' >loss.expr
  printf 'width = 1; claim dwidth/dwidth = 1\n' >"od d \$(touch ran);'.expr"
  printf '1,2\n' | tee points.csv 'my data.csv' >directory/big.csv
}

# In SHELL, or the test is skipped.
press () {
  local shell=$1 script
  shift
  command -v "$shell" >/dev/null || skip "there is no $shell"
  command -v python3 >/dev/null || skip 'there is no python3'
  case $shell in
    zsh) script=_gradcalc ;;
    *) script=gradcalc.$shell ;;
  esac
  "$srcdir/tests/press" "$shell" "$builddir/completion/$script" "$@"
}

# becomes LINE WORDS: a line, without the name of the program, and what is to become of it.
becomes () {
  typed+=("gradcalc $1")
  expected+=("<gradcalc>$2")
}

# press_all SHELL: all of them, in one session.
press_all () {
  local i
  run press "$1" "${typed[@]}"
  assert_success
  for i in "${!typed[@]}"; do
    assert_equal "$(printf '%q: ' "${typed[i]}")${lines[i]}" "$(printf '%q: ' "${typed[i]}")${expected[i]}"
  done
}

# The long options of --help, those that take an argument with =.
long_options () {
  gc --help | grep -oE '^ +(-[A-Za-z], )?--[a-z-]+=?' | grep -oE -- '--[a-z-]+=?'
}

# The words that an option takes, as the program has them when it gets another one.
words_taken () {
  gc "--$1=?" -e 'x = 1' 2>&1 | sed -n 's/.* is not one of \([^;]*\).*/\1/p' | tr -d ,
}

offers_options () {
  local letter
  run press "$1" --offers 'gradcalc --' 'gradcalc -'
  assert_success
  assert_equal "$(tr ' ' '\n' <<<"${lines[0]}" | grep -xE -- '--[a-z-]*[a-z]=?|--=.*' | tr -d = | sort -u)" "$(long_options | tr -d = | sort)"
  for letter in $(gc --help | grep -oE -- '^ +-[A-Za-z],' | tr -d ' ,'); do
    [[ " ${lines[1]} " == *" $letter "* ]] || fail "$letter is not offered"
  done
}

@test "completion: bash offers every option" { offers_options bash; }
@test "completion: zsh offers every option" { offers_options zsh; }
@test "completion: fish offers every option" { offers_options fish; }

# Of every option that takes one of some words, these words; and of -W what else it takes.
offers_words () {
  local option words word kinds typed=() wanted=() i
  for option in $(long_options | sed -n 's/=$//p'); do
    words=$(words_taken "${option#--}")
    [[ $words ]] || continue
    if [[ $option == --warn ]]; then
      kinds=$words words="error $words"
      for word in $kinds; do words+=" no-$word error=$word"; done
    fi
    typed+=("gradcalc $option=" "gradcalc $option ")
    wanted+=("$words" "$words")
  done
  (( ${#typed[@]} >= 16 ))
  run press "$1" --offers "${typed[@]}"
  assert_success
  for i in "${!typed[@]}"; do
    option=${typed[i]#gradcalc } lines[i]=${lines[i]//"$option"/}
    for word in ${wanted[i]}; do
      [[ " ${lines[i]} " == *" $word "* ]] || fail "${typed[i]}: $word is not in ${lines[i]}"
    done
    [[ $1 != bash ]] || assert_equal "$(tr ' ' '\n' <<<"${lines[i]}" | sort)" "$(tr ' ' '\n' <<<"${wanted[i]}" | sort)"
  done
}

@test "completion: bash offers the words that options take" { offers_words bash; }
@test "completion: zsh offers the words that options take" { offers_words zsh; }
@test "completion: fish offers the words that options take" { offers_words fish; }

# In all shells alike. A tab is the TAB key.
completes () {
  local typed=() expected=()
  # Words.
  becomes $'-f mark\t' '<-f><markdown>'
  becomes $'-fmark\t' '<-fmarkdown>'
  becomes $'-nf mark\t' '<-nf><markdown>'
  becomes $'-n loss.expr -w wi\t' '<-n><loss.expr><-w><width>'
  becomes $'--unconnected=z\t' '<--unconnected=zero>'
  becomes $'--unconnected z\t' '<--unconnected><zero>'
  becomes $'-W error=ti\t' '<-W><error=tie>'
  becomes $'--warn=error=ti\t' '<--warn=error=tie>'
  becomes $'--warn no-ti\t' '<--warn><no-tie>'
  becomes $'-I np\t' '<-I><npy>'
  becomes $'--vers\t' '<--version>'
  # A word that may be left out: the option takes it behind = alone.
  becomes $'--trace=a\t' '<--trace=all>'
  becomes $'--trace loss.ex\t' '<--trace><loss.expr>'
  # Names, of a file and of text.
  becomes $'loss.expr -w wi\t' '<loss.expr><-w><width>'
  becomes $'loss.expr -wwi\t' '<loss.expr><-wwidth>'
  becomes $'loss.expr -Hw wi\t' '<loss.expr><-Hw><width>'
  becomes $'loss.expr -Hwx,wi\t' '<loss.expr><-Hwx,width>'
  becomes $'loss.expr --wrt=wi\t' '<loss.expr><--wrt=width>'
  becomes $'loss.expr --wrt=x,wi\t' '<loss.expr><--wrt=x,width>'
  becomes $'loss.expr -t x,pr\t -w wi\t' '<loss.expr><-t><x,pred><-w><width>'
  becomes $'-- loss.expr -w wi\t' '<--><loss.expr><-w><wi>'
  becomes $'-o loss.expr -w wi\t' '<-o><loss.expr><-w><wi>'
  becomes $'loss.expr 2>points.csv -w wi\t' '<loss.expr><-w><width>'
  becomes $'-e \'x=3;yy=x\' -w y\t' '<-e><x=3;yy=x><-w><yy>'
  becomes $'-e "x=3;yy=x" -w y\t' '<-e><x=3;yy=x><-w><yy>'
  becomes $'-e x=3 -nex2=x -w x2\t' '<-e><x=3><-nex2=x><-w><x2>'
  becomes $'--expression=\'x = 3; yy = x\' -w y\t' '<--expression=x = 3; yy = x><-w><yy>'
  becomes $'--expr \'x = 3; yy = x\' -w y\t' '<--expr><x = 3; yy = x><-w><yy>'
  becomes $'-D other=3 -e \'yy = other\' -w ot\t' '<-D><other=3><-e><yy = other><-w><other>'
  becomes $'-e \'größe = 1\' -w gr\t' '<-e><größe = 1><-w><größe>'
  becomes $'-e \'while true {}; wide = 1\' -w w\t' '<-e><while true {}; wide = 1><-w><wide>'
  # NAME=VALUE.
  becomes $'loss.expr -D wi\t5' '<loss.expr><-D><width=5>'
  becomes $'loss.expr --along=wi\t5' '<loss.expr><--along=width=5>'
  becomes $'loss.expr --along pr\t5' '<loss.expr><--along><pr5>'
  becomes $'loss.expr -u pr\t5' '<loss.expr><-u><pred=5>'
  becomes $'-D data=@po\t' '<-D><data=@points.csv>'
  becomes $'-Ddata=@po\t' '<-Ddata=@points.csv>'
  becomes $'--define=data=@po\t' '<--define=data=@points.csv>'
  becomes $'-D "data=@po\t' '<-D><data=@points.csv>'
  becomes $'-D data=@my\t' '<-D><data=@my data.csv>'
  becomes $'-D \'data=@my\t' '<-D><data=@my data.csv>'
  becomes $'-D data=@dir\tb\t' '<-D><data=@directory/big.csv>'
  # Files, and neither files nor names.
  becomes $'lo\t' '<loss.expr>'
  becomes $'-- lo\t' '<--><loss.expr>'
  becomes $'-o lo\t' '<-o><loss.expr>'
  becomes $'--answers=lo\t' '<--answers=loss.expr>'
  becomes $'-C my\t' '<-C><my data.csv>'
  becomes $'dir\tb\t' '<directory/big.csv>'
  becomes $'-e lo\t' '<-e><lo>'
  becomes $'-e \'x=3;y=x\' -w l\t' '<-e><x=3;y=x><-w><l>'
  becomes $'-p \t' '<-p>'
  # What would do harm if it were read as a command.
  becomes $'od\t -w wi\t' "<od d \$(touch ran);'.expr><-w><width>"
  becomes $'-e \'$(touch ran)`touch ran`\' -w w\t' '<-e><$(touch ran)`touch ran`><-w><w>'
  press_all "$1"
  [[ ! -e ran ]]
  # Nothing was run but what lists names.
  [[ -s $BATS_TEST_TMPDIR/calls ]]
  run grep -vE '^-q --list (inputs|targets) ' "$BATS_TEST_TMPDIR/calls"
  assert_output ''
}

@test "completion: bash completes words, names and files, and runs nothing" { completes bash; }
@test "completion: zsh completes words, names and files, and runs nothing" { completes zsh; }
@test "completion: fish completes words, names and files, and runs nothing" { completes fish; }

# What stands behind the cursor counts too; fish does not show it. A backspace goes to the left.
completes_inside () {
  local typed=() expected=()
  becomes $'-w wi loss.expr\b\b\b\b\b\b\b\b\b\b\t' '<-w><width><loss.expr>'
  becomes $'-w wi -e \'width = 1\'\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\t' '<-w><width><-e><width = 1>'
  press_all "$1"
}

@test "completion: bash reads what stands behind the cursor" { completes_inside bash; }
@test "completion: zsh reads what stands behind the cursor" { completes_inside zsh; }

@test "completion: bash reads text in \$'...', and shortened names" {
  local typed=() expected=()
  becomes $'--unco=z\t' '<--unco=zero>'
  becomes $'-e $\'x = 3\\nyy = x\' -w y\t' $'<-e><x = 3\nyy = x><-w><yy>'
  run press bash "${typed[@]}"
  assert_output "$(printf '%s\n' "${expected[@]}")"
}

@test "completion: bash completes alike whatever characters break words" {
  local breaks typed=() expected=()
  command -v bash python3 >/dev/null || skip 'there is no python3'
  becomes $'--unconnected=z\t' '<--unconnected=zero>'
  becomes $'--define=data=@po\t' '<--define=data=@points.csv>'
  becomes $'loss.expr -Hwx,wi\t' '<loss.expr><-Hwx,width>'
  for breaks in = @ : '=@:,'; do
    printf 'source "%s"\nCOMP_WORDBREAKS=${COMP_WORDBREAKS//[%s]/}\n' "$builddir/completion/gradcalc.bash" "$breaks" >settings
    run "$srcdir/tests/press" bash settings "${typed[@]}"
    assert_output "$(printf '%s\n' "${expected[@]}")"
  done
}

@test "completion: names at hand are all offered" {
  local shell
  for shell in bash zsh fish; do
    command -v "$shell" >/dev/null || continue
    run press "$shell" --offers 'gradcalc loss.expr -w ' 'gradcalc loss.expr -D '
    assert_success
    assert_equal "$(grep -oE '\b(loss|pred|width|x)\b' <<<"${lines[0]}" | sort -u | xargs)" 'loss pred width x'
    assert_equal "$(grep -oE '\b(loss|pred|width|x)\b' <<<"${lines[1]}" | sort -u | xargs)" 'width x'
  done
}
