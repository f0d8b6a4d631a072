#!/usr/bin/env bats
# inner.bats -- loops that take derivatives: the values of programs, and gradients through them.

load helper

# every VALUES PROGRAM: it has them, rows of a name and what it is.
every () {
  local name value
  run gc -q -p 17 -e "$2"
  assert_success
  while read -r name value; do
    assert_result "$name" "$value" 1e-11
  done <<<"$1"
}

@test "derivatives in loops: optimisers, equations of motion, solvers and losses of second derivatives" {
  # JAX 0.10 in double precision.
  every 'result 12.939330767490318
dresult/da 8.589729775366534' '
a = 2.0
start = 1.5
f(x) = exp(x) - a*x + x^4/12
total = 0
for k in 0:20 {
  x = start + k/20
  for i in 0:5 { x = x - grad(f)(x)/grad(grad(f))(x) }
  total = total + x
}
result = total'
  every 'result 0.49643901127429435
dresult/dg -0.0008712924008690662
dresult/dl 0.012198093612166934
dresult/dq 0.984377752043708
dresult/dv 0.04974451874642295
dresult/ddt -12.102879182391408' '
m = 1.1
g = 9.8
l = 0.7
def L(q, v) { return m*l^2*v^2/2 + m*g*l*cos(q) }
q = 0.5
v = 0.1
dt = 0.001
for i in 0:50 {
  dLdq = grad(L)(q, v)
  mass = grad(grad(L, 1), 1)(q, v)
  mix = grad(grad(L, 1))(q, v)
  acc = (dLdq - mix*v)/mass
  v = v + dt*acc
  q = q + dt*v
}
result = q'
  every 'result 0.1637084423628708
dresult/dA [[-0.15073012422294885, -0.12315390593255261, 0.06763036027099514], [0.24132766141940146, -0.5240265579608541, 0.06997926358686386], [0.2097680805335966, -0.11074629403337204, -0.31717297823829915]]
dresult/dx [1.1406703411284396, 1.151928423961287, 1.1215954101089776]' '
A = [[0.1, -0.4, 0.2], [0.3, 0.2, -0.1], [-0.2, 0.5, 0.1]]
def field(x) { return tanh(A @ x) + 0.1*x }
x = [0.5, -0.3, 0.2]
logp = 0
for i in 0:40 {
  logp = logp - 0.01*trace(jacobian(field)(x))
  x = x + 0.01*field(x)
}
result = logp + sum(x)'
  every 'result 0.04294345116554723
dresult/dw1 [0.02924968000458704, 0.10668263584361823, 0.07752431392949061, -0.06579455746387133]
dresult/db1 [-0.07776632227196882, 0.15123038755401874, -0.033423251212101046, -0.17064960134874083]
dresult/dw2 [-0.07982756554071448, 0.005161637841155851, 0.0008166091486704874, -0.1204387965093538]' '
w1 = [0.5, -0.3, 0.8, 0.2]
b1 = [0.1, 0.2, -0.1, 0.3]
w2 = [0.4, -0.6, 0.3, 0.7]
def u(x) { return sum(w2*tanh(w1*x + b1)) }
loss = 0
for k in 0:25 {
  x = k/25
  r = grad(grad(u))(x) + u(x) - sin(x)
  loss = loss + r^2/25
}
result = loss'
  every 'result 0.28208301094090854
dresult/dtheta [-0.44345906200091595, 0.41747942157721063]' '
theta = [0.7, 1.3]
def g(x, theta) { return cosh(x) + theta[0]*x^2 - theta[1]*x }
x = 0.1
for i in 0:200 { x = x - 0.1*grad(g)(x, theta) }
result = x^2'
  every 'result 5.019817964638774
dresult/dW [[3.555878762854903, 4.097353918476672, -2.581468013887801], [2.7866957033719246, 3.2285707704831057, -2.0169173921509302], [-1.8748552762999542, -2.135848325254755, 1.36995273532118]]' '
W = [[0.2, -0.1, 0.3], [0.1, 0.4, -0.2], [-0.3, 0.2, 0.1]]
const x0 = [1, 0.5, -0.5]
def F(z, c) { return z - tanh(W @ z + c*x0) }
total = 0
for k in 0:10 {
  c = k/10
  z = 0*x0
  for i in 0:4 { z = z - solve(jacobian(F)(z, c), F(z, c)) }
  total = total + sum(z^2)
}
result = total'
  every 'result 1.3769325952308886
dresult/dx [-0.7376515807832638, -0.9205249975478981, -0.5883441818557276, -0.39065756024687087, -0.26825004197550056, -0.19009998680247314, -0.13872264156381187, -0.10398566376007773, -0.07896221578207481, -0.0702408742702871]
dresult/dc -0.27408128812954646' '
x = linspace(0.1, 1, 10)
c = 1.5
def f(x) { return sum(x[1:]^2*x[:-1]) + c*sum(x^4) + sum(x^2) }
b = ones_like(x)
s = 0*x
r = b
p = r
rr = sum(r*r)
for i in 0:20 {
  y = f(x)
  Hp = hvp(y, x, p)
  alpha = rr/sum(p*Hp)
  s = s + alpha*p
  r = r - alpha*Hp
  new = sum(r*r)
  p = r + new/rr*p
  rr = new
}
result = sum(s)'
  every 'result 0.05100804036187306
dresult/dk 0.1819782975761736
dresult/dy [-0.13628396708890034, -0.05044154551220021]
dresult/dd [1.0, -0.0812849157507591]' '
k = 1.5
def rhs(y) { return [y[1], -k*sin(y[0]) - 0.1*y[1]] }
y = [0.5, 0.2]
lyap = 0
d = [1, 0]
for i in 0:60 {
  d = d + 0.01*jvp(rhs(y), y, d)
  n = sqrt(sum(d^2))
  lyap = lyap + log(n)
  d = d/n
  y = y + 0.01*rhs(y)
}
result = lyap'
  every 'result 22.433446986036074
dresult/dw [-15.270827054743984, -18.72825744270453, 8.300504347605488]' '
w = [0.1, -0.2, 0.3]
def loss(w, s) { return sum((w*s - sin(s*[1, 2, 3]))^2) }
total = 0
for task in 0:20 {
  s = 0.5 + task/20
  u = w
  for i in 0:3 { u = u - 0.05*grad(loss)(u, s) }
  total = total + loss(u, s + 0.1)
}
result = total'
}
