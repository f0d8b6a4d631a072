logistic.expr
