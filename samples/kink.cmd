kink.expr
