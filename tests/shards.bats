#!/usr/bin/env bats
# shards.bats -- the same bytes, whoever evaluates which records: one at a time, in blocks, by threads, in 7 uneven parts, by GNU
# parallel, Dask, Spark and MPI. Over programs of every kind, and files with all that lines may have.

load helper
load engines

setup () {
  [[ $GRADCALC == /* ]] || GRADCALC=$PWD/$GRADCALC
  cluster=$srcdir/samples/cluster
  cd "$BATS_TEST_TMPDIR" || return
  make_files
}

declare -gA programs=(
  [straight]='w = [2, 1e-9]; b = 1; k = 1e8; loss = (w[0]*x + w[1]*k*x + b - y)^2'
  [branch]='w = 2; b = 1; if x > 0 { loss = w*x*y } elif y > 0 { loss = exp(-w*y) + b } else { loss = b*x }'
  [call]='w = 2; b = 1; f(u) = u > 0 ? log(u) : u^2*w; loss = f(x*w) + sqrt(y^2)*b'
  [loop]='w = [1, 2, 3]; b = 0.5; s = b; for i in 0:3 { s += w[i]*x^i; s = s*0.5 + w[2]*y }; loss = s'
  [arrays]='w = [[1, 2], [3, 4]]; b = 1; loss = sum(tanh(w @ [x, y]*b)) + max(w*x)')

# Sums of these depend on the order in which doubles are added.
numbers () {
  awk 'BEGIN {
    for (i = 1; i <= 150; i++) printf "%.17g %.17g\n", sin(i)*10^(i*7 % 17 - 8), i % 5 ? 1e3*cos(i*i) : 0
    print "-0 1e-300"
  }'
}

make_files () {
  numbers | awk 'BEGIN { print "x,y" } { print $1 "," $2 }' >plain.csv
  numbers | awk 'BEGIN { print "note,\"x\",\"y\"" } { printf "\"a, \"\"%d\"\"\", %s ,\"%s\"\n", NR, $1, $2 }' >quoted.csv
  numbers | awk 'BEGIN { printf "\357\273\277\r\nx,y,z\r\n" } {
    printf "%s%s,%s,\r\n", NR % 4 ? "" : "\r\n \r\n", $1, $2 } END { printf "1,2,3" }' >marked.csv
  numbers | awk 'BEGIN { print "y\tz\tx" } { printf "%s\t\t%s\n", $2, $1 }' >tabs.tsv
  numbers | awk '{ printf "{\"y\":%s,\"note\":\"\\\"}\",\"x\":%s}\n%s", $2, $1, NR % 5 ? "" : "\n" }' >lines.jsonl
}

# The options of a program, and of a kind of file where it is standard input.
options_of () {
  options=(-w 'w,b' -e "${programs[$1]}")
  form=()
  case $2 in
    *.tsv) form=(-I tsv) ;;
    *.jsonl) form=(-I json) ;;
  esac
}

# Each record is written when the one before it was answered.
one_at_a_time () {
  local line answer header=names
  [[ ${form[1]-} == json ]] && header=
  coproc GC { gc --no-header "${form[@]}" "${options[@]}" -r -; }
  # The end of one without a line end is read too.
  while IFS= read -r line || [[ $line ]]; do
    printf '%s\n' "$line" >&"${GC[1]}"
    [[ ${line//[$'\r\xef\xbb\xbf ']/} ]] || continue
    [[ ! $header ]] || { header=; continue; }
    IFS= read -r -t 20 -u "${GC[0]}" answer
    printf '%s\n' "$answer"
  done
  eval "exec ${GC[1]}>&-"
  wait "$GC_PID"
}

# part FILE FROM TO: so many of its lines, of those below the header.
part () {
  awk -v from="$2" -v to="$3" 'NR >= from && NR <= to' <(if [[ $1 == *.jsonl ]]; then cat "$1"; else sed '0,/[xy]/d' "$1"; fi)
}

# Parts of 0, 1, 2, 3, 5, 8 and all other lines.
seven_parts () {
  local names=() from=1 size
  case $1 in
    quoted.csv) names=(--columns 'note,x,y') ;;
    marked.csv) names=(--columns 'x,y,z') ;;
    tabs.tsv) names=(--columns 'y,z,x') ;;
    plain.csv) names=(--columns 'x,y') ;;
  esac
  for size in 0 1 2 3 5 8 1000; do
    part "$1" "$from" $((from + size - 1)) | gc "${@:2}" "${form[@]}" "${names[@]}" "${options[@]}" -r -
    from=$((from + size))
  done
}

# same WHAT EXPECTED ACTUAL
same () {
  [[ $2 && $2 == "$3" ]] || fail "$1: $(diff <(printf '%s\n' "$2") <(printf '%s\n' "$3"))"
}

@test "one at a time, in blocks, by two threads, in 7 uneven parts: records and totals are the same to the byte" {
  local pair program file whole total
  for pair in straight:plain.csv branch:quoted.csv call:marked.csv loop:tabs.tsv arrays:lines.jsonl; do
    program=${pair%:*} file=${pair#*:}
    options_of "$program" "$file"
    whole=$(gc "${options[@]}" -r "$file" 2>said) || fail "$pair: $(<said)"
    same "$pair, -j 2" "$whole" "$(gc -j 2 "${options[@]}" -r "$file" 2>said.j)"
    same "$pair, -j 2, what is said" "said: $(<said)" "said: $(<said.j)"
    same "$pair, one at a time" "${whole#*$'\n'}" "$(one_at_a_time <"$file" 2>/dev/null)"
    same "$pair, 7 parts" "${whole#*$'\n'}" "$(seven_parts "$file" --no-header 2>/dev/null)"
    total=$(gc -f json --reduce=sum "${options[@]}" -r "$file" 2>/dev/null)
    same "$pair, total, -j 2" "$total" "$(gc -j 2 -f json --reduce=sum "${options[@]}" -r "$file" 2>/dev/null)"
    seven_parts "$file" -f json --reduce=sum 2>/dev/null | sort >parts
    same "$pair, total of 7 parts" "$total" "$(gc --merge -f json parts)"
  done
}

# engine_agrees TOTAL RECORDS: by these commands a few files have the totals and the records of one run. RECORDS may be ''.
engine_agrees () {
  local pair file
  for pair in straight:plain.csv call:quoted.csv; do
    file=${pair#*:}
    options_of "${pair%:*}" "$file"
    # shellcheck disable=SC2086 # a command with its arguments
    same "$pair, total" "$(gc --reduce=sum "${options[@]}" -r "$file" 2>/dev/null)" \
      "$($1 "$file" --reduce=sum "${options[@]}" 2>/dev/null </dev/null)"
    [[ ! $2 ]] || same "$pair, records" "$(gc -a "${options[@]}" -r "$file" 2>/dev/null)" \
      "$($2 "$file" -a "${options[@]}" 2>/dev/null </dev/null)"
  done
}

@test "by GNU parallel the same" {
  needs parallel
  export BLOCK=1k
  engine_agrees "$cluster/parallel-total.sh" "$cluster/parallel-rows.sh"
}

@test "by Dask the same" {
  needs_module dask.bag
  export BLOCK=1000
  engine_agrees "$cluster/dask_run.py" "$cluster/dask_run.py"
}

@test "by Spark the same" {
  needs_spark
  export PARTS=5
  engine_agrees "$cluster/spark_run.py" "$cluster/spark_run.py"
}

in_mpi () {
  timeout 100 "$launcher" -n 3 "$program" -r "$@"
}

@test "by MPI the same" {
  needs_mpi
  engine_agrees in_mpi ''
}
