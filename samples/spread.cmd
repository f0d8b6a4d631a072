spread.expr
