root.expr
