branch.expr
