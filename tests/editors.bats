#!/usr/bin/env bats
# editors.bats -- the syntax files for Vim and TextMate have every keyword of the scanner and every function.

load helper

setup () {
  awk -v editor=vim -f "$srcdir/editors/syntax.awk" "$srcdir/parser/scan.l" "$srcdir/src/ops/ops.def" >"$BATS_TEST_TMPDIR/vim"
  awk -v editor=textmate -f "$srcdir/editors/syntax.awk" "$srcdir/parser/scan.l" "$srcdir/src/ops/ops.def" >"$BATS_TEST_TMPDIR/json"
}

@test "editors: every function and every keyword" {
  local word file
  for word in $(gc --list functions | cut -d'(' -f1) $(sed -n 's/^"\([a-z]*\)".*/\1/p' "$srcdir/parser/scan.l"); do
    for file in vim json; do
      grep -qE "[^a-z0-9_]$word([^a-z0-9_]|\$)" "$BATS_TEST_TMPDIR/$file" || fail "$file has no $word"
    done
  done
}

@test "editors: the TextMate grammar is JSON, and its patterns match what they name" {
  run jq -r '.patterns[] | select(.name | startswith("support")) | .match' "$BATS_TEST_TMPDIR/json"
  assert_success
  echo 'y = softmax(x) + soft(x)' | grep -oP "$output" >"$BATS_TEST_TMPDIR/found"
  assert_equal "$(<"$BATS_TEST_TMPDIR/found")" softmax
  run jq -r '.patterns[] | select(.name | startswith("constant.numeric")) | .match' "$BATS_TEST_TMPDIR/json"
  echo '1 + .5e-3 * 1_000.5' | grep -oP "$output" >"$BATS_TEST_TMPDIR/found"
  assert_equal "$(tr '\n' ' ' <"$BATS_TEST_TMPDIR/found")" '1 .5e-3 1_000.5 '
}

@test "editors: Vim reads its file" {
  command -v vim >/dev/null || skip 'no vim here'
  run vim -e -s -u NONE -c "source $BATS_TEST_TMPDIR/vim" -c 'qa!'
  assert_success
}
