#!/usr/bin/env bats
# formulas.bats -- the functions of ops.def that stand for an expression. Expected values and gradients: mpmath at 40 digits, from
# the definitions written out there (PyTorch's losses, Stan's densities).

load helper

# formula EXPRESSION VALUE GRADIENT: its value and its gradient in x.
formula () {
  run --separate-stderr gc -q -w x -e "x = [0.7, -1.3, 2.1]; t = [0.5, 0.25, -1]; y = $1" </dev/null
  assert_success
  assert_result y "$2"
  assert_result dy/dx "$3" 1e-12 1e-15
}

@test "formulas: losses" {
  formula 'mse(x, t)' 4.0175 '[0.13333333333333333, -1.0333333333333333, 2.0666666666666667]'
  formula 'mae(x, t)' 1.6166666666666667 '[0.33333333333333333, -0.33333333333333333, 0.33333333333333333]'
  formula 'huber(x, t)' 1.2233333333333333 '[0.066666666666666667, -0.33333333333333333, 0.33333333333333333]'
  formula 'huber(x, t, 2)' 1.8070833333333333 '[0.066666666666666667, -0.51666666666666667, 0.66666666666666667]'
  formula 'hinge([1, -1, 1], x)' 0.1 '[-0.33333333333333333, 0, 0]'
  formula 'bce_with_logits(x, [1, 0, 1])' 0.25323800863273502 '[-0.11060407594394463, 0.071388338985813796, -0.036365607065204313]'
  formula 'cross_entropy(x, 2)' 0.24683682289701439 '[0.19265835830405724, 0.0260734734889804, -0.21873183179303764]'
  formula 'cross_entropy([x, 2*x], [0, 2])' 0.85345951365024184 '[-0.34640676813328572, 0.01408556445531782, 0.3323212036779679]'
  formula 'cross_entropy([x, 2*x], [[0, 0.25, 0.75], [1, 0, 0]])' 1.9784595136502418 '[-0.84640676813328572, -0.11091443554468218, 0.9573212036779679]'
}

@test "formulas: networks" {
  formula 'sum(layer_norm(x) * t)' -1.3976154717487711 '[0.46595339606632011, -0.1918610514700577, -0.27409234459626241]'
  formula 'sum(layer_norm(x, 3, bias=2, eps=0.5) * t)' -4.2399729705124191 '[1.2207019535092003, -0.27784796515835527, -0.94285398835084507]'
  formula 'cosine_similarity(x, t)' -0.70554665581522468 '[0.24495550019070729, -0.054176571922115356, -0.11518971125345003]'
  formula 'sum(elu(x))' 2.0725317930340126 '[1.0, 0.2725317930340126, 1.0]'
  formula 'sum(elu(x, alpha=0.5) * t)' -1.8409335258707484 '[0.5, 0.034066474129251575, -1.0]'
  formula 'sum(selu(x))' 1.6630013894410198 '[1.0507009873554805, 0.47913796569305129, 1.0507009873554805]'
  formula 'sum(hard_tanh(x) * t)' -0.9 '[0.5, 0, 0]'
}

@test "formulas: densities" {
  formula 'normal_lpdf(t, x, 2)' -6.3428196412938542 '[-0.05, 0.3875, -0.775]'
  formula 'normal_lpdf(0.3, 0.1, x^2)' -4.1433984897293736 '[-2.3811507110132683, 1.5169152125141061, -0.95042213696478123]'
  formula 'bernoulli_logit_lpmf([1, 0, 1], x)' -0.75971402589820506 '[0.33181222783183389, -0.21416501695744139, 0.10909682119561294]'
  formula 'exponential_lpdf(x^2, 2)' -11.100558458320164 '[-2.8, 5.2, -8.4]'
  formula 'laplace_lpdf(t, x, 3)' -6.9919450743508317 '[-0.33333333333333333, 0.33333333333333333, -0.33333333333333333]'
  formula 'lognormal_lpdf(x^2, t, 2)' -7.0961763703047337 '[-1.9904643658018109, 1.6441263572826854, -1.5437796879663701]'
  formula 'categorical_logit_lpmf(1, x)' -3.6468368228970144 '[-0.19265835830405724, 0.9739265265110196, -0.78126816820696236]'
}

@test "formulas: with special functions and matrices" {
  formula () {
    run --separate-stderr gc -q -w x -e "x = [0.7, 0.3, 0.55]; y = $1" </dev/null
    assert_success
    assert_result y "$2" 1e-10
    assert_result dy/dx "$3" 1e-10 1e-13
  }
  formula 'bernoulli_lpmf([1, 0, 1], x)' -1.3111868886330852 '[1.4285714285714286, -1.4285714285714286, 1.8181818181818182]'
  formula 'poisson_lpmf([2, 0, 5], x)' -10.733173814997558 '[1.8571428571428571, -1.0, 8.0909090909090909]'
  formula 'gamma_lpdf(x, 2.5, 3)' -0.50218356993836802 '[-0.85714285714285714, 2.0, -0.27272727272727273]'
  formula 'gamma_lpdf(0.4, x, x^2)' -2.7404238411843126 '[1.0303829339463148, 1.9382878816741059, 1.1839945172567779]'
  formula 'beta_lpdf(x, 2, 3.5)' 0.21414773558853743 '[-6.9047619047619048, -0.2380952380952381, -3.7373737373737374]'
  formula 'beta_lpdf(0.4, x, 2*x)' -0.78132235115028938 '[0.86085856950152736, 2.3810398207392232, 1.1498633848111744]'
  formula 'student_t_lpdf(0.4, x, x^2, 2*x)' -4.3292452144530447 '[-1.2217259290049244, 1.7523054504733837, -1.0233700293157039]'
  formula 'sum(leaky_relu(x - 0.5) + leaky_relu(x - 0.6, 0.2))' 0.278 '[2.0, 0.21, 1.2]'
  formula 'multi_normal_lpdf(x, [0.1, 0.2, 0.3], [[2, 0.5, 0], [0.5, 1, 0.1], [0, 0.1, 3]])' -3.6863897854975583 '[-0.31673040152963671, 0.066921606118546845, -0.085564053537284895]'
}

@test "formulas: at the edges of what is supported" {
  run --separate-stderr gc -q -e 'y = [-1, 2]; a = exponential_lpdf(y, 3); b = lognormal_lpdf(-y, 0, 1)' -w y -t a,b </dev/null
  assert_success
  assert_line 'a = -Inf'
  assert_line 'b = -Inf'
}

@test "formulas: parameters by place, by keyword, left out, and by an expression of several steps" {
  run --separate-stderr gc -q -e 'x = 3; y = huber(2*x + 1, x - 1, delta=x) + elu(-x, x)' </dev/null
  assert_success
  # delta (|r| - delta/2) with r = x + 2, delta = x; and x (e^-x - 1)
  assert_result y 7.6493612051035918
  assert_result dy/dx 3.9004258632642721
}

@test "formulas: in an expression, within another, and beside names of the program that are the same" {
  run --separate-stderr gc -q -e 'mean = 3; pred = [1, 2]; y = 2 * mse(pred, [0, mse([mean, 1], 1)]) + mean' -w pred </dev/null
  assert_success
  assert_result y 4 # 1 + (2 - 2)^2 + 3
  assert_result dy/dpred '[2, 0]'
}

@test "formulas: are called, not passed on" {
  run gc -e 'f = mse'
  assert_failure 2
  assert_line --index 0 "<-e>:1:5: error: 'mse' is a formula: it can be called, or passed on within fn(...)"
  run gc -q -e 'f = fn(a, b) mse(a, b); x = 3; y = f(x, 1)'
  assert_success
  assert_line 'dy/dx = 4'
}

@test "formulas: mistakes are shown at the call" {
  run gc -e 'y = mse(1)'
  assert_failure 2
  assert_line --index 0 "<-e>:1:5: error: 'mse' takes 2 arguments, 1 given"
  run gc -e 'y = huber(1)'
  assert_failure 2
  assert_line --index 0 "<-e>:1:5: error: 'huber' takes 2 to 3 arguments, 1 given"
  run gc -e 'x = [1, 2]; y = mse(x, [1, 2, 3])'
  assert_failure 2
  assert_line --index 0 "<-e>:1:17: error: '-' cannot combine shapes (2) and (3): the sizes 2 and 3 differ"
  run gc -e 'x = [1, 2]; y = layer_norm(x, gian=2)'
  assert_failure 2
  assert_line --index 0 "<-e>:1:31: error: 'layer_norm' has no argument 'gian'; did you mean 'gain'?"
}
