rosenbrock.expr
