square.expr
