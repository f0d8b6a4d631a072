#!/usr/bin/env bats
# trace.bats -- --trace: the steps of a run with values, adjoints, local derivatives and what is passed on. Expected values are
# worked out by hand, by the chain rule, in the comments beside them.

load helper

setup () {
  cd "$BATS_TEST_TMPDIR" || return
  cat >loss.expr <<'END'
x = 3; w = 2; b = 1; y = 5
pred = w*x + b
loss = (pred - y)^2
END
}

# squeezed [OPTION...]: the trace, with one blank where there are several.
squeezed () {
  run --separate-stderr gc -q -x "$@" </dev/null
  assert_equal "$status" 0
  output=$(sed 's/  */ /g; s/ $//' <<<"$output")
  mapfile -t lines <<<"$output"
}

@test "trace: x @ w + b, line by line" {
  # h = [0.5*1 + 2*2, -1*1 + 1*2] + [1, 0] = [5.5, 1]; h - t = [2.5, -1]; the adjoint of h is 2*(h - t) = [5, -2], that of w
  # outer(x, [5, -2]), that of x w @ [5, -2] = [2.5 + 2, 10 - 2].
  squeezed -e 'x = [1, 2]; w = [[0.5, -1], [2, 1]]; b = [1, 0]; t = [3, 2]
h = x @ w + b
loss = sum((h - t)^2)'
  assert_output " 1 1:1 x = [1, 2]
 value [1, 2], adjoint [4.5, 8]
 2 1:13 w = [[0.5, -1], [2, 1]]
 value [[0.5, -1], [2, 1]], adjoint [[5, -2], [10, -4]]
 3 1:38 b = [1, 0]
 value [1, 0], adjoint [5, -2]
 4 1:50 t = [3, 2]
 value [3, 2], adjoint [-5, 2]
 5 2:5 x @ w
 value [4.5, 1], adjoint [5, -2]
 to x: local @ [[0.5, -1], [2, 1]]', passes on [4.5, 8]
 to w: local [1, 2]' @, passes on [[5, -2], [10, -4]]
 6 2:5 h = x @ w + b
 value [5.5, 1], adjoint [5, -2]
 to x @ w: local 1, passes on [5, -2]
 to b: local 1, passes on [5, -2]
 7 3:13 h - t
 value [2.5, -1], adjoint [5, -2]
 to h: local 1, passes on [5, -2]
 to t: local -1, passes on [-5, 2]
 8 3:12 (h - t)^2
 value [6.25, 1], adjoint [1, 1]
 to h - t: local [5, -2], passes on [5, -2]
 9 3:8 loss = sum((h - t)^2)
 value 7.25, adjoint 1
 to (h - t)^2: local 1, passes on [1, 1]"
}

@test "trace: a network of two layers, line by line" {
  # w1*x + b1 = 5, relu leaves it, p = 0.5*5 + 1 = 3.5, p - y = 1.5. Adjoints: p - y 2*1.5 = 3; w2 3*5 = 15; h 3*0.5 = 1.5; then
  # through relu, slope 1: w1 1.5*2 = 3, x 1.5*3 = 4.5.
  squeezed -e 'x = 2; w1 = 3; b1 = -1; w2 = 0.5; b2 = 1; y = 2
h = relu(w1*x + b1)
p = w2*h + b2
loss = (p - y)^2'
  assert_output "step where name expression value adjoint to local passes on
 1 1:1 x 2 2 4.5
 2 1:8 w1 3 3 3
 3 1:16 b1 -1 -1 1.5
 4 1:25 w2 0.5 0.5 15
 5 1:35 b2 1 1 3
 6 1:43 y 2 2 -3
 7 2:10 w1*x 6 1.5 w1 2 3
 x 3 4.5
 8 2:10 w1*x + b1 5 1.5 w1*x 1 1.5
 b1 1 1.5
 9 2:5 h relu(w1*x + b1) 5 1.5 w1*x + b1 1 1.5
 10 3:5 w2*h 2.5 3 w2 5 15
 h 0.5 1.5
 11 3:5 p w2*h + b2 3.5 3 w2*h 1 3
 b2 1 3
 12 4:9 p - y 1.5 3 p 1 3
 y -1 -3
 13 4:8 loss (p - y)^2 2.25 1 p - y 3 3"
}

@test "trace: a loop of four turns, line by line" {
  # s goes 1, 2, 5, 12, 27; its adjoints, backward, 1, 2, 4, 8, 16; a gets s*adjoint each time: 12 + 10 + 8 + 8 = 38.
  squeezed -e 'a = 2
s = 1
for i in 0:4 { s = s*a + i }'
  assert_output "step where name expression value adjoint to local passes on
 1 1:1 a 2 2 38
 2 2:1 s 1 1 16
 3 3:20 s*a 2 8 s 2 16
 a 1 8
 4 3:20 s s*a + i 2 8 s*a 1 8
 5 3:20 s*a 4 4 s 2 8
 a 2 8
 6 3:20 s s*a + i 5 4 s*a 1 4
 7 3:20 s*a 10 2 s 2 4
 a 5 10
 8 3:20 s s*a + i 12 2 s*a 1 2
 9 3:20 s*a 24 1 s 2 2
 a 12 12
 10 3:20 s s*a + i 27 1 s*a 1 1"
}

@test "trace: of more turns the first two and the last, and all with --trace=all" {
  local program='x = 1
for i in 0:9 { x = 2*x }
y = x^2'
  # x is 512, so that y is 2^18; each turn doubles the adjoint on the way back.
  squeezed -e "$program"
  assert_output "step where name expression value adjoint to local passes on
 1 1:1 x 1 1 524288
 2 2:20 x 2*x 2 262144 x 2 524288
 3 2:20 x 2*x 4 131072 x 2 262144
 turns 3 to 8 of the loop at 2:5: 6 steps (--trace=all shows them)
 10 2:20 x 2*x 512 1024 x 2 2048
 11 3:5 y x^2 262144 1 x 1024 1024"
  squeezed --trace=all -e "$program"
  assert_equal "${#lines[@]}" 12
  assert_line ' 6 2:20 x 2*x 32 16384 x 2 32768'
  run -0 gc -q -x -f json -e "$program"
  assert_output --partial '{"turns":[3,8],"file":"<-e>","line":2,"column":5,"steps":6}'
  run -0 gc -q -x -e "${program/9/5}"
  assert_output --partial 'turns 3 to 4 of the loop at 2:5: 2 steps'
}

@test "trace: loops in loops, while, continue, and calls in them" {
  # The inner loop doubles three times: 8^6 = 2^18 in all.
  squeezed -e 'x = 1; i = 0
f(v) = 2*v
while i < 6 { i = i + 1
for j in 0:3 { x = f(x) } }'
  assert_line ' turns 3 to 5 of the loop at 3:7: 9 steps (--trace=all shows them)'
  assert_line ' 19 2:8 x 2*v 262144 1 x 2 2'
  # Of ten turns five are left out by continue: the product of five 2s.
  squeezed -e 'x = 1
for i in 0:10 { if i % 2 == 0 { continue }
x = x*2 }'
  assert_line ' turns 4 to 8 of the loop at 2:5: 3 steps (--trace=all shows them)'
  assert_line ' 6 3:5 x x*2 32 1 x 2 2'
}

@test "trace: steps of a derivative that the program takes are no steps of the variable" {
  # y = 2*3*x^2: dy/dx = 12x. The derivative is x^2's slope 2x = 6 times 3, made once and passed on.
  run -0 gc -q -x -e 'x = 3; z = x^3; y = grad(z, x)*2'
  assert_output 'step  where  name  expression    value  adjoint  to          local  passes on
   1  1:1    x     3                 3       36
   2  1:12   z     x^3              27        0  x              27          0
   3  1:12         d(x^3)           27        2  x              18         36
   4  1:12         d(x^3)           27        2  d(x^3)          1          2
   5  1:21         grad(z, x)       27        2  d(x^3)          1          2
                                                 z               0          0
   6  1:21   y     grad(z, x)*2     54        1  grad(z, x)      2          2'
}

@test "trace: what a function gives is told by its call" {
  # f is 3*a^2, so 12 at 2 and 48 at 4, and dy/dx = 6*2 + 2*6*4.
  run -0 gc -x -w x -e 'x = 2; f(a) = 3*a^2; y = f(x) + f(2*x)'
  assert_line --partial ' y     f(x) + f(2*x)     60        1  f(x)        1          1'
  assert_line --regexp '^ +f\(2\*x\) +1 +1$'
  assert_line --regexp '^ +1  1:1    x .* 60$'
  run -0 gc --why x -e 'x = 2; f(a) = 3*a^2; y = f(x) + f(2*x)'
  assert_line --partial 'in y = f(x) + f(2*x), by f(2*x)  ('
}

@test "trace: a kink and a jump are told apart, and in what is cut too" {
  run -0 gc -q -x -e 'x = 2; y = floor(x) + abs(x - 2)'
  assert_line --regexp '^ +2  1:12 +floor\(x\) \(jump\) '
  assert_line --regexp '^ +4  1:23 +abs[^ ]*\.\.\. \(kink\) '
  run -0 gc -q --why x -e 'x = 2; y = floor(x)'
  assert_line '  y = floor(x) passes nothing on to x, at a jump  (1:12)'
  run -0 gc -q -x -f dot -e 'x = 2; y = floor(x) + abs(x - 2)'
  assert_line --partial 'adjoint 1\nat a jump"'
  assert_line --partial 'adjoint 1\nat a kink"'
}

@test "trace: -w leaves what it does not reach aside, and so does -t" {
  squeezed -w b loss.expr
  assert_output "step where name expression value adjoint to local passes on
 1 1:15 b 1 1 4
 2 2:8 pred w*x + b 7 4 b 1 4
 3 3:9 pred - y 2 4 pred 1 4
 4 3:8 loss (pred - y)^2 4 1 pred - y 4 4"
  squeezed -w w -t pred loss.expr
  assert_output "step where name expression value adjoint to local passes on
 1 1:8 w 2 2 3
 2 2:8 w*x 6 1 w 3 3
 3 2:8 pred w*x + b 7 1 w*x 1 1"
  squeezed -w pred loss.expr
  assert_line ' 1 2:8 pred w*x + b 7 4'
  # Each target has a table; a sum has one.
  squeezed -w w -t pred,loss loss.expr
  assert_line 'pred:'
  assert_line 'loss:'
  assert_line ' 1 1:8 w 2 2 3'
  assert_line ' 1 1:8 w 2 2 12'
  squeezed -w w -t pred,loss --sum loss.expr
  assert_line ' 1 1:8 w 2 2 15'
  squeezed -w w -u loss=0.5 loss.expr
  assert_line ' 1 1:8 w 2 2 6'
}

@test "trace: --along has tangents, and what each operand brings" {
  # w and b change by 1 and 2: w*x by 3, pred by 5, loss by 4*5.
  squeezed --along w=1 --along b=2 loss.expr
  assert_output "step where name expression value tangent from local brings
 1 1:8 w 2 2 1
 2 1:15 b 1 1 2
 3 2:8 w*x 6 3 w 3 3
 4 2:8 pred w*x + b 7 5 w*x 1 3
 b 1 2
 5 3:9 pred - y 2 5 pred 1 5
 6 3:8 loss (pred - y)^2 4 20 pred - y 4 20"
  squeezed --along 'w=[1, 0]' -e 'X = [[1, 2], [3, 4]]; w = [1, 1]; y = X @ w'
  assert_output "step where name expression value tangent from local brings
 1 1:23 w [1, 1] [1, 1] [1, 0]
 2 1:39 y X @ w [3, 7] [1, 3] w [[1, 2], [3, 4]] @ [1, 3]"
}

@test "trace: csv has a line for each element, and for each element of what an operand gets" {
  run -0 gc -x -f csv -w w loss.expr
  assert_output 'target,step,file,line,column,name,expression,index,value,adjoint,operand,local,passes
loss,1,loss.expr,1,8,w,2,,2,12,,,
loss,2,loss.expr,2,8,,w*x,,6,4,,,
loss,2,loss.expr,2,8,,w*x,,,,1,3,12
loss,3,loss.expr,2,8,pred,w*x + b,,7,4,,,
loss,3,loss.expr,2,8,pred,w*x + b,,,,2,1,4
loss,4,loss.expr,3,9,,pred - y,,2,4,,,
loss,4,loss.expr,3,9,,pred - y,,,,3,1,4
loss,5,loss.expr,3,8,loss,(pred - y)^2,,4,1,,,
loss,5,loss.expr,3,8,loss,(pred - y)^2,,,,4,4,4'
  # The square of each element, then their sum.
  run -0 gc -q -x -f tsv -e 'v = [1, 3]; y = sum(v^2)'
  assert_line $'y\t2\t<-e>\t1\t21\t\tv^2\t1\t\t\t1\t6\t6'
  assert_line $'y\t3\t<-e>\t1\t17\ty\tsum(v^2)\t1\t\t\t2\t1\t1'
}

@test "trace: json has it beside the gradient" {
  run -0 gc -x -f json -w w -t pred loss.expr
  assert_output '{"value":{"pred":7},"grad":{"pred":{"w":3}},"trace":{"pred":[{"step":1,"name":"w","expression":"2","file":"loss.expr","line":1,"column":8,"input":true,"value":2,"adjoint":3,"operands":[]},{"step":2,"expression":"w*x","op":"multiply","file":"loss.expr","line":2,"column":8,"value":6,"adjoint":1,"operands":[{"step":1,"operand":"w","map":"scale","form":"number","local":3,"passes":3}]},{"step":3,"name":"pred","expression":"w*x + b","op":"add","file":"loss.expr","line":2,"column":8,"target":true,"value":7,"adjoint":1,"operands":[{"step":2,"operand":"w*x","map":"scale","form":"number","local":1,"passes":1}]}]}}'
  run -0 gc -q -x -f json -e 'x = zeros(1001) + 2; y = sum(x^2)'
  # The root of 1001 squares of 4.
  assert_output --partial '"adjoint":{"shape":[1001],"norm":126.5543'
}

@test "trace: markdown and LaTeX" {
  run -0 gc -x -f markdown -w w -t pred loss.expr
  assert_output '| step | where | name | expression | value | adjoint | to | local | passes on |
| --: | --- | --- | --- | --: | --: | --- | --: | --: |
| 1 | 1:8 | `w` | `2` | 2 | 3 | | | |
| 2 | 2:8 |  | `w*x` | 6 | 1 | `w` | 3 | 3 |
| 3 | 2:8 | `pred` | `w*x + b` | 7 | 1 | `w*x` | 1 | 1 |'
  run -0 gc -x -f latex -w w -t pred loss.expr
  assert_line '3 & 2:8 & $\mathrm{pred}$ & \texttt{w*x + b} & $7$ & $1$ & \texttt{w*x} & $1$ & $1$ \\'
}

@test "trace: LaTeX of all results goes through pdflatex" {
  command -v pdflatex >/dev/null || skip 'there is no pdflatex'
  local option
  echo 'dloss/dw = 11' >g
  {
    printf '%s\n' '\documentclass{article}' '\usepackage[T1]{fontenc}\usepackage{amsmath,textcomp}' '\begin{document}\tiny'
    gc -q -x -f latex loss.expr
    gc -q -x -f latex -e 'θ_1 = [[1, 1e-9], [3, 4]]; a_b = [1, 2]; y = sum((θ_1 @ a_b)^2) % 7 + log(0*a_b[0]) # $ & \ ~ { }'
    gc -q -x -f latex --trace -e 'x = zeros(40); for i in 0:9 { x = x + 1 }; s = "é\\ ^ _"; y = sum(x)'
    gc -f latex -C g loss.expr || [ $? -eq 1 ]
    cp loss.expr a_loss.expr
    gc -f latex -c 'dloss/dw = 3' -c 'dloss/db = 2*(pred + y)' -c 'dloss/dx = 4w' a_loss.expr 2>/dev/null || [ $? -eq 1 ]
    gc -f latex -k loss.expr
    gc -f latex -k -e 'θ_1 = [[1, 0]]; a_b = 1e-9; y = sum(relu(θ_1)) + a_b' 2>/dev/null
    echo '\begin{gather*}'
    for option in '' -J -H '-J --sparse' '-H --sparse' --formula '--along w=1' --value '-t pred,loss' --digits '--why w' \
      '--uncertainty w=0.1' --elasticity '-x --formula'; do
      # shellcheck disable=SC2086
      gc -q -f latex $option loss.expr | sed 's/$/ \\\\/'
    done
    gc -q -f latex --digits -t 'y % 3,y_1' -e 'x_1 = 0.1; y = sin(1e10*x_1) + x_1 + 0.2 - 0.3; y_1 = y^3 % 0.7' | sed 's/$/ \\\\/'
    gc -q -f latex -x --formula -e 'x_1 = 2; u_2 = x_1^2 % 3; z = x_1*u_2 + exp(u_2)' | sed 's/$/ \\\\/'
    gc -q -f latex -J --sparse -e 'θ_1 = [1, 2]; y_a = θ_1*3' | sed 's/$/ \\\\/'
    gc -q -f latex -H --sparse -e 'θ_1 = [1, 2]; y = sum(θ_1^2)' | sed 's/$/ \\\\/'
    gc -q -f latex -t 'a + b,m,z' -e 'a = [[1, 2], [3, 4]]; b = 2; c = 3; m = reshape(arange(12)*b, 12); z = reshape(m, 2, 2, 3)*inf' | sed 's/$/ \\\\/'
    printf '%s\n' '0 = 0' '\end{gather*}' '\end{document}'
  } >all.tex
  run pdflatex -interaction=nonstopmode -halt-on-error all.tex
  assert_success
}

@test "trace: what is not finite, kinks, and nothing at all" {
  # At 0 the slope of the root is infinite, and the adjoint that comes to it is 2*0.
  squeezed -e 'x = 0; y = sqrt(x)^2'
  assert_line ' 2 1:12 sqrt(x) 0 0 x Inf NaN'
  # A side that is not selected passes nothing, not even an infinite slope.
  squeezed -e 'x = 0; y = where(x > 0, sqrt(x), 0)'
  assert_line ' 2 1:25 sqrt(x) 0 0 x Inf 0'
  squeezed -e 'x = 0; y = relu(x)'
  assert_line ' 2 1:12 y relu(x) (kink) 0 1 x 0 0'
  squeezed -e 'x = -1; y = log(x)'
  assert_line ' 1 1:1 x -1 -1 NaN'
  squeezed -w x -e 'x = 1; z = 2; y = z^2'
  assert_output 'step where name expression value adjoint to local passes on'
}

@test "trace: functions with structure, elements, several results, derivatives" {
  # The derivative of a matrix' determinant is the matrix of cofactors.
  squeezed -e 'A = [[2, 0], [0, 3]]; y = 2*det(A)'
  assert_line ' to A: local [[3, 0], [0, 2]], passes on [[6, 0], [0, 4]]'
  squeezed -e 'x = [1, 2]; x[0] = 3*x[1]; y = x @ x'
  assert_line ' 4 1:13 x x[0] = 3*x[1] [6, 2] [12, 4] 3*x[1] 1 12'
  squeezed -e 'v = [1, 2, 3, 4]; a, b = split(v, 2); y = a @ b'
  assert_line ' 3 1:26 b = split(v, 2)'
  assert_line ' to v: local 1, passes on [0, 0, 1, 2]'
  # The derivative of x^3 is 3*x^2, whose derivative is 6*x.
  squeezed -e 'x = 2; g = grad(x^3, x); y = g + x'
  assert_line ' 1 1:1 x 2 2 13'
  squeezed -e 'x = 2; s = 1; s *= x; s += x; y = s' -t s
  assert_line ' 4 1:23 s s += x 4 1 s 1 1'
}

@test "trace: names, texts and files that are hostile, -D, large arrays" {
  squeezed -D x=7 loss.expr
  assert_line ' 1 1:1 x -D 7 40'
  printf 'x = 2\ny = (x + # \033[31m red\n\t1)^2\n' >a.expr
  run -0 gc -q -x a.expr
  refute_output --partial $'\033'
  assert_output --partial '(x + 1)^2'
  echo 'z = y + x' >b.expr
  squeezed a.expr b.expr
  assert_output --partial 'b.expr:1:5'
  squeezed -e 'x = ones(20); y = sum(x*2)'
  assert_output --partial 'value 20, norm 4.47213595499958, adjoint 20, norm 8.94427190999916'
  run -2 gc --trace=some loss.expr
  assert_output --partial "'some' is not one of all"
  # A bar or a backquote in the name of a file ends no cell of a table.
  echo 'x = 0.1' >'a|`b.expr'
  echo 'y = sin(1e10*x)' >c.expr
  run -0 gc -q -x -f markdown 'a|`b.expr' c.expr
  assert_line --partial '| 1 | `` a\|`b.expr ``:1:1 | `x` |'
  run -0 gc -q --digits -f markdown 'a|`b.expr' c.expr
  assert_line --partial 'steepness of sin in c.expr:1:5 |'
}

@test "trace: with --formula the derivation as it is written by hand" {
  run -0 gc -x --formula loss.expr
  assert_output '# 3:1  loss = (pred - y)^2   by d(u^2) = 2*u*du; d(u - v) = du - dv
dloss/dy = -2*(pred - y)
dloss/dpred = 2*(pred - y)

# 2:1  pred = w*x + b   by d(u + v) = du + dv; d(u*v) = v*du + u*dv
dpred/dx = w
dpred/dw = x
dpred/db = 1
# dloss/dx = dloss/dpred*dpred/dx
dloss/dx = 2*w*(pred - y)
# dloss/dw = dloss/dpred*dpred/dw
dloss/dw = 2*x*(pred - y)
# dloss/db = dloss/dpred*dpred/db
dloss/db = 2*(pred - y)'
  # x comes into p and into q: its derivative is the sum over both. What is assigned twice has no line.
  run -0 gc -q -x --formula -w x -t y -e 'x = 2; p = x^3; q = sin(x); s = p*q; y = exp(s); k = 1; k = 2'
  assert_output '# 1:38  y = exp(s)   by d(exp(u)) = exp(u)*du
dy/ds = y

# 1:29  s = p*q   by d(u*v) = v*du + u*dv
ds/dp = q
ds/dq = p
# dy/dp = dy/ds*ds/dp
dy/dp = q*y
# dy/dq = dy/ds*ds/dq
dy/dq = p*y

# 1:17  q = sin(x)   by d(sin(u)) = cos(u)*du
dq/dx = cos(x)

# 1:8  p = x^3   by d(u^3) = 3*u^2*du
dp/dx = 3*x^2
# dy/dx = dy/dq*dq/dx + dy/dp*dp/dx
dy/dx = p*y*cos(x) + 3*x^2*q*y'
  # v is made of u and of a, which u is made of: that part of dv/da is none that the program means, and says what is held.
  run -0 gc -q -x --formula -e 'a = 2; u = a^2; v = u*a; y = v + u'
  assert_output '# 1:26  y = v + u   by d(u + v) = du + dv
# [dy/du, v held] = 1
dy/dv = 1

# 1:17  v = u*a   by d(u*v) = v*du + u*dv
# [dv/da, u held] = u
dv/du = a
# dy/du = [dy/du, v held] + dy/dv*dv/du
dy/du = a + 1

# 1:8  u = a^2   by d(u^2) = 2*u*du
du/da = 2*a
# dy/da = dy/dv*[dv/da, u held] + dy/du*du/da
dy/da = u + 2*a*(a + 1)'
  gc -q -x --formula -e 'a = 2; u = a^2; v = u*a; y = v + u' >lines
  run -0 gc -C lines -e 'a = 2; u = a^2; v = u*a; y = v + u'
  run -0 gc -q -x --formula -f latex -e 'x = 2; y = x^2; z = x*y'
  assert_line '\left.\frac{\partial z}{\partial x}\right|_{y} = y'
  run -0 gc -q -x --formula -f markdown -e 'x = 2; y = x^2; z = x*y'
  assert_line '| `dz/dx, y held` | `y` |'
  run -0 gc -q -x --formula -f json -e 'x = 2; y = x^2; z = x*y'
  run jq -c '.derivation.z[0] | [.wrt, .held, .formula], .formula' <<<"$output"
  assert_output $'["x","y","y"]\n"y"'
  # A power that does not vary is a number, though it counts turns.
  run -0 gc -q -x --formula -w x -e 'x = 2; s = 0; for i in 2:4 { s = s + x^i }; y = s'
  assert_line --index 0 --partial 'd(u^3) = 3*u^2*du; d(u^2) = 2*u*du'
  assert_line 'dy/dx = 2*x + 3*x^2'
  run -0 gc -q -x --formula -w z,x -e 'x = 1; z = 2; y = 3*x'
  assert_line 'dy/dz = none'
}

@test "trace: each line of each derivation of the samples is accepted, in every format that is read back" {
  local file format count=0
  while IFS= read -r file; do
    cd "$srcdir/samples/$(dirname "$file")" || return
    for format in text csv json; do
      [[ $format == text || $file == homework/* ]] || continue
      gc -q -x --formula -f "$format" "${file##*/}" </dev/null >"$BATS_TEST_TMPDIR/lines" 2>/dev/null || continue
      run gc -q -C "$BATS_TEST_TMPDIR/lines" "${file##*/}"
      [[ $status == 0 ]] || fail "$file, $format: $status"
      count=$((count + 1))
    done
  done < <(cd "$srcdir/samples" && printf '%s\n' *.expr homework/*.expr)
  [[ $count -gt 60 ]] || fail "$count"
}

@test "trace: derivations in markdown and LaTeX" {
  run -0 gc -x --formula -f markdown -w pred loss.expr
  assert_output '| result | value |
| --- | --- |
| `3:1  loss = (pred - y)^2   by d(u^2) = 2*u*du; d(u - v) = du - dv` | |
| `dloss/dpred` | `2*(pred - y)` |'
  run -0 gc -x --formula -f latex -w pred loss.expr
  assert_line '\frac{\partial \mathrm{loss}}{\partial \mathrm{pred}} = 2 \cdot \left(\mathrm{pred} - y\right)'
}

@test "trace: a program in which nothing varies" {
  run -0 gc -q -x -e 'const x = 3; y = x^2'
  assert_output 'step  where  name  expression  value  adjoint  to  local  passes on'
  run -0 gc -q -x --formula -e 'const x = 3; y = x^2'
  assert_output ''
  run -0 gc -q --formula -e 'const x = 3; y = x^2'
  assert_output ''
  run -0 gc -q -x --formula -e 'y = 3'
  assert_output 'dy/dy = 1'
  # Nothing in an array.
  run -0 gc -q -x -f json -e 'x = zeros(0); y = sum(x^2)'
  assert_output --partial '"input":true,"value":[],"adjoint":[],"operands":[]'
  run -0 gc -q --why x -e 'x = zeros(0); y = sum(x^2)'
  assert_line 'dy/dx = []'
}
