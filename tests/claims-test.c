/* claims-test.c -- claims made up from a seed: right ones in other algebraic forms are never wrong, and the same with
   one change never ok. A change that is visible, as it makes another number of some element at the program's values, is
   hardly ever undecided. One that is not, as a transpose missing of a symmetric matrix, a factor 1 left out, twice what
   is 0 there, or a formula that is not finite there, often has to be: it is counted apart, and another change looked
   for.

   claims-test [FIRST [COUNT]]: the programs of COUNT seeds from FIRST on, each with a right and changed claims, run by
   the command in GRADCALC (./gradcalc). With TELL in the environment each undecided claim is shown with its reason.
   Points are ordinary, saturated, huge and tiny, and values 0, 1, 2 and equal
   ones; matrices are general, symmetric and unit ones. */
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "seeds.h"

enum
{
  PROGRAMS = 500,
  TEXT = 4000,
  FORMS = 6,
  SHOWN = 10,
  CHANGES = 7, /* of a claim, until one is visible */
  OWN = 5      /* of so many programs one gets its own formulas back */
};

static const double MOST_UNDECIDED = 0.02;

/* By what part of itself an element has to change to be visible. */
static const double VISIBLE = 1e-4;

/* A function of v, whose value is y, and forms of its derivative. `positive`: v has to be. */
struct outer
{
  const char *value;
  bool positive;
  const char *forms[FORMS];
};

static const struct outer outers[] = {
  { "sigmoid(v)",
    false,
    { "y*(1 - y)", "exp(-v)/(1 + exp(-v))^2", "sigmoid(v)*sigmoid(-v)", "y - y^2", "(1 - tanh(v/2)^2)/4" } },
  { "tanh(v)", false, { "1 - y^2", "1/cosh(v)^2", "(1 - y)*(1 + y)", "4/(exp(v) + exp(-v))^2" } },
  { "log(1 + exp(v))", false, { "1/(1 + exp(-v))", "exp(v)/(1 + exp(v))", "1 - exp(-y)", "sigmoid(v)" } },
  { "softplus(v)", false, { "sigmoid(v)", "1 - 1/(1 + exp(v))", "(1 + tanh(v/2))/2" } },
  { "-log(1 - sigmoid(v))", false, { "sigmoid(v)", "1/(1 + exp(-v))", "1 - exp(-y)" } },
  { "exp(v)", false, { "y", "exp(v)", "cosh(v) + sinh(v)" } },
  { "exp(-v^2)", false, { "-2*v*y", "-2*v*exp(-v*v)" } },
  { "v^3", false, { "3*v^2", "3*y/v", "v*v + 2*v^2" } },
  { "v^2", false, { "2*v", "v + v", "(v + 1)^2 - v^2 - 1" } },
  { "sin(v)", false, { "cos(v)", "1 - 2*sin(v/2)^2", "sin(2*v)/(2*y)" } },
  { "cos(v)", false, { "-sin(v)", "-2*sin(v/2)*cos(v/2)" } },
  { "atan(v)", false, { "1/(1 + v^2)", "cos(y)^2" } },
  { "v/sqrt(1 + v^2)", false, { "1/(1 + v^2)^1.5", "(1 - y^2)/sqrt(1 + v^2)", "(1 + v^2)^(-3/2)" } },
  { "sinh(v)", false, { "cosh(v)", "(exp(v) + exp(-v))/2", "y + exp(-v)" } },
  { "asinh(v)", false, { "1/sqrt(v^2 + 1)", "(1 + v^2)^-0.5", "1/cosh(y)" } },
  { "log(v)", true, { "1/v", "v^-1", "exp(-y)" } },
  { "sqrt(v)", true, { "0.5/y", "1/(2*sqrt(v))", "0.5*v^-0.5", "y/(2*v)" } },
  { "1/v", true, { "-1/v^2", "-y^2", "-y/v" } },
  { "v*log(v)", true, { "log(v) + 1", "y/v + 1", "log(v*e)" } },
  { "log1p(v)", true, { "1/(1 + v)", "exp(-y)", "1 - v/(1 + v)" } },
};

/* How v is made of inputs, and its derivative in w. */
struct inner
{
  const char *value;
  const char *forms[3];
};

static const struct inner inners[] = {
  { "w*x + b", { "x", "(v - b)/w", "x*1" } },
  { "w*x*x + b", { "x^2", "x*x", "(x + 1)^2 - 2*x - 1" } },
  { "w^2*x + b", { "2*w*x", "x*(w + w)", "2*(v - b)/w" } },
  { "x*exp(w) + b", { "x*exp(w)", "v - b", "x/exp(-w)" } },
  { "w*(x + b)", { "x + b", "b + x", "v/w" } },
};

/* What is made of y, and its derivative in it, with the part in w apart from y. */
struct loss
{
  const char *value;
  const char *forms[3];
  const char *rest; /* or "" */
};

static const struct loss losses[] = {
  { "y", { "1", "1", "1" }, "" },
  { "(y - t)^2", { "2*(y - t)", "2*y - 2*t", "-2*(t - y)" }, "" },
  { "c*y + r*w^2", { "c", "c*1", "c" }, " + 2*r*w" },
  { "y^2/2 + r*w", { "y", "y^2/y", "y" }, " + r" },
  { "c*(y - t)^2/2 + r*w^2/2", { "c*(y - t)", "c*y - c*t", "-c*(t - y)" }, " + r*w" },
};

/* A program of matrices with right and changed claims. */
struct matrices
{
  const char *program;
  const char *right[4];
  const char *wrong[6];
};

static const struct matrices matrices[] = {
  { "f = sum((A @ p - q)^2)",
    { "df/dp = 2*A' @ (A @ p - q)", "df/dp = 2*(A' @ A @ p - A' @ q)", "df/dA = 2*outer(A @ p - q, p)",
      "df/dq = -2*(A @ p - q)" },
    { "df/dp = 2*A @ (A @ p - q)", "df/dp = A' @ (A @ p - q)", "df/dA = 2*outer(p, A @ p - q)",
      "df/dp = 2*A' @ (A @ p + q)", "df/dp = 2*A' @ (A @ p)", "df/dq = -2*(A' @ p - q)" } },
  { "f = p @ A @ q",
    { "df/dp = A @ q", "df/dq = A' @ p", "df/dq = p @ A", "df/dA = outer(p, q)" },
    { "df/dp = A' @ q", "df/dq = A @ p", "df/dA = outer(q, p)", "df/dp = A @ p", "df/dq = q @ A",
      "df/dp = 1.1*A @ q" } },
  { "f = p @ S @ p",
    { "df/dp = (S + S') @ p", "df/dp = S @ p + p @ S", "df/dp = 2*S @ p", "df/dS = outer(p, p)" },
    { "df/dp = S @ p", "df/dp = 2*S @ q", "df/dS = 2*outer(p, p)", "df/dS = outer(p, q)", "df/dp = 2*p",
      "df/dp = 2*S @ p + 0.1" } },
  { "f = p @ inv(S) @ p",
    { "df/dp = 2*inv(S) @ p", "df/dp = 2*solve(S, p)", "df/dS = -inv(S) @ outer(p, p) @ inv(S)",
      "df/dS = -outer(inv(S) @ p, inv(S) @ p)" },
    { "df/dp = inv(S) @ p", "df/dp = 2*S @ p", "df/dS = inv(S) @ outer(p, p) @ inv(S)", "df/dS = -outer(p, p)",
      "df/dS = -inv(S) @ outer(p, q) @ inv(S)", "df/dp = 2.2*inv(S) @ p" } },
  { "f = sum(sigmoid(A @ p)*q)",
    { "df/dq = sigmoid(A @ p)", "df/dp = A' @ (q*sigmoid(A @ p)*(1 - sigmoid(A @ p)))",
      "df/dp = A' @ (q*(sigmoid(A @ p) - sigmoid(A @ p)^2))", "df/dA = outer(q*sigmoid(A @ p)*sigmoid(-(A @ p)), p)" },
    { "df/dq = sigmoid(A' @ p)", "df/dp = A @ (q*sigmoid(A @ p)*(1 - sigmoid(A @ p)))",
      "df/dp = A' @ (sigmoid(A @ p)*(1 - sigmoid(A @ p)))", "df/dp = A' @ (q*sigmoid(A @ p))",
      "df/dA = outer(p, q*sigmoid(A @ p)*sigmoid(-(A @ p)))", "df/dA = outer(q*sigmoid(A @ p), p)" } },
  { "s = softmax(p); f = -sum(l*log(s))",
    { "df/dp = s - l", "df/dp = sum(l)*s - l", "df/dp = softmax(p) - l", "df/ds = -l/s" },
    { "df/dp = s", "df/dp = l - s", "df/dp = s - 1", "df/dp = s*(1 - l)", "df/dp = 2*(s - l)", "df/ds = l/s" } },
  { "f = trace(A @ B)",
    { "df/dA = B'", "df/dB = A'", "df/dA = transpose(B)", "df/dB = 2*A' - A'" },
    { "df/dA = B", "df/dB = A", "df/dA = A'", "df/dB = B'", "df/dA = 2*B'", "df/dB = -A'" } },
  { "f = logdet(S) + p @ S @ p",
    { "df/dp = 2*S @ p", "df/dS = inv(S) + outer(p, p)", "df/dS = inv(S)' + outer(p, p)", "df/dp = S @ p + S' @ p" },
    { "df/dp = S @ p", "df/dS = inv(S)", "df/dS = outer(p, p)", "df/dS = 2*inv(S) + outer(p, p)",
      "df/dS = inv(S) - outer(p, p)", "df/dS = S + outer(p, p)" } },
};

#define COUNT(table) (sizeof (table) / sizeof *(table))

struct maker
{
  uint32_t seed, shift; /* the change is so many after the one that is drawn */
  char program[TEXT], right[TEXT], wrong[TEXT];
};

static uint32_t
draw (struct maker *maker, uint32_t below)
{
  maker->seed = maker->seed * 1664525u + 1013904223u;
  return (maker->seed >> 16) % below;
}

/* A number of a regime: ordinary, saturated, huge, tiny, or a special one; and any of them with digits. */
static double
number (struct maker *maker, uint32_t regime, bool positive)
{
  static const double special[] = { 0, 1, 2, -1, 1, 2 };
  double x = 0.2 + draw (maker, 2801) / 1000.0;
  bool minus = draw (maker, 2) && !positive;
  switch (regime)
    {
    case 1:
      x *= 8;
      break;
    case 2:
      x *= 1e5;
      break;
    case 3:
      x *= 1e-5;
      break;
    case 4:
      x = special[draw (maker, COUNT (special))];
      return positive && x <= 0 ? 1 : x;
    case 5:
      return 1.5;
    default:
      break;
    }
  return minus ? -x : x;
}

/* Appends to a text of that size. */
static void __attribute__ ((format (printf, 2, 3))) append (char *text, const char *format, ...)
{
  size_t used = strlen (text);
  va_list arguments;
  va_start (arguments, format);
  vsnprintf (text + used, TEXT - used, format, arguments);
  va_end (arguments);
}

/* One of the forms that there are, or so many after it. */
static const char *
pick (struct maker *maker, const char *const *forms, uint32_t most, uint32_t shift)
{
  uint32_t count = 0;
  while (count < most && forms[count])
    count++;
  return forms[(draw (maker, count) + shift) % count];
}

/* A chain of numbers, or elementwise of vectors: dL/dw. */
static void
make_chain (struct maker *maker)
{
  static const char names[] = "wxbtcr";
  const struct outer *outer = &outers[draw (maker, COUNT (outers))];
  const struct inner *inner = &inners[draw (maker, COUNT (inners))];
  const struct loss *loss = &losses[draw (maker, COUNT (losses))];
  uint32_t regime = draw (maker, 6), vector = draw (maker, 3) == 0,
           change = (draw (maker, CHANGES) + maker->shift) % CHANGES;
  for (const char *name = names; *name; name++)
    {
      uint32_t own = draw (maker, 3) ? regime : 0;
      append (maker->program, "%c = ", *name);
      if (vector && (*name == 'x' || *name == 'w'))
        append (maker->program, "[%.6g, %.6g, %.6g]; ", number (maker, own, outer->positive),
                number (maker, own, outer->positive), number (maker, own, outer->positive));
      else
        append (maker->program, "%.6g; ", number (maker, own, outer->positive));
    }
  append (maker->program, "v = %s; y = %s; L = %s%s%s", inner->value, outer->value, vector ? "sum(" : "", loss->value,
          vector ? ")" : "");
  const char *slope = pick (maker, outer->forms, FORMS, 0), *step = pick (maker, inner->forms, 3, 0),
             *first = pick (maker, loss->forms, 3, 0);
  append (maker->right, "dL/dw = (%s)*(%s)*(%s)%s", first, slope, step, loss->rest);
  append (maker->wrong, "dL/dw = ");
  switch (change)
    {
    case 0:
      append (maker->wrong, "1.01*(%s)*(%s)*(%s)%s", first, slope, step, *loss->rest ? loss->rest : " + 0");
      break;
    case 1:
      append (maker->wrong, "-(%s)*(%s)*(%s)%s", first, slope, step, loss->rest);
      break;
    case 2:
      append (maker->wrong, "(%s)*(%s)%s", first, slope, loss->rest);
      break;
    case 3:
      append (maker->wrong, "(%s)*(%s)%s", first, step, loss->rest);
      break;
    case 4:
      if (*loss->rest)
        append (maker->wrong, "(%s)*(%s)*(%s)", first, slope, step);
      else
        append (maker->wrong, "(%s)*(%s)*(%s)*b", first, slope, step);
      break;
    case 5:
      append (maker->wrong, "(%s)*(%s)^2*(%s)%s", first, slope, step, loss->rest);
      break;
    default:
      append (maker->wrong, "2*(%s)*(%s)*(%s)%s", first, slope, step, loss->rest);
      break;
    }
}

/* A matrix of n rows and columns: general, symmetric, the unit matrix, equal numbers or special ones. */
static void
append_matrix (struct maker *maker, char name, uint32_t n, uint32_t kind, bool definite)
{
  double elements[3][3];
  for (uint32_t i = 0; i < n; i++)
    for (uint32_t k = 0; k < n; k++)
      {
        elements[i][k] = kind == 2 ? i == k : kind == 3 ? 2 : number (maker, kind == 4 ? 4 : 0, false);
        if (kind == 1 || definite)
          elements[i][k] = k < i ? elements[k][i] : elements[i][k];
        if (definite && i == k)
          elements[i][k] = 8 + draw (maker, 100) / 50.0;
      }
  append (maker->program, "%c = [", name);
  for (uint32_t i = 0; i < n; i++)
    for (uint32_t k = 0; k < n; k++)
      append (maker->program, "%s%.6g%s", k ? ", " : i ? ", [" : "[", elements[i][k], k == n - 1 ? "]" : "");
  append (maker->program, "]; ");
}

static void
make_matrices (struct maker *maker)
{
  const struct matrices *made = &matrices[draw (maker, COUNT (matrices))];
  uint32_t n = 2 + draw (maker, 2), kind = draw (maker, 5), label = draw (maker, n), regime = draw (maker, 6);
  append_matrix (maker, 'A', n, kind, false);
  append_matrix (maker, 'B', n, draw (maker, 5), false);
  append_matrix (maker, 'S', n, 1, true);
  for (const char *name = "pq"; *name; name++)
    for (uint32_t i = 0; i < n; i++)
      append (maker->program,
              i              ? ", %.6g%s"
              : *name == 'p' ? "p = [%.6g%s"
                             : "q = [%.6g%s",
              number (maker, regime, false), i == n - 1 ? "]; " : "");
  for (uint32_t i = 0; i < n; i++)
    append (maker->program, "%s%d%s", i ? ", " : "l = [", i == label, i == n - 1 ? "]; " : "");
  append (maker->program, "%s", made->program);
  append (maker->right, "%s", pick (maker, made->right, COUNT (made->right), 0));
  append (maker->wrong, "%s", pick (maker, made->wrong, COUNT (made->wrong), maker->shift));
}

static bool
write_file (const char *directory, const char *name, const char *text)
{
  char path[TEXT];
  snprintf (path, sizeof path, "%s/%s", directory, name);
  FILE *file = fopen (path, "w");
  if (!file)
    return false;
  fprintf (file, "%s\n", text);
  fclose (file);
  return true;
}

/* The program's verdict on a claim, by its letter: o, w, c, u; n where the program has no finite derivative; 0 when
   there is none; and why. Of several claims the worst counts. Without a claim it is asked for its formulas first. */
static char
verdict_of (const char *directory, const char *gradcalc, const char *program, const char *claim, char why[TEXT])
{
  char command[TEXT], line[4 * TEXT];
  char worst = 0;
  if (!write_file (directory, "program", program) || (claim && !write_file (directory, "answers", claim)))
    return 0;
  if (!claim)
    {
      snprintf (command, sizeof command, "%s --formula %.500s/program >%.500s/answers 2>/dev/null", gradcalc, directory,
                directory);
      if (system (command) != 0)
        return 'n';
    }
  snprintf (command, sizeof command, "%s -f markdown --reveal=verdict -C %.500s/answers %.500s/program 2>/dev/null",
            gradcalc, directory, directory);
  FILE *out = popen (command, "r");
  while (out && fgets (line, sizeof line, out))
    {
      const char *verdict = strncmp (line, "| `", 3) == 0 ? strstr (line, "` | ") : NULL;
      if (!verdict)
        continue;
      char letter = strstr (line, "the derivative is not finite") ? 'n' : (char)(verdict[4] | 32);
      if (letter > worst)
        snprintf (why, TEXT, "%.*s", TEXT - 1, verdict + 4);
      worst = letter > worst ? letter : worst;
    }
  if (out)
    pclose (out);
  return worst;
}

/* How claims of one kind fared. */
struct count
{
  size_t all, bad, undecided, outside;
};

/* Has a claim judged, and counts it; without one, the program's own formulas. */
static void
judge (struct count *count, const struct maker *maker, uint32_t seed, const char *directory, const char *claim,
       char bad)
{
  static char why[TEXT];
  const char *gradcalc = getenv ("GRADCALC");
  *why = 0;
  char verdict = verdict_of (directory, gradcalc ? gradcalc : "./gradcalc", maker->program, claim, why);
  claim = claim ? claim : "its own formulas";
  count->outside += verdict == 'n';
  count->all += verdict != 'n';
  count->undecided += verdict == 'u';
  if (verdict == 'u' && getenv ("TELL"))
    printf ("# seed %u: %s#   of: %s\n#   in: %s\n", seed, why, claim, maker->program);
  if (verdict && verdict != bad)
    return;
  if (count->bad++ < SHOWN)
    printf ("# seed %u: %c: %s\n#   in: %s\n", seed, verdict ? verdict : '?', claim, maker->program);
}

static void
make (struct maker *maker, uint32_t seed, uint32_t shift)
{
  *maker = (struct maker){ .seed = seed * 2654435761u, .shift = shift };
  draw (maker, 2);
  if (draw (maker, 3) == 0)
    make_matrices (maker);
  else
    make_chain (maker);
}

/* Whether the change is visible at the program's values: it is where both do not fit together, and not where the
   changed one is not finite. */
static bool
is_visible (const struct maker *maker, const char *directory)
{
  static char text[4 * TEXT], line[4 * TEXT];
  const char *gradcalc = getenv ("GRADCALC");
  const char *slash = strchr (maker->wrong, '/'), *equals = strchr (maker->wrong, '=');
  bool visible = true;
  /* dTARGET/dSOURCE = FORMULA */
  snprintf (text, sizeof text,
            "%s; right = grad(%.*s, %.*s); changed = %s; "
            "seen = max(abs(changed - right)/maximum(maximum(abs(changed), abs(right)), 1e-300))",
            maker->program, (int)(slash - maker->wrong - 1), maker->wrong + 1, (int)(equals - slash - 3), slash + 2,
            equals + 1);
  if (!write_file (directory, "program", text))
    return false;
  snprintf (line, sizeof line, "%s --value %.500s/program 2>/dev/null", gradcalc ? gradcalc : "./gradcalc", directory);
  FILE *out = popen (line, "r");
  while (out && fgets (line, sizeof line, out))
    if (strncmp (line, "seen = ", 7) == 0)
      visible = strtod (line + 7, NULL) > VISIBLE;
  if (out)
    pclose (out);
  return visible;
}

/* Judges changed claims until one is visible. */
static void
judge_changed (struct count *visible, struct count *hidden, uint32_t seed, const char *directory)
{
  static struct maker maker;
  bool seen = false;
  for (uint32_t shift = 0; shift < CHANGES && !seen; shift++)
    {
      make (&maker, seed, shift);
      seen = is_visible (&maker, directory);
      judge (seen ? visible : hidden, &maker, seed, directory, maker.wrong, 'o');
    }
}

static bool
are_few (const struct count *count)
{
  return (double)count->undecided <= MOST_UNDECIDED * (double)count->all;
}

int
main (int count, char **words)
{
  uint32_t first, programs = seeds_to_try (count, words, PROGRAMS, &first);
  char directory[] = "/tmp/claims-test-XXXXXX", path[TEXT];
  struct count right = { 0 }, changed = { 0 }, hidden = { 0 }, own = { 0 };
  if (!mkdtemp (directory))
    return 1;
  for (uint32_t seed = first; seed < first + programs; seed++)
    {
      static struct maker maker;
      make (&maker, seed, 0);
      judge (&right, &maker, seed, directory, maker.right, 'w');
      judge_changed (&changed, &hidden, seed, directory);
      if (seed % OWN == 0)
        judge (&own, &maker, seed, directory, NULL, 'w');
    }
  for (const char *const *name = (const char *const[]){ "program", "answers", NULL }; *name; name++)
    {
      snprintf (path, sizeof path, "%s/%s", directory, *name);
      unlink (path);
    }
  rmdir (directory);
  printf ("1..5\n%sok 1 - of %zu right claims in other forms none is wrong\n", right.bad ? "not " : "", right.all);
  printf ("%sok 2 - %zu of them are undecided, and %zu programs without a finite derivative not counted\n",
          are_few (&right) ? "" : "not ", right.undecided, right.outside);
  printf ("%sok 3 - of %zu claims with a visible change none is ok, and of %zu with another\n",
          changed.bad || hidden.bad ? "not " : "", changed.all, hidden.all);
  printf ("%sok 4 - %zu are undecided, and of the others %zu\n", are_few (&changed) ? "" : "not ", changed.undecided,
          hidden.undecided);
  printf ("%sok 5 - of the formulas of %zu programs none is wrong (%zu undecided)\n", own.bad ? "not " : "", own.all,
          own.undecided);
  return right.bad || changed.bad || hidden.bad || own.bad || !are_few (&right) || !are_few (&changed);
}
