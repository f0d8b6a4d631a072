predict.expr
