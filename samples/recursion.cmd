recursion.expr
