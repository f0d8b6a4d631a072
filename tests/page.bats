#!/usr/bin/env bats
# page.bats -- the page that --trace -f html makes: what is in it, and in a browser (Chromium, where there is one) that stepping
# through it lights the same step everywhere.

load helper

setup () {
  cd "$BATS_TEST_TMPDIR" || return
  printf 'x = 3; w = 2; b = 1; y = 5\npred = w*x + b\nloss = (pred - y)^2\n' >loss.expr
}

page () {
  run --separate-stderr gc -x -f html "$@"
  assert_equal "$status" 0
  assert_equal "${lines[0]}" '<!DOCTYPE html>'
  printf '%s\n' "$output" >page.html
}

@test "page: program, graph and table, and nothing from elsewhere" {
  page loss.expr
  refute_output --regexp '( src=| href=|url\(|@import|https?:)'
  assert_output --partial "default-src 'none'"
  assert_output --partial '<li data-line="0.2"><b>2</b><code>pred = w*x + b</code><span class="beside"><span class="one" data-step="6">pred = <span class="v">7</span> <span class="a">adjoint 4</span></span>; </span></li>'
  # Eight steps, in the table and in the graph, with seven operands that vary.
  assert_equal "$(grep -c '<tbody class="step' page.html)" 8
  assert_equal "$(grep -c '<g class="node' page.html)" 8
  assert_equal "$(grep -c '<g data-of' page.html)" 7
  # With tangents there is one sweep.
  page --along w=1 loss.expr
  assert_output --partial 'data-forward="1"'
  assert_output --partial '<th class="r">tangent</th>'
}

@test "page: texts stay texts, kinks and what is not finite are marked, reasons are told" {
  cat >h.expr <<'END'
# </code><script>alert(1)</script> & "q"
x = 0; z = 1; unused = 2
y = relu(x)*3 + log(x) < 5 ? relu(x) + sqrt(x)*z : x # <b onmouseover="alert(2)">
END
  page -w x,z,unused h.expr
  refute_output --partial '<script>alert'
  refute_output --partial '<b onmouseover'
  assert_output --partial '# &lt;/code&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;q&quot;'
  assert_output --partial '<tbody class="step kink'
  assert_output --partial '<tbody class="step bad input'
  assert_output --partial '<li>y does not depend on unused: unused is never used</li>'
  # A name of a file, a name of a variable.
  cp loss.expr '<i>&.expr'
  page '<i>&.expr'
  assert_output --partial '<h2>&lt;i&gt;&amp;.expr</h2>'
  # What a function gave stands beside the line that names it, not beside the text of the function.
  run -0 gc -q -x -f html -e $'x = 2\nf(a) = a^2\nu = f(x)\ny = 3*u'
  assert_line --regexp '<li data-line="0.3">.*>u = <span class="v">4</span>'
  refute_line --regexp '<li data-line="0.2">.*>u = '
}

@test "page: thirty lines fit into 200 kB, a long loop is folded" {
  {
    echo 'x = 0.5; W = [[1, 2], [3, 4]]; v = [x, 1]'
    for i in {1..29}; do echo "v = tanh(W @ v/$i + x*[1, $i]) + sin(x)/$i"; done
    echo 'y = sum(v^2)'
  } >long.expr
  page long.expr
  [[ $(wc -c <page.html) -le 200000 ]] || fail "$(wc -c <page.html)"
  page -e 'x = 1; for i in 0:10000 { x = x*0.999 + 0.1 }; y = x'
  assert_output --partial 'turns 3 to 9999 of the loop at 1:12: 19994 steps'
  [[ $(wc -c <page.html) -le 30000 ]] || fail "$(wc -c <page.html)"
}

# What a page says of itself in a browser, in which some keys were pressed.
@test "page: in a browser the arrow keys light a step in program, graph and table at once" {
  local browser
  browser=$(command -v chromium || command -v chromium-browser) || skip 'there is no chromium'
  page loss.expr
  cat >head <<'END'
<script>window.faults = []; addEventListener('error', event => faults.push(event.message));</script>
END
  cat >tail <<'END'
<script>
const told = [], trace = document.querySelector('.trace');
function press(key, count = 1) {
  for (; count > 0; count--) document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
}
function tell() {
  const lit = (selector, of) => [...trace.querySelectorAll(selector)].map(of).join(',');
  told.push([trace.querySelector('output').textContent, lit('mark', e => e.textContent), lit('svg .node.lit', e => e.dataset.step),
    lit('svg [data-of].lit', e => e.dataset.of), lit('tr.lit', e => e.cells[0].textContent),
    lit('tbody.has-v', e => e.dataset.step), lit('tbody.has-a', e => e.dataset.step)].join(' | '));
}
press('Home'); tell();
press('ArrowRight', 5); tell();
press('ArrowRight', 4); tell();
press('ArrowLeft'); tell();
press('End'); tell();
trace.querySelector('svg .node[data-step="7"]').dispatchEvent(new MouseEvent('click', { bubbles: true })); tell();
const slider = trace.querySelector('input'); slider.value = 1; slider.dispatchEvent(new Event('input')); tell();
trace.querySelector('[data-by="1"]').click(); tell();
const seen = e => getComputedStyle(e).visibility;
told.push(seen(trace.querySelector('tbody[data-step="2"] td:nth-child(5)')) + ' ' + seen(trace.querySelector('svg [data-step="3"] .v'))
  + ' ' + trace.querySelector('svg').getBoundingClientRect().width + ' ' + faults.length);
const all = document.createElement('pre'); all.id = 'told'; all.textContent = '\n' + told.join('\n') + '\n';
document.body.append(all);
</script>
END
  sed -e '/<head>/r head' -e '/^<\/script>$/r tail' page.html >tried.html
  run timeout 60 "$browser" --headless --no-sandbox --disable-gpu --dump-dom "file://$PWD/tried.html"
  output=$(sed -n '/id="told"/,/<\/pre>/p' <<<"$output" | sed 's/&lt;/</g; 1d; $d')
  # Five steps on is w*x; nine are the whole way forward and the first step back, which is the target again.
  assert_output 'nothing is known yet |  |  |  |  |  | 
step 5 of 8, forward: w*x gives 6 | w*x | 5 | 5,5 | 5, | 1,2,3,4,5 | 
step 8 of 8, backward: the adjoint of loss is 1; it passes 4 on to pred - y | (pred - y)^2 | 8 | 8 | 8 | 1,2,3,4,5,6,7,8 | 8
step 8 of 8, forward: loss = (pred - y)^2 gives 4 | (pred - y)^2 | 8 | 8 | 8 | 1,2,3,4,5,6,7,8 | 
step 1 of 8, backward: the adjoint of x is 8 | x | 1 |  | 1 | 1,2,3,4,5,6,7,8 | 1,2,3,4,5,6,7,8
step 7 of 8, backward: the adjoint of pred - y is 4; it passes 4 on to pred; it passes -4 on to y | pred - y | 7 | 7,7 | 7, | 1,2,3,4,5,6,7,8 | 7,8
step 1 of 8, forward: x = 3 gives 3 | x | 1 |  | 1 | 1 | 
step 2 of 8, forward: w = 2 gives 2 | w | 2 |  | 2 | 1,2 | 
visible hidden 1094 0'
}
