# gradcalc.bash -- completion for bash. Options come from gradcalc --help, names from the program on the command line.

# The options whose next word is their argument, and what it may be.
_gradcalc_argument() {
  case $1 in
    -f | --format) "$program" --list formats ;;
    --list) printf '%s\n' functions inputs targets formats ;;
    --color) printf '%s\n' auto always never ;;
    --reveal) printf '%s\n' none verdict hint all ;;
    -I | --input-format) printf '%s\n' csv tsv json npy ;;
    --layout) printf '%s\n' long wide ;;
    --unconnected) printf '%s\n' none zero ;;
    -W | --warn)
      local kind
      printf '%s\n' error
      for kind in broadcast equality tie unused kink domain overflow define digits header; do
        printf '%s\n' "$kind" "no-$kind" "error=$kind"
      done
      ;;
    -w | --wrt | -t | --target | -u | --upstream) _gradcalc_names targets ;;
    -D | --define | --along) _gradcalc_names inputs ;;
    *) return 1 ;;
  esac
}

# The names that the program has which is given so far, in -e and files.
_gradcalc_names() {
  local -a given=()
  local i
  for ((i = 1; i < ${#words[@]}; i++)); do
    case ${words[i]} in
      -e | --expression | -D | --define)
        ((i + 1 < ${#words[@]} && i + 1 != position)) && given+=("${words[i]}" "${words[i + 1]}")
        i=$((i + 1))
        ;;
      --expression=* | --define=*) given+=("${words[i]}") ;;
      -w | --wrt | -t | --target | -u | --upstream | --along | -f | --format | -o | --output | -p | --precision | -W | --warn | \
        -c | --claim | -C | --answers | -I | --input-format | --points | --rtol | --atol | --reveal)
        i=$((i + 1))
        ;;
      -*) ;;
      *) [[ $i -ne $position && -f ${words[i]} ]] && given+=("${words[i]}") ;;
    esac
  done
  [[ ${#given[@]} -eq 0 ]] || "$program" -q --list "$1" "${given[@]}" 2>/dev/null </dev/null
}

_gradcalc() {
  local program=$1 position current previous option prefix=
  local -a words=() candidates=()
  # An = within a word is a word of its own to readline: words are put together again.
  local i
  for ((i = 0; i <= COMP_CWORD; i++)); do
    if [[ $i -gt 0 && ${COMP_WORDS[i]} == = ]] || [[ $i -gt 1 && ${COMP_WORDS[i - 1]} == = && ${words[-1]} == --*= ]]; then
      words[-1]+=${COMP_WORDS[i]}
    else
      words+=("${COMP_WORDS[i]}")
    fi
  done
  position=$((${#words[@]} - 1))
  for ((; i < ${#COMP_WORDS[@]}; i++)); do words+=("${COMP_WORDS[i]}"); done
  current=${words[position]} previous=${words[position - 1]}
  program=${program/#\~/$HOME}
  COMPREPLY=()
  if [[ $current == --*=* ]]; then
    option=${current%%=*} current=${current#*=}
  elif [[ $current == -* ]]; then
    mapfile -t candidates < <("$program" --help | grep -oE '^ +(-[A-Za-z?], )?(-[A-Za-z?]|--[a-z-]+)' | grep -oE -- '--?[A-Za-z?-]+')
    mapfile -t COMPREPLY < <(compgen -W "${candidates[*]}" -- "$current")
    return
  else
    option=$previous
  fi
  # Of a list with commas the last name is completed.
  [[ $option == -[wt] || $option == --wrt || $option == --target ]] && [[ $current == *,* ]] \
    && prefix=${current%,*}, current=${current##*,}
  if mapfile -t candidates < <(_gradcalc_argument "$option") && [[ ${#candidates[@]} -gt 0 ]]; then
    mapfile -t COMPREPLY < <(compgen -W "${candidates[*]}" -- "$current")
    COMPREPLY=("${COMPREPLY[@]/#/$prefix}")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
    compopt -o filenames 2>/dev/null
  fi
}

complete -F _gradcalc gradcalc
