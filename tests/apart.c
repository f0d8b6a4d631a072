/* apart.c -- programs made up from a seed, each as a whole and with its calls apart. */
#include "apart.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum
{
  DEPTH = 3
};

/* An expression, as a whole and where its calls are apart. */
struct pair
{
  const char *whole, *apart;
  bool varies; /* it mentions a variable */
};

static uint32_t
draw (struct maker *maker, uint32_t below)
{
  maker->seed = maker->seed * 1664525u + 1013904223u;
  return (maker->seed >> 16) % below;
}

/* A text that lives as long as the program. */
static __attribute__ ((format (printf, 2, 3))) const char *
text (struct maker *maker, const char *format, ...)
{
  va_list list;
  char *start = maker->pool + maker->pool_used;
  va_start (list, format);
  size_t room = POOL - maker->pool_used;
  size_t size = (size_t)vsnprintf (start, room, format, list) + 1;
  va_end (list);
  maker->pool_used = size < room ? maker->pool_used + size : POOL - 1;
  return start;
}

static __attribute__ ((format (printf, 2, 3))) void
say_apart (struct maker *maker, const char *format, ...)
{
  va_list list;
  va_start (list, format);
  size_t room = PROGRAM_TEXT - maker->apart_used;
  size_t size = (size_t)vsnprintf (maker->apart + maker->apart_used, room, format, list);
  va_end (list);
  maker->apart_used = size < room ? maker->apart_used + size : PROGRAM_TEXT - 1;
}

static __attribute__ ((format (printf, 2, 3))) void
say_whole (struct maker *maker, const char *format, ...)
{
  va_list list;
  va_start (list, format);
  size_t room = PROGRAM_TEXT - maker->whole_used;
  size_t size = (size_t)vsnprintf (maker->whole + maker->whole_used, room, format, list);
  va_end (list);
  maker->whole_used = size < room ? maker->whole_used + size : PROGRAM_TEXT - 1;
}

/* The same expression under a name. What mentions no variable goes through a function, or it would be an input. */
static const char *
named (struct maker *maker, struct pair value)
{
  if (maker->closed)
    return value.whole;
  const char *name = text (maker, "t%u", maker->fresh++);
  say_apart (maker, value.varies ? "%s = %s; " : "%s = same(%s); ", name, value.apart);
  return name;
}

static struct pair expression (struct maker *maker, enum sort sort, int depth);

/* A call as `format` has it, with up to three arguments of given sorts. */
static struct pair
call (struct maker *maker, const char *format, const char *sorts, int depth)
{
  struct pair arguments[3] = { { "", "", false }, { "", "", false }, { "", "", false } };
  const char *names[3] = { "", "", "" };
  for (int i = 0; sorts[i]; i++)
    arguments[i] = expression (maker, sorts[i] == 'v' ? VECTORS : NUMBERS, depth - 1);
  /* Names in the order of the text. */
  bool varies = format[1] >= '0' && format[1] <= '9'; /* a function of the program is no constant */
  for (int i = 0; sorts[i]; i++)
    {
      names[i] = named (maker, arguments[i]);
      varies |= arguments[i].varies;
    }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  struct pair result = { text (maker, format, arguments[0].whole, arguments[1].whole, arguments[2].whole),
                         text (maker, format, names[0], names[1], names[2]), varies };
#pragma GCC diagnostic pop
  result.apart = named (maker, result);
  return result;
}

struct form
{
  const char *format, *sorts;
};

static struct pair
call_of (struct maker *maker, enum sort sort, int depth)
{
  static const struct form numbers[] = {
    { "sin(%s)", "n" },
    { "tanh(%s)", "n" },
    { "exp(0.3*%s)", "n" },
    { "sigmoid(%s)", "n" },
    { "softplus(%s)", "n" },
    { "maximum(%s, %s)", "nn" },
    { "hypot(%s, %s)", "nn" },
    { "logaddexp(%s, %s)", "nn" },
    { "sum(%s)", "v" },
    { "mean(%s)", "v" },
    { "norm(%s)", "v" },
    { "logsumexp(%s)", "v" },
    { "max(%s)", "v" },
    { "var(%s)", "v" },
    { "prod(0.4*%s)", "v" },
    { "dot(%s, %s)", "vv" },
    { "(%s)[1]", "v" },
    { "cross_entropy([%s], [1])", "v" },
    { "cross_entropy([%s, %s], [2, 0])", "vv" },
    { "cross_entropy([%s], softmax([%s]))", "vv" },
    { "beta_lpdf(sigmoid(%s), 1.5, 2)", "n" },
    { "beta_lpdf(sigmoid(%s), 1.5 + square(%s), exp(0.2*%s))", "nnn" },
    { "normal_lpdf(%s, %s, 1.5)", "vn" },
    { "gamma_lpdf(exp(0.2*%s), 2, 1.5 + square(%s))", "nn" },
    { "student_t_lpdf(%s, 3, %s, 2)", "nn" },
    { "categorical_logit_lpmf(1, %s)", "v" },
    { "kron([%s, 2], [%s])[1]", "nn" },
    { "sum(kron(%s, [%s]))", "vn" },
    { "huber(%s, %s, delta=0.7)", "vv" },
    { "mse(%s, %s)", "vv" },
    { "cosine_similarity(2 + %s, %s)", "vv" },
    { "quad_form(outer(%s, %s), [1, 2, 3])", "vv" },
    { "multi_normal_lpdf(%s, %s, eye(3)*2)", "vv" },
  };
  static const struct form vectors[] = {
    { "softmax(%s)", "v" },        { "log_softmax(%s)", "v" },     { "cumsum(0.3*%s)", "v" },
    { "sort(%s)", "v" },           { "flip(%s)", "v" },            { "sin(%s)", "v" },
    { "tanh(%s)", "v" },           { "exp(0.2*%s)", "v" },         { "layer_norm(%s)", "v" },
    { "maximum(%s, %s)", "vv" },   { "kron(%s, [%s])", "vn" },     { "concat([%s, %s], [0.5])", "nn" },
    { "(outer(%s, %s) @ %s)", "vvv" }, { "where(%s > 0.4, %s, %s)", "vvv" }, { "reshape(kron([[%s]], [%s]), 3)", "nv" },
  };
  uint32_t which = draw (maker, maker->functions ? 10 : 8);
  if (which >= 8 && sort == NUMBERS)
    {
      const char *format = draw (maker, 3) ? text (maker, "f%u(%%s, %%s)", draw (maker, maker->functions))
                                           : text (maker, "r%u(2, %%s)", draw (maker, maker->functions));
      return call (maker, format, format[0] == 'f' ? "nn" : "n", depth);
    }
  if (which >= 8)
    return call (maker, text (maker, "h%u(%%s, %%s)", draw (maker, maker->functions)), "vn", depth);
  const struct form *form = sort == NUMBERS ? &numbers[draw (maker, sizeof numbers / sizeof *numbers)]
                                           : &vectors[draw (maker, sizeof vectors / sizeof *vectors)];
  return call (maker, form->format, form->sorts, depth);
}

static struct pair
leaf (struct maker *maker, enum sort sort)
{
  uint32_t number = draw (maker, maker->name_count[NUMBERS]), vector = draw (maker, maker->name_count[VECTORS]);
  struct pair result = { NULL, NULL, true };
  uint32_t which = draw (maker, 6);
  if (sort == NUMBERS && which == 0)
    result = (struct pair){ text (maker, "%.2f", 0.25 + 0.05 * draw (maker, 40)), NULL, false };
  else if (sort == NUMBERS && which == 1)
    result.whole = text (maker, "%s[%u]", maker->names[VECTORS][vector], draw (maker, 3));
  else if (sort == NUMBERS)
    result.whole = maker->names[NUMBERS][number];
  else if (which == 0)
    result = (struct pair){ text (maker, "[%.1f, -0.3, 0.7]", 0.9 + 0.1 * draw (maker, 20)), NULL, false };
  else if (which == 1)
    result.whole = text (maker, "[0.4, %s, -0.6]", maker->names[NUMBERS][number]);
  else
    result.whole = maker->names[VECTORS][vector];
  result.apart = result.whole;
  return result;
}

/* c ? a : b; as statements when apart. */
static struct pair
choice (struct maker *maker, enum sort sort, int depth)
{
  struct pair condition = expression (maker, TRUTHS, depth - 1);
  const char *name = NULL;
  if (!maker->closed)
    {
      name = text (maker, "t%u", maker->fresh++);
      say_apart (maker, "if %s { ", condition.apart);
    }
  struct pair sides[2];
  for (int i = 0; i < 2; i++)
    {
      sides[i] = expression (maker, sort, depth - 1);
      /* What a choice gives is a value of its own, also where it is that of a variable. */
      bool is_variable = sort != TRUTHS && !strpbrk (sides[i].whole, "()[]+-*/.,; ");
      const char *format = !sides[i].varies ? "%s = same(%s) }%s" : is_variable ? "%s = +(%s) }%s" : "%s = %s }%s";
      if (!maker->closed)
        say_apart (maker, format, name, sides[i].apart, i ? "; " : " else { ");
    }
  const char *whole = text (maker, "(%s ? %s : %s)", condition.whole, sides[0].whole, sides[1].whole);
  return (struct pair){ whole, maker->closed ? whole : name, condition.varies || sides[0].varies || sides[1].varies };
}

/* A comparison, a call that gives a boolean, || and &&, which are statements too when apart. */
static struct pair
truth (struct maker *maker, int depth)
{
  uint32_t which = draw (maker, depth > 0 ? 6 : 2);
  if (which < 2 || (which == 2 && !maker->functions))
    {
      struct pair a = expression (maker, NUMBERS, depth - 1), b = expression (maker, NUMBERS, 0);
      const char *sign = draw (maker, 2) ? ">" : "<";
      return (struct pair){ text (maker, "%s %s %s", a.whole, sign, b.whole),
                            text (maker, "%s %s %s", a.apart, sign, b.apart), a.varies || b.varies };
    }
  if (which == 2)
    return call (maker, text (maker, "p%u(%%s)", draw (maker, maker->functions)), "n", depth);
  if (which == 3)
    return call (maker, draw (maker, 2) ? "any(%s > 0.5)" : "all(%s < 1)", "v", depth);
  const char *sign = which == 4 ? "||" : "&&";
  struct pair left = truth (maker, depth - 1);
  const char *name = NULL;
  if (!maker->closed)
    {
      name = text (maker, "t%u", maker->fresh++);
      say_apart (maker, "%s = %s; if %s%s { ", name, left.apart, which == 4 ? "!" : "", name);
    }
  struct pair right = truth (maker, depth - 1);
  if (!maker->closed)
    say_apart (maker, "%s = %s }; ", name, right.apart);
  const char *whole = text (maker, "((%s) %s (%s))", left.whole, sign, right.whole);
  return (struct pair){ whole, maker->closed ? whole : name, left.varies || right.varies };
}

/* (fn(q) ...)(a), or its gradient. */
static struct pair
closure (struct maker *maker, int depth)
{
  bool derived = draw (maker, 3) == 0;
  maker->derivatives |= derived;
  struct pair argument = expression (maker, NUMBERS, depth - 1);
  const char *given = named (maker, argument), *parameter = text (maker, "q%u", maker->fresh++);
  maker->closed++;
  uint32_t count = maker->name_count[NUMBERS];
  maker->names[NUMBERS][count < SCOPE ? count : draw (maker, SCOPE)] = parameter;
  maker->name_count[NUMBERS] += count < SCOPE;
  struct pair body = expression (maker, NUMBERS, depth - 1);
  maker->name_count[NUMBERS] = count;
  maker->closed--;
  const char *function = text (maker, derived ? "grad(fn(%s) %s + %s^2)" : "(fn(%s) %s + %s)", parameter, body.whole,
                               parameter);
  struct pair result = { text (maker, "%s(%s)", function, argument.whole), NULL, true };
  result.apart = result.whole;
  if (maker->closed)
    return result;
  const char *name = named (maker, (struct pair){ function, function, true });
  result.apart = named (maker, (struct pair){ "", text (maker, "%s(%s)", name, given), true });
  return result;
}

/* A derivative in a name. */
static struct pair
derivative (struct maker *maker, enum sort sort, int depth)
{
  const char *source = maker->names[sort][draw (maker, maker->name_count[sort])];
  maker->derivatives = true;
  static const char *const numbers[] = { "grad(%s, %s)", "jvp(%s, %s, 0.5)", "hessian(%s, %s)" };
  static const char *const vectors[] = { "grad(%s, %s)", "hvp(%s, %s, [1, 0.5, 2])", "vjp(%s, %s, 1.5)" };
  struct pair target = expression (maker, NUMBERS, depth - 1);
  target = (struct pair){ text (maker, "%s + sum(%s^2)", target.whole, source),
                          text (maker, "%s + sum(%s^2)", target.apart, source), true };
  const char *name = named (maker, target);
  uint32_t which = draw (maker, 3);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  const char *format = sort == NUMBERS ? numbers[which] : vectors[which];
  struct pair result = { text (maker, format, target.whole, source), text (maker, format, name, source), true };
#pragma GCC diagnostic pop
  result.apart = named (maker, result);
  return result;
}

static struct pair
operation (struct maker *maker, enum sort sort, int depth)
{
  static const char *const signs[] = { "+", "-", "*", "+", "*", "/", "^" };
  const char *sign = signs[draw (maker, sizeof signs / sizeof *signs)];
  bool first = sort == VECTORS && draw (maker, 3);
  struct pair a = expression (maker, sort == VECTORS ? (first ? VECTORS : NUMBERS) : NUMBERS, depth - 1);
  if (*sign == '^')
    return (struct pair){ text (maker, sort == VECTORS && !first ? "([1, 2, 0.5]*(%s)^2)" : "(%s)^2", a.whole),
                          text (maker, sort == VECTORS && !first ? "([1, 2, 0.5]*(%s)^2)" : "(%s)^2", a.apart),
                          a.varies };
  struct pair b = expression (maker, sort, depth - 1);
  const char *format = *sign == '/' ? "(%s %s (2.5 + (%s)^2))" : "(%s %s %s)";
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  return (struct pair){ text (maker, format, a.whole, sign, b.whole), text (maker, format, a.apart, sign, b.apart),
                        a.varies || b.varies };
#pragma GCC diagnostic pop
}

/* Recursion ends with the depth, which is ours. */
static struct pair
expression (struct maker *maker, enum sort sort, int depth)
{
  if (sort == TRUTHS)
    return truth (maker, depth);
  if (depth <= 0 || draw (maker, 6) == 0)
    return leaf (maker, sort);
  uint32_t which = draw (maker, 20);
  if (which < 8)
    return operation (maker, sort, depth);
  if (which < 16)
    return call_of (maker, sort, depth);
  if (which < 18)
    return choice (maker, sort, depth);
  if (which == 18 && sort == NUMBERS)
    return closure (maker, depth);
  return derivative (maker, sort, depth);
}

/* A function: one expression as a whole, statements when apart. */
static void
define (struct maker *maker, const char *name, const char *number, const char *vector, enum sort sort)
{
  struct maker outer;
  memcpy (outer.names, maker->names, sizeof outer.names);
  memcpy (outer.name_count, maker->name_count, sizeof outer.name_count);
  const char *parameters = vector ? text (maker, "%s, %s", vector, number) : number;
  if (strchr (number, ','))
    {
      maker->names[NUMBERS][maker->name_count[NUMBERS]++] = text (maker, "%.1s", number);
      maker->names[NUMBERS][maker->name_count[NUMBERS]++] = strchr (number, ' ') + 1;
    }
  else
    maker->names[NUMBERS][maker->name_count[NUMBERS]++] = number;
  if (vector)
    maker->names[VECTORS][maker->name_count[VECTORS]++] = vector;
  say_apart (maker, "def %s(%s) { ", name, parameters);
  struct pair body = expression (maker, sort, DEPTH);
  say_whole (maker, "%s(%s) = %s; ", name, parameters, body.whole);
  say_apart (maker, "return %s }; ", body.apart);
  memcpy (maker->names, outer.names, sizeof outer.names);
  memcpy (maker->name_count, outer.name_count, sizeof outer.name_count);
}

/* A statement that goes through another, in both texts. */
static void
write_statement (struct maker *maker)
{
  const char *number = maker->names[NUMBERS][draw (maker, maker->name_count[NUMBERS])];
  const char *vector = maker->names[VECTORS][draw (maker, maker->name_count[VECTORS])];
  const char *begin = "", *end = "; ", *left;
  uint32_t position = draw (maker, 3);
  enum sort sort = NUMBERS;
  switch (draw (maker, 6))
    {
    case 0:
      begin = text (maker, "for i%u in 0:%u { ", maker->fresh, 1 + draw (maker, 3));
      left = text (maker, "%s = 0.5*%s + 0.1*", number, number);
      end = " }; ";
      break;
    case 1:
      begin = text (maker, "if %s > 0.5 { ", number);
      left = text (maker, "%s = ", number);
      end = " }; ";
      break;
    case 2:
      left = text (maker, "%s[%u] = ", vector, position);
      break;
    case 3:
      left = text (maker, "%s += 0.1*", number);
      break;
    case 4:
      begin = text (maker, "for w%u in %s { ", maker->fresh, vector);
      left = text (maker, "%s = 0.4*%s + w%u*", number, number, maker->fresh);
      end = " }; ";
      maker->fresh++;
      break;
    default:
      sort = draw (maker, 2) ? VECTORS : NUMBERS;
      left = text (maker, "%c%u = ", sort == VECTORS ? 'v' : 's', maker->name_count[sort]);
    }
  say_whole (maker, "%s%s", begin, left);
  say_apart (maker, "%s", begin);
  struct pair value = expression (maker, sort, DEPTH);
  say_whole (maker, value.varies ? "(%s)%s" : "same(%s)%s", value.whole, end);
  say_apart (maker, value.varies ? "%s(%s)%s" : "%ssame(%s)%s", left, value.apart, end);
  if (!strncmp (left + 2, " = ", 3) && !*begin && maker->name_count[sort] < SCOPE - 3)
    maker->names[sort][maker->name_count[sort]++] = text (maker, "%.2s", left);
}

void
make_program (struct maker *maker, uint32_t seed)
{
  memset (maker, 0, sizeof *maker);
  maker->seed = seed * 2654435761u + 77;
  const char *inputs = text (maker, "s0 = %.2f; s1 = %.2f; v0 = [%.2f, -%.2f, %.2f]; same(x) = x; ",
                             0.3 + 0.01 * draw (maker, 150), -1.2 + 0.01 * draw (maker, 90),
                             0.2 + 0.01 * draw (maker, 90), 0.1 + 0.01 * draw (maker, 90),
                             1.1 + 0.01 * draw (maker, 80));
  say_whole (maker, "%s", inputs);
  say_apart (maker, "%s", inputs);
  maker->names[NUMBERS][0] = "s0";
  maker->names[NUMBERS][1] = "s1";
  maker->names[VECTORS][0] = "v0";
  maker->name_count[NUMBERS] = 2;
  maker->name_count[VECTORS] = 1;
  for (uint32_t i = draw (maker, 3); i > 0; i--)
    {
      uint32_t own = maker->functions;
      define (maker, text (maker, "f%u", own), "a, b", NULL, NUMBERS);
      define (maker, text (maker, "h%u", own), "a", "u", VECTORS);
      define (maker, text (maker, "p%u", own), "a", NULL, TRUTHS);
      say_whole (maker, "r%u(n, a) = n < 1 ? a : 0.5*a + f%u(a, 1)*r%u(n - 1, sin(a)); ", own, own, own);
      say_apart (maker,
                 "def r%u(n, a) { if n < 1 { return a }; c = 1; c = f%u(a, c); d = n - 1; g = sin(a); "
                 "g = r%u(d, g); return 0.5*a + c*g }; ",
                 own, own, own);
      maker->functions++;
    }
  for (uint32_t i = draw (maker, 4); i > 0; i--)
    write_statement (maker);
  struct pair target = expression (maker, draw (maker, 3) ? NUMBERS : VECTORS, DEPTH + 1);
  /* Every input is in it, so that there is something to compare. */
  say_whole (maker, "y = %s + s0*s1 + sum(v0*v0)*s0", target.whole);
  say_apart (maker, "y = %s + s0*s1 + sum(v0*v0)*s0", target.apart);
}
