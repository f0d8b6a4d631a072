/* loop_arrays.c -- statements of small arrays in the bodies of loops. */
#include "loop_arrays.h"

const char *
number_of_arrays (struct writer *writer)
{
  return PICK ("x[0]", "x[-1]", "o[1]", "A[1, 0]", "A[0][1]", "x @ o", "dot(x, [s0, s1])", "sum(x)", "sum(A)",
               "sum(x*o)", "sum(tanh(x + s0))", "[s0, p][1]", "[0.3, p][0]", "A[0] @ x", "A[:, 1] @ o", "sum(v(x))",
               "(B @ x)[1]", "x[i % 2]", "(x - s0*o)[0]", "sum(concat(x, o))", "mean(x)", "mean(A)*s1",
               "concat(x, s1, o)[3]", "mean(concat(o, x, [s0, s1, 0.2]))", "concat(s2, 1, x) @ [s0, x[0], s1, 0.2]",
               "mean([s0, x[0], s1, s2, 0.3, o[1], s3, s0, x[1]])",
               "mean(x*ones(2))", "max(x)", "min(A)*s1", "max([s0, x[1], 0.2, s2])",
               "min([s1, 0.1])", "max([0.3, x[0], x[0]])", "(A + zeros(2, 2))[1, 0]", "sum(A[:, :1])", "len(x)*0.1",
               "[s0, 0.1, x[0], s1, 0.7] @ [x[1], s1, 0.3, s2, s0]", "s0*(A @ B)[1, -1]",
               "sum([s0, 0.1, x[0], s1, 0.7, s2, x[1], s3, 0.9, s0])", "[s0, x[1], 0.1, s2][1::2] @ o",
               "[x[0], s1, 0.7, x[1], s3][:-2][2]", "S[i][1]", "S[i - 1] @ o", "sum(S[i])", "S[i % 3, 0]",
               "S[-2][i % 2]", "sum(T[i % 4] @ x)", "Z[i % 5] @ [1, 0.2]", "0.1*len(S)/(i + 9)", "S[len(S) - 5 - i][0]",
               "0.1*shape(S)[1]", "norm(x)", "sum(roll(x, 1)*o)", "roll([s0, x[0], s1], -1)[1]",
               "mean(J[i - 5:i - 2])", "dot(o, J[i:i + 2])", "sum(J[i - 2:i + 2])", "0.1*norm(J[i:i + 3])",
               "norm(x - o)*s0", "norm(A)", "var(x)", "std([s0, x[0], 0.3])", "std(x)*0.1", "prod(x)", "prod(A)",
               "logsumexp(x)", "logsumexp([s0, x[1], s2])", "det(A)",
               "det([[s0, 0.1, x[0]], [s1, 1, 0.3], [x[1], s2, 0.7]])", "logdet(A @ A' + eye(2))", "logdet(A)",
               "trace(A)", "trace(A @ B)", "0.1*norm(x*(i - 60))", "0.1*std(x*(i % 9))", "norm(S[i])", "0.01*size(T)",
               "0.1*len(Z)*x[i % len(o)]",
               "0.1*sum(G)", "E[2]", "G[1, -1]*s0", "0.1*E @ K @ E", "trace(G @ K)*0.1");
}

static const char *
pair (struct writer *writer)
{
  return PICK ("x", "o", "[s0, s1]", "[s2, 0.3]", "A[0]", "A[:, 1]", "A @ x", "x @ A", "B @ x", "x*o", "x - s0*o",
               "abs(x)", "relu(x - 0.1)", "-x", "maximum(x, s0)", "clip(x, -0.4, 0.5)", "x/(2 + x^2)", "x % 0.7",
               "v(x)", "A' @ x", "x[::1]", "x[:1] + o", "[x[1], x[0]]", "where(x > 0.2, x, o)", "h(s1)*x", "tanh(x)",
               "x/(i + 1)", "sin(A @ x + o)", "exp(-x^2)", "sqrt(1 + s0*x^2)", "sigmoid(A' @ o - x)", "cosh(x)*x",
               "v([x[1], 0.4])", "A[-1] + o/2", "A[1:][0]", "[p, 1]", "maximum([0.3, s0], 0.3*(i > 60))",
               "floor(3*x)*0.1", "x/h([s0, 1][0])", "s0*ones(2)", "zeros(2)",
               "concat(x[1], o[0])", "concat(x[1:], [s0])", "S[i]", "S[i % 4 - 2]*c", "T[i % 4][1]", "T[i % 4] @ o",
               "Z[i % 5]*s0", "softmax(x)", "log_softmax([s0, x[1]])", "0.1*solve(B, x)", "solve(A + 3*eye(2), x)",
               "0.1*solve(A + (i > 60)*eye(2), [s0, 0.3])",
               "x/(1 + norm(x))", "inv(A*A + eye(2)) @ x", "softmax(A)[1]",
               "s0*x/(1.2 + sin(s1))^3", "x*exp(-s1^2)/sqrt(1.5 + s0^2) + o", "o*tanh(s0) + x*(s1 % 0.7)",
               "x*max(s0, 0.1)*erf(s1)", "0.5*exp(0.3*x + s0) - o", "sigmoid(A @ x)*o + tanh(x)*sigmoid(x - o)",
               "(1 - sigmoid(x))*x + sigmoid(x)*tanh(B @ o)", "x*exp(-0.5*sin(x - s0)^2)/(1.5 + cos(o))",
               "log(2 + tanh(x*o))*s1 + exp(-abs(x))*o", "0.5*sum(A, axis=0)", "max(A, axis=1)", "min(A*o, axis=0)",
               "mean(A, axis=-1)", "max(A + x[:, None], axis=0)", "0.5*sum(x[None, :]*A, axis=1)", "x[None][0]",
               "max(A*(i % 3), axis=0)");
}

static const char *
matrix (struct writer *writer)
{
  return PICK ("A", "B", "A @ B", "A @ A'", "B @ A @ B'", "outer(x, o)", "[x, o]", "[[s0, 0.2], [0.1, s1]]",
               "A + 0.1*eye(2)", "A*B", "s0*A", "x + A", "A - outer(x, A[0])", "A'", "A/(1 + s0^2)", "tanh(A)",
               "erf(A' + B)", "[A[:, 1], x]", "[[1, 0.1], [0, p]]",
               "0.1*inv(B)", "0.1*inv(A + 3*eye(2))", "0.1*inv([[s0, x[0]], [1, s1]])", "softmax(A)",
               "log_softmax(A)*0.1",
               "softmax([s0, x[0], s1, x[1]])[2]*A", "x[:, None]*o", "A @ [[1, 0], [0, 1]]");
}

void
write_array (struct writer *writer)
{
  switch (draw (writer, 15))
    {
    case 0:
    case 1:
      WRITE (writer, "x = 0.5*(%s) - 0.3*%s; ", pair (writer), pair (writer));
      break;
    case 2:
      WRITE (writer, "x = %s; ", pair (writer));
      break;
    case 3:
      WRITE (writer, "A = 0.4*(%s) + 0.1*%s; ", matrix (writer), matrix (writer));
      break;
    case 4:
      WRITE (writer, "s%u, s%u = %s; ", draw (writer, 2), 2 + draw (writer, 2), pair (writer));
      break;
    case 5:
      WRITE (writer, "r = %s; x = 0.3*r + 0.2*x; ", pair (writer));
      break;
    case 6:
      WRITE (writer, "A = tanh(s0)*0.3*(%s); ", matrix (writer));
      break;
    case 7:
      WRITE (writer, "S[i%s] = %s; ", PICK ("", " - 1", " % 3", " % 400"), pair (writer));
      break;
    case 8:
      WRITE (writer, "S[i] = %s; ",
             PICK ("[0.5*S[i][0] + s0, S[i][0]]", "[S[i][1], S[i][0]]", "0.5*S[i - 1] + 0.3*x", "s0*0.3", "0.2",
                   "[s1, s1]"));
      break;
    case 9:
      WRITE (writer, "%s; ",
             PICK ("S[i] += 0.1*x", "r = S[i]; S[i] = 0.4; x = r*0.2", "S[i, i % 2] = s0*s1; x = S[i]*0.5",
                   "T[i % 4] = 0.3*A", "S[i] = 0.3*S[-1 - i % 3]"));
      break;
    case 10:
      WRITE (writer, "G = %s; ",
             PICK ("0.3*G @ K + 0.1*x[0]", "0.3*K @ G @ K' + s0*eye(4)", "0.5*(eye(4) - outer(E, E)) @ tanh(G)",
                   "s0*K + 0.2*G'", "G - outer(E, G[1])*0.2"));
      break;
    case 11:
      WRITE (writer, "E = %s; ",
             PICK ("0.3*K @ E + 0.1*concat(x, o)", "tanh(G @ E)", "K[1]*s1 + 0.2*E", "0.3*E @ G + 0.1",
                   "0.3*tanh(G @ E + E) + 0.1*exp(-E^2)*E", "sigmoid(E - 0.2)*E*log(2 + sin(E))",
                   "0.3*max(K + E[:, None], axis=0)", "0.1*sum(sin(E[None, :] - E[:, None]), axis=1)",
                   "sum(G, axis=-2)*0.2",                    "0.3*min(G, axis=1) + 0.1*E"));
      break;
    case 12:
    case 13:
      WRITE (writer, "%s; ",
             PICK ("x[0] = s0*0.5", "x[-1] *= 0.4", "x[1] += 0.2*x[0]; x = 0.5*x", "x[:1] = s1", "x[:] = 0.3",
                   "A[1] = 0.5*x", "A[:, 0] = o; A = 0.4*A", "A[0, 1] += 0.2*s0; A = 0.5*A", "A[0] = A[1]*0.7",
                   "r = zeros(2); r[1] = s1; for j in 0:2 { r[j] += x[j]*p }; x = 0.3*r", "x = y(x)*0.5 + 0.1*x",
                   "x[::1] = [x[1], x[0]]", "G[1] = 0.3*E", "G[1:3, :2] = 0.2*A", "E[2] = x[0]; E = 0.5*E",
                   "r = x; r[0] = s2; x[1] = r[0]*0.2",
                   "x[i % 2] = 0.3*s1", "A[i % 2, 0] *= 0.5", "o[1] = 0.3*(i > 60); o = o + 0.1*x; o = 0.5*o"));
      break;
    default:
      WRITE (writer, "s%u = 0.4*sin(%s) + 0.1*%s; ", draw (writer, LOOP_NUMBERS), number_of_arrays (writer),
             number_of_arrays (writer));
    }
}

void
write_arrays_before (struct writer *writer)
{
  WRITE (writer, "x = %s; o = %s; A = %s; const B = [[0.9, 0.2], [-0.1, 0.7]]; ",
         PICK ("[p, 0.3]", "c*[1, 2]", "[s0, s2]", "0.5*u[:2]"), PICK ("[0.3, p]", "c*[0.4, 0.7]", "u[1:]"),
         PICK ("[[p, 0.1], [0.2, 0.3]]", "c*eye(2)", "[x, o]"));
  WRITE (writer, "G = %s; E = [s0, p, 0.2, 0.3]; ", PICK ("p*eye(4)", "c*ones(4, 4)"));
  WRITE (writer, "const K = eye(4) + 0.1*outer([1, 2, 3, 4], [0.3, -0.2, 0.1, 0.2]); ");
  WRITE (writer, "J = p*sin(linspace(0, 9, 300)); ");
  WRITE (writer, "S = %s(450, 2); T = %s; const Z = [[1, 0.2], [0.3, 0], [0.1, 1], [0.5, 0.4], [1, 1]]; ",
         PICK ("c*zeros", "p*ones"), PICK ("p*ones(5, 2, 2)", "c*ones(4, 2, 2)"));
  WRITE (writer, "def y(e) { r = zeros(2); r[0] = e[1]*p; e[1] = r[0]*0.5; r[1] += e[0]; return r + e }; ");
  WRITE (writer, "v(e) = [e[1]*p - e[0], 0.3*e[0]*e[1]]; r = x; ");
}
