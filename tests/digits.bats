#!/usr/bin/env bats
# digits.bats -- --digits: how far off results are, why, and in every format. True errors are mpmath's.

setup () {
  load helper
  cd "$BATS_TEST_TMPDIR" || return
}

@test "--digits: made-up programs in which terms cancel, against mpmath" {
  run "$srcdir/tests/digits.py" 1 40
  [[ $status != 77 ]] || skip 'there is no python3-mpmath'
  assert_success
}

@test "--digits: what is exact, cancels, is steep or was read" {
  # x^2 is exact; 6 too
  run -0 gc --digits -e 'x = 3; y = x^2'
  assert_output $'y = 9  # exact\ndy/dx = 6  # exact'
  # (1 - cos x)/x^2 near 0 is 1/2: all digits are gone. The step is 1 - cos(x), in column 16.
  run -0 gc --digits -w x -e 'x = 1e-8; y = (1 - cos(x))/x^2'
  assert_line --regexp '^y = 0  # off by at most [0-9.]+: no digit is certain; cancellation in 1:16$'
  # 1e10 is exact, 0.1 is not: what it is off by, 6e-18, is 1e10 times as much
  run -0 gc --digits -w x -e 'x = 0.1; y = sin(1e10*x)'
  assert_line --regexp '^y = 0\.54.*: about [67] of 16 digits are certain; steepness of sin in 1:14$'
  # 1/10 + 1/5 is read, not computed
  run -0 gc --digits -w x -e 'x = 0.1; y = x + 0.2'
  assert_line --regexp '^y = 0\.3.*: about 15 of 16 digits are certain$'
  # Terms of one sum that cancel
  run -0 gc --digits -w x -e 'x = [1e8, -1e8, 0.1]; y = sum(x)'
  assert_line --regexp '^y = 0\.1  # .*: about [678] of 16 digits are certain; cancellation in 1:27$'
  # ... and of one product: 1e8 - 1.000000001e8
  run -0 gc --digits -w x -e 'x = [1e8, 1.000000001]; y = dot(x, [1, -1e8])'
  assert_line --regexp '^y = -0\.1.*: about [56] of 16 digits are certain; cancellation in 1:29$'
  # Of elements that have as many, what the one is off by that is off most
  run -0 gc -q --digits -w x -e 'x = 1.1; y = [(x + 1000) - 1000, (x + 1020) - 1020, (x + 1010) - 1010]'
  assert_output --partial 'about 12 of 16 digits are certain in the worst element [1]; cancellation in 1:34'
  # What is off in a by 1e-11 goes away again.
  run -0 gc -q --digits -w x -e 'x = 0.1; a = sin(1e6*x); y = (a + 1) - a'
  assert_output --regexp '^y = 1  # .*about 1[56] of 16 digits are certain'
  # What a loop makes of it: the logistic map doubles an error each turn
  run -0 gc --digits -w x -e 'x = 0.3; for i in 0:30 { x = 3.9*x*(1 - x) }; y = x'
  assert_line --regexp '^y = .*: about [678] of 16 digits are certain; cancellation in 1:[0-9]+$'
}

@test "--digits: what cancels exactly is exact, and what is too small for a double is not" {
  # dy/dx is 1 - 1, of which nothing was rounded; x - x is 0 whatever x is; sin(0), log(1) and exp(0) are what they are.
  run -0 gc -q --digits -t y,z,u,v -w x -e 'x = 3; y = (x + 1e-3) - x; z = x - x; u = sin(x - 3); v = log(x - 2) + exp(x - 3)'
  assert_line --regexp '^y = 0\.0009999999999998899  # off by at most .*: about 12 of 16 digits are certain; cancellation in <-e>:1:12$'
  assert_line 'dy/dx = 0  # exact'
  assert_line 'z = 0  # exact'
  assert_line 'dz/dx = 0  # exact'
  assert_line 'u = 0  # exact'
  assert_line 'du/dx = 1  # exact'
  assert_line 'v = 1  # exact'
  assert_line 'dv/dx = 2  # exact'
  # exp(-800) is 4e-348, and so is its derivative; a factor below 1 makes it no more exact
  run -0 gc -q --digits -e 'x = -800; y = exp(x)'
  assert_line 'y = 0  # off by at most 5e-324: no digit is certain; underflow of exp in 1:15'
  run -0 gc -q --digits -e 'x = -700; y = exp(2*x)*0.1*0.1'
  assert_line --regexp '^y = 0  # off by at most [0-9.]+e-32[34]: no digit is certain'
  # 1e-400, of which 1e300 makes 1e-100
  run -0 gc -q --digits -f json -e 'x = 1e-200; y = 1e300*(x*x)'
  run jq -c '.digits.value.y | [.causes[0].kind, .bound > 1e-100]' <<<"$output"
  assert_output '["underflow",true]'
}

@test "--digits: memory that runs out ends the run, whatever it is taken for" {
  for limit in 3 8 20; do
    run -3 gc -q --digits --max-memory ${limit}M -w x -e 'x = 1.5; for i in 0:20000 { x = sin(x)*1.1 }; y = x'
    assert_output --regexp "^(<-e>|gradcalc).*: (error: )?out of memory: .* needs .* beside .*, the limit is ${limit}M \(--max-memory\)$"
  done
}

@test "--digits: an input that is computed is as wrong as its steps" {
  # mpmath: 1e-5, of which the difference of doubles is off by 6.5e-17
  run -0 gc --digits -f json -e 'c = 1 - 0.99999; y = 2*c'
  run jq -e '.digits.value.y.bound | . > 6.5e-17 and . < 1e-15' <<<"$output"
  assert_success
}

@test "--digits: what one expression makes of whole numbers is off as it is with a name of its own" {
  # sqrt(2) is off by half a unit of its last digit, and so is the number that was read: 2 * 2^-53 * 1.41.
  local program off='^y = 0  # off by at most 3.3e-16: '
  for program in 'n = 2; y = sqrt(n)*x - 1.4142135623730951' 'y = sqrt(2)*x - 1.4142135623730951' \
    'for i in 2:3 { y = sqrt(i)*x - 1.4142135623730951 }'; do
    run -0 gc --digits -e "x = 1; $program"
    assert_line --regexp "$off"
  done
  # Of 5000 turns each number is made of those before it.
  run -0 gc --digits -e 'm = 0.2; y = 0; for i in 0:5000 { y = y + cos(i)*m }'
  assert_line --regexp '^y = .*  # off by at most [0-9.e-]*: about 1[0-4] of 16 digits are certain'
}

@test "--digits: arrays, the worst element, formats" {
  local program='x = [0.1, 3]; y = [x[0] + 0.2 - 0.3, x[1]]'
  run -0 gc -q --digits -w x -e "$program"
  assert_line --regexp '^y = \[5\.551115123125783e-17, 3\]  # off by at most .*: no digit is certain in the worst element \[0\]; cancellation in 1:20$'
  assert_line --regexp '^dy/dx = \[1, 1\]  # off by at most .*: about 15 of 16'
  run -0 gc -q --digits -f csv -w x -e "$program"
  assert_line --index 0 'target,wrt,index,value,bound,digits,cause,op,file,line,column'
  assert_line --regexp '^y,,0,5\.551115123125783e-17,[0-9.e-]+,0,cancellation,-,<-e>,1,20$'
  assert_line --regexp '^y,,1,3,[0-9.e-]+,1[56],,,,,$'
  run -0 gc -q --digits -f markdown -w x -e "$program"
  assert_line '| result | value | rounding |'
  assert_line --regexp '^\| `y` \| \[5\.551115123125783e-17, 3\] \| off by at most .* \|$'
  run -0 gc -q --digits -f latex -w x -e "$program"
  assert_line --regexp '^y = \\begin\{bmatrix\} 5\.551115123125783 \\cdot 10\^\{-17\} & 3 \\end\{bmatrix\} \\quad \\text\{\(off by at most \$[0-9.]+ \\cdot 10\^\{-1[67]\}\$: no digit is certain in the worst element \[0\]; cancellation in 1:20\)\}$'
  run -0 gc -q --digits -f latex -e 'x = 3; z = x + x'
  assert_line 'z = 6 \quad \text{(exact)}'
  run -0 gc -q --digits -f latex -w x -e 'x = 0.1; y = sin(1e10*x)'
  assert_line --regexp '; steepness of \\texttt\{sin\} in 1:14\)\}$'
  run -0 gc -q --digits -f json -w x -e "$program"
  run jq -c '[.grad.y.x, .digits.value.y.digits, .digits.value.y.causes[0].kind, .digits.value.y.causes[0].column]' <<<"$output"
  assert_output '[[1,1],0,"cancellation",20]'
}

@test "--digits: not connected, not finite, and beyond what is known" {
  run -0 gc -q --digits -e 'c = 4; x = 3; y = x^2'
  assert_line 'dy/dc = none'
  run -0 gc -q --digits -f csv -e 'c = 4; x = 3; y = x^2'
  assert_line 'y,c,,,,,,,,,'
  run -0 gc -q --digits -e 'x = 0; y = 1/x'
  assert_output $'y = Inf  # nothing is known of its rounding\ndy/dx = -Inf  # nothing is known of its rounding'
  # The true denominator is 0: nothing is known of the quotient.
  run -0 gc -q --digits -w x -e 'x = 0.1; y = 1/(x + 0.2 - 0.3)'
  assert_line --index 0 --regexp '# nothing is known of its rounding'
}

@test "--digits: what is printed is a file of answers, as text, csv and json" {
  local program='x = 1e-4; y = (1 - cos(x))/x^2'
  for format in text csv json; do
    gc --digits -f $format -e "$program" >answers
    run -0 gc -C answers -e "$program"
  done
  gc -f csv --elasticity -e "$program" >answers
  run -2 gc -C answers -e "$program"
  assert_output 'answers:1: error: elasticities cannot be checked; a table of gradients can'
  gc -f csv --uncertainty x=1 -e "$program" >answers
  run -2 gc -C answers -e "$program"
  assert_output 'answers:1: error: standard deviations cannot be checked; a table of gradients can'
}

@test "--digits: beta is as near as is said, where the sum of its arguments is rounded and gamma is steep" {
  run -0 gc -q -w x -e 'x = 4.6801285069075484e-05; y = beta(50.928423595785006, x)'
  assert_result y 21362.437382756789 3e-15
  run -0 gc -q -w x -e 'x = 1e-16; y = beta(60, x)*x'
  assert_result y 0.99999999999999953368 1e-15
}

@test "--digits: a jump within what its operand is off by counts whole" {
  # 3 - 1e-17 is below 3, and is 3 as a double: the floor should be 2, and (x - 1e-17) % 1 almost 1. 0.3*5 is 1.5 as read.
  run -0 gc -q --digits -t a,b,c,d,e -w x -e 'x = 3; a = floor(x - 1e-17); b = (x - 1e-17) % 1; c = round(0.3*5 + 0*x)' \
    -e 'd = copysign(2, x + 1e-17 - 3); e = floor(x + 0.5 - 1e-17)'
  assert_line --regexp '^a = 3  # off by at most 1\.[0-9]*: no digit is certain; jump of floor in <-e>:1:12$'
  assert_line --regexp '^b = 0  # off by at most 1(\.[0-9]*)?: no digit is certain; jump of % in <-e>:1:34$'
  assert_line --regexp '^c = 2  # off by at most 1\.[0-9]*: no digit is certain; jump of round'
  assert_line --regexp '^d = 2  # off by at most 4\.[0-9]*: no digit is certain; jump of copysign'
  assert_line 'e = 3  # exact'
}
