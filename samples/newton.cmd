newton.expr
