argmin.expr
