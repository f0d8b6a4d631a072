/* term_c_forms.c -- functions of numbers as C writes them, and those that C has not, as functions of their own. */
#include <stdio.h>
#include <string.h>

#include "formula/term_c.h"

/* How C writes each function, of those that have a row in notation.def. */
static const char same[] = "", none[] = "none";
static const char *const forms[OPS] = {
#define NOTATION(name, latex, c, rule) [OP_##name] = c,
#define SAME same
#define C(text) text
#define MOVE(how, values) none
#define LOOP(how) none
#define NONE none
#include "ops/notation.def"
};

/* The values of ops.def, which are C. */
static const char *const values[OPS] = {
#define UNARY(name, sign, traits, accuracy, domain, value, ...) [OP_##name] = #value,
#define BINARY UNARY
#define TERNARY UNARY
#include "ops/ops.def"
};

/* Functions that are written before the one that calls them, each after those that it calls itself. */
static const struct
{
  const char *name, *text;
} helpers[] = {
  /* fmax and fmin take a number before NaN. */
  { "larger", "static double\nlarger (double a, double b)\n{\n  return a > b || isnan(a) ? a : b;\n}\n" },
  { "smaller", "static double\nsmaller (double a, double b)\n{\n  return a < b || isnan(a) ? a : b;\n}\n" },
  /* Right to the smallest numbers. */
  { "sigmoid", "static double\nsigmoid (double x)\n{\n"
               "  double part = exp(-fabs(x));\n"
               "  return (x < 0.0 ? part : 1.0)/(1.0 + part);\n}\n" },
  { "mod", "static double\nmod (double a, double b)\n{\n"
           "  double rest = fmod(a, b);\n"
           "  if (rest == 0.0)\n"
           "    return copysign(rest, b);\n"
           "  return (rest < 0.0) != (b < 0.0) ? rest + b : rest;\n}\n" },
  /* Up by the recurrence, then Stirling's series; left of 0 by reflection. */
  { "digamma", "static double\ndigamma (double x)\n{\n"
               "  if (x <= 0.0)\n"
               "    return x == floor(x) ? NAN\n"
               "           : digamma (1.0 - x) - 3.141592653589793/tan(3.141592653589793*(x - rint(x)));\n"
               "  double sum = 0.0;\n"
               "  for (; x < 12.0; x++)\n"
               "    sum -= 1.0/x;\n"
               "  double y = 1.0/(x*x);\n"
               "  return sum + log(x) - 0.5/x\n"
               "         - y*(1.0/12 - y*(1.0/120 - y*(1.0/252 - y*(1.0/240 - y*(1.0/132 - y*691.0/32760)))));\n}\n" },
  /* Up by the recurrence, then the asymptotic series, whose terms are those of digamma differentiated n times. */
  { "polygamma", "static double\npolygamma (double order, double x)\n{\n"
                 "  static const double bernoulli[]\n"
                 "    = { 1.0/6, -1.0/30, 1.0/42, -1.0/30, 5.0/66, -691.0/2730, 7.0/6, -3617.0/510 };\n"
                 "  double sum = 0.0, factorial = tgamma(order);\n"
                 "  if (order == 0.0)\n"
                 "    return digamma (x);\n"
                 "  if (x <= 0.0 && x == floor(x))\n"
                 "    return order == 1.0 ? INFINITY : NAN;\n"
                 "  if (x < 0.0 && order == 1.0)\n"
                 "    return pow(3.141592653589793/sin(3.141592653589793*(x - rint(x))), 2.0)\n"
                 "           - polygamma (1.0, 1.0 - x);\n"
                 "  for (; x < 15.0 + order; x++)\n"
                 "    sum += order*factorial*pow(x, -order - 1.0);\n"
                 "  double term = factorial*pow(x, -order);\n"
                 "  sum += term*(1.0 + order/(2.0*x));\n"
                 "  for (int k = 1; k <= 8; k++)\n"
                 "    {\n"
                 "      double next = 2.0*k + order;\n"
                 "      term *= (next - 1.0)*(next - 2.0)/(2.0*k*(2.0*k - 1.0)*x*x);\n"
                 "      sum += term*bernoulli[k - 1];\n"
                 "    }\n"
                 "  return fmod(order, 2.0) == 0.0 ? -sum : sum;\n}\n" },
  /* digamma (x + step) - digamma (x), each term subtracted in closed form: the recurrence, then Stirling's series. From
     the lower end on, of which there is none below 0. */
  { "digamma_difference", "static double\ndigamma_difference (double x, double step)\n{\n"
                          "  double sum = 0.0;\n"
                          "  if (step < 0.0)\n"
                          "    return -digamma_difference (x + step, -step);\n"
                          "  if (!(x >= 0.0))\n"
                          "    return NAN;\n"
                          "  for (; x < 30.0; x++)\n"
                          "    sum += step/x/(x + step);\n"
                          "  double u = 1.0/x, v = 1.0/(x + step), p = u*u, q = v*v;\n"
                          "  double rest = 1.0/12 - (p + q)/120 + (p*p + p*q + q*q)/252;\n"
                          "  return sum + log1p(step/x) + step*u*v*(0.5 + (u + v)*rest);\n}\n" },
  /* What Stirling's formula lacks, for x of 10 and more. */
  { "stirling", "static double\nstirling (double x)\n{\n"
                "  double y = 1.0/(x*x);\n"
                "  double sum = 1.0/1260 - y*(1.0/1680 - y*(1.0/1188 - y*691.0/360360));\n"
                "  return (1.0/12 - y*(1.0/360 - y*sum))/x;\n}\n" },
  /* Of a large argument without its lgamma, as differences of them lose their digits. */
  { "lbeta", "static double\nlbeta (double a, double b)\n{\n"
             "  double p = fmin(a, b), q = fmax(a, b), h = p/(p + q);\n"
             "  if (q < 10.0)\n"
             "    return lgamma(p) + lgamma(q) - lgamma(p + q);\n"
             "  double rest = stirling (q) - stirling (p + q) + (q - 0.5)*log1p(-h);\n"
             "  if (p < 10.0)\n"
             "    return lgamma(p) + rest + p - p*log(p + q);\n"
             "  return rest + stirling (p) - 0.5*log(p + q) + 0.9189385332046727 + (p - 0.5)*log(h);\n}\n" },
  /* For a small k, where lbeta cancels, its slope by Gauss's rule. */
  { "lchoose", "static double\nlchoose (double n, double k)\n{\n"
               "  static const double nodes[] = { 0.0, 0.5384693101056831, 0.906179845938664 };\n"
               "  static const double weights[] = { 0.2844444444444444, 0.4786286704993665, 0.23692688505618908 };\n"
               "  double near = fabs(k) < fabs(n - k) ? k : n - k, sum = 0.0;\n"
               "  if (fabs(near) >= 0.02 || n <= -0.5)\n"
               "    return -log1p(n) - lbeta (n - k + 1.0, k + 1.0);\n"
               "  for (int i = 0; i < 6; i++)\n"
               "    {\n"
               "      double t = 0.5*near*(1.0 + (i%2 ? -1.0 : 1.0)*nodes[i/2]);\n"
               "      sum += weights[i/2]*digamma_difference (t + 1.0, n - 2.0*t);\n"
               "    }\n"
               "  return 0.5*near*sum;\n}\n" },
  /* The tail by its asymptotic series. */
  { "log_ndtr", "static double\nlog_ndtr (double x)\n{\n"
                "  double y = 1.0/(x*x);\n"
                "  if (x > 0.0)\n"
                "    return log1p(-0.5*erfc(x/sqrt(2.0)));\n"
                "  if (x > -30.0)\n"
                "    return log(0.5*erfc(-x/sqrt(2.0)));\n"
                "  double tail = log1p(-y*(1.0 - y*(3.0 - y*(15.0 - y*105.0))));\n"
                "  return -0.5*x*x - log(-x) - 0.9189385332046727 + tail;\n}\n" },
  /* Newton's rule on the tail, from a root of its size; the middle is nearly straight. */
  { "ndtri", "static double\nndtri (double p)\n{\n"
             "  double tail = fmin(p, 1.0 - p), x = tail < 0.1 ? -sqrt(-2.0*log(tail)) : 2.5*(tail - 0.5);\n"
             "  if (!(p > 0.0 && p < 1.0))\n"
             "    return p == 0.0 ? -INFINITY : p == 1.0 ? INFINITY : NAN;\n"
             "  for (int i = 0; i < 60; i++)\n"
             "    {\n"
             "      double value = 0.5*erfc(-x/sqrt(2.0)), slope = exp(-0.5*x*x)*0.3989422804014327;\n"
             "      double step = value > 0.0 ? value/slope*log(value/tail) : -1.0;\n"
             "      x -= step;\n"
             "      if (fabs(step) <= 1e-16*fabs(x))\n"
             "        break;\n"
             "    }\n"
             "  return p < 0.5 ? x : -x;\n}\n" },
  { "erfinv", "static double\nerfinv (double x)\n{\n"
              "  double size = fabs(x), y = size < 0.7 ? size : sqrt(-log(1.0 - size));\n"
              "  if (!(size < 1.0))\n"
              "    return size == 1.0 ? x*INFINITY : NAN;\n"
              "  for (int i = 0; i < 60; i++)\n"
              "    {\n"
              "      double slope = 1.1283791670955126*exp(-y*y), tail = erfc(y);\n"
              "      double step = size < 0.5 ? (erf(y) - size)/slope : tail/slope*log((1.0 - size)/tail);\n"
              "      y -= step;\n"
              "      if (fabs(step) <= 1e-16*fabs(y))\n"
              "        break;\n"
              "    }\n"
              "  return copysign(y, x);\n}\n" },
  /* Exactly 0 at whole numbers. */
  { "sinc", "static double\nsinc (double x)\n{\n"
            "  double rest = fabs(x - 2.0*rint(0.5*x));\n"
            "  double sine = sin(3.141592653589793*(rest > 0.5 ? 1.0 - rest : rest));\n"
            "  if (x == 0.0)\n"
            "    return 1.0;\n"
            "  return (x - 2.0*rint(0.5*x) < 0.0 ? -sine : sine)/(3.141592653589793*x);\n}\n" },
  /* With the largest pivots. The matrix is used up; each of m columns of x becomes what solves it. */
  { "eliminate", "static double\neliminate (size_t n, size_t m, double *a, double *x)\n{\n"
                 "  double determinant = 1.0;\n"
                 "  for (size_t k = 0; k < n; k++)\n"
                 "    {\n"
                 "      size_t pivot = k;\n"
                 "      for (size_t i = k + 1; i < n; i++)\n"
                 "        if (fabs(a[i*n + k]) > fabs(a[pivot*n + k]))\n"
                 "          pivot = i;\n"
                 "      for (size_t j = 0; j < n + m && pivot != k; j++)\n"
                 "        {\n"
                 "          double *p = j < n ? a + pivot*n + j : x + pivot*m + j - n;\n"
                 "          double *q = j < n ? a + k*n + j : x + k*m + j - n, kept = *p;\n"
                 "          *p = *q;\n"
                 "          *q = kept;\n"
                 "        }\n"
                 "      determinant *= pivot == k ? a[k*n + k] : -a[k*n + k];\n"
                 "      for (size_t i = k + 1; i < n && a[k*n + k] != 0.0; i++)\n"
                 "        {\n"
                 "          double times = a[i*n + k]/a[k*n + k];\n"
                 "          for (size_t j = k + 1; j < n; j++)\n"
                 "            a[i*n + j] -= times*a[k*n + j];\n"
                 "          for (size_t j = 0; j < m; j++)\n"
                 "            x[i*m + j] -= times*x[k*m + j];\n"
                 "        }\n"
                 "    }\n"
                 "  for (size_t i = n; i-- > 0;)\n"
                 "    for (size_t j = 0; j < m; j++)\n"
                 "      {\n"
                 "        for (size_t k = i + 1; k < n; k++)\n"
                 "          x[i*m + j] -= a[i*n + k]*x[k*m + j];\n"
                 "        x[i*m + j] /= a[i*n + i];\n"
                 "      }\n"
                 "  return determinant;\n}\n" },
  /* Of a positive definite matrix, of which the lower half is read; the factor takes its place. */
  { "factor", "static void\nfactor (size_t n, double *a)\n{\n"
              "  for (size_t i = 0; i < n; i++)\n"
              "    for (size_t j = 0; j < n; j++)\n"
              "      {\n"
              "        for (size_t k = 0; k < j && j <= i; k++)\n"
              "          a[i*n + j] -= a[i*n + k]*a[j*n + k];\n"
              "        a[i*n + j] = j > i ? 0.0 : j == i ? sqrt(a[i*n + j]) : a[i*n + j]/a[j*n + j];\n"
              "      }\n}\n" },
  /* Their series, of positive terms. */
  { "bessel_i0", "static double\nbessel_i0 (double x)\n{\n"
                 "  double sum = 1.0, term = 1.0;\n"
                 "  for (int k = 1; k < 2000 && term > 1e-17*sum; k++)\n"
                 "    sum += term *= x*x/(4.0*k*k);\n"
                 "  return sum;\n}\n" },
  { "bessel_i1", "static double\nbessel_i1 (double x)\n{\n"
                 "  double sum = 1.0, term = 1.0;\n"
                 "  for (int k = 1; k < 2000 && term > 1e-17*sum; k++)\n"
                 "    sum += term *= x*x/(4.0*k*(k + 1.0));\n"
                 "  return 0.5*x*sum;\n}\n" }
};

enum
{
  HELPERS = sizeof helpers / sizeof *helpers
};

bool
term_c_has_helper (const char *name)
{
  bool found = false;
  for (int i = 0; i < HELPERS && !found; i++)
    found = strcmp (name, helpers[i].name) == 0;
  return found;
}

/* Whether C has a function, or is given it here. */
static bool
is_of_c (const char *name)
{
  enum op op = op_find (name, false);
  return strcmp (name, "fabs") == 0 || (op < OPS && forms[op] == same) || term_c_has_helper (name);
}

/* A value of ops.def as a form: NULL where it takes what C has not. */
static const char *
value_form (const char *value, char text[C_FORM_TEXT])
{
  static const char word[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789.";
  const char *operands = "abc", *operand;
  char *to = text, name[32];
  *to++ = '(';
  while (*value && to < text + C_FORM_TEXT - (int)sizeof name)
    {
      int size = (int)strspn (value, word);
      bool named = size && (*value < '0' || *value > '9');
      size = size ? size : 1;
      snprintf (name, sizeof name, "%.*s", size, value);
      value += size;
      if (named && size == 1 && (operand = strchr (operands, *name)))
        snprintf (name, sizeof name, "#%d", (int)(operand - operands) + 1);
      else if (named && (strncmp (value, " (", 2) != 0 || !is_of_c (name)))
        return NULL;
      else
        value += named;
      to = stpcpy (to, name);
    }
  strcpy (to, ")");
  return *value ? NULL : text;
}

const char *
term_c_form (uint32_t op, uint32_t count, char text[C_FORM_TEXT])
{
  const char *form = op < OPS ? forms[op] : none;
  if (!form && values[op])
    return value_form (values[op], text);
  if (form != same)
    return form == none ? NULL : form;
  snprintf (text, C_FORM_TEXT, count > 1 ? "%s($1, $2)" : "%s($1)", op_written (op));
  return text;
}

/* Whether a function is called in a text. */
static bool
is_called (const char *text, const char *name)
{
  size_t size = strlen (name);
  for (const char *p = strstr (text, name); p; p = strstr (p + 1, name))
    {
      const char *after = p + size + (p[size] == ' ');
      bool begins = p == text || !strchr ("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", p[-1]);
      if (begins && *after == '(')
        return true;
    }
  return false;
}

void
term_c_helpers (FILE *out, const char *body)
{
  bool needed[HELPERS] = { false };
  for (int i = HELPERS - 1; i >= 0; i--)
    {
      needed[i] = is_called (body, helpers[i].name);
      for (int k = i + 1; k < HELPERS; k++)
        needed[i] |= needed[k] && is_called (helpers[k].text, helpers[i].name);
    }
  for (int i = 0; i < HELPERS; i++)
    if (needed[i])
      fprintf (out, "\n%s", helpers[i].text);
}
