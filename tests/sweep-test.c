/* sweep-test.c -- whole programs: both sweeps against differences and against each other, for every row of ops.def; and
   the same once more for the gradient that the program asks for itself, which has to agree with the sweep's. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agree.h"

/* Programs around one operator; @ stands for it. On numbers; on an array of more than two blocks; on arrays of several
   shapes; alone; on numbers among arrays; on an array beside numbers, each operand in turn, and one
   alone. */
static const char *const around[] = {
  "a = %s; b = %s; c = %s; y = @ * a + 0.5 * @",
  "s = %s; b = %s; c = %s; a = s + 0.0001 * range(601); y = mean(@ * a)",
  "s = %s; t = %s; c = %s; a = s + [[0, 0.01, 0.02], [0.03, 0.04, 0.05]]; b = t + [0, 0.01, 0.02]; y = @ * a - b",
  "s = %s; t = %s; u = %s; d = [0, 0.01, 0.02, 0.03, 0.04]; a = s + d; b = t + d; c = u + d; y = @; y = sum(y + s)",
  "a = %s; b = %s; c = %s; z = [1, 2, 3]; y = z * @ - z / (1.5 + a)",
  "a = %s; t = %s; c = %s; b = t + [0, 0.01, 0.02]; z = @; y = z + a",
  "s = %s; b = %s; c = %s; a = s + [0, 0.01, 0.02]; z = @; y = z + a",
  "const a = %s; t = %s; const c = %s; b = t + [0, 0.01, 0.02]; z = @; y = z + b",
  "a = %s; b = %s; s = %s; c = s + [0.1, 0.2]; z = @; y = [sum(z) * sum(z) + a, sum(z) - b]",
};
static const char *const numbers[][3] = {
  { "1.37", "0.61", "2.83" },
  { "0.37", "0.81", "0.53" },
  { "-0.6", "1.7", "0.9" },
  { "2.3", "-0.7", "3.1" },
};
static const char *const operands[][3] = { { "a", "b", "c" }, { "(a > 0.5)", "(b > 0.7)", "(c > 0.8)" } };

static bool
check_around (enum op op, char *failure)
{
  for (size_t t = 0; t < sizeof around / sizeof *around; t++)
    {
      int judged = 0;
      for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
        {
          char expression[TEXT], start[TEXT], text[2 * TEXT] = "";
          int points = -1;
          /* Where numbers will not do, booleans are tried. */
          for (int o = 0; o < 2 && points < 0; o++)
            {
              write_operator (expression, op, operands[o][0], operands[o][1], operands[o][2]);
              snprintf (start, TEXT, around[t], numbers[n][0], numbers[n][1], numbers[n][2]);
              *text = 0;
              for (const char *p = start; *p; p++)
                snprintf (text + strlen (text), sizeof text - strlen (text), "%.*s", *p == '@' ? TEXT : 1,
                          *p == '@' ? expression : p);
              points = check_program (text, NULL, 1, failure);
              if (points < 0 && strncmp (failure, "stopped", 7) != 0)
                o = 2;
            }
          /* Second derivatives of each program at one of the points. */
          if (points < 0 || (n == t % 4 && !check_second (text, failure)))
            {
              snprintf (failure + strlen (failure), FAILURE_SIZE - strlen (failure), " in: %.300s", text);
              return false;
            }
          judged += points;
        }
      if (judged == 0)
        {
          snprintf (failure, FAILURE_SIZE, "no point can be judged by differences in: %s", around[t]);
          return false;
        }
    }
  return true;
}

/* Programs for the functions with structure, in any order; `like` is what differences are taken of where something is
 * stopped. */
struct sample
{
  enum op op; /* OPS: several together */
  const char *text, *like;
};

#define X23 "x = [[0.3, -1.2, 2.1], [0.7, 1.9, -0.4]]; "
#define X33 "x = [[0.3, -1.2, 2.1], [0.7, 1.9, -0.4], [1.1, 0.2, -2.3]]; "
#define X5 "x = [0.3, -1.2, 2.1, 0.7, -1.9]; "

/* clang-format off: one program a line */
static const struct sample samples[] = {
  { OP_polygamma, X5 "y = polygamma(2, x) * polygamma(range(5), 2 + x)", NULL },
  { OP_polygamma, "x = 1.37; y = polygamma(1, x) * polygamma(int(2), x * x)", NULL },
  { OP_softmax, X5 "y = softmax(x)", NULL },
  { OP_softmax, X23 "y = softmax(x, axis=0) * x", NULL },
  { OP_log_softmax, X23 "y = log_softmax(x)", NULL },
  { OP_log_softmax, X23 "y = log_softmax(x, axis=0)", NULL },
  { OP_leaky_relu, X23 "y = leaky_relu(x, 0.3) * x", NULL },
  { OP_bernoulli_lpmf, X23 "y = bernoulli_lpmf([0, 1, 1], sigmoid(x)) * x", NULL },
  { OP_poisson_lpmf, X23 "y = poisson_lpmf([0, 1, 4], 1 + x^2)", NULL },
  { OP_gamma_lpdf, X23 "y = gamma_lpdf(1 + x^2, 2 + sin(x), 1 + x^2)", NULL },
  { OP_beta_lpdf, X23 "y = beta_lpdf(sigmoid(x), 2 + sin(x), 1 + x^2)", NULL },
  { OP_student_t_lpdf, X23 "y = student_t_lpdf(x, 3 + sin(x), x^2, 1 + x^2)", NULL },
  { OP_multi_normal_lpdf, X33 "y = multi_normal_lpdf(x[0], x[1], x @ x' + eye(3)) * x", NULL },
  { OP_elu, X23 "y = elu(x, 0.5) * x", NULL },
  { OP_selu, X23 "y = selu(x)", NULL },
  { OP_hard_tanh, X23 "y = hard_tanh(x) * x", NULL },
  { OP_mse, X23 "y = mse(x, x * x)", NULL },
  { OP_mae, X23 "y = mae(x, x * x)", NULL },
  { OP_huber, X23 "y = huber(x, x * x, 0.5)", NULL },
  { OP_hinge, X23 "y = hinge(x, x * x + 0.1)", NULL },
  { OP_bce_with_logits, X23 "y = bce_with_logits(x, sin(x))", NULL },
  { OP_cross_entropy, X23 "y = cross_entropy(x, [2, 0]) + cross_entropy(x, sin(x))", NULL },
  { OP_layer_norm, X23 "y = layer_norm(x, sin(x), bias=x)", NULL },
  { OP_cosine_similarity, X23 "y = cosine_similarity(x, sin(x) + 1)", NULL },
  { OP_normal_lpdf, X23 "y = normal_lpdf(x, sin(x), 1 + x^2)", NULL },
  { OP_bernoulli_logit_lpmf, X23 "y = bernoulli_logit_lpmf([0, 1, 1], x)", NULL },
  { OP_exponential_lpdf, X23 "y = exponential_lpdf(x^2, 1 + x^2)", NULL },
  { OP_laplace_lpdf, X23 "y = laplace_lpdf(x, sin(x), 1 + x^2)", NULL },
  { OP_lognormal_lpdf, X23 "y = lognormal_lpdf(1 + x^2, x, 2 + sin(x))", NULL },
  { OP_categorical_logit_lpmf, X23 "y = categorical_logit_lpmf(1, x[0]) * x", NULL },
  { OP_sum, X23 "y = sum(x) * sum(x, axis=1)", NULL },
  { OP_sum, X23 "y = x - sum(x * x, axis=0, keepdims=true)", NULL },
  { OP_mean, X23 "y = mean(x * x) + mean(x, axis=-1)", NULL },
  { OP_prod, X23 "y = prod(x, axis=0) * prod(x)", NULL },
  { OP_max, X23 "y = max(x, axis=1) * max(x)", NULL },
  { OP_max, "a = 1.5; b = 2.5; y = max(a, b, 2) * a", NULL },
  { OP_min, X23 "y = min(x, axis=1) * min(x)", NULL },
  { OP_min, "a = 1.5; b = 2.5; y = min(a, b, 2) * b", NULL },
  { OP_var, X23 "y = var(x) * var(x, axis=0, ddof=1)", NULL },
  { OP_std, X23 "y = std(x) * std(x, axis=1)", NULL },
  { OP_norm, X23 "p = 2.5; y = norm(x) * norm(x, p, axis=1) + norm(x, 1) * norm(x, inf) * norm(x, 3)", NULL },
  { OP_logsumexp, X23 "y = logsumexp(x) * logsumexp(x, axis=0)", NULL },
  { OP_median, X23 "y = median(x) * median(x, axis=1)", NULL },
  { OP_cumsum, X23 "y = cumsum(x, axis=0) * cumsum(x, axis=1)", NULL },
  { OP_cumprod, X23 "y = cumprod(x, axis=0) * cumprod(x, axis=1)", NULL },
  { OP_any, X5 "y = any(x > 2) ? x * x : x", NULL },
  { OP_all, X5 "y = x * all(x > 0, axis=0) + x", NULL },
  { OP_count, X5 "y = x ^ 2 * count(x > 0)", NULL },
  { OP_argmax, X5 "y = x[argmax(x)] ^ 2", NULL },
  { OP_argmin, X5 "y = x[argmin(x)] ^ 2", NULL },
  { OP_shape, X23 "y = x * x / shape(x)[0]", NULL },
  { OP_len, X23 "y = x * x / len(x)", NULL },
  { OP_size, X23 "y = x * x / size(x)", NULL },
  { OP_rank, X23 "y = x * x / rank(x)", NULL },
  { OP_reshape, X23 "y = reshape(x, 3, -1) @ x", NULL },
  { OP_flatten, X23 "z = flatten(x); y = z * z[1]", NULL },
  { OP_transpose, X23 "y = x @ transpose(x) + x @ x' + x @ x.T", NULL },
  { OP_transpose, X5 "z = reshape(tile(x, 2, 3), 2, 3, 5); y = transpose(z * z, 1, 2, 0)", NULL },
  { OP_concat, X23 "y = concat(x, x * x, [[1], [2]], axis=1)", NULL },
  { OP_concat, X5 "s = 2.5; y = concat(x, s * x)", NULL },
  { OP_stack, X5 "y = stack(x, x * x, axis=1)", NULL },
  { OP_vstack, X5 "y = vstack(x, x * x)", NULL },
  { OP_hstack, X5 "s = 2.5; y = hstack(x * s, x)", NULL },
  { OP_split, X23 "a, b, c = split(x, 3, axis=1); y = a * b - c * c", NULL },
  { OP_tile, X23 "z = tile(x, 2, 2); y = z * z", NULL },
  { OP_repeat, X5 "z = repeat(x, 2); y = z * z + sum(repeat(x, [1, 0, 2, 1, 0]))", NULL },
  { OP_broadcast_to, X5 "s = 1.5; y = broadcast_to(x, 2, 5) * broadcast_to(s, 5)", NULL },
  { OP_squeeze, X5 "y = squeeze(reshape(x * x, 1, 5, 1))", NULL },
  { OP_expand_dims, X5 "y = expand_dims(x, 1) * x", NULL },
  { OP_flip, X5 "y = flip(x) * x", NULL },
  { OP_roll, X23 "y = roll(x, 1) * x + roll(x, -2, axis=1)", NULL },
  { OP_pad, X23 "v = 0.5; z = pad(x, 1, v); y = z * z", NULL },
  { OP_diag, X33 "y = diag(diag(x)) @ x", NULL },
  { OP_tril, X33 "y = tril(x) @ tril(x, -1)", NULL },
  { OP_triu, X33 "y = triu(x) @ triu(x, 1)", NULL },
  { OP_outer, X5 "y = outer(x, x * x)", NULL },
  { OP_zeros, X5 "y = zeros(5) + x * x", NULL },
  { OP_ones, X5 "y = ones([2, 5]) * x * x", NULL },
  { OP_full, "v = 1.5; z = full(2, 3, v); y = z * z", NULL },
  { OP_eye, X33 "y = eye(3) * x * x", NULL },
  { OP_zeros_like, X5 "y = zeros_like(x) + x * x", NULL },
  { OP_ones_like, X5 "y = ones_like(x) * x * x", NULL },
  { OP_linspace, "a = 0.5; b = 2; z = linspace(a, b, 7); y = z * z", NULL },
  { OP_arange, "a = 0.5; s = 0.26; z = arange(a, 2, s); y = z * z", NULL },
  { OP_range, X5 "y = x ^ range(1, 6)", NULL },
  { OP_meshgrid, X5 "t = [1.5, 0.5]; p, q = meshgrid(x, t); y = p * p * q", NULL },
  { OP_one_hot, X5 "y = one_hot([1, 4], 5) * x * x", NULL },
  { OP_sort, X23 "z = sort(x) * sort(x, axis=0); y = z * z", NULL },
  { OP_take, X23 "y = take(x, [2, 0, 2], axis=1) * take(x, 1, axis=0)[0]", NULL },
  { OP_gather, X23 "z = gather(x, [1, 1, 0]); y = z * z", NULL },
  { OP_dot, X23 "y = dot(x[0], x[1]) * dot(x, x[0])", NULL },
  { OP_matmul, X23 "y = matmul(x, x') + (x @ x[0]) * (x[1] @ x[0])", NULL },
  { OP_det, X33 "y = det(x) * x", NULL },
  { OP_slogdet, X33 "s, l = slogdet(x); y = s * l * x", NULL },
  { OP_logdet, X33 "y = logdet(x @ x' + 0.5 * eye(3)) * x", NULL },
  { OP_inv, X33 "y = inv(x) * x", NULL },
  { OP_solve, X33 "y = solve(x, x[0] * x[1]) + solve(x, x @ x)", NULL },
  { OP_cholesky, X33 "y = cholesky(x @ x' + eye(3)) * x", NULL },
  { OP_matrix_power, X33 "y = matrix_power(x, 3) + matrix_power(x, -2)", NULL },
  { OP_einsum, X33 "y = einsum(\"ij,jk->ik\", x, x * x) * x", NULL },
  { OP_einsum, X23 "y = einsum(\"ij,ik,j->kj\", x, sin(x), x[0]) * x[1]", NULL },
  { OP_einsum, X33 "y = einsum(\"ii->i\", x) * einsum(\"ij->j\", x * x)", NULL },
  { OP_quad_form, X33 "y = quad_form(x, x[0]) * x", NULL },
  { OP_kron, X23 "y = kron(x, x')", NULL },
  { OP_cross, X33 "y = cross(x, sin(x)) + cross(x[0], x[1])", NULL },
  { OP_trace, X33 "y = trace(x) * trace(x @ x)", NULL },
  { OP_grad, X5 "f(a) = sum(a^3) * a[0]; y = grad(f)(x) * grad(fn(a, b) sum(a * b^2), 1)(x, x)", NULL },
  { OP_grad, "x = 0.7; y = 0; for i in 0:4 { z = sin(x * i) * x; y += grad(z, x) * z }", NULL },
  { OP_jacobian, X5 "z = x^2 * x[1]; y = jacobian(z, x) * x", NULL },
  { OP_hessian, X5 "z = sum(x^3) * x[1]; y = hessian(z, x) * x", NULL },
  { OP_hvp, X5 "z = sum(x^3) * x[1]; y = hvp(z, x, sin(x)) * x", NULL },
  { OP_vjp, X5 "z = x^2 * x[1]; y = vjp(z, x, sin(x)) * x", NULL },
  { OP_jvp, X5 "z = x^2 * x[1]; y = jvp(z, x, sin(x)) * x", NULL },
  { OP_stop_gradient, X5 "y = stop_gradient(x) * x * x",
    "x = [0.3, -1.2, 2.1, 0.7, -1.9]; const k = [0.3, -1.2, 2.1, 0.7, -1.9]; y = k * x * x" },
  { OP_load, X5 "y = load(\"data.csv\") @ (x * x)", NULL },
  { OP_rand, X5 "y = rand(5) * x * x + rand()", NULL },
  { OP_randn, X5 "y = randn(2, 5) @ (x * x)", NULL },
  { OP_randint, X5 "y = randint(1, 9, [5]) * x * x", NULL },
  { OPS, "x = 0.3; r = 2.1; for i in 0:40 { x = x * r * (1 - x) }; y = x", NULL },
  { OPS, "x = 0.3; y = 0; for i in 0:9 { y += x ^ i; x = sin(x) }; y = y * x", NULL },
  { OPS, "def f(n, x) { if n == 0 { return x }; return f(n - 1, x * x - 0.3) * x }; a = 0.8; y = f(5, a)", NULL },
  { OPS, "a = 0.8; g = fn(x) a * x; a = 3; y = g(a) * g(g(a))", NULL },
  { OPS, X5 "x[1] = x[0] * x[2]; x[1:3] += x[3]; x[-1] *= x[1]; y = x * x", NULL },
  { OPS, X5 "z = x * x; w = z; z[0] = x[1]; y = sum(w) * z + x[2]", NULL },
  { OPS, X33 "for i in 1:3 { x[i] -= x[0] * x[i, 0] / x[0, 0] }; y = x", NULL },
  { OPS, X33 "x[[2, 0]] = x[[0, 1]] * 2; x[x > 1] = 0.5 * x[0, 0]; y = x @ x", NULL },
  { OPS, X5 "s = 0; for v in x { s = s * 0.5 + v * x[0] }; y = [s, s * x[1], 3]", NULL },
  { OPS, X5 "i = int(0); s = 1.5; while i < 5 { s = s * x[i] + s; i += 1 }; y = s", NULL },
  { OPS, X23 "w = [[0.5], [1.5], [-0.3]]; b = 0.1; y = mean((tanh(x @ w + b) - [[1], [0]]) ^ 2)", NULL },
  { OPS, "x = 0.5; y = x; for i in 0:12 { y = y + y }", NULL },
  { OPS, "x = 0.5; c = clip(x, int(0), int(1)); y = c * range(1, 4)", NULL },
  { OPS, "x = 1.5; z = x * x * int(2) + x; for i in 0:3 { z += (x * x > 2) * x + z * (z * x > i) }; y = z", NULL },
  { OPS, X5 "y = sum(x) + sum(x * 2) + x[0] + mean(x)", NULL },
  { OPS, X23 "a, b = x; p, q, r = a * b; y = p * q - r * a", NULL },
};
/* clang-format on */

static bool
check_samples (enum op op, char *failure)
{
  bool any = false;
  for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
    if (samples[i].op == op)
      {
        any = true;
        int judged = check_program (samples[i].text, samples[i].like, samples[i].like ? 1 : 3, failure);
        if (judged == 0)
          snprintf (failure, FAILURE_SIZE, "no point can be judged by differences");
        if (judged <= 0 || (!samples[i].like && !check_second (samples[i].text, failure)))
          {
            snprintf (failure + strlen (failure), FAILURE_SIZE - strlen (failure), " in: %.300s", samples[i].text);
            return false;
          }
      }
  if (!any)
    snprintf (failure, FAILURE_SIZE, "there is no program for this row");
  return any;
}

/* The one file that is there, in a directory of its own. */
static bool
make_data (char *directory)
{
  FILE *file = mkdtemp (directory) && chdir (directory) == 0 ? fopen ("data.csv", "w") : NULL;
  return file && fputs ("1,2,0.5,-1,3\n0.25,-2,1,1,4\n", file) >= 0 && fclose (file) == 0;
}

int
main (void)
{
  int failures = 0;
  char directory[] = "/tmp/sweep-test-XXXXXX";
  if (!make_data (directory))
    {
      perror (directory);
      return 1;
    }
  printf ("1..%d\n", OPS_NAMED + 1);
  for (int row = 0; row <= OPS_NAMED; row++)
    {
      int op = row < OPS_NAMED ? row : OPS;
      char failure[FAILURE_SIZE] = "";
      /* An operand that is whole does not move. */
      bool around_it = op < OPS && op_info[op].arity && op != OP_polygamma;
      bool passed = around_it ? check_around ((enum op)op, failure) : check_samples ((enum op)op, failure);
      failures += !passed;
      printf ("%sok %d - %s: sweeps against differences and each other\n", passed ? "" : "not ", row + 1,
              op < OPS ? op_info[op].name : "several together");
      if (!passed)
        printf ("# %s\n", failure);
      fflush (stdout);
    }
  unlink ("data.csv");
  rmdir (directory);
  return failures > 0;
}
