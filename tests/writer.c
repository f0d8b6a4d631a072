/* writer.c -- programs made up from a seed, for tests: two numbers and a vector that vary, and what is made of them. */
#include "writer.h"

#include <string.h>

enum
{
  DEPTH = 3
};

/* Whether there is room for another statement: what is cut off is no program. */
static bool
has_room (const struct writer *writer)
{
  return writer->used + 350 < TEXT;
}

/* An expression of a number or a vector. Functions are smooth where the arguments are, and keep values of moderate
   size. Recursion ends with the depth, which is ours. */
static void
write_expression (struct writer *writer, bool vector, int depth)
{
  static const char *const unary[]
    = { "sin(",          "cos(",         "tanh(",  "exp(0.3*",    "sigmoid(", "softplus(", "atan(",
        "sqrt(1.5+sin(", "log(2.5+cos(", "abs(3+", "square(0.5*", "erf(",     "relu(1+" };
  static const char *const binary[] = { " + ", " - ", "*", "*", "/(2.5+square(", " + 0.5*", "^2*" };
  static const char *const reductions[] = { "sum(0.3*", "mean(", "norm(4+", "logsumexp(", "prod(0.5*", "max(", "var(" };
  static const char *const spread[] = { "softmax(", "cumsum(0.3*", "sort(", "flip(", "log_softmax(", "outer_of(" };
  if (depth == 0 || draw (writer, 5) == 0)
    {
      if (vector && draw (writer, 8) == 0)
        WRITE (writer, "[%.1f, s%u, 0.7]", 0.1 * draw (writer, 20), draw (writer, (uint32_t)writer->numbers));
      else if (vector)
        WRITE (writer, "v%u", draw (writer, (uint32_t)writer->vectors));
      else if (draw (writer, 4) == 0)
        WRITE (writer, "v%u[%u]", draw (writer, (uint32_t)writer->vectors), draw (writer, 3));
      else if (draw (writer, 5) == 0)
        WRITE (writer, "%.2f", 0.25 + 0.05 * draw (writer, 40));
      else
        WRITE (writer, "s%u", draw (writer, (uint32_t)writer->numbers));
      return;
    }
  uint32_t kind = draw (writer, 10);
  if (kind < 4)
    {
      const char *name = unary[draw (writer, sizeof unary / sizeof *unary)];
      WRITE (writer, "%s", name);
      write_expression (writer, vector, depth - 1);
      WRITE (writer, "%s", strchr (strchr (name, '(') + 1, '(') ? "))" : ")");
    }
  else if (kind < 8)
    {
      const char *sign = binary[draw (writer, sizeof binary / sizeof *binary)];
      bool first = vector && draw (writer, 3);
      WRITE (writer, "(");
      write_expression (writer, vector ? first : false, depth - 1);
      WRITE (writer, "%s", sign);
      write_expression (writer, vector, depth - 1);
      WRITE (writer, "%s", strchr (sign, '(') ? ")))" : ")");
    }
  else if (vector)
    {
      const char *name = spread[draw (writer, sizeof spread / sizeof *spread)];
      WRITE (writer, "%s", name);
      write_expression (writer, true, depth - 1);
      WRITE (writer, ")");
    }
  else
    {
      WRITE (writer, "%s", reductions[draw (writer, sizeof reductions / sizeof *reductions)]);
      write_expression (writer, true, depth - 1);
      WRITE (writer, ")");
    }
}

static void
write_assignment (struct writer *writer, bool vector, int depth)
{
  WRITE (writer, "%c%d = ", vector ? 'v' : 's', vector ? writer->vectors : writer->numbers);
  write_expression (writer, vector, depth);
  WRITE (writer, "; ");
  if (vector)
    writer->vectors++;
  else
    writer->numbers++;
}

/* A statement: an assignment, a branch, a loop, a function and its call, an element replaced, a derivative. */
static void
write_statement (struct writer *writer)
{
  uint32_t any = draw (writer, (uint32_t)writer->numbers), which = draw (writer, (uint32_t)writer->vectors);
  switch (draw (writer, 9))
    {
    case 0:
      WRITE (writer, "if s%u > %.2f { s%u = s%u*1.5 } else { s%u = sin(s%u) }; ", any, 0.1 * draw (writer, 15), any,
             any, any, any);
      break;
    case 1:
      WRITE (writer, "for i in 0:%u { s%u = 0.6*s%u + sin(v%u[i %% 3]) }; ", 2 + draw (writer, 4), any, any, which);
      break;
    case 2:
      WRITE (writer, "k = 0; while k < %u { v%u = v%u*0.8 + s%u/(k + 2); k += 1 }; ", 1 + draw (writer, 3), which,
             which, any);
      break;
    case 3:
      WRITE (writer, "s%d = (fn(q) q*cos(q) + s%u)(s%u); ", writer->numbers, any,
             draw (writer, (uint32_t)writer->numbers));
      writer->numbers++;
      break;
    case 4:
      WRITE (writer, "v%u[%u] = s%u*v%u[0]; ", which, draw (writer, 3), any, which);
      break;
    case 5:
      WRITE (writer, "s%d = grad(fn(q) q^3*s%u + sin(q))(s%u); ", writer->numbers, any,
             draw (writer, (uint32_t)writer->numbers));
      writer->numbers++;
      break;
    case 6:
      WRITE (writer, "v%d = where(v%u > 0.4, v%u*s%u, cos(v%u)); ", writer->vectors, which, which, any, which);
      writer->vectors++;
      break;
    default:
      write_assignment (writer, draw (writer, 2), 2);
    }
}

void
write_program (struct writer *writer, uint32_t seed)
{
  *writer = (struct writer){ .seed = seed * 2654435761u + 12345, .numbers = 2, .vectors = 1 };
  WRITE (writer, "s0 = %.2f; s1 = %.2f; v0 = [%.2f, -%.2f, %.2f]; outer_of(x) = outer(x, x) @ x; ",
         0.3 + 0.01 * draw (writer, 150), -1.2 + 0.01 * draw (writer, 90), 0.2 + 0.01 * draw (writer, 90),
         0.1 + 0.01 * draw (writer, 90), 1.1 + 0.01 * draw (writer, 80));
  for (uint32_t i = 1 + draw (writer, 4); i > 0 && has_room (writer); i--)
    write_statement (writer);
  bool vector = draw (writer, 3) == 0;
  WRITE (writer, "y = ");
  write_expression (writer, vector, has_room (writer) ? DEPTH - 1 : 1);
  /* Every input is in it, so that there is something to compare. */
  WRITE (writer, " + s0*s1 + sum(v0*v0)*s0");
}

/* A number out of what is replaced, at the loop's index or at a fixed place. */
static void
write_element (struct writer *writer, bool loop)
{
  static const char *const forms[][2] = { { "x[i - 1]", "x[1]" }, { "x[i]", "x[-1]" },       { "w[i]", "w[2]" },
                                          { "v0[i]", "v0[3]" },   { "A[i % 3, 1]", "A[2, 0]" }, { "s0", "s1" },
                                          { "x[5 - i]", "s0" },   { "u", "u" } };
  WRITE (writer, "%s", forms[draw (writer, sizeof forms / sizeof *forms)][!loop]);
}

static void
write_scalar (struct writer *writer, bool loop)
{
  static const char *const forms[][3] = { { "(0.7*", " + 0.4*", ")" },
                                          { "sin(", " - 0.3*", ")" },
                                          { "(", "*", "*0.5)" },
                                          { "(0.3 + tanh(", ")*", ")" },
                                          { "(", " + 0*", ")" } };
  const char *const *form = forms[draw (writer, sizeof forms / sizeof *forms)];
  WRITE (writer, "%s", form[0]);
  write_element (writer, loop);
  WRITE (writer, "%s", form[1]);
  write_element (writer, loop);
  WRITE (writer, "%s", form[2]);
}

/* One statement that replaces elements; in a loop with the index i from 1 to 5, or on its own. */
static void
write_replacement (struct writer *writer, bool loop)
{
  static const char *const forms[][2] = { { "x[i] = ", "x[3] = " },           { "x[i] += ", "x[0] += " },
                                          { "w[i] = ", "w[4] = " },           { "w[i - 1] -= ", "w[1] *= " },
                                          { "h[i % 2] += ", "h[0] += " },     { "A[i % 3, 2] = ", "A[1, 1] = " },
                                          { "x[-i] = ", "x[-2] = " },         { "A[i % 3] = ", "A[2] = " },
                                          { "x[1:3] = ", "x[::2] = " },       { "A[:, i % 2] = ", "A[:, 0] = " } };
  static const char *const others[] = { "x[0:2] = w[3:5]*s0; ",
                                        "A[1] = 0.6*A[0] + x[1:4]; ",
                                        "x[[0, 4]] = [u, 0.5*x[1]]; ",
                                        "x[3:5] = [s1, 0.2]; ",
                                        "w = x; ",
                                        "x = put(x, 2, u); ",
                                        "x[2] = 0.7; ",
                                        "w[0:3] = A[1]; ",
                                        "x[x > 0.5] = u; ",
                                        "A[0:2] = A[1:3]; ",
                                        "u = x[2]; x[2] = x[4]; x[4] = u; ",
                                        "u = 0.5*sum(x*w); ",
                                        "w[:] = x; ",
                                        "x[0:0] = u; ",
                                        "h = x[0:2] + h; " };
  if (draw (writer, 5) < 2)
    {
      WRITE (writer, "%s", others[draw (writer, sizeof others / sizeof *others)]);
      return;
    }
  WRITE (writer, "%s", forms[draw (writer, sizeof forms / sizeof *forms)][!loop]);
  write_scalar (writer, loop);
  WRITE (writer, "; ");
}

void
write_replacements (struct writer *writer, uint32_t seed)
{
  *writer = (struct writer){ .seed = seed * 2654435761u + 54321 };
  uint32_t size = draw (writer, 2) ? 6 : 30;
  WRITE (writer, "s0 = %.2f; s1 = %.2f; v0 = sin(linspace(%.2f, 3, %u)); u = s0*s1; ", 0.3 + 0.01 * draw (writer, 100),
         -0.9 + 0.01 * draw (writer, 60), 0.2 + 0.01 * draw (writer, 90), size);
  WRITE (writer, "def put(q, k, e) { q[k] = e; return q }; ");
  WRITE (writer, "x = %s; w = %s; h = zeros(2); A = %s; ", draw (writer, 2) ? "v0*s0" : "v0 + 0",
         draw (writer, 2) ? "x" : "0*v0 + 0.7",
         draw (writer, 2) ? "outer(v0[0:3], x[3:6])" : "ones(3, 3)*s1");
  for (uint32_t parts = 1 + draw (writer, 2); parts > 0; parts--)
    {
      bool loop = draw (writer, 3) > 0;
      WRITE (writer, "%s", loop ? "for i in 1:6 { " : "");
      for (uint32_t k = 1 + draw (writer, 3); k > 0; k--)
        write_replacement (writer, loop);
      WRITE (writer, "%s", loop ? "}; " : "");
    }
  static const char *const targets[] = { "sum(x*w)", "x*w", "x", "A[1]*u", "h*x[5]" };
  WRITE (writer, "y = %s + s0*s1 + sum(v0*v0)*s0 + sum(A*A)*0.1 + sum(h) + x[1]*x[2]",
         targets[draw (writer, sizeof targets / sizeof *targets)]);
}
