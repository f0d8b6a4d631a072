#!/usr/bin/env bash
# parallel-retries.sh -- GNU parallel 20221122 (Debian 12) with --pipepart and --retries gives a block that is tried again no
# input, and ends with status 0: what it was to process is missing from the output, and nothing tells so. With --pipe, which reads
# the same lines from standard input, the second try gets the block. The manual has --retries as "Try failing jobs n times", and
# no exception.
#
# Seen, of 3000 lines in 7 blocks, one of which fails once:
#
#   --pipe:     status 0, 3000 lines
#   --pipepart: status 0, 2599 lines; the second try read 0 bytes
#
# It installs that version in a temporary folder (apt-get download, so as on Debian 12) and needs perl. Status 1: something else
# was seen.
set -euo pipefail
version=20221122+ds-2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"
apt-get download -q "parallel=$version" >/dev/null
dpkg -x ./parallel_*.deb .
export HOME=$work
mkdir -p .parallel
touch .parallel/will-cite

seq 1 3000 >numbers
# Copies its block; the first that has the line 1500 fails instead.
cat >copy <<'END'
#!/bin/sh
cat >block.$$
if grep -qx 1500 block.$$ && mkdir failed; then exit 1; fi 2>/dev/null
[ -s block.$$ ] || echo "the second try read 0 bytes" >>empty
cat block.$$
END
chmod +x copy

# seen NAME COMMAND...: status and lines of a run in which a block fails once.
seen () {
  local name=$1 status=0
  shift
  rm -rf failed empty
  "$@" <numbers >copied || status=$?
  echo "$name: status $status, $(wc -l <copied) lines$([[ ! -e empty ]] || echo "; $(<empty)")"
}

parallel=(perl usr/bin/parallel -k --block 2k --retries 3)
actual=$(
  perl usr/bin/parallel --version | head -n 1
  seen --pipe "${parallel[@]}" --pipe ./copy
  seen --pipepart "${parallel[@]}" --pipepart -a numbers ./copy)
expected='GNU parallel 20221122
--pipe: status 0, 3000 lines
--pipepart: status 0, 2599 lines; the second try read 0 bytes'
diff <(echo "$expected") <(echo "$actual") && echo "as it was seen: $actual"
