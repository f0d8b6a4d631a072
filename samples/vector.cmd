vector.expr
