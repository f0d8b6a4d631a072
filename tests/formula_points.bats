#!/usr/bin/env bats
# formula_points.bats -- formulas of the elementwise functions, as text and as compiled C, at the points of gallery.tsv and
# magnitudes.tsv, which mpmath wrote: at kinks, in tails, and from 1e-300 to 1e300.

load helper

setup_file () {
  [[ $GRADCALC == /* ]] || export GRADCALC=$PWD/$GRADCALC
  cd "$srcdir/tests" && points >"$BATS_FILE_TMPDIR/points"
}

setup () {
  cd "$BATS_FILE_TMPDIR" || return
}

# points: a line for each: the function, how it is written, how many of its first arguments are held, for their slopes have no
# formula, the arguments, the value and the other partials. What gives truths or integers has none, nor does what is not known or finite.
points () {
  awk -F'\t' -v OFS='\t' '
    BEGIN { held["betainc"] = 2; held["gammainc"] = held["gammaincc"] = held["polygamma"] = 1 }
    FILENAME ~ /ops.def/ {
      if (match($0, /\([a-z_0-9]+, ("[^ ]*", )?[A-Z |]*(TRUTH|INTEGER)/)) {
        split(substr($0, RSTART + 1), word, ",")
        none[word[1]]
      }
      if (split($0, word, "\"") > 2 && word[1] ~ /^(UNARY|BINARY) \([a-z_]+, $/) {
        name = word[1]
        gsub(/^[A-Z]+ \(|, $/, "", name)
        sign[name] = word[2]
      }
      next
    }
    /^[#%]/ || $1 == "function" || $1 in none { next }
    $2 ~ /inf|nan/ || $3 ~ /^-?(inf|nan)/ { next }
    {
      count = split($2, argument, ",")
      split($3 (FILENAME ~ /gallery/ ? "," $4 : ""), number, ",")
      partials = ""
      for (i = held[$1] + 1; i <= count; i++)
        partials = partials (partials == "" ? "" : ",") number[i + 1]
      if ((number[1] "," partials ",") !~ /(^|,)-?,/)
        print $1, sign[$1], held[$1] + 0, $2, number[1], partials
    }' ../src/ops/ops.def gallery.tsv magnitudes.tsv | sort -s -t $'\t' -k 1,1
}

# differ FOUND EXPECTED RTOL ATOL LEAST: both have lines of a name and a number; what is not found is a derivative that is none.
differ () {
  (( $(wc -l <"$2") >= $5 )) || fail "only $(wc -l <"$2") numbers"
  awk -F"\t" -v OFS="\t" 'NR == FNR { sub(/^-nan/, "nan", $2); found[$1] = tolower($2); next } { print $1, $1 in found ? found[$1] : 0, tolower($2) }' "$1" "$2" \
    | find_differences "$3" "$4"
}

@test "formula points: as text" {
  local file
  # So many in one program that a list of their names is no longer than an argument of a command may be.
  awk -F'\t' -v OFS='\t' '
    {
      if ($1 != name || ++count > 100) {
        file = $1 "." FNR
        count = 1
        name = $1
      }
      arguments = split($4, argument, ",")
      split($6, partial, ",")
      list = ""
      for (i = 1; i <= arguments; i++) {
        input = "x" FNR "_" i
        print (i > $3 ? "" : "const ") input " = " argument[i] >(file ".expr")
        list = list (i > 1 ? ($2 == "" ? ", " : " " $2 " ") : "") input
        if (i > $3)
          print "slope" FNR "_" i, partial[i - $3] >"expected"
      }
      print "point" FNR " = " ($2 == "" ? $1 "(" list ")" : arguments > 1 ? list : $2 list) >(file ".expr")
      printf "%spoint%d", (count > 1 ? "," : ""), FNR >(file ".names")
    }' points
  for file in *.expr; do
    gc -q --formula -t "$(<"${file%.expr}.names")" "$file" >formulas
    sed -E '/= none$/d; s,^dpoint([0-9]+)/dx[0-9]+_([0-9]) =,slope\1_\2 =,' formulas >>"$file"
    gc -q --value -p 17 -f csv -t "$(sed -nE 's/^(slope[0-9_]+) =.*/\1/p' "$file" | paste -sd,)" "$file" | sed '1d; s/,,*/\t/' >>found
  done
  run differ found expected 1e-10 1e-300 5000
  assert_output ''
}

@test "formula points: as C" {
  local name written held arguments program helper
  printf '#include <math.h>\n#include <stdio.h>\n' >all.c
  while IFS='|' read -r name written held arguments _; do
    program=$(awk -v name="$name" -v written="$written" -v held="$held" -v arguments="$arguments" 'BEGIN {
      count = split(arguments, argument, ",")
      for (i = 1; i <= count; i++) {
        printf "%sx%d = %s; ", (i > held ? "" : "const "), i, argument[i]
        list = list (i > 1 ? (written == "" ? ", " : " " written " ") : "") "x" i
      }
      print "y = " (written == "" ? name "(" list ")" : count > 1 ? list : written list)
    }')
    gc -q --formula -f c -e "$program" >one.c 2>said || { printf '%s\n' "$name" >>without; continue; }
    for helper in $(sed -n '/^static/{n;s/ (.*//p}' one.c) y_gradient; do
      sed -i "s/\b$helper\b/${helper}_of_$name/g" one.c
    done
    sed '/^#define _DEFAULT_SOURCE/d' one.c >>all.c
  done < <(awk -F'\t' -v OFS='|' '$1 != name { name = $1; $1 = $1; print }' points)
  awk -F'\t' -v OFS='\t' '
    FILENAME == "without" { without[$1]; next }
    FNR == 1 { print "int main (void)\n{\n  double g[3], y;" }
    $1 in without || $3 > 0 { next }
    {
      printf "  y = y_gradient_of_%s (%s, g);\n", $1, $4
      printf "  printf (\"%d\\t%%.17g\\n\", y);\n", FNR
      print FNR, tolower($5) >"values"
      for (i = split($6, partial, ","); i > 0; i--) {
        printf "  printf (\"%d_%d\\t%%.17g\\n\", g[%d]);\n", FNR, i, i - 1
        print FNR "_" i, partial[i] >"partials"
      }
    }
    END { print "}" }' without points >>all.c
  ${CC:-cc} -w -D_DEFAULT_SOURCE -o all all.c -lm
  ./all >found_in_c
  # Nearest to a zero of the function the value has the rounding of its largest ones.
  run differ found_in_c values 1e-10 1e-15 3000
  assert_output ''
  run differ found_in_c partials 1e-10 1e-300 4000
  assert_output ''
}
