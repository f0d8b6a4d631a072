closure.expr
