/* formula-test.c -- generated programs whose gradient as formulas, read back as text, and as a function in C, compiled,
   must be the gradient: at the program's values, at zeros, at ties and at large values, wherever it is finite.

   formula-test [FIRST [COUNT]]: the programs of COUNT seeds from FIRST on. */
#include <dlfcn.h>
#include <fcntl.h>
#include <fenv.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check/rounding.h"
#include "command/session.h"
#include "derive/derive.h"
#include "seeds.h"

enum
{
  PROGRAMS = 250,
  POINTS = 5,
  BATCH = 100, /* programs whose functions are compiled together */
  LONGEST = 2000,
  ELEMENTS = 6, /* of the inputs: two numbers and a vector of four, as vectors are computed two by two */
  DEPTH = 3,
  WORDS = 20,
  SHOWN = 10
};

struct maker
{
  uint32_t seed;
  int numbers, vectors; /* values so far, by name: s0 s1 ..., v0 v1 ... */
  bool chooses;         /* it has branches, or loops whose end hangs on values */
  bool derives;         /* it has a derivative inside */
  size_t used;
  char text[LONGEST];
};

#define WRITE(maker, ...)                                                                                              \
  ((maker)->used += (maker)->used < LONGEST - 1 ? (size_t)snprintf ((maker)->text + (maker)->used, \
                                                                    LONGEST - (maker)->used, __VA_ARGS__) \
                                                 : 0)

/* A whole number below `below`. */
static uint32_t
draw (struct maker *maker, uint32_t below)
{
  maker->seed = maker->seed * 1664525u + 1013904223u;
  return (maker->seed >> 16) % below;
}

#define ONE_OF(maker, list) ((list)[draw ((maker), sizeof (list) / sizeof *(list))])

static void
write_leaf (struct maker *maker, bool vector)
{
  static const char *const numbers[] = { "0", "1", "2", "0.5", "-1", "3", "1.5" };
  if (vector && draw (maker, 8) == 0)
    WRITE (maker, "[%s, s%u, 0.7, 2]", ONE_OF (maker, numbers), draw (maker, (uint32_t)maker->numbers));
  else if (vector)
    WRITE (maker, "v%u", draw (maker, (uint32_t)maker->vectors));
  else if (draw (maker, 4) == 0)
    WRITE (maker, "v%u[%u]", draw (maker, (uint32_t)maker->vectors), draw (maker, 4));
  else if (draw (maker, 6) == 0)
    WRITE (maker, "%s", ONE_OF (maker, numbers));
  else
    WRITE (maker, "s%u", draw (maker, (uint32_t)maker->numbers));
}

/* An expression of a number or a vector; in a text a $ stands for an operand of its kind, a ~ for a plain one, a # for
   a number, an @ for a vector. Recursion ends with the depth, which is ours. */
static void
write_expression (struct maker *maker, bool vector, int depth)
{
  static const char *const elementwise[]
    = { "sin($)", "cos($)", "tanh($)", "exp(0.3*$)", "sigmoid($)", "softplus($)", "atan($)", "sqrt(abs($))",
        "log(1 + abs($))", "abs($)", "relu($)", "square($)", "erf($)", "elu($)", "leaky_relu($)", "cbrt($)",
        "asinh($)", "expm1($)", "gelu($)", "silu($)", "logsigmoid($)", "softsign($)", "sinc($)", "sqrt($)",
        "exp($)", "log(2 + abs($))", "sign($)*$", "deg2rad($)", "hypot($, $)", "maximum($, $)", "$ + $", "$ - $",
        "$*$", "$*$", "$/(2 + square($))", "$/$", "$^2", "$^3*$", "minimum($, $)", "abs($)^#", "abs($)^$",
        "clip($, -1, 1)", "$ % $", "$ % 3 + $", "(2*$) % ($ + 1)", "fmod($, $)", "copysign($, ~ + 0.5)",
        "clip($, $, $)", "where($ > $, $, $)", "where($ > 0, sqrt(abs($)), $)",
        "where(sign($) == sign($), $, $*$)", "2*$ + 3*$", "atan2($, $)", "logaddexp($, $)", "xlogy($, abs($))",
        "floor($)*$", "acos(clip($, -1, 1))", "($ > $)*$", "sigmoid($)*$", "maximum($, 0)", "max_of($)" };
  static const char *const reductions[]
    = { "sum(@)", "mean(@)",       "norm(@)",        "logsumexp(@)", "prod(@)", "max(@)",        "min(@)",     "var(@)",
        "std(@)", "norm(@, 1)", "norm(@, 3)", "norm(@, inf)", "@ @ @", "max(2*@ + 3*@)", "max(#, 0)", "max(#, #, #)",
        "min(#, #)", "sum(abs(@ - @))", "mean((@ - @)^2)", "sum(@*[0, 1, 2, 3])", "sum(relu(@))",
        "det(reshape(@, 2, 2))", "sum(reshape(@, 2, 2) @ reshape(@, 2, 2))",
        "trace(reshape(@, 2, 2) @ reshape(@, 2, 2)')",
        "sum(solve(reshape(tanh(@), 2, 2) + 3*eye(2), [#, #]))", "sum(max(reshape(@, 2, 2), axis=0))",
        "sum(logsumexp(reshape(@, 2, 2), axis=1))", "sum(inv(reshape(tanh(@), 2, 2) + 3*eye(2)))",
        "sum(norm(reshape(@, 2, 2), axis=0))", "sum(std(reshape(@, 2, 2), axis=1))", "cumprod(@)[2]",
        "sum(prod(reshape(@, 2, 2), axis=1))", "logdet(outer(tanh(@), tanh(@)) + eye(4))" };
  static const char *const spread[]
    = { "softmax(@)", "cumsum(@)", "flip(@)", "log_softmax(@)", "roll(@, 1)", "@[[2, 0, 1, 1]]", "@[::-1]",
        "@*[0, 1, 2, 3]", "outer(@, @) @ @", "where(@ > #, @, #)", "[#, #, #, #]", "concat(@[1:], [#])",
        "@/norm(@)", "#*@", "cumprod(@)", "flatten(reshape(@, 2, 2)')", "flatten(softmax(reshape(@, 2, 2), axis=0))",
        "flatten(reshape(@, 2, 2) @ reshape(@, 2, 2))", "flatten(log_softmax(reshape(@, 2, 2)))",
        "flatten(reshape(@, 2, 2) - max(reshape(@, 2, 2), axis=0))" };
  if (depth == 0 || draw (maker, 6) == 0)
    {
      write_leaf (maker, vector);
      return;
    }
  uint32_t kind = draw (maker, 10);
  const char *form = kind < 7 ? ONE_OF (maker, elementwise)
                     : vector ? ONE_OF (maker, spread)
                              : ONE_OF (maker, reductions);
  if (strncmp (form, "max_of", 6) == 0)
    form = vector ? "maximum($, #)" : "max($, #, 0)";
  WRITE (maker, "(");
  for (const char *p = form; *p; p++)
    if (*p == '$')
      write_expression (maker, vector && draw (maker, 4), depth - 1);
    else if (*p == '~')
      write_leaf (maker, vector);
    else if (*p == '#')
      write_expression (maker, false, depth - 1);
    else if (*p == '@' && !(p > form && p[-1] == ' ' && p[1] == ' '))
      write_expression (maker, true, depth - 1);
    else
      WRITE (maker, "%c", *p);
  WRITE (maker, ")");
}

static void
write_assignment (struct maker *maker, bool vector)
{
  WRITE (maker, "%c%d = ", vector ? 'v' : 's', vector ? maker->vectors : maker->numbers);
  write_expression (maker, vector, 2);
  WRITE (maker, vector ? " + zeros(4); " : "; ");
  if (vector)
    maker->vectors++;
  else
    maker->numbers++;
}

static void
write_statement (struct maker *maker)
{
  uint32_t any = draw (maker, (uint32_t)maker->numbers), other = draw (maker, (uint32_t)maker->numbers),
           which = draw (maker, (uint32_t)maker->vectors);
  switch (draw (maker, 14))
    {
    case 12:
      maker->chooses = true;
      WRITE (maker,
             "def f%d(p, q) { if p > %u*q { return p*q }; s = 0; for i in 0:3 { if i == 1 { continue }; "
             "s += sin(p*i) + max(q, %u*(p > q)) }; return s + abs(p - q) }; s%d = f%d(s%u, s%u); ",
             maker->numbers, draw (maker, 3), draw (maker, 3), maker->numbers, maker->numbers, any, other);
      maker->numbers++;
      break;
    case 13:
      WRITE (maker, "M%d = outer(v%u, v%u) + s%u*eye(4); v%d = M%d @ v%u; ", maker->vectors, which,
             draw (maker, (uint32_t)maker->vectors), any, maker->vectors, maker->vectors, which);
      maker->vectors++;
      break;
    case 0:
      maker->chooses = true;
      WRITE (maker, "if s%u > %u { s%d = s%u*1.5 } else { s%d = sin(s%u) }; ", any, draw (maker, 3), maker->numbers,
             other, maker->numbers, other);
      maker->numbers++;
      break;
    case 1:
      WRITE (maker, "s%d = s%u; for i in 0:%u { s%d = 0.6*s%d + sin(v%u[i %% 4]) }; ", maker->numbers, any,
             2 + draw (maker, 4), maker->numbers, maker->numbers, which);
      maker->numbers++;
      break;
    case 2:
      WRITE (maker, "s%d = (fn(q) q*cos(q) + relu(q - s%u))(s%u); ", maker->numbers, any, other);
      maker->numbers++;
      break;
    case 3:
      WRITE (maker, "v%d = v%u*2; v%d[%u] = s%u*v%u[0]; ", maker->vectors, which, maker->vectors, draw (maker, 4), any,
             which);
      maker->vectors++;
      break;
    case 4:
      maker->derives = true;
      WRITE (maker, "s%d = grad(fn(q) q^3*s%u + sin(q))(s%u); ", maker->numbers, any, other);
      maker->numbers++;
      break;
    case 5:
      maker->chooses = true;
      WRITE (maker, "s%d = s%u > s%u ? s%u : s%u^2; ", maker->numbers, any, other, any, other);
      maker->numbers++;
      break;
    default:
      write_assignment (maker, draw (maker, 2));
    }
}

/* The values of the inputs: for the program itself, zeros and small whole numbers, ties, large ones, and those at the
   ends of the range. */
static void
find_point (uint32_t seed, int which, double x[ELEMENTS])
{
  static const double edges[] = { 0, 0, 1, -1, 2, 0.5, 3, -2 }, large[] = { 40, -40, 800, -800, 20, 0, 1, 400 },
                      ends[] = { 1e300, -1e300, 1e-300, -1e-300, 1e-16, 0, 1, -1 };
  struct maker maker = { .seed = (seed * 7 + (uint32_t)which) * 2654435761u + 99 };
  double tie = ONE_OF (&maker, edges);
  for (int i = 0; i < ELEMENTS; i++)
    switch (which)
      {
      case 0:
        x[i] = -1.5 + 0.01 * draw (&maker, 300);
        break;
      case 1:
        x[i] = ONE_OF (&maker, edges);
        break;
      case 2:
        x[i] = draw (&maker, 4) ? tie : ONE_OF (&maker, edges);
        break;
      case 3:
        x[i] = ONE_OF (&maker, large);
        break;
      default:
        x[i] = ONE_OF (&maker, ends);
      }
}

/* What follows the inputs: some statements and the target, whose name has the seed. */
static void
write_body (struct maker *maker, uint32_t seed)
{
  *maker = (struct maker){ .seed = seed * 2654435761u + 12345, .numbers = 2, .vectors = 1 };
  for (uint32_t i = draw (maker, 4); i > 0 && maker->used + 450 < LONGEST; i--)
    write_statement (maker);
  WRITE (maker, "goal%u = ", seed);
  write_expression (maker, false, maker->used + 600 < LONGEST ? DEPTH : 1);
  /* Every input is in it, so that each has a derivative. */
  WRITE (maker, " + s0*s1 + sum(v0*v0)");
}

static bool
fits (const struct maker *maker)
{
  return maker->used < LONGEST - 1;
}

/* Runs a command; what it wrote, to be freed, or NULL when it failed. */
static char *
command (const char *program, const char *const *options)
{
  static struct session session;
  const char *words[WORDS] = { "gradcalc", "-q" };
  int count = 2, file = memfd_create ("formula", 0), out = dup (STDOUT_FILENO);
  fflush (stdout);
  if (file < 0 || out < 0 || dup2 (file, STDOUT_FILENO) < 0)
    abort ();
  while (*options)
    words[count++] = *options++;
  words[count++] = "-e";
  words[count++] = program;
  session = (struct session){ .steps = 0 };
  int status = session_run (&session, count, (char **)words);
  fflush (stdout);
  dup2 (out, STDOUT_FILENO);
  close (out);
  off_t size = lseek (file, 0, SEEK_END);
  char *text = status == 0 && size >= 0 ? calloc ((size_t)size + 1, 1) : NULL;
  if (text && pread (file, text, (size_t)size, 0) != size)
    abort ();
  close (file);
  return text;
}

/* Numbers at the ends of the lines of csv. */
static int
read_numbers (const char *csv, double numbers[ELEMENTS])
{
  int count = 0;
  for (const char *line = strchr (csv, '\n'); line && line[1] && count < ELEMENTS; line = strchr (line + 1, '\n'))
    {
      char row[400];
      snprintf (row, sizeof row, "%.*s", (int)strcspn (line + 1, "\n"), line + 1);
      const char *field = strrchr (row, ',');
      numbers[count++] = field ? strtod (field + 1, NULL) : NAN;
    }
  return count;
}

/* Each element that is finite in `right` the same in `given`, but for rounding. */
static bool
agree (const double *right, const double *given)
{
  double largest = 0;
  for (int i = 0; i < ELEMENTS; i++)
    if (isfinite (right[i]))
      largest = fmax (largest, fabs (right[i]));
  for (int i = 0; i < ELEMENTS; i++)
    if (isfinite (right[i])
        && !(fabs (right[i] - given[i]) <= 1e-9 * fmax (fabs (right[i]), fabs (given[i])) + 1e-12 * largest))
      return false;
  return true;
}

static void
write_program (char text[2 * LONGEST], const double x[ELEMENTS], const struct maker *body)
{
  snprintf (text, 2 * LONGEST, "s0 = %.17g; s1 = %.17g; v0 = [%.17g, %.17g, %.17g, %.17g]; %s", x[0], x[1], x[2], x[3],
            x[4], x[5], body->text);
}

static bool
find_gradient (const char *program, double gradient[ELEMENTS])
{
  static const char *const options[] = { "-f", "csv", "-p", "17", "-w", "s0,s1,v0", "--unconnected=zero", NULL };
  char *csv = command (program, options);
  int count = csv ? read_numbers (csv, gradient) : 0;
  free (csv);
  return count == ELEMENTS;
}

/* What is known of a run of the program. */
struct watched
{
  bool infinite;            /* a value overflows, or there is none: formulas order their factors in another way, so that
                               others overflow, and what is divided by infinity may be NaN */
  bool ordered;             /* a sum of elements is another number when they are added one after the other, as C does */
  double bounds[ELEMENTS];  /* how far off the gradient can be by rounding, or INFINITY */
};

static void
watch_step (void *data, const struct run *run, const struct heard *heard)
{
  (void)run;
  struct watched *watched = data;
  const struct value *result = heard->result, *const *operands = heard->operands;
  if (!value_is_number (result) && result->kind != KIND_ARRAY)
    return;
  struct shape shape = value_shape (result);
  for (size_t i = 0; i < shape_size (&shape); i++)
    watched->infinite |= !isfinite (value_elements (result)[i]);
  if (heard->op != OP_sum || shape.rank || heard->count == 0 || operands[0]->kind != KIND_ARRAY)
    return;
  double sum = 0;
  for (size_t i = 0; i < operands[0]->array->size; i++)
    sum += operands[0]->array->elements[i];
  watched->ordered |= fabs (sum - result->number) > 1e-9 * fabs (result->number);
}

/* The bounds of the derivatives in the inputs, in their order. */
static void
find_bounds (const struct run *base, double bounds[ELEMENTS])
{
  struct points points;
  struct rounding rounding;
  struct value derivative;
  points_open (&points, base, 1);
  if (rounding_open (&rounding, &points))
    {
      const struct run *run = &rounding.again.run;
      const struct value *target = area_of (&run->globals, struct value) + run->last;
      size_t at = 0, inputs = area_count (&run->input_order, uint32_t);
      for (size_t i = 0; i < inputs && at < ELEMENTS; i++)
        {
          const struct value *source
            = &area_of (&run->inputs, struct noted)[area_of (&run->input_order, uint32_t)[i]].value;
          struct shape shape = value_shape (source);
          if (at + shape_size (&shape) <= ELEMENTS
              && rounding_derivative (&rounding, target, ROUNDING_ALL, source, &derivative))
            rounding_of_value (&rounding, &derivative, bounds + at);
          at += shape_size (&shape);
        }
    }
  rounding_close (&rounding);
  points_close (&points);
}

static void
watch (const char *text, struct watched *watched)
{
  static struct session session;
  jmp_buf stop;
  const struct listener listener = { .step = watch_step, .data = watched };
  *watched = (struct watched){ .infinite = false };
  for (int i = 0; i < ELEMENTS; i++)
    watched->bounds[i] = INFINITY;
  struct compile_options options = { .targets = &session.targets };
  session = (struct session){ .memory = { .stop = &stop, .text = strlen (text) },
                              .diagnostics = { .sources = &session.sources, .mute = true, .stop = &stop } };
  if (setjmp (stop) == 0)
    {
      sources_add (&session.sources, &session.memory, "<test>", text, strlen (text));
      names_open (&session.names, &session.memory);
      syntax_open (&session.syntax, &session.memory);
      syntax_open (&session.targets, &session.memory);
      arrays_open (&session.arrays, &session.memory);
      program_open (&session.program, &session.memory, &session.names);
      session.program.source_count = 1;
      if (parse (&session.syntax, &session.names, &session.diagnostics, 0, 1, PARSE_PROGRAM, NULL)
          && compile (&session.program, &session.syntax, &session.diagnostics, &options))
        {
          tape_open (&session.tape, &session.memory, &session.arrays);
          if (session.program.derives)
            derive_prepare (&session.program);
          run_open (&session.run, &session.program, &session.tape, &session.diagnostics);
          run_listen (&session.run, &listener);
          run (&session.run);
          run_listen (&session.run, NULL);
          find_bounds (&session.run, watched->bounds);
        }
    }
  run_close (&session.run);
  tape_close (&session.tape);
  program_close (&session.program);
  syntax_close (&session.syntax);
  syntax_close (&session.targets);
  names_close (&session.names);
  arrays_close (&session.arrays);
  sources_free (&session.sources);
  memory_close (&session.memory);
}

/* Whether a gradient is another one where every step is rounded up, or down: on whole numbers, and so at kinks and ties
   of them, it never is. */
static bool
is_rounding (const char *program, const double *gradient)
{
  static const int ways[] = { FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO };
  bool other = false;
  for (size_t i = 0; i < sizeof ways / sizeof *ways && !other; i++)
    {
      double rounded[ELEMENTS];
      fesetround (ways[i]);
      bool found = find_gradient (program, rounded);
      fesetround (FE_TONEAREST);
      other = found && !agree (gradient, rounded);
    }
  return other;
}

/* Whether rounding alone, of the inputs, moves the gradient about as much as it was found wrong. */
static bool
is_noise (const double x[ELEMENTS], const struct maker *body, const double *gradient)
{
  for (int way = -1; way < 2; way += 2)
    {
      double moved[ELEMENTS], other[ELEMENTS];
      char program[2 * LONGEST];
      for (int i = 0; i < ELEMENTS; i++)
        moved[i] = x[i] * (1 + way * 1e-13);
      write_program (program, moved, body);
      if (find_gradient (program, other) && !agree (gradient, other))
        return true;
    }
  return false;
}

/* The formulas as statements behind the program, whose values are those of the gradient. */
static bool
read_back (const char *program, const char *formulas, double values[ELEMENTS])
{
  static const char *const options[] = { "-f", "csv", "-p", "17", "--value", "-t", "g_s0,g_s1,g_v0", NULL };
  char *text;
  size_t size;
  FILE *out = open_memstream (&text, &size);
  fprintf (out, "%s\n", program);
  for (const char *line = formulas; *line; line += strcspn (line, "\n"), line += *line == '\n')
    {
      int length = (int)strcspn (line, "\n");
      const char *slash = *line == 'd' ? strstr (line, "/d") : NULL, *equals = strstr (line, " = ");
      bool none = slash && strncmp (equals, " = none", 7) == 0;
      if (slash)
        fprintf (out, "g_%.*s = %.*s\n", (int)(equals - slash - 2), slash + 2,
                 none ? slash[2] == 'v' ? 8 : 1 : (int)(line + length - equals - 3),
                 none ? slash[2] == 'v' ? "zeros(4)" : "0" : equals + 3);
      else
        fprintf (out, "%.*s\n", length, line);
    }
  fclose (out);
  char *csv = command (text, options);
  int count = csv ? read_numbers (csv, values) : 0;
  free (csv);
  free (text);
  return count == ELEMENTS;
}

/* Whether what is given differs by no more than both may be off by rounding. */
static bool
is_within (const double *bounds, const double *gradient, const double *given)
{
  bool within = true;
  for (int i = 0; i < ELEMENTS; i++)
    within &= !isfinite (gradient[i]) || gradient[i] == given[i]
              || (isfinite (bounds[i]) && fabs (gradient[i] - given[i]) <= 2 * bounds[i]);
  return within;
}

/* Whether a difference is none of formulas: something overflows, or rounding decides. */
static bool
is_excused (const char *program, int point, const double x[ELEMENTS], const struct maker *body, const double *gradient,
            const double *given)
{
  struct watched watched;
  watch (program, &watched);
  return watched.infinite || is_rounding (program, gradient) || is_within (watched.bounds, gradient, given)
         || (point >= 3 && is_noise (x, body, gradient)) || (point == POINTS - 1 && watched.ordered);
}

/* A function in C and a point to try it at. */
struct trial
{
  uint32_t seed;
  int point, function; /* number in the batch */
};

struct batch
{
  char *text;
  size_t size;
  FILE *out;
  struct trial trials[BATCH * POINTS * 2];
  uint32_t trial_count;
  int functions;
};

struct counts
{
  uint32_t programs, judged, points, without, derived, without_c, noise, wrong_text, wrong_c;
};

static void
report (struct counts *counts, uint32_t *wrong, const char *what, uint32_t seed, const char *program,
        const char *formulas, const double *right, const double *given)
{
  if (counts->wrong_text + counts->wrong_c < SHOWN)
    {
      printf ("# seed %u: %s: %s\n", seed, what, program);
      for (const char *line = formulas; *line; line += strcspn (line, "\n"), line += *line == '\n')
        printf ("#     %.*s\n", (int)strcspn (line, "\n"), line);
      for (int i = 0; i < ELEMENTS; i++)
        printf ("#   %.17g  %.17g\n", right[i], given[i]);
    }
  ++*wrong;
}

static void
open_batch (struct batch *batch)
{
  *batch = (struct batch){ .functions = 0 };
  batch->out = open_memstream (&batch->text, &batch->size);
}

/* Adds a function and what calls it; its number in the batch. Its helpers have names of its own. */
static int
add_function (struct batch *batch, const char *c, uint32_t seed)
{
  static const char *const helpers[]
    = { "mod", "digamma", "stirling", "lbeta", "log_ndtr", "ndtri", "erfinv",
        "sinc", "bessel_i0", "bessel_i1", "larger", "smaller", "sigmoid", "polygamma", "eliminate", "factor",
        "digamma_difference", "lchoose" };
  int number = batch->functions++;
  for (size_t i = 0; i < sizeof helpers / sizeof *helpers; i++)
    fprintf (batch->out, "#define %s %s_%d\n", helpers[i], helpers[i], number);
  fprintf (batch->out, "#define goal%u_gradient gradient_%d\n%s#undef goal%u_gradient\n", seed, number, c, seed);
  for (size_t i = 0; i < sizeof helpers / sizeof *helpers; i++)
    fprintf (batch->out, "#undef %s\n", helpers[i]);
  fprintf (batch->out,
           "double trial_%d (const double *x, double *g);\ndouble\ntrial_%d (const double *x, double *g)\n{\n"
           "  return gradient_%d (x[0], x[1], x + 2, g);\n}\n",
           number, number, number);
  return number;
}

/* Compiles the functions and compares each with the gradient at its points. */
static bool
close_batch (struct batch *batch, struct counts *counts)
{
  char directory[] = "/tmp/formula-test-XXXXXX", path[80], line[600];
  fclose (batch->out);
  if (!mkdtemp (directory))
    abort ();
  snprintf (path, sizeof path, "%s/f.c", directory);
  FILE *file = fopen (path, "w");
  fwrite (batch->text, 1, batch->size, file);
  fclose (file);
  const char *compiler = getenv ("CC");
  snprintf (line, sizeof line, "%s -Wall -Wextra -Werror -shared -fPIC -o %s/f.so %s -lm >%s/says 2>&1",
            compiler ? compiler : "cc", directory, path, directory);
  bool good = batch->functions == 0 || system (line) == 0;
  if (!good)
    {
      printf ("# C does not compile: %s\n", path);
      free (batch->text);
      return false;
    }
  snprintf (path, sizeof path, "%s/f.so", directory);
  void *library = batch->functions ? dlopen (path, RTLD_NOW | RTLD_LOCAL) : NULL;
  for (uint32_t i = 0; i < batch->trial_count && library; i++)
    {
      const struct trial *trial = &batch->trials[i];
      char name[40], program[2 * LONGEST];
      double x[ELEMENTS], right[ELEMENTS], given[ELEMENTS] = { 0 };
      struct maker body;
      double (*function) (const double *x, double *g);
      snprintf (name, sizeof name, "trial_%d", trial->function);
      *(void **)&function = dlsym (library, name);
      find_point (trial->seed, trial->point, x);
      write_body (&body, trial->seed);
      write_program (program, x, &body);
      if (!function || !find_gradient (program, right))
        continue;
      function (x, given);
      if (agree (right, given))
        continue;
      if (is_excused (program, trial->point, x, &body, right, given))
        {
          counts->noise += trial->point < 4;
          continue;
        }
      static const char *const options[] = { "--formula", "-f", "c", "-w", "s0,s1,v0", NULL };
      char *c = command (program, options);
      report (counts, &counts->wrong_c, "C", trial->seed, program, c ? c : "", right, given);
      free (c);
    }
  if (library)
    dlclose (library);
  snprintf (line, sizeof line, "rm -r %s", directory);
  if (system (line) != 0)
    printf ("# %s is left\n", directory);
  free (batch->text);
  return true;
}

/* One program at all points. */
static void
try_program (uint32_t seed, struct batch *batch, struct counts *counts)
{
  static const char *const text_options[] = { "--formula", "-w", "s0,s1,v0", NULL };
  static const char *const c_options[] = { "--formula", "-f", "c", "-w", "s0,s1,v0", NULL };
  struct maker body;
  write_body (&body, seed);
  if (!fits (&body))
    return;
  counts->programs++;
  char *first = NULL;
  int first_function = -1;
  bool judged = false;
  for (int point = 0; point < POINTS; point++)
    {
      char program[2 * LONGEST];
      double x[ELEMENTS], right[ELEMENTS], given[ELEMENTS] = { NAN, NAN, NAN, NAN, NAN, NAN };
      find_point (seed, point, x);
      write_program (program, x, &body);
      bool finite = false;
      if (!find_gradient (program, right))
        continue;
      for (int i = 0; i < ELEMENTS; i++)
        finite |= isfinite (right[i]) != 0;
      if (!finite)
        continue;
      judged = true;
      counts->points++;
      char *formulas = command (program, text_options);
      if (!formulas)
        {
          if (point == 0)
            body.derives ? counts->derived++ : counts->without++;
          continue;
        }
      bool read = read_back (program, formulas, given);
      if (read && agree (right, given))
        ;
      else if (is_excused (program, point, x, &body, right, given))
        counts->noise += point < 4; /* at the ends of the range much overflows */
      else
        report (counts, &counts->wrong_text, read ? "text" : "text that cannot be read", seed, program, formulas, right,
                given);
      free (formulas);
      char *c = command (program, c_options);
      if (!c)
        {
          counts->without_c += point == 0;
          continue;
        }
      if (first && !body.chooses)
        batch->trials[batch->trial_count++] = (struct trial){ seed, point, first_function };
      if (!first || strcmp (first, c) != 0)
        {
          int function = add_function (batch, c, seed);
          batch->trials[batch->trial_count++] = (struct trial){ seed, point, function };
          if (!first)
            first_function = function;
        }
      else if (body.chooses)
        batch->trials[batch->trial_count++] = (struct trial){ seed, point, first_function };
      if (!first)
        first = c;
      else
        free (c);
    }
  free (first);
  counts->judged += judged;
}

int
main (int count, char **words)
{
  uint32_t first, programs = seeds_to_try (count, words, PROGRAMS, &first);
  struct counts counts = { 0 };
  static struct batch batch;
  bool compiled = true;
  int nowhere = open ("/dev/null", O_WRONLY);
  if (nowhere < 0 || dup2 (nowhere, STDERR_FILENO) < 0)
    abort ();
  printf ("1..4\n");
  open_batch (&batch);
  for (uint32_t seed = first; seed < first + programs; seed++)
    {
      try_program (seed, &batch, &counts);
      if ((seed - first) % BATCH == BATCH - 1 || seed + 1 == first + programs)
        {
          compiled &= close_batch (&batch, &counts);
          open_batch (&batch);
        }
    }
  fclose (batch.out);
  free (batch.text);
  printf ("# %u programs, %u judged at %u points; without a formula %u, and %u with derivatives inside; without C %u; "
          "%u times rounding decides\n",
          counts.programs, counts.judged, counts.points, counts.without, counts.derived, counts.without_c,
          counts.noise);
  printf ("%sok 1 - formulas as text are the gradient (%u are not)\n", counts.wrong_text ? "not " : "",
          counts.wrong_text);
  printf ("%sok 2 - and as C (%u are not)\n", counts.wrong_c ? "not " : "", counts.wrong_c);
  printf ("%sok 3 - all C compiles without a warning\n", compiled ? "" : "not ");
  bool enough = counts.judged >= counts.programs / 2 && 5 * counts.without < counts.programs
                && 200 * counts.noise <= counts.points;
  printf ("%sok 4 - most programs have a gradient and a formula, and few are lost to overflow and rounding\n",
          enough ? "" : "not ");
  return counts.wrong_text || counts.wrong_c || !compiled || !enough;
}
