#!/usr/bin/env bats
# dot.bats -- -f dot: the graph of a run for Graphviz. Values, adjoints and local derivatives are worked out by hand.

setup () {
  load helper
  cd "$BATS_TEST_TMPDIR" || return
}

# draws: `dot` draws what was printed without a word.
draws () {
  command -v dot >/dev/null || return 0
  printf '%s\n' "$output" >graph.dot
  run --separate-stderr dot -Tsvg graph.dot
  assert_equal "$stderr" ''
  assert_success
}

@test "-f dot: steps with value and adjoint, local derivatives on the arrows, inputs and the target marked" {
  run -0 --separate-stderr gc -f dot "$srcdir/samples/loss.expr"
  assert_equal "$stderr" ''
  assert_line --index 0 'digraph gradcalc {'
  assert_line 'g0s1 [label="x = 3\nadjoint 8", fillcolor="#dbeafe", penwidth=2];'
  assert_line 'g0s5 [label="w*x\n6\nadjoint 4", fillcolor="#ffffff"];'
  assert_line 'g0s6 [label="pred = w*x + b\n7\nadjoint 4", fillcolor="#ffffff"];'
  assert_line 'g0s8 [label="loss = (pred - y)^2\n4\nadjoint 1", fillcolor="#dcfce7", peripheries=2];'
  assert_line 'g0s1 -> g0s5 [label=" 2"];'
  assert_line 'g0s2 -> g0s5 [label=" 3"];'
  assert_line 'g0s4 -> g0s7 [label=" -1"];'
  assert_line 'g0s7 -> g0s8 [label=" 4"];'
  assert_equal "$(grep -c -- '->' <<<"$output")" 7
  draws
  # In a direction: tangents. dpred = 3, dloss = 2*2*3
  run -0 gc -f dot --along w=1 "$srcdir/samples/loss.expr"
  assert_line --partial 'pred = w*x + b\n7\ntangent 3'
  assert_line --partial 'loss = (pred - y)^2\n4\ntangent 12'
}

@test "-f dot: arrays by their elements or their norm, six digits unless -p tells" {
  run -0 gc -q -f dot -w w -e 'w = [1, 2]; A = [[3, 0, 0], [0, 4, 0]]; y = sum(w @ A)/3'
  # The norm of A is 5; of w A, which is (3, 8, 0), all is written out.
  assert_line --partial 'w @ A\n[3, 8, 0]\nadjoint [0.333333, 0.333333, 0.333333]'
  assert_line --regexp '^g0s1 -> g0s2 \[label=" @ \(2x3, norm 5\).\"\];$'
  # What an input is stands there once; of -D, and of a text that is no number, its value.
  assert_line --partial '[label="w = [1, 2]\nadjoint '
  run -0 gc -q -f dot -D x=5 -e 'x = 3; z = 1/4; y = x*z'
  assert_line --partial '[label="x = -D\n5\nadjoint 0.25"'
  assert_line --partial '[label="z = 1/4\n0.25\nadjoint 5"'
  draws
  run -0 gc -q -p 2 -f dot -e 'x = 3; y = x/7'
  assert_line --partial '[label=" 0.14"]'
}

@test "-f dot: turns of loops and functions in frames, long loops folded" {
  run -0 gc -q -f dot -e 'def sq(a) { r = a^2; return r }; x = 2; s = 0; for i in 0:3 { s = s + sq(x) }; y = s'
  assert_equal "$(grep -c 'label="turn [123] of 3 (1:' <<<"$output")" 6
  assert_equal "$(grep -c 'label="sq (1:5)"; g0s' <<<"$output")" 3
  draws
  # 10^5 turns: two, a box, the last one
  run -0 gc -q -f dot -e 'x = 0.5; s = 0; for i in 0:100000 { s = s + x*0.001 }; loss = s^2'
  assert_line --partial '[label="turns 3 to 99999 (1:'
  (($(grep -c 'label=' <<<"$output") < 200))
  draws
  # Steps in no loop: the middle is left out
  run -0 gc -q -f dot -e "x = 0.5$(printf '; x = sin(x)%.0s' {1..1000})"
  assert_line --regexp '\[label="8[0-9][0-9] more steps"'
  (($(grep -c 'fillcolor' <<<"$output") < 200))
  draws
}

@test "-f dot: branches not taken, what passes nothing, kinks and NaN" {
  run -0 gc -q -f dot -e 'x = 3
if x > 1 { y = x^2 } else { y = exp(x) }
z = relu(0*x) + y'
  assert_line --regexp 'label="not taken \(2:33\)\\nexp\(x\)", style=dashed'
  assert_line --regexp '^g0b0 -> g0s[0-9]+ \[style=dashed'
  assert_line --partial 'relu(0*x)\n0\nadjoint 1\nat a kink", fillcolor="#fed7aa"'
  assert_line --partial '[label=" 0", style=dashed]'
  draws
  run -0 gc -q -f dot -e 'x = 0; y = sqrt(x)*2'
  assert_line --partial 'adjoint Inf", fillcolor="#fecaca"'
  assert_line --partial '[label=" Inf", color="#dc2626"]'
  draws
  # Where it began is a stronger red than what it came back to.
  run -0 gc -q -f dot -e 'w = -1; x = 2; y = log(w)*x'
  assert_line --partial '[label="log(w)\nNaN\nadjoint NaN", fillcolor="#f87171"'
  assert_line --partial '[label="w = -1\nadjoint NaN", fillcolor="#fecaca"'
}

@test "-f dot: several targets, a target without steps, texts with quotes" {
  run -0 gc -q -f dot -t y,z -e 'x = 2; y = x^2; z = 3*x'
  assert_line 'subgraph cluster_g1 { label="z";'
  draws
  run -0 gc -q -f dot -w x -e 'c = 1; x = 2; y = c*3'
  refute_output --partial '->'
  draws
  run -0 gc -q -f dot -e 'x = [1, 2]; y = einsum("i,i->", x, x)'
  assert_line --partial 'label="y = einsum(\"i,i->\", x, x)\n5\nadjoint 1"'
  draws
}

@test "-f dot: what it does not go with" {
  run -2 gc -f dot -J -e 'x = 2; y = x'
  assert_output 'gradcalc: -f dot and -J cannot go together'
  run -2 gc -f dot --value -e 'x = 2; y = x'
  assert_output 'gradcalc: -f dot and --value cannot go together'
  run -2 gc -f dot -c 'dy/dx = 1' -e 'x = 2; y = x'
  assert_output 'gradcalc: -f dot and -c cannot go together'
  run -2 gc -f dot -e 'x = 2; y = x; claim dy/dx = 1'
  assert_output --partial 'cannot go together'
}
