#!/usr/bin/env bats
# engines.bats -- gradcalc-mpi, and the scripts under samples/descent and samples/cluster. What is shared out has the total of one
# run, to the byte; where a part fails there is a status and no total. A program that is not installed leaves its tests out.

load helper
load engines

setup () {
  [[ $GRADCALC == /* ]] || GRADCALC=$PWD/$GRADCALC
  cluster=$srcdir/samples/cluster descent=$srcdir/samples/descent
  cd "$BATS_TEST_TMPDIR" || return
}

model=(-w 'w,b' -e 'w = [2, 1e-9]; b = 1; k = 1e8; loss = (w[0]*x + w[1]*k*x + b - y)^2')

# records COUNT: a table whose sums depend on the order in which doubles are added.
records () {
  awk -v count="$1" 'BEGIN {
    print "x,y"
    for (i = 1; i <= count; i++) printf "%.17ge%d,%.17g\n", sin(i), i*7 % 17 - 8, 1e5*cos(i*i)
  }'
}

# A filter that is killed in the part with the record `0.5,0.25`.
mortal () {
  cat >mortal <<'EOF'
#!/bin/bash
input=$(</dev/stdin)
[[ $input != *0.5,0.25* || $* == *--merge* ]] || kill -9 $$
exec "$GRADCALC_ALIVE" "$@" <<<"$input"
EOF
  chmod +x mortal
}

# shares COMMAND...: it has the total of one run.
shares () {
  run --separate-stderr "$@" --reduce=mean "${model[@]}"
  assert_success
  assert_output "$whole"
}

# is_one_run COMMAND...: it gives what one run gives, as a total and as records.
is_one_run () {
  whole=$(gc --reduce=mean "${model[@]}" -r "${@: -1}")
  shares "$@"
  run --separate-stderr "$@" -a "${model[@]}"
  assert_equal "$status $output" "0 $(gc -a "${model[@]}" -r "${@: -1}")"
}

# fails COMMAND...: it ends with a status and writes no total.
fails () {
  run --separate-stderr "$@" --reduce=mean "${model[@]}"
  [[ $status != 0 ]] || fail "status 0: $output"
  assert_output ''
}

# A header alone, no header, a bad field in the last part, a part that is killed.
stays_honest () {
  echo x,y >none.csv
  whole=$(gc --reduce=mean "${model[@]}" -r none.csv)
  shares "$1" none.csv
  : >empty.csv
  fails "$1" empty.csv
  { cat d.csv; echo 1,n/a; } >bad.csv
  fails "$1" bad.csv
  assert_regex "$stderr" "column 'y': 'n/a' is not a number"
  { cat d.csv; echo 0.5,0.25; } >last.csv
  mortal
  export GRADCALC_ALIVE=$GRADCALC
  GRADCALC=$PWD/mortal fails "$1" last.csv
}

@test "descent: a pass over the records for each step" {
  run --separate-stderr "$descent/descent.sh" "$descent/points.csv"
  # The mean of x is 0, so b is the mean of y, and w is sum(x*y)/sum(x^2) = 11/5.
  assert_equal "$status $output $stderr" '0 w = 2.2; b = 4 '
  printf 'x,y\n1,z\n' >bad.csv
  run --separate-stderr "$descent/descent.sh" bad.csv
  assert_equal "$status $output" '3 '
}

@test "descent: awk asks one process for all gradients" {
  run --separate-stderr "$descent/coprocess.sh" "$srcdir/samples/data.csv"
  # The normal equations: 14 w + 6 b = 35, 6 w + 4 b = 16.
  assert_equal "$status $output $stderr" '0 slope = 2.2; intercept = 0.7 '
  run --separate-stderr "$descent/coprocess.sh" nothing.csv
  [[ $status != 0 && $output == '' ]]
}

@test "descent: Python asks one process for all values and gradients; SciPy minimises" {
  needs python3
  cp "$descent/coprocess.py" .
  run --separate-stderr python3 -B -c "
import coprocess
model = coprocess.Model('slope,intercept', '-D', 'data=@$srcdir/samples/data.csv', '$srcdir/samples/fit.expr')
print(model([1, 0]), model((0, 0)), model.close())
model = coprocess.Model('w', '-e', 'w = 0; loss = lost')
model([1])"
  assert_equal "$status $output" '2 (8.5, [-10.5, -5.0]) (22.5, [-17.5, -8.0]) 0'
  needs_module scipy
  run --separate-stderr ./coprocess.py slope,intercept -D "data=@$srcdir/samples/data.csv" "$srcdir/samples/fit.expr"
  assert_equal "$status $output" $'0 slope = 2.2\nintercept = 0.7'
  # The columns are those of the points; an input without a gradient stays where it is.
  run --separate-stderr ./coprocess.py w,b,idle -q -d "$srcdir/samples/data.csv" \
    -e 'w = 0; b = 0; idle = 1; loss = mean((w*x + b - y)^2)'
  assert_equal "$status $output $stderr" $'0 w = 2.2\nb = 0.7\nidle = 0 '
}

@test "GNU parallel: totals and records of uneven blocks are those of one run" {
  needs parallel
  records 60 >d.csv
  whole=$(gc --reduce=mean "${model[@]}" -r d.csv)
  BLOCK=1k shares "$cluster/parallel-total.sh" d.csv
  whole=$(gc -a "${model[@]}" -r d.csv)
  BLOCK=1k run --separate-stderr "$cluster/parallel-rows.sh" d.csv -a "${model[@]}"
  assert_equal "$status $output" "0 $whole"
}

@test "GNU parallel: a part without records, without a header, with a bad field, one that is killed" {
  needs parallel
  records 40 >d.csv
  export BLOCK=1k
  stays_honest "$cluster/parallel-total.sh"
  run --separate-stderr "$cluster/parallel-rows.sh" bad.csv "${model[@]}"
  assert_equal "$status" 3
}

@test "Dask: totals and records of uneven blocks are those of one run; none of less" {
  needs_module dask.bag
  records 60 >d.csv
  export BLOCK=1000
  is_one_run "$cluster/dask_run.py" d.csv
  stays_honest "$cluster/dask_run.py"
}

@test "Spark: totals and records of uneven partitions, some of them empty, are those of one run; none of less" {
  needs_spark
  { echo '"x",y'; records 6 | tail -n +2; } >d.csv
  { cat d.csv; echo 0.5,n/a; } >bad.csv
  { cat d.csv; echo 0.5,0.25; } >last.csv
  : >empty.csv
  echo x,y >none.csv
  mortal
  export PARTS=9 PYTHONPATH=$cluster PYTHONDONTWRITEBYTECODE=1 GRADCALC_ALIVE=$GRADCALC
  fails "$cluster/spark_run.py" bad.csv
  assert_regex "$stderr" "column 'y': 'n/a' is not a number"
  # The others by one process, whose start takes longest.
  run --separate-stderr python3 - "${model[@]}" <<'END'
import sys
import spark_run

def trial(file, *options):
    try:
        spark_run.main(file, *options, *sys.argv[1:])
    except (Exception, SystemExit) as error:
        print(file, 'failed')

for file in ['d.csv', 'none.csv', 'empty.csv']:
    trial(file, '--reduce=mean')
trial('d.csv', '-a')
spark_run.GRADCALC = './mortal'
trial('last.csv', '--reduce=mean')
trial('last.csv', '-a')
END
  assert_equal "$output" "$(
    gc --reduce=mean "${model[@]}" -r d.csv
    gc --reduce=mean "${model[@]}" -r none.csv
    echo empty.csv failed
    gc -a "${model[@]}" -r d.csv
    echo last.csv failed
    echo last.csv failed)"
}

# What gradcalc has said, without the launcher's words.
said () {
  grep -E '^(gradcalc|<-e>|[a-z]+\.[a-z]+):' <<<"$stderr" || true
}

# mpi COUNT OPTION...: what so many processes print; of standard error what is gradcalc's.
mpi () {
  local count=$1
  shift
  run --separate-stderr timeout 100 "$launcher" -n "$count" "$program" "$@" </dev/null
  stderr=$(said)
}

# is_as_alone OPTION...: 2 and 4 processes print what one run prints, say what it says, and end with its status.
is_as_alone () {
  local count
  run --separate-stderr gc "$@"
  local alone="$status $output $(said)"
  for count in 2 4; do
    mpi "$count" "$@"
    assert_equal "$status $output $stderr" "$alone"
  done
}

@test "MPI: the total of a file's parts is that of one run, whatever its lines hold, and so is what is said" {
  needs_mpi
  # A mark, CRLF, blank lines, and quotes that hold line ends and stand in every part.
  records 40 | awk 'NR == 1 { printf "\357\273\277%s,note\r\n\r\n", $0 }
    NR > 1 { printf "%s,\"a \"\"%s\"\"\r\n%s\n%s\"\r\n%s", $0, NR, NR, NR, NR % 5 ? "" : "\r\n \r\n" }' >quoted.csv
  is_as_alone -f json --reduce=mean "${model[@]}" -r quoted.csv
  printf 'x,y\n1,2' >short.csv
  is_as_alone --reduce=sum "${model[@]}" -r short.csv
  records 9 | awk -F, 'NR > 1 { printf "{\"x\":%s,\"note\":\"\\\"\",\"y\":%s}\n\n", $1, $2 }' >lines.jsonl
  is_as_alone --reduce=sum -w w -e 'w = 1; k = 1; loss = w*x*log(y)' -w k --expect=9 -r lines.jsonl
}

@test "MPI: without a header, of nothing, with bad records" {
  needs_mpi
  echo x,y >none.csv
  is_as_alone -f json --reduce=sum "${model[@]}" -r none.csv
  : >empty.csv
  is_as_alone --reduce=sum "${model[@]}" -r empty.csv
  { records 20; echo '1,n/a'; records 20 | tail -n +2; echo '2,3"'; } >bad.csv
  is_as_alone --reduce=sum "${model[@]}" -r bad.csv
  { records 20; echo '1,n/a'; records 20 | tail -n +2; echo '2,n/a'; } >skip.csv
  is_as_alone --bad-rows=skip --expect=42 --reduce=sum "${model[@]}" -r skip.csv
  is_as_alone --columns=x,y --bad-rows=skip --expect=43 --reduce=sum "${model[@]}" -r skip.csv
}

@test "MPI: a process that is killed ends the run without a total; what cannot be shared out is refused" {
  needs_mpi
  { records 20; echo 77,1; } >last.csv
  # The last process works until it is killed, the others wait for it.
  program=bash mpi 3 -c '
    [[ ${OMPI_COMM_WORLD_RANK-}${PMI_RANK-} != 2 ]] || ulimit -t 1
    exec "$@"' bash "$program" --reduce=sum -w w -e 'w = 1; i = 0; while x == 77 { i += 1 }; loss = w*x' -r last.csv
  [[ $status != 0 ]] || fail "status 0"
  refute_output --partial loss
  mpi 2 "${model[@]}" -r last.csv
  assert_equal "$status $output $stderr" \
    '2  gradcalc: gradcalc-mpi adds up the records of a file: it needs -r FILE and --reduce'
  mpi 2 --reduce=sum "${model[@]}" -r -
  assert_equal "$status $stderr" \
    '2 gradcalc: --rows would read standard input, which one process alone has; give it as a file'
}
