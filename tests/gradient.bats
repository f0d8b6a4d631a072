#!/usr/bin/env bats
# gradient.bats -- values and gradients of whole programs, against closed forms and mpmath.
#
# Most tests are tables, one program a line:
#     PROGRAM => NAME = VALUE | NAME = VALUE ... [ -- OPTIONS]
# The program is run with the options and every NAME must have its VALUE, numbers to 1e-12; `\n` in a program is a new line.
# Values that are not round come from expected.py, which prints such lines (`expected.py --check gradient.bats` compares).

load helper

# table [RTOL [ATOL]] <LINES
table () {
  local line program rest expectation failures='' found='' options REPLY
  while IFS= read -r line; do
    [[ $line == *' => '* ]] || fail "no line of a table: $line" || return
    program=${line%% => *} rest=${line#* => } options=()
    if [[ $rest == *' -- '* ]]; then
      eval "options=(${rest##* -- })"
      rest=${rest% -- *}
    fi
    run --separate-stderr gc -q "${options[@]}" -e "${program//'\n'/$'\n'}" </dev/null
    if [[ $status -ne 0 ]]; then
      failures+="$line"$'\n'"status $status"$'\n'"$output"$'\n'"${stderr-}"$'\n'
      continue
    fi
    while [[ $rest ]]; do
      expectation=${rest%% | *}
      if find_result "${expectation%% = *}"; then
        found+="$line: ${expectation%% = *}"$'\t'"$REPLY"$'\t'"${expectation#* = }"$'\n'
      else
        failures+="$line: there is no ${expectation%% = *}"$'\n'
      fi
      [[ $rest == *' | '* ]] && rest=${rest#* | } || rest=
    done
  done
  [[ -z $found ]] || failures+=$(find_differences "${1:-1e-12}" "${2:-0}" <<<"${found%$'\n'}") || true
  [[ -z $failures ]] || fail "$failures"
}

# Every function, against differences in 50 digits.

@test "gradient: elementwise functions" {
  table <<'END'
x = 1.5; y = abs(x) => y = 1.5 | dy/dx = 1
x = -0.75; y = abs(x) => y = 0.75 | dy/dx = -1
x = 1.5; y = sign(x) => y = 1 | dy/dx = 0
x = -0.75; y = sign(x) => y = -1 | dy/dx = 0
x = 0.7; y = sqrt(x) => y = 0.8366600265340756 | dy/dx = 0.5976143046671969
x = 30; y = sqrt(x) => y = 5.477225575051661 | dy/dx = 0.09128709291752768
x = 0.7; y = cbrt(x) => y = 0.8879040017426006 | dy/dx = 0.42281142940123845
x = -5; y = cbrt(x) => y = -1.709975946676697 | dy/dx = 0.11399839644511313
x = 0.7; y = square(x) => y = 0.48999999999999994 | dy/dx = 1.4
x = -3; y = square(x) => y = 9 | dy/dx = -6
x = 0.7; y = exp(x) => y = 2.0137527074704766 | dy/dx = 2.0137527074704766
x = -20; y = exp(x) => y = 2.061153622438558e-09 | dy/dx = 2.061153622438558e-09
x = 0.7; y = exp2(x) => y = 1.624504792712471 | dy/dx = 1.1260209168747677
x = -5.5; y = exp2(x) => y = 0.02209708691207961 | dy/dx = 0.01531653349169605
x = 0.7; y = expm1(x) => y = 1.0137527074704764 | dy/dx = 2.0137527074704766
x = -1e-09; y = expm1(x) => y = -9.999999995e-10 | dy/dx = 0.999999999
x = 0.7; y = log(x) => y = -0.35667494393873245 | dy/dx = 1.4285714285714286
x = 1000000; y = log(x) => y = 13.815510557964274 | dy/dx = 1e-06
x = 0.7; y = log2(x) => y = -0.5145731728297583 | dy/dx = 2.060992915555662
x = 12; y = log2(x) => y = 3.584962500721156 | dy/dx = 0.12022458674074694
x = 0.7; y = log10(x) => y = -0.1549019599857432 | dy/dx = 0.620420688433217
x = 1234; y = log10(x) => y = 3.091315159697223 | dy/dx = 0.00035194042293618463
x = 0.7; y = log1p(x) => y = 0.5306282510621704 | dy/dx = 0.5882352941176471
x = 1e-09; y = log1p(x) => y = 9.999999995e-10 | dy/dx = 0.999999999
x = 0.7; y = reciprocal(x) => y = 1.4285714285714286 | dy/dx = -2.0408163265306123
x = -4; y = reciprocal(x) => y = -0.25 | dy/dx = -0.0625
x = 0.7; y = sin(x) => y = 0.644217687237691 | dy/dx = 0.7648421872844885
x = -4; y = sin(x) => y = 0.7568024953079282 | dy/dx = -0.6536436208636119
x = 0.7; y = cos(x) => y = 0.7648421872844885 | dy/dx = -0.644217687237691
x = -4; y = cos(x) => y = -0.6536436208636119 | dy/dx = -0.7568024953079282
x = 0.7; y = tan(x) => y = 0.8422883804630794 | dy/dx = 1.7094497158631172
x = -4; y = tan(x) => y = -1.1578212823495775 | dy/dx = 2.3405501218616203
x = 0.7; y = asin(x) => y = 0.775397496610753 | dy/dx = 1.4002800840280096
x = -0.99; y = asin(x) => y = -1.4292568534704693 | dy/dx = 7.088812050083356
x = 0.7; y = acos(x) => y = 0.7953988301841436 | dy/dx = -1.4002800840280096
x = -0.99; y = acos(x) => y = 3.000053180265366 | dy/dx = -7.088812050083356
x = 0.7; y = atan(x) => y = 0.6107259643892086 | dy/dx = 0.6711409395973155
x = -40; y = atan(x) => y = -1.5458015331759765 | dy/dx = 0.0006246096189881324
x = 0.7; y = sinh(x) => y = 0.7585837018395335 | dy/dx = 1.255169005630943
x = -4; y = sinh(x) => y = -27.289917197127753 | dy/dx = 27.308232836016487
x = 0.7; y = cosh(x) => y = 1.255169005630943 | dy/dx = 0.7585837018395335
x = -4; y = cosh(x) => y = 27.308232836016487 | dy/dx = -27.289917197127753
x = 0.7; y = tanh(x) => y = 0.6043677771171635 | dy/dx = 0.6347395899824586
x = -4; y = tanh(x) => y = -0.999329299739067 | dy/dx = 0.001340950683025897
x = 0.7; y = asinh(x) => y = 0.6526665660823557 | dy/dx = 0.8192319205190405
x = -40; y = asinh(x) => y = -4.382182848065498 | dy/dx = 0.02499219116020307
x = 1.7; y = acosh(x) => y = 1.123230982587296 | dy/dx = 0.727392967453308
x = 40; y = acosh(x) => y = 4.381870348040067 | dy/dx = 0.025007816164017767
x = 0.7; y = atanh(x) => y = 0.8673005276940531 | dy/dx = 1.96078431372549
x = -0.99; y = atanh(x) => y = -2.6466524123622457 | dy/dx = 50.25125628140699
x = 2.7; y = floor(x) => y = 2 | dy/dx = 0
x = -2.7; y = floor(x) => y = -3 | dy/dx = 0
x = 2.7; y = ceil(x) => y = 3 | dy/dx = 0
x = -2.7; y = ceil(x) => y = -2 | dy/dx = 0
x = 2.7; y = round(x) => y = 3 | dy/dx = 0
x = -2.2; y = round(x) => y = -2 | dy/dx = 0
x = 2.7; y = trunc(x) => y = 2 | dy/dx = 0
x = -2.7; y = trunc(x) => y = -2 | dy/dx = 0
x = 30; y = deg2rad(x) => y = 0.5235987755982989 | dy/dx = 0.017453292519943295
x = 0.7; y = rad2deg(x) => y = 40.10704565915762 | dy/dx = 57.29577951308232
x = 1.5; y = relu(x) => y = 1.5 | dy/dx = 1
x = -1.5; y = relu(x) => y = 0 | dy/dx = 0
x = 0.7; y = sigmoid(x) => y = 0.668187772168166 | dy/dx = 0.22171287329310904
x = -30; y = sigmoid(x) => y = 9.357622968839299e-14 | dy/dx = 9.357622968838423e-14
x = 18; y = tanh(x) => y = 0.9999999999999996 | dy/dx = 9.278091320974273e-16
x = 0.7; y = softplus(x) => y = 1.103186048885458 | dy/dx = 0.668187772168166
x = -30; y = softplus(x) => y = 9.357622968839737e-14 | dy/dx = 9.357622968839299e-14
a = 0.7; b = 2.5; y = pow(a, b) => y = 0.409963413001697 | dy/da = 1.464155046434632 | dy/db = -0.1462236773493117
a = 3; b = -2; y = pow(a, b) => y = 0.1111111111111111 | dy/da = -0.07407407407407407 | dy/db = 0.1220680320742344
a = 0.7; b = -0.5; y = atan2(a, b) => y = 2.191045812777718 | dy/da = -0.6756756756756758 | dy/db = -0.9459459459459459
a = -2; b = 3; y = atan2(a, b) => y = -0.5880026035475675 | dy/da = 0.23076923076923078 | dy/db = 0.15384615384615385
a = 0.7; b = -0.5; y = hypot(a, b) => y = 0.8602325267042626 | dy/da = 0.8137334712067349 | dy/db = -0.5812381937190965
a = -3; b = 4; y = hypot(a, b) => y = 5 | dy/da = -0.6 | dy/db = 0.8
a = 5.5; b = 2; y = mod(a, b) => y = 1.5 | dy/da = 1 | dy/db = -2
a = -5.5; b = 2; y = mod(a, b) => y = 0.5 | dy/da = 1 | dy/db = 3
a = 5.5; b = -2; y = mod(a, b) => y = -0.5 | dy/da = 1 | dy/db = 3
a = 5.5; b = 2; y = fmod(a, b) => y = 1.5 | dy/da = 1 | dy/db = -2
a = -5.5; b = 2; y = fmod(a, b) => y = -1.5 | dy/da = 1 | dy/db = 2
a = 0.7; b = -0.5; y = maximum(a, b) => y = 0.7 | dy/da = 1 | dy/db = 0
a = -2; b = 3; y = maximum(a, b) => y = 3 | dy/da = 0 | dy/db = 1
a = 0.7; b = -0.5; y = minimum(a, b) => y = -0.5 | dy/da = 0 | dy/db = 1
a = -2; b = 3; y = minimum(a, b) => y = -2 | dy/da = 1 | dy/db = 0
a = 0.7; b = -0.5; y = copysign(a, b) => y = -0.7 | dy/da = -1 | dy/db = 0
a = -2; b = -3; y = copysign(a, b) => y = -2 | dy/da = 1 | dy/db = 0
x = 0.5; lo = -1; hi = 1; y = clip(x, lo, hi) => y = 0.5 | dy/dx = 1 | dy/dlo = 0 | dy/dhi = 0
x = -1.5; lo = -1; hi = 1; y = clip(x, lo, hi) => y = -1 | dy/dx = 0 | dy/dlo = 1 | dy/dhi = 0
x = 2; lo = -1; hi = 1; y = clip(x, lo, hi) => y = 1 | dy/dx = 0 | dy/dlo = 0 | dy/dhi = 1
a = 0.7; b = 0.2; y = where(a > b, a^2, b^3) => y = 0.48999999999999994 | dy/da = 1.4 | dy/db = 0
a = 0.7; b = 0.2; y = where(a < b, a^2, b^3) => y = 0.008000000000000002 | dy/da = 0 | dy/db = 0.12000000000000001
a = 0.7; b = 3; y = a^b * b^a => y = 0.7400805630312852 | dy/da = 3.984835442713235 | dy/db = -0.09128272862202932
a = 1; b = 0.1; y = a % b => y = 0.09999999999999995 | dy/da = 1 | dy/db = -9
a = 5; b = 0.2; y = mod(a, b) + fmod(a, b) => y = 0.39999999999999947 | dy/da = 2 | dy/db = -48
a = 1; b = 0.1; y = grad(a % b * b, b) => y = -0.8 | dy/da = 1 | dy/db = -18
a = 7.5; b = 2; y = (a % b)^2 / b => y = 1.125 | dy/da = 1.5 | dy/db = -5.0625
END
}

@test "gradient: reductions" {
  table 1e-12 1e-14 <<'END'
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum(x) => y = 5.25 | dy/dx = [[1, 1, 1], [1, 1, 1]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([2, -1, 0.5] * sum(x, axis=0)) => y = 1.5 | dy/dx = [[2, -1, 0.5], [2, -1, 0.5]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([[3], [-2]] * sum(x, axis=-1, keepdims=true)) => y = 4.5 | dy/dx = [[3, 3, 3], [-2, -2, -2]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = mean(x) => y = 0.875 | dy/dx = [[0.16666666666666666, 0.16666666666666666, 0.16666666666666666], [0.16666666666666666, 0.16666666666666666, 0.16666666666666666]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([2, -1, 0.5] * mean(x, axis=0)) => y = 0.75 | dy/dx = [[1, -0.5, 0.25], [1, -0.5, 0.25]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([[3], [-2]] * mean(x, axis=-1, keepdims=true)) => y = 1.5 | dy/dx = [[1, 1, 1], [-0.6666666666666666, -0.6666666666666666, -0.6666666666666666]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = prod(x) => y = 1.125 | dy/dx = [[0.75, -2.25, 0.5625], [4.5, 0.375, -1.125]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([2, -1, 0.5] * prod(x, axis=0)) => y = 1.25 | dy/dx = [[0.5, -3, -0.5], [3, 0.5, 1]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([[3], [-2]] * prod(x, axis=-1, keepdims=true)) => y = -3 | dy/dx = [[-3, 9, -2.25], [6, 0.5, -1.5]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = max(x) => y = 3 | dy/dx = [[0, 0, 0], [0, 1, 0]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([2, -1, 0.5] * max(x, axis=0)) => y = 1 | dy/dx = [[2, 0, 0.5], [0, -1, 0]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([[3], [-2]] * max(x, axis=-1, keepdims=true)) => y = 0 | dy/dx = [[0, 0, 3], [0, -2, 0]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = min(x) => y = -1 | dy/dx = [[0, 0, 0], [0, 0, 1]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([2, -1, 0.5] * min(x, axis=0)) => y = 0.5 | dy/dx = [[0, -1, 0], [2, 0, 0.5]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([[3], [-2]] * min(x, axis=-1, keepdims=true)) => y = 0.5 | dy/dx = [[0, 3, 0], [0, 0, -2]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = var(x) => y = 1.9947916666666667 | dy/dx = [[0.20833333333333334, -0.4583333333333333, 0.375], [-0.20833333333333334, 0.7083333333333334, -0.625]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([2, -1, 0.5] * var(x, axis=0)) => y = -1.15625 | dy/dx = [[1.25, 1.75, 0.75], [-1.25, -1.75, -0.75]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([[3], [-2]] * var(x, axis=-1, keepdims=true)) => y = -2.0833333333333335 | dy/dx = [[1, -3, 2], [0.6666666666666666, -3, 2.3333333333333335]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = std(x) => y = 1.4123709380565244 | dy/dx = [[0.07375305159564097, -0.1622567135104101, 0.13275549287215374], [-0.07375305159564097, 0.25076037542517926, -0.22125915478692287]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([2, -1, 0.5] * std(x, axis=0)) => y = 0.25 | dy/dx = [[1, 0.5, 0.25], [-1, -0.5, -0.25]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([[3], [-2]] * std(x, axis=-1, keepdims=true)) => y = -0.10128592675664011 | dy/dx = [[0.4629100498862757, -1.3887301496588271, 0.9258200997725514], [0.19950186722152657, -0.8977584024968697, 0.698256535275343]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = norm(x) => y = 4.0697051490249265 | dy/dx = [[0.3685770701003707, -0.12285902336679023, 0.49143609346716094], [0.06142951168339512, 0.7371541402007414, -0.24571804673358047]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([2, -1, 0.5] * norm(x, axis=0)) => y = 1.118033988749895 | dy/dx = [[1.9727878476642875, 0.1643989873053573, 0.4472135954999579], [0.3287979746107146, -0.9863939238321437, -0.22360679774997896]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([[3], [-2]] * norm(x, axis=-1, keepdims=true)) => y = 1.304240500164417 | dy/dx = [[1.7650452162436563, -0.5883484054145521, 2.3533936216582085], [-0.15762208124782012, -1.8914649749738415, 0.6304883249912805]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = logsumexp(x) => y = 3.5326558909735932 | dy/dx = [[0.13098717111797817, 0.017727185903614228, 0.2159613352110481], [0.0375284528524473, 0.5870437731539446, 0.010752081760967635]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([2, -1, 0.5] * logsumexp(x, axis=0)) => y = 1.4984014202049962 | dy/dx = [[1.5545997223493824, -0.02931223075135632, 0.4762870634112166], [0.4454002776506177, -0.9706877692486436, 0.02371293658878339]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([[3], [-2]] * logsumexp(x, axis=-1, keepdims=true)) => y = 1.413654765731524 | dy/dx = [[1.077564317347616, 0.1458324720939068, 1.7766032105584773], [-0.11813951518502047, -1.8480129470157338, -0.03384753779924563]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = median(x) => y = 0.875 | dy/dx = [[0.5, 0, 0], [0.5, 0, 0]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([2, -1, 0.5] * median(x, axis=0)) => y = 0.75 | dy/dx = [[1, -0.5, 0.25], [1, -0.5, 0.25]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([[3], [-2]] * median(x, axis=-1, keepdims=true)) => y = 4 | dy/dx = [[3, 0, 0], [-2, 0, 0]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = var(x, ddof=1) => y = 2.39375 | dy/dx = [[0.25, -0.55, 0.45], [-0.25, 0.85, -0.75]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = std(x, ddof=1) => y = 1.5471748446765803 | dy/dx = [[0.08079242008754987, -0.17774332419260974, 0.14542635615758978], [-0.08079242008754987, 0.2746942282976696, -0.24237726026264964]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = norm(x, 3) => y = 3.4060913008575002 | dy/dx = [[0.19394114168583632, -0.0215490157428707, 0.3447842518859312], [0.005387253935717675, 0.7757645667433453, -0.0861960629714828]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = norm(x, 1) => y = 8.25 | dy/dx = [[1, -1, 1], [1, 1, -1]]
x = [1.5, -0.5, 2, 0.25]; y = sum([2, -1, 0.5, 3] * cumsum(x)) => y = 13.25 | dy/dx = [4.5, 2.5, 3.5, 3]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([[1, 2, 3], [4, 5, 6]] * cumsum(x, axis=1)) => y = 43.25 | dy/dx = [[6, 5, 3], [15, 11, 6]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([[1, 2, 3], [4, 5, 6]] * cumsum(x, axis=0)) => y = 32 | dy/dx = [[5, 7, 9], [4, 5, 6]]
x = [1.5, -0.5, 2, 0.25]; y = sum([2, -1, 0.5, 3] * cumprod(x)) => y = 1.875 | dy/dx = [1.25, 2.25, -0.9375, -4.5]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([[1, 2, 3], [4, 5, 6]] * cumprod(x, axis=1)) => y = -4.25 | dy/dx = [[-3, 12, -2.25], [1, -0.25, 4.5]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([[1, 2, 3], [4, 5, 6]] * cumprod(x, axis=0)) => y = -11.5 | dy/dx = [[2, 17, -3], [6, -2.5, 12]]
END
}

@test "gradient: sum and mean of an expression of arrays" {
  table <<'END'
x = [1, 2, 3]; b = 2; y = sum((x - b)^2*b) => y = 4 | dy/dx = [-4, 0, 4] | dy/db = 2
x = [1, 2, 3, 4]; b = 2; y = mean(x*b + b*b) => y = 9 | dy/dx = [0.5, 0.5, 0.5, 0.5] | dy/db = 6.5
x = [[1, 2], [3, 4]]; r = [1, -1]; y = sum((x + r)*x) => y = 28 | dy/dx = [[3, 3], [7, 7]] | dy/dr = [4, 6]
x = [1, 2]; y = sum(x*x + x); z = y*y => z = 64 | dz/dx = [48, 80] -- -t z -w x
x = [1, 2]; b = 3; y = b*sum(x*x*b) + mean(x*b + b) => y = 52.5 | dy/dx = [19.5, 37.5] | dy/db = 32.5
x = [1, 2]; s = 0; for i in 0:3 { s += sum(x*x*i) }; y = s => y = 15 | dy/dx = [6, 12] -- -w x
x = [-1, 2]; b = -3; y = sum(relu(x)*2 + relu(b)) => y = 4 | dy/dx = [0, 2] | dy/db = 0
b = -3; c = 0; const x = [1, 2]; y = sqrt(c*sum(relu(b)*x + x*c) + 4) => y = 2 | dy/db = 0 | dy/dc = 0
b = -3; c = 0; const x = [1, 2]; y = sqrt(sum(relu(b*x) + x*c)) => y = 0 | dy/db = 0 | dy/dc = Inf
b = -3; c = 0; x = [1, 2]; y = sqrt(sum(relu(b*x) + x*c)) => y = 0 | dy/db = 0 | dy/dc = Inf
x = [0, 4]; b = 1; y = sum(sqrt(x)*b + b) => y = 4 | dy/dx = [Inf, 0.25] | dy/db = 4
const x = zeros(0); b = 1; y = sum(x*b + b) + b => y = 1 | dy/db = 1
x = linspace(0, 1, 1000); b = 2; y = mean((x - b)*(x + b) + b) => dy/db = -3 -- -w b
END
}

@test "gradient: softmax and log_softmax" {
  table 1e-12 1e-14 <<'END'
x = [1.5, -0.5, 2, 0.25]; y = sum([2, -1, 0.5, 3] * softmax(x)) => y = 1.1556648238840876 | dy/dx = [0.2749774649175384, -0.09501113189867987, -0.3520556725912624, 0.17208933957240394]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([[1, 2, 3], [4, 5, 6]] * softmax(x)) => y = 7.190866975710733 | dy/dx = [[-0.44288359108944914, -0.011326952209636495, 0.45421054329908567], [-0.0565802042569247, 0.03894316638461734, 0.01763703787230736]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([[1, 2, 3], [4, 5, 6]] * softmax(x, axis=0)) => y = 9.722441343754557 | dy/dx = [[-0.5193143609774911, -0.08535907163920668, -0.1355299791927364], [0.5193143609774911, 0.08535907163920668, 0.1355299791927364]]
x = [1.5, -0.5, 2, 0.25]; y = sum([2, -1, 0.5, 3] * log_softmax(x)) => y = -6.54837177887906 | dy/dx = [0.534469927190325, -1.198337927495471, -1.9162506038920186, 2.5801186041971644]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([[1, 2, 3], [4, 5, 6]] * log_softmax(x)) => y = -44.82899735814094 | dy/dx = [[-1.1551286346952316, 1.7083350558121864, -0.5532064211169547], [3.1139536361123463, -8.860097102618004, 5.746143466505658]]
x = [[1.5, -0.5, 2], [0.25, 3, -1]]; y = sum([[1, 2, 3], [4, 5, 6]] * log_softmax(x, axis=0)) => y = -31.90518449879889 | dy/dx = [[-2.8864993058734556, 1.7948143847405058, -5.573167141401899], [2.8864993058734556, -1.7948143847405058, 5.573167141401899]]
END
}

@test "gradient: whole programs" {
  table 1e-12 1e-14 <<'END'
x = 0.5; y = 2; z = exp(x*y) * sin(x + y)^2 / (1 + x^2) => z = 0.7788832257173511 | dz/dx = -1.1506412736872424 | dz/dy = -1.6958595316893883
x = [0.5, -1, 2]; w = 0.3; z = mean(tanh(x*w + 1)^2 * exp(-x^2)) => z = 0.2235771478038946 | dz/dx = [-0.13140426264587537, 0.11780609636139892, -0.020236644472957355] | dz/dw = -0.0203681555199271
r = 3.5; x0 = 0.3; x = x0 * 1; for i in 0:10 { x = r*x*(1 - x) }; y = x + 0 => y = 0.4680398736812574 | dy/dr = 2.453902471289446 | dy/dx0 = 14.978872842258694 -- -w r,x0
f(x, n) = n == 0 ? x : sin(x + f(x, n - 1)); x = 0.4; y = f(x, 5) => y = 0.9815765113474074 | dy/dx = 0.25208986200372124
END
}

@test "gradient: values used many times" {
  table 1e-12 1e-14 <<'END'
x = 0.6; a = sin(x) + x; b = a*a + x/a; y = a*b + exp(a - b) + b^3/(x + a) => y = 6.3879008723924 | dy/dx = 26.88135331780372
x = 0.9; a = x; for i in 0:30 { a = a*cos(a) + a/(1 + a*a) + x*a; a = a / (1 + abs(a)) }; y = a + 0 => y = 0.5946646363971 | dy/dx = 0.13706388154754173 -- -w x
x = [0.5, -1, 2]; s = sum(x); n = norm(x); y = sum((x*s + n)^2 / (1 + x*x)) + s*n => y = 16.749090833947008 | dy/dx = [11.569237992899259, 5.618614682831908, 14.956088677138148]
END
}

# Broadcasting, products, shapes: whole numbers, worked out by hand.

@test "gradient: broadcasting comes back as a sum" {
  table <<'END'
x = 2; y = sum(x * [3, 4]) => y = 14 | dy/dx = 7
a = [[1, 2], [3, 4]]; b = [5, 6]; y = sum(a * b) => y = 56 | dy/da = [[5, 6], [5, 6]] | dy/db = [4, 6]
a = [1, 2, 3]; b = [[10], [20]]; y = sum(a * b) => y = 180 | dy/da = [30, 30, 30] | dy/db = [[6], [6]]
a = [1, 2]; b = [[1], [1]]; y = sum((a - b)^2) => y = 2 | dy/da = [0, 4] | dy/db = [[-2], [-2]]
a = [2, 4]; b = 2; y = sum(a / b) => y = 3 | dy/da = [0.5, 0.5] | dy/db = -1.5
a = 8; b = [2, 4]; y = sum(a / b) => y = 6 | dy/da = 0.75 | dy/db = [-2, -0.5]
a = [1, 2, 3]; n = 2; y = sum(a^n) => y = 14 | dy/da = [2, 4, 6] | dy/dn = 12.660099320252769
x = 2; y = sum(maximum(x, [1, 3])) => y = 5 | dy/dx = 1
x = 2; y = sum(where([true, false, true], x, 5)) => y = 9 | dy/dx = 2
x = [[[1], [2]]]; y = sum(x * [[1, 10], [100, 1000]]) => y = 2211 | dy/dx = [[[11], [1100]]]
x = [[1, 2, 3]]; y = sum(x + zeros(4, 3)) => y = 24 | dy/dx = [[4, 4, 4]]
x = 3; y = sum(-x * ones(2, 2)) => y = -12 | dy/dx = -4
END
}

@test "gradient: arrays made of elements" {
  table <<'END'
x = 2; z = 3; y = sum([x, z, x] * [1, 10, 100]) => y = 232 | dy/dx = 101 | dy/dz = 10
a = 1; b = 2; y = sum([[a, b], [b, a]] * [[1, 10], [100, 1000]]) => y = 1221 | dy/da = 1001 | dy/db = 110
v = [1, 2]; y = sum([v, 2*v] * [[1, 10], [100, 1000]]) => y = 4221 | dy/dv = [201, 2010]
x = 3; v = [x, x^2, x^3]; y = v[0] * v[1] * v[2] => y = 729 | dy/dx = 1458
x = [1, 2]; y = sum(x[2:]) + 0 * x[0] => y = 0 | dy/dx = [0, 0]
END
}

@test "gradient: matrix products" {
  table <<'END'
A = [[1, 2], [3, 4]]; b = [5, 6]; y = sum([1, 10] * (A @ b)) => y = 407 | dy/dA = [[5, 6], [50, 60]] | dy/db = [31, 42]
A = [[1, 2], [3, 4]]; b = [5, 6]; y = sum([1, 10] * (b @ A)) => y = 363 | dy/dA = [[5, 50], [6, 60]] | dy/db = [21, 43]
a = [1, 2, 3]; b = [4, 5, 6]; y = a @ b => y = 32 | dy/da = [4, 5, 6] | dy/db = [1, 2, 3]
a = [1, 2, 3]; b = [4, 5, 6]; y = dot(a, b)^2 => y = 1024 | dy/da = [256, 320, 384] | dy/db = [64, 128, 192]
A = [[1, 2], [3, 4]]; B = [[5, 6], [7, 8]]; y = sum([[1, 10], [100, 1000]] * (A @ B)) => y = 54539 | dy/dA = [[65, 87], [6500, 8700]] | dy/dB = [[301, 3010], [402, 4020]]
A = [[1, 2], [3, 4]]; B = [[5, 6], [7, 8]]; y = sum([[1, 10], [100, 1000]] * matmul(A, B)) => y = 54539 | dy/dA = [[65, 87], [6500, 8700]] | dy/dB = [[301, 3010], [402, 4020]]
A = [[1, 2], [3, 4]]; B = [[5, 6], [7, 8]]; y = sum([[1, 10], [100, 1000]] * (A' @ B)) => y = 48126 | dy/dA = [[65, 6500], [87, 8700]] | dy/dB = [[201, 2010], [403, 4030]]
A = [[1, 2, 3]]; B = [[4], [5], [6]]; y = sum(A @ B) => y = 32 | dy/dA = [[4, 5, 6]] | dy/dB = [[1], [2], [3]]
A = [[1, 2], [3, 4]]; x = [1, 2]; y = x @ A @ x => y = 27 | dy/dA = [[1, 2], [2, 4]] | dy/dx = [12, 21]
A = [[1, 2], [3, 4]]; y = trace(A) => y = 5 | dy/dA = [[1, 0], [0, 1]]
A = [[1, 2], [3, 4]]; y = trace(A @ A) => y = 29 | dy/dA = [[2, 6], [4, 8]]
A = [[1, 2], [3, 4]]; y = sum([[1, 10], [100, 1000]] * A') => y = 4231 | dy/dA = [[1, 100], [10, 1000]]
A = [[1, 2], [3, 4]]; y = sum([[1, 10], [100, 1000]] * A.T) => y = 4231 | dy/dA = [[1, 100], [10, 1000]]
x = reshape([1, 2, 3, 4, 5, 6, 7, 8], 2, 2, 2); B = eye(2); y = sum(x @ B) => y = 36 | dy/dB = [[16, 16], [20, 20]] -- -w B
END
}

@test "gradient: shapes" {
  table <<'END'
x = [1, 2, 3, 4, 5, 6]; y = sum([[1, 2, 3], [4, 5, 6]] * reshape(x, 2, 3)) => y = 91 | dy/dx = [1, 2, 3, 4, 5, 6]
x = [1, 2, 3, 4, 5, 6]; y = sum([[1, 2], [3, 4], [5, 6]] * reshape(x, [-1, 2])) => y = 91 | dy/dx = [1, 2, 3, 4, 5, 6]
x = [[1, 2], [3, 4]]; y = sum([1, 10, 100, 1000] * flatten(x)) => y = 4321 | dy/dx = [[1, 10], [100, 1000]]
x = [[1, 2], [3, 4]]; y = sum([[1, 10], [100, 1000]] * transpose(x)) => y = 4231 | dy/dx = [[1, 100], [10, 1000]]
x = [[1], [2]]; y = sum([1, 10] * squeeze(x)) => y = 21 | dy/dx = [[1], [10]]
x = [1, 2]; y = sum([[1, 10]] * expand_dims(x, 0)) => y = 21 | dy/dx = [1, 10]
x = [1, 2]; y = sum([[1], [10]] * expand_dims(x, 1)) => y = 21 | dy/dx = [1, 10]
x = [1, 2]; y = sum([[1], [10]] * x[:, None]) => y = 21 | dy/dx = [1, 10]
x = [1, 2]; y = sum([[1, 10], [100, 1000]] * broadcast_to(x, 2, 2)) => y = 2121 | dy/dx = [101, 1010]
x = [1, 2]; y = sum([1, 10, 100, 1000] * tile(x, 2)) => y = 2121 | dy/dx = [101, 1010]
x = [1, 2]; y = sum([1, 10, 100, 1000] * repeat(x, 2)) => y = 2211 | dy/dx = [11, 1100]
x = [1, 2, 3]; y = sum([1, 10, 100] * flip(x)) => y = 123 | dy/dx = [100, 10, 1]
x = [[1, 2], [3, 4]]; y = sum([[1, 10], [100, 1000]] * flip(x, axis=1)) => y = 3412 | dy/dx = [[10, 1], [1000, 100]]
x = [1, 2, 3]; y = sum([1, 10, 100] * roll(x, 1)) => y = 213 | dy/dx = [10, 100, 1]
x = [1, 2]; y = sum([1, 10, 100, 1000] * pad(x, 1)) => y = 210 | dy/dx = [10, 100]
x = [1, 2]; y = sum([[1, 10], [100, 1000]] * diag(x)) => y = 2001 | dy/dx = [1, 1000]
x = [[1, 2], [3, 4]]; y = sum([1, 10] * diag(x)) => y = 41 | dy/dx = [[1, 0], [0, 10]]
x = [[1, 2], [3, 4]]; y = sum([[1, 10], [100, 1000]] * tril(x)) => y = 4301 | dy/dx = [[1, 0], [100, 1000]]
x = [[1, 2], [3, 4]]; y = sum([[1, 10], [100, 1000]] * triu(x)) => y = 4021 | dy/dx = [[1, 10], [0, 1000]]
END
}

@test "gradient: joining, splitting, sorting" {
  table <<'END'
a = [1, 2]; b = [3]; y = sum([1, 10, 100] * concat(a, b)) => y = 321 | dy/da = [1, 10] | dy/db = [100]
a = [[1], [2]]; b = [[3], [4]]; y = sum([[1, 10], [100, 1000]] * concat(a, b, axis=1)) => y = 4231 | dy/da = [[1], [100]] | dy/db = [[10], [1000]]
a = [1, 2]; b = [3, 4]; y = sum([[1, 10], [100, 1000]] * stack(a, b)) => y = 4321 | dy/da = [1, 10] | dy/db = [100, 1000]
a = [1, 2]; b = [3, 4]; y = sum([[1, 10], [100, 1000]] * stack(a, b, axis=1)) => y = 4231 | dy/da = [1, 100] | dy/db = [10, 1000]
a = [1, 2]; b = [3, 4]; y = sum([[1, 10], [100, 1000]] * vstack(a, b)) => y = 4321 | dy/da = [1, 10] | dy/db = [100, 1000]
a = [1, 2]; b = [3, 4]; y = sum([1, 10, 100, 1000] * hstack(a, b)) => y = 4321 | dy/da = [1, 10] | dy/db = [100, 1000]
x = [1, 2, 3, 4]; a, b = split(x, 2); y = sum(a * [1, 10]) + sum(b * [100, 1000]) => y = 4321 | dy/dx = [1, 10, 100, 1000]
x = [[1, 2], [3, 4]]; a, b = split(x, 2, axis=1); y = sum(a) * sum(b) => y = 24 | dy/dx = [[6, 4], [6, 4]]
x = [3, 1, 2]; y = sum([1, 10, 100] * sort(x)) => y = 321 | dy/dx = [100, 1, 10]
x = [5, 6, 7]; y = sum([1, 10, 100] * take(x, [2, 0, 2])) => y = 757 | dy/dx = [10, 0, 101]
x = [5, 6, 7]; y = sum([1, 10, 100] * gather(x, [2, 0, 2])) => y = 757 | dy/dx = [10, 0, 101]
x = ones(1, 2, 1); y = sum([1, 10] * squeeze(x, axis=[0, 2])) => y = 11 | dy/dx = [[[1], [10]]]
x = ones(1, 2, 1); y = sum([[1], [10]] * squeeze(x, axis=[-3])) => y = 11 | dy/dx = [[[1], [10]]]
x = [[1, 2], [3, 4]]; y = sum([[1, 10], [100, 1000]] * take(x, [1, 1], axis=1)) => y = 4422 | dy/dx = [[0, 11], [0, 1100]]
END
}

@test "gradient: arrays made by functions" {
  table <<'END'
a = [1, 2]; b = [3, 4]; y = sum([[1, 10], [100, 1000]] * outer(a, b)) => y = 8643 | dy/da = [43, 4300] | dy/db = [201, 2010]
a = 2; y = sum([[1, 10], [100, 1000]] * full([2, 2], a)) => y = 2222 | dy/da = 1111
a = 0; b = 1; y = sum([1, 10, 100] * linspace(a, b, 3)) => y = 105 | dy/da = 6 | dy/db = 105
x = [1, 2]; y = sum(x * (zeros_like(x) + 3 * ones_like(x))) => y = 9 | dy/dx = [3, 3]
x = [1, 2]; y = sum([1, 10] * (eye(2) @ x)) + sum(zeros(2) * x) + sum(ones([2]) * x) => y = 24 | dy/dx = [2, 11]
x = [1, 1, 1]; y = sum(x * arange(3)) + sum(x * range(1, 6, 2)) => y = 12 | dy/dx = [1, 4, 7]
x = [1, 2]; y = [3, 4, 5]; X, Y = meshgrid(x, y); z = sum(X * Y) => z = 36 | dz/dx = [12, 12] | dz/dy = [3, 3, 3]
x = [3, 4]; y = sum([1, 10] * (one_hot([1, 0], 2) @ x)) => y = 34 | dy/dx = [10, 1]
x = 2; v = [1, 2, 3]; y = x * len(v) * size(v) * rank(v) * shape(v)[0] => y = 54 | dy/dx = 27 | dy/dv = none
x = [1, 5, 2]; y = x[argmax(x)] * 10 + x[argmin(x)] => y = 51 | dy/dx = [1, 10, 0]
x = [1, -5, 2]; y = sum(x * count(x > 0)) * any(x > 0) => y = -4 | dy/dx = [2, 2, 2]
x = [1, 5, 2]; y = sum(x * all(x > 0)) => y = 8 | dy/dx = [1, 1, 1]
x = 2.5; y = real(x) * int(x) * bool(x) => y = 5 | dy/dx = 2
END
}

# Places in arrays.

@test "gradient: indices and slices" {
  table <<'END'
x = [1, 2, 3, 4]; y = x[1] * x[-1] => y = 8 | dy/dx = [0, 4, 0, 2]
x = [1, 2, 3, 4]; y = sum([1, 10, 100] * x[1:]) => y = 432 | dy/dx = [0, 1, 10, 100]
x = [1, 2, 3, 4]; y = sum([1, 10, 100] * x[:-1]) => y = 321 | dy/dx = [1, 10, 100, 0]
x = [1, 2, 3, 4]; y = sum([1, 10] * x[::2]) => y = 31 | dy/dx = [1, 0, 10, 0]
x = [1, 2, 3, 4]; y = sum([1, 10, 100, 1000] * x[::-1]) => y = 1234 | dy/dx = [1000, 100, 10, 1]
x = [1, 2, 3, 4]; y = sum([1, 10] * x[3:1:-1]) => y = 34 | dy/dx = [0, 0, 10, 1]
x = [[1, 2], [3, 4]]; y = x[0, 1] * x[1][0] => y = 6 | dy/dx = [[0, 3], [2, 0]]
x = [[1, 2], [3, 4]]; y = sum([1, 10] * x[1]) => y = 43 | dy/dx = [[0, 0], [1, 10]]
x = [[1, 2], [3, 4]]; y = sum([1, 10] * x[:, 1]) => y = 42 | dy/dx = [[0, 1], [0, 10]]
x = [[1, 2, 3], [4, 5, 6]]; y = sum([[1, 10]] * x[1:, ::2]) => y = 64 | dy/dx = [[0, 0, 0], [1, 0, 10]]
x = [1, 2, 3]; i = 1 + 1; y = x[i]^2 => y = 9 | dy/dx = [0, 0, 6] -- -w x
x = [5, 6, 7]; y = sum([1, 10, 100, 1000] * x[[0, 0, 2, 0]]) => y = 5755 | dy/dx = [1011, 0, 100]
x = [[1, 2], [3, 4]]; y = sum([[1, 10], [100, 1000]] * x[[1, 1]]) => y = 4343 | dy/dx = [[0, 0], [101, 1010]]
x = [1, -2, 3, -4]; y = sum(x[x > 0]^2) => y = 10 | dy/dx = [2, 0, 6, 0]
x = [1, -2, 3]; y = sum([1, 10] * x[[true, false, true]]) => y = 31 | dy/dx = [1, 0, 10]
x = [[1, -2], [-3, 4]]; y = prod(x[x > 0]) => y = 4 | dy/dx = [[4, 0], [0, 1]]
END
}

@test "gradient: a slice that is taken again is of the array as it is now" {
  # Sums over i and i^2 up to 5999, by hand: the second element of y is 2 whatever becomes of x, the first 7.
  run gc_program 'const n = 6000; a = 1.0; x = a*arange(n); y = x[1:]; z = x[1:]; w = x[::-1]
    x[3] = 50; y[0] = 7; w[0] = -1
    assert y[2] == 3 && z[2] == 3 && x[1:][2] == 50
    assert z[0] == 1 && x[1] == 1 && x[n - 1] == 5999 && x[::-1][0] == 5999
    s = sum(y*z) + sum(x[1:])
    for i in 0:n { x[i] = i*a }
    assert x[1:][2] == 3 && x[1:5000][2] == 3 && x[2:5001][2] == 4 && x[1::2][2] == 5
    A = reshape(x, 60, 100); B = transpose(A); A[0, 1] = 8
    assert transpose(A)[1, 0] == 8 && B[1, 0] == 1 && A[:, 1:][0, 0] == 8' -t s
  assert_success
  assert_result s 71999998053
  assert_result ds/da 143981999002
}

@test "gradient: a slice that is taken again takes no memory" {
  # By hand: 99999 (sum of w)^2. As many slices as there are weights take 240 MB.
  run gc_program 'const x = ones(100000); w = ones(300); c = 0; for k in 0:300 { c = c + w[k]*x[1:] }; s = sum(c^2)' \
    -t s --max-memory=30M
  assert_success
  assert_result s 8999910000
  assert_result ds/dw "[59999400$(printf ', 59999400%.0s' {2..300})]"
}

@test "gradient: assignment to elements" {
  table <<'END'
a = [1, 2, 3]; b = 5; a[1] = b; y = sum(a^2) => y = 35 | dy/da = [2, 0, 6] | dy/db = 10
x = [1, 2]; s = sum(x^2); x[0] = 10; y = s + sum(x) => y = 17 | dy/dx = [2, 5]
A = [[1, 2], [3, 4]]; r = [5, 6]; A[0, :] = r; y = sum([[1, 10], [100, 1000]] * A) => y = 4365 | dy/dA = [[0, 0], [100, 1000]] | dy/dr = [1, 10]
A = [[1, 2], [3, 4]]; c = 5; A[:, 1] = c; y = sum([[1, 10], [100, 1000]] * A) => y = 5351 | dy/dA = [[1, 0], [100, 0]] | dy/dc = 1010
x = [1, 2, 3, 4]; v = [7, 8]; x[1:3] = v; y = sum([1, 10, 100, 1000] * x) => y = 4871 | dy/dx = [1, 0, 0, 1000] | dy/dv = [10, 100]
x = [1, 2]; k = 3; x[0] *= k; y = sum(x^2) => y = 13 | dy/dx = [18, 4] | dy/dk = 6
x = [1, 2]; k = 3; x[-1] += k^2; y = x[0] * x[1] => y = 11 | dy/dx = [11, 1] | dy/dk = 6
x = [4, 2]; x[0] /= x[1]; y = x[0] * 10 => y = 20 | dy/dx = [5, -10]
x = [3, 2]; x[0] ^= 2; x[1] -= x[0]; y = x[1] => y = -7 | dy/dx = [-6, 1]
x = [1, 2, 3]; x[x > 1] = 0; y = sum(x^2) => y = 1 | dy/dx = [2, 0, 0]
x = 2; v = zeros(4); v[0] = x; for i in 1:4 { v[i] = v[i - 1] * x }; y = sum(v) => y = 30 | dy/dx = 49 -- -w x
x = [1, 2, 3]; for i in 0:3 { x[i] = x[i]^2 }; y = sum(x) => y = 14 | dy/dx = [2, 4, 6]
END
}

# Control, functions.

@test "gradient: loops and branches" {
  table <<'END'
x = 2; y = x; while y < 100 { y = y * y } => y = 256 | dy/dx = 1024 -- -w x
x = [1, 2, 3]; p = 1; for v in x { p = p * v } => p = 6 | dp/dx = [6, 3, 2] -- -w x
x = [[1, 2], [3, 4]]; p = 1; for row in x { p *= sum(row) } => p = 21 | dp/dx = [[7, 7], [3, 3]] -- -w x
x = 2; s = 0; for i in 0:10 { if i == 2 { continue }; if i == 4 { break }; s += x^i } => s = 11 | ds/dx = 13 -- -w x
x = 3; s = 0; for i in 0:6:2 { s += i * x } => s = 18 | ds/dx = 6 -- -w x
x = 3; s = 0; for i in 3:0:-1 { s = s * x + i } => s = 34 | ds/dx = 20 -- -w x
x = 3; y = x > 2 ? x^2 : 7 => y = 9 | dy/dx = 6
x = 1; if x > 2 { y = x^2 } elif x > 0 { y = 5 * x } else { y = 0 } => y = 5 | dy/dx = 5
x = 2; y = 0; for i in 0:3 { for j in 0:3 { if i != j { y += x^i * j } } } => y = 11 | dy/dx = 6 -- -w x
x = 4; y = x; for i in 0:0 { y = 0 } => y = 4 | dy/dx = 1
END
}

@test "gradient: branches within an expression" {
  table <<'END'
z = 0.75; x = [3, 4]; y = z*2 + (any(x > 0) ? z : 0) + norm(x) => y = 7.25 | dy/dz = 3 | dy/dx = [0.6, 0.8]
z = 0.75; x = [3, 4]; y = z*2 + sum(kron(x*2, x)) + norm(x) => y = 104.5 | dy/dz = 2 | dy/dx = [28.6, 28.8]
z = 1; x = [3, 4]; y = z*2 + beta_lpdf(z/2, 2, 1) + norm(x) => y = 7 | dy/dz = 3 | dy/dx = [0.6, 0.8]
z = 1; x = [3, 4]; y = z*2 + beta_lpdf(z/2, 2, z) + norm(x) => dy/dz = 3.8068528194400547 | dy/dx = [0.6, 0.8]
z = 1; x = [3, 4]; y = z*2 + cross_entropy([[z, z]], [1]) + norm(x) => y = 7.693147180559945 | dy/dz = 2 | dy/dx = [0.6, 0.8]
x = 1; y = x*2 + sum(kron([1], [1])) => y = 3 | dy/dx = 2
p(x) = x > 0; z = 0.75; x = [3, 4]; x[len(x)*0] = z*2 + (p(z) ? z : 0) + norm(x); y = sum(x) => y = 11.25 | dy/dz = 3
END
}

@test "gradient: sums, products and quotients of numbers" {
  table <<'END'
x = 3.0; y = 2.0; z = (x*y - x/y)*(x + y*x) - -x => z = 43.5 | dz/dx = 28 | dz/dy = 47.25
x = 4; y = square(x)*reciprocal(x) - +x + x*x => y = 16 | dy/dx = 8
x = 2; s = 0; for i in 1:4 { s += i*x/(i + 1) } => s = 3.8333333333333333 | ds/dx = 1.9166666666666667 -- -w x
x = 2; y = x*(x > 1) + 1.5 => y = 3.5 | dy/dx = 1
const n = 3; const m = 2*n - 4; x = [1, 2, 4]; y = x[m]*n => y = 12 | dy/dx = [0, 0, 3]
x = 2; y = [1, 2]; for i in 0:2 { y = y*x + x*x }; z = sum(y) => z = 36 | dz/dx = 44 -- -w x
x = 2; y = [1, 2]; for i in 0:2 { y = x*x*i + x } => y = 6 | dy/dx = 5 -- -w x
x = 0; y = 1/(1/x) => y = 0 | dy/dx = NaN
a = 1; b = 2; z = ((a + b)*(a - b))/((a*b)*(a/b)) => z = -3 | dz/da = 8 | dz/db = -4
x = 1; y = x+x*x+x*x+x*x+x*x+x*x+x*x+x*x+x*x+x*x+x*x+x*x+x*x+x*x+x*x+x*x+x*x+x*x+x*x+x*x+x*x+x*x+x*x+x*x+x*x+x*x+x*x+x*x+x*x+x*x+x*x+x*x+x*x+x*x+x*x => y = 35 | dy/dx = 69
END
}

@test "gradient: functions, recursion, closures" {
  table <<'END'
f(a, b) = a * b + a; x = 3; y = f(x, x) => y = 12 | dy/dx = 7
def f(a) { if a > 0 { return a^2 }; return -a }; x = 3; z = -3; y = f(x) * f(z) => y = 27 | dy/dx = 18 | dy/dz = -9
total = 1; x = 2; def add(v) { total += v; return total }; y = add(x) + total => y = 4 | dy/dtotal = 2 | dy/dx = 1
v = [1, 2]; def g(k) { v[0] = k; return sum(v) }; x = 5; y = g(x) * 10 + sum(v) => y = 73 | dy/dv = [1, 11] | dy/dx = 10
x = 2; f(n) = n < 2 ? x : f(n - 1) + f(n - 2); y = f(6) => y = 26 | dy/dx = 13
a = 2; f = fn(x) a * x; a = 100; x = 3; y = f(x) => y = 6 | dy/da = 3 | dy/dx = 2 -- -w a,x
a = 2; f(x) = a * x; a = 5; x = 3; y = f(x) => y = 15 | dy/da = none | dy/dx = 5 -- -w a,x
make = fn(k) fn(x) k * x; a = 2; b = 3; f = make(a); g = make(b); x = 5; y = f(g(x)) => y = 30 | dy/da = 15 | dy/db = 10 | dy/dx = 6
apply(f, x) = f(x) + f(2*x); x = 3; y = apply(fn(t) t^2, x) => y = 45 | dy/dx = 30
def polynomial(x, c) { s = 0; for k in c { s = s * x + k }; return s }; x = 2; c = [3, 2, 1]; y = polynomial(x, c) => y = 17 | dy/dx = 14 | dy/dc = [4, 2, 1]
def twice(x) { return [x, x^2] }; x = 3; a, b = twice(x); y = a * b => y = 27 | dy/dx = 27
END
}

@test "gradient: a recursion 9000 calls deep" {
  table <<'END'
f(n) = n == 0 ? 0 : x + f(n - 1); x = 2; y = f(9000) => y = 18000 | dy/dx = 9000
END
}

# One value used many times.

@test "gradient: fan-out of one value over many statements" {
  table <<'END'
x = 2; s = 0; for i in 0:1000 { s += i * x } => s = 999000 | ds/dx = 499500 -- -w x
x = 2; y = x; for i in 0:20 { y = y + y } => y = 2097152 | dy/dx = 1048576 -- -w x
x = [1, 2]; y = sum(x); for i in 0:10 { y = y + sum(x * y) } => y = 3145728 | dy/dx = [8912896, 8912896] -- -w x
x = 3; a = x * x; b = a * a; c = a * b + a + b; y = c * a => y = 7371 | dy/dx = 19062
END
}

@test "gradient: fan-out of one value within a statement" {
  local sum
  sum=$(printf '+x%.0s' {1..5000})
  run --separate-stderr gc -q -e "x = 2; y = ${sum:1}" </dev/null
  assert_output $'y = 10000\ndy/dx = 5000'
  sum=$(printf '*x%.0s' {1..100})
  run --separate-stderr gc -q -e "x = -1; y = ${sum:1}" </dev/null
  assert_output $'y = 1\ndy/dx = -100'
  sum=$(printf '+sin(x)*x^2%.0s' {1..200})
  run --separate-stderr gc -q -e "x = 0.5; y = ${sum:1}" </dev/null
  assert_result y 23.971276930210152 1e-11
  assert_result dy/dx 139.76423581535924 1e-11
}

# Sources and targets.

@test "gradient: intermediate results" {
  table <<'END'
x = 3; y = x^2; z = y^2 => z = 81 | dz/dy = 18 | dz/dx = 108 -- -w y,x
x = 3; y = x^2; z = y * x => z = 27 | dz/dy = 3 | dz/dx = 27 -- -w y,x
x = [1, 2]; h = x^2; y = sum(h * x) => y = 9 | dy/dh = [1, 2] | dy/dx = [3, 12] -- -w h,x
x = 3; y = x^2; t = y; z = t * 2 => z = 18 | dz/dt = 2 | dz/dy = 2 -- -w t,y
x = 3; t = x => t = 3 | dt/dx = 1
x = 3; const c = x^2; y = c * x => y = 27 | dy/dx = 27 -- -w x
x = 2; a, b = [x^2, 3*x]; y = a * b => y = 24 | dy/da = 6 | dy/db = 4 | dy/dx = 36 -- -w a,b,x
a = 2; b = 3; a, b = [b, a]; y = a^2 * b => y = 18 | dy/da = 9 | dy/db = 12
END
}

@test "gradient: a value bound on a line" {
  table <<'END'
x = 2\ny = x^2\ny = y * x\nz = y + 1 => z = 9 | dz/dy@2 = 2 | dz/dy@3 = 1 | dz/dx = 12 -- -w y@2,y@3,x
x = 2\ny = x^2\ny = y * x\nz = y + 1 => z = 9 | dz/dy = 2 -- -w y
x = [1, 2]; v = x*2; v[0] = 3*x[1]; y = sum(v^2); z = 3*y => y = 52 | dy/dx = [0, 52] | z = 156 | dz/dx = [0, 156] -- -t y,z -w x
x = [1, 2, 3]\nv = x*2\nv[0] = 3*x[1]\nv[1:] = x[:2]\ny = 5*sum(v^2) => y = 205 | dy/dv@2 = [0, 0, 0] | dy/dv@3 = [60, 0, 0] | dy/dv@4 = [60, 10, 20] | dy/dx = [10, 200, 0] -- -w v@2,v@3,v@4,x
x = 2\ns = 1\nfor i in 0:3 {\n  s = s * x\n}\ny = s^2 => y = 64 | dy/ds@2 = 128 | dy/ds@4 = 16 | dy/dx = 192 -- -w s@2,s@4,x
END
}

@test "gradient: rebinding leaves what was computed alone" {
  table <<'END'
x = 3; y = x^2; x = 10; z = y + 0 => z = 9 | dz/dx = 6 -- -w x
x = 3; y = x^2; x = 10; z = y * x => z = 90 | dz/dx = 60 -- -w x
x = 3; x = x^2; x = x^2; y = x + 1 => y = 82 | dy/dx = 108
x = 3; x += 1; x *= x; y = x - 1 => y = 15 | dy/dx = 8
x = 3; y = x^2; y -= x; y /= 2; y ^= 2 => y = 9 | dy/dx = 15
x = 3; y = x^2; x = y; y = x => y = 9 | dy/dx = 6 -- -w x
END
}

@test "gradient: targets" {
  table <<'END'
x = 3; y = x^2; z = x^3 => y = 9 | dy/dx = 6 -- -t y
x = 3; y = x^2; z = x^3 => z = 27 | dz/dx = 27 | y = 9 | dy/dx = 6 -- -t z,y
x = 3; y = x^2; z = x^3 => y+z = 36 | d(y+z)/dx = 33 -- --sum -t y,z
x = 2; y = x^2; v = [x, 1/x] => y+v = 6.5 | d(y+v)/dx = 4.75 -- --sum -t y,v
a = 2; b = [1, 2]; c = 0 => a+sum(b) = 5 | d(a+sum(b))/da = 1 | d(a+sum(b))/db = [1, 1] -- -w a,b -t 'a + sum(b)'
x = 3; x^2 => f = 9 | df/dx = 6
x = 3; y = x^2; z = 5 * x; y => y = 9 | dy/dx = 6
x = 3; y = x^2; y = y * x => y = 27 | dy/dx = 27 -- -t y
x = 3; y = x^2; a, b = [y, 2*y] => b = 18 | db/dx = 12
x = [1, 2]; y = x^2 => x = [1, 2] | dx/dx = [1, 1] -- -t x
x = [1, 2]; y = x^2 => y = [1, 4] | dy/dx = [2, 4]
x = [[1, 2], [3, 4]]; y = x @ x => y = [[7, 10], [15, 22]] | dy/dx = [[7, 11], [9, 13]]
f(x) = x^2; x = 3; y = f(x); g(t) = 0 => y = 9 | dy/dx = 6
END
}

@test "gradient: seeds of targets that are not one number" {
  table <<'END'
x = [1, 2, 3]; y = x^2 => y = [1, 4, 9] | dy/dx = [2, 0, 12] -- -u 'y=[1, 0, 2]'
x = 3; y = [x, x^2, x^3] => dy/dx = 2761 -- -u 'y=[1, 10, 100]'
A = [[1, 2], [3, 4]]; y = A @ A => dy/dA = [[322, 3053], [2502, 8320]] -- -u 'y=[[1, 10], [100, 1000]]'
x = [1, 2]; y = x^2; z = 3 * x => dy/dx = [2, 40] | dz/dx = [300, 3000] -- -t y,z -u 'y=[1, 10]' -u 'z=[100, 1000]'
x = [1, 2]; y = x^2; z = 3 * x => dy/dx = [2, 40] | dz/dx = [3, 3] -- -t y,z -u 'y=[1, 10]'
x = [1, 2]; y = sqrt(x - 1) => y = [0, 1] | dy/dx = [0, 0.5] -- -u 'y=[0, 1]'
END
}

@test "gradient: -D takes the place of the first assignment" {
  table <<'END'
x = 3; y = x^2 => y = 25 | dy/dx = 10 -- -D x=5
x = 3; y = x^2; x = 7; z = y + x => z = 32 | dz/dx = 10 -- -D x=5 -w x
x = [1, 2]; y = sum(x^2) => y = 25 | dy/dx = [6, 8] -- -D 'x=[3, 4]'
y = x^2 => y = 25 | dy/dx = 10 -- -D x=5
END
}

@test "gradient: stop_gradient" {
  table <<'END'
x = 3; y = x * stop_gradient(x) => y = 9 | dy/dx = 3
x = 3; y = stop_gradient(x^2) => y = 9 | dy/dx = none
x = [1, 2]; y = sum(x * stop_gradient(x / sum(x))) => dy/dx = [0.3333333333333333, 0.6666666666666666]
END
}

# What the derivative is where there is none, rule by rule.

@test "no derivative: at a kink the smallest slope" {
  table <<'END'
x = 0; y = abs(x) => y = 0 | dy/dx = 0
x = 0; y = relu(x) => y = 0 | dy/dx = 0
x = 0; y = clip(x, 0, 1) => y = 0 | dy/dx = 0
x = 1; y = clip(x, 0, 1) => y = 1 | dy/dx = 0
x = [0, 0]; y = norm(x) => y = 0 | dy/dx = [0, 0]
x = [0, 3]; y = norm(x, 1) => y = 3 | dy/dx = [0, 1]
x = [3, 0, -2, -1]; y = floor(norm(x, 1)) => y = 6 | dy/dx = [0, 0, 0, 0]
a = 0; b = 0; y = hypot(a, b) => y = 0 | dy/da = 0 | dy/db = 0
x = [2, 2, 2]; y = std(x) => y = 0 | dy/dx = [0, 0, 0]
x = [2, 2, 2]; y = var(x) => y = 0 | dy/dx = [0, 0, 0]
x = [[2, 2], [1, 3]]; y = sum(std(x, axis=1)) => y = 1 | dy/dx = [[0, 0], [-0.5, 0.5]]
x = [[0, 0], [3, 4]]; y = sum(norm(x, axis=1)) => y = 5 | dy/dx = [[0, 0], [0.6, 0.8]]
END
}

@test "no derivative: ties are split among the varying arguments" {
  table <<'END'
a = 2; b = 2; y = maximum(a, b) => y = 2 | dy/da = 0.5 | dy/db = 0.5
a = 2; b = 2; y = minimum(a, b) => y = 2 | dy/da = 0.5 | dy/db = 0.5
a = 2; b = 2; y = maximum(a, b) => dy/da = 0.5 -- -w a
a = 2; y = maximum(a, 2) => y = 2 | dy/da = 0
a = 2; y = maximum(2, a) => y = 2 | dy/da = 0
a = 2; y = minimum(a, 2) => y = 2 | dy/da = 0
a = 2; const c = 2; y = maximum(a, c) => y = 2 | dy/da = 0
a = 2; b = 2; y = max(a, b) => y = 2 | dy/da = 0.5 | dy/db = 0.5
a = 2; b = 2; c = 2; y = max(a, b, c) => y = 2 | dy/da = 0.3333333333333333 | dy/db = 0.3333333333333333 | dy/dc = 0.3333333333333333
a = 1; b = 2; c = 1; y = min(a, b, c) => y = 1 | dy/da = 0.5 | dy/db = 0 | dy/dc = 0.5
a = 2; y = max(a, 2) => y = 2 | dy/da = 0
x = [1, 3, 3]; y = max(x) => y = 3 | dy/dx = [0, 0.5, 0.5]
x = [1, 1, 3, 1]; y = 6 * min(x) => y = 6 | dy/dx = [2, 2, 0, 2]
x = [[1, 1], [2, 3]]; y = sum(max(x, axis=1)) => y = 4 | dy/dx = [[0.5, 0.5], [0, 1]]
x = [4, 1, 3, 2]; y = median(x) => y = 2.5 | dy/dx = [0, 0, 0.5, 0.5]
x = [4, 1, 3]; y = median(x) => y = 3 | dy/dx = [0, 0, 1]
x = [1, 2, 3]; y = sum(maximum(x, 2)) => y = 7 | dy/dx = [0, 0, 1]
a = [1, 2]; b = 2; y = sum(maximum(a, b)) => y = 4 | dy/da = [0, 0.5] | dy/db = 1.5
END
}

@test "no derivative: an infinite slope is that infinity" {
  table <<'END'
x = 0; y = sqrt(x) => y = 0 | dy/dx = Inf
x = 0; y = -sqrt(x) => dy/dx = -Inf
x = 0; y = cbrt(x) => y = 0 | dy/dx = Inf
x = 0; y = log(x) => y = -Inf | dy/dx = Inf
x = 0; y = log2(x) => y = -Inf | dy/dx = Inf
x = 0; y = log10(x) => y = -Inf | dy/dx = Inf
x = -1; y = log1p(x) => y = -Inf | dy/dx = Inf
x = 1; y = asin(x) => y = 1.5707963267948966 | dy/dx = Inf
x = -1; y = asin(x) => y = -1.5707963267948966 | dy/dx = Inf
x = 1; y = acos(x) => y = 0 | dy/dx = -Inf
x = 1; y = acosh(x) => y = 0 | dy/dx = Inf
x = 1; y = atanh(x) => y = Inf | dy/dx = Inf
x = 0; y = x^0.5 => y = 0 | dy/dx = Inf
x = 0; y = 1 / x => y = Inf | dy/dx = -Inf
x = 0; y = reciprocal(x) => y = Inf | dy/dx = -Inf
x = [0, 4]; y = sum(sqrt(x)) => y = 2 | dy/dx = [Inf, 0.25]
END
}

@test "no derivative: a jump or a flat piece is 0" {
  table <<'END'
x = 2; y = floor(x) => y = 2 | dy/dx = 0
x = 2; y = ceil(x) => y = 2 | dy/dx = 0
x = 2.5; y = round(x) => y = 2 | dy/dx = 0
x = 0; y = trunc(x) => y = 0 | dy/dx = 0
x = 0; y = sign(x) => y = 0 | dy/dx = 0
x = 2.7; y = floor(x) * x => y = 5.4 | dy/dx = 2
a = 4; b = 2; y = a % b => y = 0 | dy/da = 1 | dy/db = 0
a = 4; b = 2; y = mod(a, b) => y = 0 | dy/da = 1 | dy/db = 0
a = 4; b = 2; y = fmod(a, b) => y = 0 | dy/da = 1 | dy/db = 0
a = 3; b = 2; y = copysign(a, b) => y = 3 | dy/da = 1 | dy/db = 0
END
}

@test "no derivative: outside the domain and without a limit it is NaN" {
  table <<'END'
x = -1; y = log(x) => y = NaN | dy/dx = NaN
x = -1; y = sqrt(x) => y = NaN | dy/dx = NaN
x = -2; y = log1p(x) => y = NaN | dy/dx = NaN
x = -2; y = log2(x) + log10(x) => y = NaN | dy/dx = NaN
x = 2; y = asin(x) => y = NaN | dy/dx = NaN
x = -2; y = acos(x) => y = NaN | dy/dx = NaN
x = 0.5; y = acosh(x) => y = NaN | dy/dx = NaN
x = 2; y = atanh(x) => y = NaN | dy/dx = NaN
x = -8; y = x^0.5 => y = NaN | dy/dx = NaN
a = 0; b = 0; y = atan2(a, b) => y = 0 | dy/da = NaN | dy/db = NaN
x = [0, 0]; y = sum(x / norm(x)) => y = NaN | dy/dx = [NaN, NaN]
x = 0; y = x / x => y = NaN | dy/dx = NaN
x = 1; b = 0; y = x % b => y = NaN | dy/dx = NaN | dy/db = NaN
END
}

@test "no derivative: beside a value that is NaN no gradient is finite" {
  table <<'END'
x = -1; m = 3; y = log(x) + m => y = NaN | dy/dx = NaN | dy/dm = NaN
x = -1; m = 3; y = log(x) + where(x > 0, m, 0) => y = NaN | dy/dx = NaN | dy/dm = NaN
x = -1; m = 3; y = log(x) + 0 * m => y = NaN | dy/dx = NaN | dy/dm = NaN
x = -1; m = -3; y = log(x) + relu(m) => y = NaN | dy/dx = NaN | dy/dm = NaN
x = -1; m = 2.5; y = log(x) * floor(m) => y = NaN | dy/dx = NaN | dy/dm = NaN
x = [1, -1]; y = log(x) => y = [0, NaN] | dy/dx = [1, NaN]
x = -1; m = 3; c = 1; y = log(x) + stop_gradient(m) => y = NaN | dy/dx = NaN | dy/dm = none | dy/dc = none
x = 3; y = x * nan => y = NaN | dy/dx = NaN
END
}

@test "no derivative: a zero adjoint multiplies nothing" {
  table <<'END'
x = 0; y = where(x > 0, sqrt(x), 0) => y = 0 | dy/dx = 0
x = 0; y = 0 * sqrt(x) => y = 0 | dy/dx = 0
x = -1; y = where(x > 0, log(x), 5) => y = 5 | dy/dx = 0
x = [0, 4]; y = sum(where(x > 0, sqrt(x), x)) => y = 2 | dy/dx = [1, 0.25]
x = [0, 4]; r = sqrt(x); y = r[1] => y = 2 | dy/dx = [0, 0.25]
x = [0, 4]; y = sum(sqrt(x) * [0, 1]) => y = 2 | dy/dx = [0, 0.25]
x = [0, 4]; r = sqrt(x); r[0] = 1; y = sum(r) => y = 3 | dy/dx = [0, 0.25]
x = [0, 0, 9]; y = max(sqrt(x)) => y = 3 | dy/dx = [0, 0, 0.16666666666666666]
x = [0, 4]; y = [0, 1] @ sqrt(x) => y = 2 | dy/dx = [0, 0.25]
x = 0; r = sqrt(x); s = r * 0; y = s + 3 => y = 3 | dy/dx = 0
x = 0; const z = 1e-320; y = x / z * 0 + x => y = 0 | dy/dx = 1
END
}

@test "no derivative: a zero by rule passes nothing, a partial that came out as 0 does" {
  table <<'END'
x = 1; y = acos(clip(x, -1, 1)) => y = 0 | dy/dx = 0
x = 1.5; y = acos(clip(x, -1, 1)) => y = 0 | dy/dx = 0
x = 2; y = sqrt(x^0 - 1) => y = 0 | dy/dx = 0
x = [2, 3]; y = sum(sqrt(pow(x, 0) - 1)) => y = 0 | dy/dx = [0, 0]
x = 0; y = sqrt(abs(x)) => y = 0 | dy/dx = 0
x = -1; y = sqrt(relu(x)) => y = 0 | dy/dx = 0
x = -1; y = log(relu(x)) => y = -Inf | dy/dx = 0
x = 0.5; y = sqrt(floor(x)) => y = 0 | dy/dx = 0
x = 0; y = sqrt(sign(x)) => y = 0 | dy/dx = 0
x = [0, 0]; y = sqrt(norm(x)) => y = 0 | dy/dx = [0, 0]
x = [1, 1]; y = sqrt(std(x)) => y = 0 | dy/dx = [0, 0]
a = 0; b = 1; y = sqrt(minimum(a, b)) => y = 0 | dy/da = Inf | dy/db = 0
a = 0; b = 1; y = sqrt(where(a < b, a, b)) => y = 0 | dy/da = Inf | dy/db = 0
x = [0, 1]; y = sqrt(min(x)) => y = 0 | dy/dx = [Inf, 0]
x = [0, 1]; y = sqrt(x[0]) => y = 0 | dy/dx = [Inf, 0]
a = 4; b = 2; y = sqrt(a % b) => y = 0 | dy/da = Inf | dy/db = 0
u = 0; d = sqrt(u^2) => d = 0 | dd/du = NaN
u = 0; s = u^2; d = sqrt(s) => d = 0 | dd/du = NaN
x = [0, 0]; d = sqrt(sum(x^2)) => d = 0 | dd/dx = [NaN, NaN]
x = [1, 2]; const c = -[0, 3]; v = x*c; a = 1e300*v[0]; y = 1e300*a => y = -0 | dy/dx = [NaN, 0]
END
}

@test "no derivative: powers" {
  table <<'END'
x = 0; y = 2; p = x^y => p = 0 | dp/dx = 0 | dp/dy = 0
x = 0; y = 1; p = x^y => p = 0 | dp/dx = 1 | dp/dy = 0
x = 0; y = 0; p = x^y => p = 1 | dp/dx = 0 | dp/dy = 0
x = 0; y = 0.5; p = x^y => p = 0 | dp/dx = Inf | dp/dy = 0
x = -2; y = 2; p = x^y => p = 4 | dp/dx = -4 | dp/dy = NaN
x = -2; p = x^2 => p = 4 | dp/dx = -4
x = -2; const y = 2; p = x^y => p = 4 | dp/dx = -4
x = -2; y = 2; p = pow(x, y) => p = 4 | dp/dx = -4 | dp/dy = NaN
x = 2; y = 0; p = x^y => p = 1 | dp/dx = 0 | dp/dy = 0.6931471805599453
x = 0; p = x^0 => p = 1 | dp/dx = 0
x = 0; p = x^1 => p = 0 | dp/dx = 1
x = 0; p = x^2 => p = 0 | dp/dx = 0
x = 0; p = x^3 => p = 0 | dp/dx = 0
x = -2; p = x^3 => p = -8 | dp/dx = 12
x = -2; p = x^-1 => p = -0.5 | dp/dx = -0.25
x = 0; y = 2; p = x^y => dp/dx = 0 -- -w x
y = 2; p = 0^y => p = 0 | dp/dy = 0
x = [0, 0, 0, -2]; y = [2, 1, 0.5, 2]; p = sum(x^y) => p = 4 | dp/dx = [0, 1, Inf, -4] | dp/dy = [0, 0, 0, NaN]
END
}

@test "no derivative: products with zeros" {
  table <<'END'
x = [0, 2, 3]; y = prod(x) => y = 0 | dy/dx = [6, 0, 0]
x = [2, 0, 3]; y = prod(x) => y = 0 | dy/dx = [0, 6, 0]
x = [0, 2, 0]; y = prod(x) => y = 0 | dy/dx = [0, 0, 0]
x = [1e-200, 1e-200, 1e300]; y = prod(x) => y = 1e-100 | dy/dx = [1e100, 1e100, 0]
x = [1e-200, 1e-200, 1e300, -1e200]; y = prod(x) => y = -1e100 | dy/dx = [-1e300, -1e300, -1e-200, 1e-100]
x = [1e200, 1e200, 1e-300, 1e-150]; y = prod(x) => y = 1e-50 | dy/dx = [1e-250, 1e-250, 1e250, 1e100]
x = [[0, 2], [3, 4]]; y = sum([1, 10] * prod(x, axis=1)) => y = 120 | dy/dx = [[2, 0], [40, 30]]
x = [0, 2, 3]; y = sum(cumprod(x)) => y = 0 | dy/dx = [9, 0, 0]
x = [2, 0, 3]; y = sum(cumprod(x)) => y = 2 | dy/dx = [1, 8, 0]
x = [2, 0, 0]; y = sum(cumprod(x)) => y = 2 | dy/dx = [1, 2, 0]
k = 1; p = 1.5; y = bernoulli_lpmf(k, p) => y = NaN | dy/dp = NaN
k = 0; r = -1.5; y = poisson_lpmf(k, r) => y = NaN | dy/dr = NaN
x = [[2, 0, 3], [1, 1, 0]]; y = sum(cumprod(x, axis=1)) => y = 4 | dy/dx = [[1, 8, 0], [2, 1, 1]]
END
}

@test "no derivative: exponentials that do not overflow" {
  table <<'END'
x = [1000, 1000]; y = logsumexp(x) => y = 1000.6931471805599 | dy/dx = [0.5, 0.5]
x = [-1000, -1000]; y = logsumexp(x) => y = -999.3068528194401 | dy/dx = [0.5, 0.5]
x = [1000, 0]; y = sum([1, 2] * softmax(x)) => y = 1 | dy/dx = [0, 0]
x = [1000, 1000]; y = sum([1, 2] * softmax(x)) => y = 1.5 | dy/dx = [-0.25, 0.25]
x = [1000, 0]; y = sum([1, 2] * log_softmax(x)) => y = -2000 | dy/dx = [-2, 2]
x = 1000; y = softplus(x) => y = 1000 | dy/dx = 1
x = -1000; y = softplus(x) => y = 0 | dy/dx = 0
x = 1000; y = sigmoid(x) => y = 1 | dy/dx = 0
x = -1000; y = sigmoid(x) => y = 0 | dy/dx = 0
x = 1000; y = tanh(x) => y = 1 | dy/dx = 0
END
}

@test "gradient: near the ends of the range, of numbers and of arrays" {
  local name at value slope
  while read -r name at value slope; do
    table <<END
x = $at; y = $name(x) => y = $value | dy/dx = $slope
x = $at; y = $name(x*ones(17))[16] => y = $value | dy/dx = $slope
END
  done <<'END'
sinh 710.4 1.6663642832806496e308 1.6663642832806496e308
cosh -710.4 1.6663642832806496e308 -1.6663642832806496e308
asinh 1e300 691.46867507877374 1e-300
acosh 1e300 691.46867507877374 1e-300
log1p 1.7e308 709.72683689322821 5.882352941176471e-309
silu -710.4 -2.1315867338485020e-306 -2.1285861894596379e-306
sigmoid -710 4.47628622567513e-309 4.47628622567513e-309
sigmoid -720 2.03223080242e-313 2.03223080242e-313
softplus -720 2.03223080242e-313 2.03223080242e-313
logsigmoid 720 -2.03223080242e-313 2.03223080242e-313
atan 1e160 1.5707963267948966 1e-320
softsign -1e160 -1 1e-320
log10 1e308 308 4.3429448190325e-309
erfinv 0.99999999999999 5.4725525174145355 8998228299048.975
erfinv -0.9999999999999999 -5.8635847487551676 757347920544974.0
digamma 1e200 460.51701859880914 1e-200
END
}

@test "gradient: gammainc of large arguments" {
  table <<'END'
a = 1e15; b = 1e15; y = gammainc(a, b) => y = 0.50000000420522087 | dy/db = 1.2615662610100799e-08
a = 2e8; b = 2.0001e8; y = gammainc(a, b) => y = 0.7602536005616257 | dy/db = 2.1968649105378297e-05
a = 1e12; b = 1.000001e12; y = gammaincc(a, b) => y = 0.158655253931416723 | dy/db = -2.419705632054211e-07
a = 1e8; b = 0.9999e8; y = gammainc(a, b) => y = 0.15865525352814383 | dy/db = 2.4198685684184632e-05
a = 1e300; b = 1e300; y = gammainc(a, b) => y = 0.5
a = 1e300; b = 1.1e300; y = gammainc(a, b) => y = 1 | dy/da = 0 | dy/db = 0
END
  table 1e-8 <<'END'
a = 1e15; b = 1e15; y = gammainc(a, b) => dy/da = -1.2615662608e-08
a = 2e8; b = 2.0001e8; y = gammainc(a, b) => dy/da = -2.19691983308e-05
a = 1e12; b = 1.000001e12; y = gammaincc(a, b) => dy/da = 2.41970684191e-07
END
}

@test "gradient: differences of digamma at large arguments" {
  table 1e-14 <<'END'
a = 1e8; b = 2.5; y = lbeta(a, b) => y = -45.767019008157994 | dy/da = -2.4999999812500002e-8 | dy/db = -17.717524123307122
a = 1e10; b = 2.5; y = lbeta(b, a) => dy/da = -2.4999999998125e-10 | dy/db = -22.322694289495214
a = 1e15; b = 2.5; y = lbeta(a, b) => dy/da = -2.4999999999999981e-15 | dy/db = -33.835619754265444
a = 1e8; b = 2.5; y = lchoose(a, b) => dy/da = 2.5000000187500002e-8 | dy/db = 17.317524083307122
a = 1e10; b = 9999999997; y = lchoose(a, b) => dy/da = 21.769733261558656 | dy/db = -21.769733261258656
a = 1e6; b = 1e-9; y = lchoose(a, b) => y = 1.4392726722043257e-8
a = 2.529877280018626e-06; b = 2.4405703579274248e-06; y = lchoose(a, b) => y = 3.5852888150324574e-13
END
}

@test "gradient: betainc of large arguments" {
  table 1e-12 <<'END'
a = 1e4; b = 2e4; y = betainc(a, b, 0.33333) => y = 0.50005429558349834 | dy/da = -0.0032574227373265035 | dy/db = 0.0016286855809609875
a = 1e6; b = 2e6; y = betainc(a, b, 0.3328) => y = 0.024999124270724395 | dy/da = -4.774427005658262e-5 | dy/db = 2.3843494110806941e-5
a = 1e6; b = 20; y = betainc(a, b, 0.99999) => y = 0.99654511682331872 | dy/da = -3.7326683647023831e-8 | dy/db = 0.0026085610031420888
END
  table 2e-12 <<'END'
a = 100000000.0; b = 200000000.0; x = 0.33333; y = betainc(a, b, x) => y = 0.4512669326621825 | dy/da = -3.2330274283004852e-5 | dy/db = 1.6165015889705149e-5 | dy/dx = 14548.623387545576
a = 170000000.0; b = 510000000.0; x = 0.25; y = betainc(a, b, x) => y = 0.50000588848703461 | dy/da = -2.6498191674507632e-5 | dy/db = 8.8327305523961841e-6 | dy/dx = 24025.027082889331
a = 300000000.0; b = 50.0; x = 0.99999983; y = betainc(a, b, x) => y = 0.42560467627465126 | dy/da = -9.2953125486045997e-9 | dy/db = 0.055405915018564089 | dy/dx = 16403495.470025078
a = 11000000000.0; b = 33000000000.0; x = 0.25001; y = betainc(a, b, x) => y = 0.99999936438373022 | dy/da = -2.6430436502785642e-11 | dy/db = 8.810380438575025e-12 | dy/dx = 1.5505752717866647
a = 20000000000000.0; b = 15000000000000.0; x = 0.571428; y = betainc(a, b, x) => y = 4.2074342294216861e-12 | dy/da = -4.2940909134059484e-18 | dy/db = 5.7254478715157954e-18 | dy/dx = 0.00035068379902527257
END
}

@test "gradient: log densities of large parameters, to the second order" {
  table 1e-12 <<'END'
x = 0.7; nu = 100000.0; y = student_t_lpdf(x, nu, 0, 1) => y = -1.163942882950631 | dy/dx = -0.70000356998250704 | dy/dnu = 4.3497419165455395e-11
x = 0.7; nu = 100000.0; y = student_t_lpdf(x, nu, 0, 1); d = grad(y, x) => d = -0.70000356998250704 | dd/dx = -0.99999529997305038 | dd/dnu = 3.5699650142571456e-11
x = 0.7; nu = 100000.0; y = student_t_lpdf(x, nu, 0, 1); d = grad(y, nu) => d = 4.3497419165455395e-11 | dd/dx = 3.5699650142571456e-11 | dd/dnu = -8.6994757495488248e-16
x = 1.7; nu = 170000000.0; y = student_t_lpdf(x, nu, 0, 1) => y = -2.363938530892761 | dy/dx = -1.6999999811000003 | dy/dnu = -1.3599480181191477e-17
x = 1.7; nu = 170000000.0; y = student_t_lpdf(x, nu, 0, 1); d = grad(y, x) => d = -1.6999999811000003 | dd/dx = -0.99999995488235409 | dd/dnu = -1.1117646680823538e-16
x = 1.7; nu = 170000000.0; y = student_t_lpdf(x, nu, 0, 1); d = grad(y, nu) => d = -1.3599480181191477e-17 | dd/dx = -1.1117646680823538e-16 | dd/dnu = 1.5999387985127248e-25
x = -12.3; nu = 31000000000.0; y = student_t_lpdf(x, nu, 0, 1) => y = -76.563938351066907 | dy/dx = 12.299999940368807 | dy/dnu = -5.8754120584125759e-18
x = -12.3; nu = 31000000000.0; y = student_t_lpdf(x, nu, 0, 1); d = grad(y, x) => d = 12.299999940368807 | dd/dx = -0.99999998539129044 | dd/dnu = 1.9235868698821997e-18
x = -12.3; nu = 31000000000.0; y = student_t_lpdf(x, nu, 0, 1); d = grad(y, nu) => d = -5.8754120584125759e-18 | dd/dx = 1.9235868698821997e-18 | dd/dnu = 3.7905884124075913e-28
x = 0.4; nu = 1000000000000.0; y = student_t_lpdf(x, nu, 0, 1) => y = -0.99893853320499635 | dy/dx = -0.40000000000033602 | dy/dnu = 3.2359999999998857e-25
x = 0.4; nu = 1000000000000.0; y = student_t_lpdf(x, nu, 0, 1); d = grad(y, x) => d = -0.40000000000033602 | dd/dx = -1.00000000000052 | dd/dnu = 3.3599999999989249e-25
x = 0.4; nu = 1000000000000.0; y = student_t_lpdf(x, nu, 0, 1); d = grad(y, nu) => d = 3.2359999999998857e-25 | dd/dx = 3.3599999999989249e-25 | dd/dnu = -6.4719999999996571e-37
x = 1000.0; nu = 2.5; y = student_t_lpdf(x, nu, 0, 1) => y = -23.59027866411269 | dy/dx = -0.0034999912500218749 | dy/dnu = -5.7121499195775587
x = 1000.0; nu = 2.5; y = student_t_lpdf(x, nu, 0, 1); d = grad(y, x) => d = -0.0034999912500218749 | dd/dx = 3.4999737501093746e-6 | dd/dnu = -0.00099999400002374992
x = 1000.0; nu = 2.5; y = student_t_lpdf(x, nu, 0, 1); d = grad(y, nu) => d = -5.7121499195775587 | dd/dx = -0.00099999400002374992 | dd/dnu = 0.09169217885092948
x = 1e+200; nu = 3.0; y = student_t_lpdf(x, nu, 0, 1) => y = -1840.8717386675238 | dy/dx = -4.0000000000000001e-200 | dy/dnu = -459.27456527391514
x = 1e+200; nu = 3.0; y = student_t_lpdf(x, nu, 0, 1); d = grad(y, x) => d = -4.0000000000000001e-200 | dd/dx = 4.0000000000000002e-400 | dd/dnu = -1.0e-200
x = 1e+200; nu = 3.0; y = student_t_lpdf(x, nu, 0, 1); d = grad(y, nu) => d = -459.27456527391514 | dd/dx = -1.0e-200 | dd/dnu = 0.094199633242553448
k = 130000.0; r = 130130.0; y = poisson_lpmf(k, r) => y = -6.8715407380898618 | dy/dk = 0.00099565418416834579 | dy/dr = -0.000999000999000999
k = 130000.0; r = 130130.0; y = poisson_lpmf(k, r); d = grad(y, k) => d = 0.00099565418416834579 | dd/dk = -7.6922781065847368e-6 | dd/dr = 7.6846230692384539e-6
k = 130000.0; r = 130130.0; y = poisson_lpmf(k, r); d = grad(y, r) => d = -0.000999000999000999 | dd/dk = 7.6846230692384539e-6 | dd/dr = -7.6769461231153385e-6
k = 170000000.0; r = 170000100.0; y = poisson_lpmf(k, r) => y = -10.394622442955309 | dy/dk = 5.8529394463962955e-7 | dy/dr = -5.8823494809708935e-7
k = 170000000.0; r = 170000100.0; y = poisson_lpmf(k, r); d = grad(y, k) => d = 5.8529394463962955e-7 | dd/dk = -5.8823529238754326e-9 | dd/dr = 5.8823494809708935e-9
k = 170000000.0; r = 170000100.0; y = poisson_lpmf(k, r); d = grad(y, r) => d = -5.8823494809708935e-7 | dd/dk = 5.8823494809708935e-9 | dd/dr = -5.8823460207673519e-9
k = 1900000000000000.0; r = 1901900000000000.0; y = poisson_lpmf(k, r) => y = -949367159.79623674 | dy/dk = 0.00099950033308327001 | dy/dr = -0.000999000999000999
k = 1900000000000000.0; r = 1901900000000000.0; y = poisson_lpmf(k, r); d = grad(y, k) => d = 0.00099950033308327001 | dd/dk = -5.2631578947368407e-16 | dd/dr = 5.2578999947421e-16
k = 1900000000000000.0; r = 1901900000000000.0; y = poisson_lpmf(k, r); d = grad(y, r) => d = -0.000999000999000999 | dd/dk = 5.2578999947421e-16 | dd/dr = -5.2526473473947053e-16
k = 12.0; r = 3.5; y = poisson_lpmf(k, r) => y = -8.4540588737174702 | dy/dk = -1.2732320448137774 | dy/dr = 2.4285714285714286
k = 12.0; r = 3.5; y = poisson_lpmf(k, r); d = grad(y, k) => d = -1.2732320448137774 | dd/dk = -0.079957428427323946 | dd/dr = 0.28571428571428571
k = 12.0; r = 3.5; y = poisson_lpmf(k, r); d = grad(y, r) => d = 2.4285714285714286 | dd/dk = 0.28571428571428571 | dd/dr = -0.97959183673469388
k = 1e-20; r = 1e-30; y = poisson_lpmf(k, r) => y = -6.8500337125019834e-19 | dy/dk = -68.500337124919838 | dy/dr = 9999999998.9999986
k = 1e-20; r = 1e-30; y = poisson_lpmf(k, r); d = grad(y, k) => d = -68.500337124919838 | dd/dk = -1.6449340668482264 | dd/dr = 9.9999999999999992e+29
k = 1e-20; r = 1e-30; y = poisson_lpmf(k, r); d = grad(y, r) => d = 9999999998.9999986 | dd/dk = 9.9999999999999992e+29 | dd/dr = -9.9999999999999978e+39
s = 170000000.0; r = 85085000.0; z = 2.0; y = gamma_lpdf(z, s, r) => y = -77.079807016109189 | dy/ds = 0.00099950327426000664 | dy/dr = -0.001998001998001998 | dy/dz = -85000.5
s = 170000000.0; r = 85085000.0; z = 2.0; y = gamma_lpdf(z, s, r); d = grad(y, s) => d = 0.00099950327426000664 | dd/ds = -5.8823529584775087e-9 | dd/dr = 1.1752952929423518e-8 | dd/dz = 0.5
s = 170000000.0; r = 85085000.0; z = 2.0; y = gamma_lpdf(z, s, r); d = grad(y, r) => d = -0.001998001998001998 | dd/ds = 1.1752952929423518e-8 | dd/dr = -2.3482423435411624e-8 | dd/dz = -1
s = 170000000.0; r = 85085000.0; z = 2.0; y = gamma_lpdf(z, s, r); d = grad(y, z) => d = -85000.5 | dd/ds = 0.5 | dd/dr = -1 | dd/dz = -42499999.75
s = 23000000000.0; r = 4500000000.0; z = 5.0; y = gamma_lpdf(z, s, r) => y = -5514845.1308270044 | dy/ds = -0.021978906697036112 | dy/dr = 0.11111111111111111 | dy/dz = 99999999.8
s = 23000000000.0; r = 4500000000.0; z = 5.0; y = gamma_lpdf(z, s, r); d = grad(y, s) => d = -0.021978906697036112 | dd/ds = -4.3478260870510397e-11 | dd/dr = 2.2222222222222222e-10 | dd/dz = 0.2
s = 23000000000.0; r = 4500000000.0; z = 5.0; y = gamma_lpdf(z, s, r); d = grad(y, r) => d = 0.11111111111111111 | dd/ds = 2.2222222222222222e-10 | dd/dr = -1.1358024691358025e-9 | dd/dz = -1
s = 23000000000.0; r = 4500000000.0; z = 5.0; y = gamma_lpdf(z, s, r); d = grad(y, z) => d = 99999999.8 | dd/ds = 0.2 | dd/dr = -1 | dd/dz = -919999999.96
a = 130000.0; b = 390000.0; x = 0.25025; y = beta_lpdf(x, a, b) => y = 6.4115467411575023 | dy/da = 0.0010023849530908196 | dy/db = -0.00033306838817740584 | dy/dx = -695.53387592726416
a = 130000.0; b = 390000.0; x = 0.25025; y = beta_lpdf(x, a, b); d = grad(y, a) => d = 0.0010023849530908196 | dd/da = -5.7692585059918355e-6 | dd/db = 1.9230787721905344e-6 | dd/dx = 3.9960039960039964
a = 130000.0; b = 390000.0; x = 0.25025; y = beta_lpdf(x, a, b); d = grad(y, b) => d = -0.00033306838817740584 | dd/da = 1.9230787721905344e-6 | dd/db = -6.4102707922581895e-7 | dd/dx = -1.3337779259753251
a = 130000.0; b = 390000.0; x = 0.25025; y = beta_lpdf(x, a, b); d = grad(y, x) => d = -695.53387592726416 | dd/da = 3.9960039960039964 | dd/db = -1.3337779259753251 | dd/dx = -2769624.2714483216
a = 170000000.0; b = 85000000.0; x = 0.667; y = beta_lpdf(x, a, b) => y = -54.259286081323441 | dy/da = 0.00049987602204326231 | dy/db = -0.0010004964120150078 | dy/dx = -382690.03336174038
a = 170000000.0; b = 85000000.0; x = 0.667; y = beta_lpdf(x, a, b); d = grad(y, a) => d = 0.00049987602204326231 | dd/da = -1.960784323337178e-9 | dd/db = 3.9215686351403307e-9 | dd/dx = 1.4992503748125936
a = 170000000.0; b = 85000000.0; x = 0.667; y = beta_lpdf(x, a, b); d = grad(y, b) => d = -0.0010004964120150078 | dd/da = 3.9215686351403307e-9 | dd/db = -7.843137316416763e-9 | dd/dx = -3.0030030030030033
a = 170000000.0; b = 85000000.0; x = 0.667; y = beta_lpdf(x, a, b); d = grad(y, x) => d = -382690.03336174038 | dd/da = 1.4992503748125936 | dd/db = -3.0030030030030033 | dd/dx = -1148650073.4819205
a = 170000000.0; b = 510000000.0; x = 0.25; y = beta_lpdf(x, a, b) => y = 10.086851361117331 | dy/da = 2.2058823556444637e-9 | dy/db = 2.4509803935585672e-10 | dy/dx = -2.6666666666666667
a = 170000000.0; b = 510000000.0; x = 0.25; y = beta_lpdf(x, a, b); d = grad(y, a) => d = 2.2058823556444637e-9 | dd/da = -4.4117647221020762e-9 | dd/db = 1.4705882363754325e-9 | dd/dx = 4
a = 170000000.0; b = 510000000.0; x = 0.25; y = beta_lpdf(x, a, b); d = grad(y, b) => d = 2.4509803935585672e-10 | dd/da = 1.4705882363754325e-9 | dd/db = -4.9019607927239523e-10 | dd/dx = -1.3333333333333333
a = 170000000.0; b = 510000000.0; x = 0.25; y = beta_lpdf(x, a, b); d = grad(y, x) => d = -2.6666666666666667 | dd/da = 4 | dd/db = -1.3333333333333333 | dd/dx = -3626666648.8888889
END
}

@test "gradient: on the confident side of softmax" {
  table 1e-14 <<'END'
x = [40, 0]; y = log_softmax(x)[0] => y = -4.248354255291589e-18 | dy/dx = [4.248354255291589e-18, -4.248354255291589e-18]
x = [-40, 0]; y = logsumexp(x) => y = 4.248354255291589e-18 | dy/dx = [4.248354255291589e-18, 1]
x = [[40, 0]]; y = cross_entropy(x, [0]) => y = 4.248354255291589e-18 | dy/dx = [[-4.248354255291589e-18, 4.248354255291589e-18]]
x = [0, 40]; y = categorical_logit_lpmf(1, x) => y = -4.248354255291589e-18 | dy/dx = [-4.248354255291589e-18, 4.248354255291589e-18]
x = [40]; y = bce_with_logits(x, [1]) => y = 4.248354255291589e-18 | dy/dx = [-4.248354255291589e-18]
y = 0.7; nu = 1e8; l = student_t_lpdf(y, nu, 0, 1) => l = -1.1639385375544227 | dl/dy = -0.70000000357
y = 0.7; nu = 1e15; l = student_t_lpdf(y, nu, 0, 1) => l = -1.1639385332046731
x = 25; y = bernoulli_logit_lpmf(1, x) => y = -1.3887943864867585e-11 | dy/dx = 1.3887943864771143e-11
x = -25; y = bernoulli_logit_lpmf(0, x) => y = -1.3887943864867585e-11 | dy/dx = -1.3887943864771143e-11
END
}

@test "no derivative: no gradient is -0" {
  local program
  while IFS= read -r program; do
    run --separate-stderr gc -q -e "$program" </dev/null
    assert_success
    assert_output --regexp $'\nd'
    [[ ! ${output#*$'\n'd} =~ (^|[^0-9e])-0($|[^.0-9]) ]] || fail "$program"$'\n'"$output"
  done <<'END'
x = 3; y = -(0 * x)
x = 3; y = 2 - 0 * x
x = [1, 2]; y = -x[0]
x = [1, 2, 3]; y = -sum(x[1:])
x = 0; y = -x^2
x = 0; y = -abs(x)
x = 2; y = -floor(x)
x = -1; y = -relu(x)
x = [1, 3, 2]; y = -max(x)
a = 1; b = -1; y = -a * 0 * b
x = [0, 2, 3]; y = -prod(x)
A = [[1, 2], [3, 4]]; y = -trace(A)
A = [[0, 0], [0, 0]]; b = [-1, -1]; y = sum(A @ b)
x = 5; z = 1; y = z; if x > 0 { y = -0.0 * x }
END
}

# Why a gradient is none.

# why PROGRAM OPTIONS: the codes of all gradients that are none, in order.
why () {
  gc -q -f json "${@:2}" -e "$1" </dev/null | jq -r '[.unconnected[] | .wrt + " " + .why] | join(", ")'
}

@test "none: the code of every reason" {
  local line program rest options failures=0
  while IFS= read -r line; do
    program=${line%% => *} rest=${line#* => } options=()
    read -ra options <<<"${rest##* -- }"
    run why "$program" "${options[@]}"
    if [[ $status -ne 0 || $output != "${rest%% -- *}" ]]; then
      printf '%s\ngave: %s\n\n' "$line" "$output"
      failures=$((failures + 1))
    fi
  done <<'END'
const c = 2; x = 3; y = c * x => c const -- -w c,x
const c = 2; x = 3; y = x => c const -- -w c
x = 3; y = x^2; c = 4 => c after -- -t y -w c,x
x = 3; y = x^2; c = 4; z = c * y => c after -- -t y -w c
x = 3; c = 1; y = x => c unused -- -w c,x
x = 3; c = 1; c = x; y = c * x => c rebound -- -w c,x
x = 3; y = x * stop_gradient(x^2); z = stop_gradient(y) => x stopped -- -w x
x = 3; c = 1; y = x + stop_gradient(c * x) => c stopped -- -w c,x
x = 3; c = 2.5; y = x * int(c) => c integer -- -w c,x
x = 3; c = [1, 2]; y = x * len(c) => c integer -- -w c,x
x = 3; c = [1, 2]; y = x * argmax(c) => c integer -- -w c,x
x = 3; c = 1; y = x * (c > 0) => c boolean -- -w c,x
x = 3; c = 1; y = where(c > 0, x, 1) => c boolean -- -w c,x
x = 3; c = "text"; assert x > 0, c; y = x^2 => c string -- -w c,x
x = 3; c = 1; if c > 0 { y = x } else { y = -x } => c condition -- -w c,x
x = 3; c = 1; y = c > 0 ? x : -x => c condition -- -w c,x
x = 3; c = 1; y = x; while y < c { y = y * 2 } => c condition -- -w c,x
x = 3; c = 1; if x > 0 { y = x } else { y = c } => c branch -- -w c,x
x = 3; c = 1; y = x > 0 ? x : c => c branch -- -w c,x
x = 3; c = 1; z = c^2; y = x^2 => c unrelated -- -w c,x
x = 3; c = 1; z = c^2; u = z * x; y = x^2 => c unrelated -- -w c,x
x = 3; c = 1; d = 2; e = x > c; y = x => c unrelated, d unused -- -w c,d
END
  [[ $failures -eq 0 ]] || fail "$failures differences"
}

@test "none: reasons and places of many sources and two targets at once" {
  cat >"$BATS_TEST_TMPDIR/many.expr" <<'END'
x = 3; const k = 2; a = 1; b = 2.5; c = 1; d = 4; e1 = 1; g = 5; h = 6; m = 2; n = 7; p = 8
g = x
u = h * 2
if c > 0 { v = x } else { v = d }
for i in 0:5 { u = u * m + n }
dup(q) = q * p
w = dup(x) + dup(a)
y = x + stop_gradient(a * x) + int(b) + (e1 > 0) * x + g + k
z = n
END
  run gc -q -f json -w k,a,b,c,d,e1,g,h,m,n,p -t y,z "$BATS_TEST_TMPDIR/many.expr"
  assert_success
  assert_equal "$(jq -c '.unconnected[] | select(.target == "y") | [.wrt, .why, .line, .column]' <<<"$output" | paste -sd' ')" \
    '["k","const",1,14] ["a","stopped",8,9] ["b","integer",8,32] ["c","condition",4,4] ["d","branch",4,31] ["e1","boolean",8,42] ["g","rebound",2,1] ["h","unrelated",3,5] ["m","unrelated",5,24] ["n","unrelated",5,28] ["p","unrelated",6,14]'
  assert_equal "$(jq -c '.unconnected[] | select(.target == "z") | [.wrt, .why, .line]' <<<"$output" | paste -sd' ')" \
    '["k","const",1] ["a","unrelated",7] ["b","unrelated",8] ["c","condition",4] ["d","branch",4] ["e1","unrelated",8] ["g","rebound",2] ["h","unrelated",3] ["m","unrelated",5] ["p","unrelated",6]'
}

@test "none: zero is not none" {
  table <<'END'
c = 1; x = 2; y = where(x > 0, x, c) => dy/dc = 0 | dy/dx = 1
c = 1; x = 2; y = x + 0 * c => dy/dc = 0 | dy/dx = 1
c = [1, 2]; x = 2; y = x * c[0] => dy/dc = [2, 0] | dy/dx = 1
c = 2.5; x = 2; y = x + floor(c) => dy/dc = 0 | dy/dx = 1
c = 1; x = 2; y = maximum(x, c) => dy/dc = 0 | dy/dx = 1
c = 1; x = 2; y = x + c - c => dy/dc = 0 | dy/dx = 1
c = 1; x = 2; y = x^2 => dy/dc = 0 | dy/dx = 4 -- --unconnected zero
c = [1, 2]; x = 2; y = x^2 => dy/dc = [0, 0] | dy/dx = 4 -- --unconnected=zero
END
}

@test "none: the place of the reason, and null in json" {
  run gc -q -f json -w c,x -e $'x = 3\nc = 1\nloss = x^2' </dev/null
  assert_success
  assert_equal "$(jq -c '[.grad.loss.c, .grad.loss.x]' <<<"$output")" '[null,6]'
  assert_equal "$(jq -c '.unconnected | map([.target, .wrt, .why, .line, .column])' <<<"$output")" '[["loss","c","unused",2,1]]'
  run gc -q -f json -w w,x -e $'x = 3\nw = 1\nloss = x + stop_gradient(w)' </dev/null
  assert_success
  assert_equal "$(jq -c '.unconnected | map([.target, .wrt, .why, .line, .column])' <<<"$output")" \
    '[["loss","w","stopped",3,12]]'
}

@test "none: what a note says" {
  run --separate-stderr gc -e $'x = 3; c = 1\nloss = x^2' </dev/null
  assert_output $'loss = 9\ndloss/dx = 6\ndloss/dc = none'
  assert_equal "${stderr_lines[0]}" '<-e>:1:8: note: loss does not depend on c: c is never used'
  run --separate-stderr gc -e $'w = 1; x = 3\nloss = x + stop_gradient(w)' </dev/null
  assert_output $'loss = 4\ndloss/dw = none\ndloss/dx = 1'
  assert_equal "${stderr_lines[0]}" '<-e>:2:12: note: loss does not depend on w: the only path goes through stop_gradient here'
}

@test "gradient: -w of a value that depends on no input is its adjoint all the same" {
  table <<'END'
x = 3; y = x^2; x = 10; z = x * y => z = 90 | dz/dx@1 = 9 -- -w x@1
k = int(5.5) * 1.5; z = k^2 => z = 56.25 | dz/dk = 15 -- -w k
END
  run --separate-stderr gc -w x@3 -e 'x = 3'
  assert_equal "$status" 2
  assert_equal "$stderr" 'gradcalc: -w: x is not bound on line 3 of <-e>'
}

@test "none: what is computed of integers alone is an integer" {
  run --separate-stderr gc -f json -w m -e 'n = int(7); m = n * n; x = 2.5; y = x * m' </dev/null
  assert_success
  assert_output --partial '"value":{"y":122.5}'
  assert_output --partial '"why":"integer"'
}

@test "gradient: functions of arrays with a library of vector functions, and with one that can't be opened" {
  local program='x = [0.5, 1.25, 2, 3, 0.7]; w = [1, 1, 1, 1, 1]; y = sum(exp(x)) + sum(w^1.5) + sum(hypot(w, w))'
  mkdir "$BATS_TEST_TMPDIR/none" && : >"$BATS_TEST_TMPDIR/none/libsleefgnuabi.so.3"
  local path
  for path in "${LD_LIBRARY_PATH-}" "$BATS_TEST_TMPDIR/none"; do
    LD_LIBRARY_PATH=$path run gc -e "$program"
    assert_success
    assert_result dy/dx '[1.6487212707001281, 3.4903429574618414, 7.3890560989306502, 20.085536923187668, 2.0137527074704765]' 1e-15
    # 3/2 + sqrt(2)
    assert_result dy/dw '[2.9142135623730951, 2.9142135623730951, 2.9142135623730951, 2.9142135623730951, 2.9142135623730951]' 1e-15
  done
}
