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
