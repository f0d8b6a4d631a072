#!/bin/sh
# coprocess.sh DATA -- minimises fit.expr over DATA with steps of Barzilai and Borwein, in any awk: one gradcalc answers all
# points, a line `slope,intercept` at a time, through two named pipes.
pipes=$(mktemp -d) || exit 3
trap 'rm -rf "$pipes"' EXIT
mkfifo "$pipes/to" "$pipes/from" || exit 3
"${GRADCALC:-gradcalc}" -w slope,intercept --columns=slope,intercept --no-header -D "data=@$1" -r - \
  "$(dirname "$0")/../fit.expr" >"$pipes/from" <"$pipes/to" &
awk -v to="$pipes/to" '
  # The gradient at (w, b), in dw and db. Some awks wait until a buffer is full; the shell reads one line.
  function ask(w, b,    command, line, answer) {
    printf "%.17g,%.17g\n", w, b > to
    fflush(to)
    command = "read -r line && echo \"$line\""
    if ((command | getline line) <= 0) exit 3
    close(command)
    split(line, answer, ",")
    dw = answer[2]; db = answer[3]
  }
  BEGIN {
    rate = 0.1
    ask(w = 0, b = 0)
    while (dw^2 + db^2 > 1e-20) {
      last_dw = dw; last_db = db
      step_w = -rate*dw; step_b = -rate*db
      ask(w += step_w, b += step_b)
      bend = step_w*(dw - last_dw) + step_b*(db - last_db)
      if (bend > 0) rate = (step_w^2 + step_b^2)/bend
    }
    printf "slope = %.6g; intercept = %.6g\n", w, b
  }' <"$pipes/from"
