force.expr
