net.expr
