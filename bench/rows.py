"""The gradient of a logistic regression at each record of a file, by NumPy and PyTorch: rows.py FILE, csv to standard
output. The weights are spread over the records, so that one sweep gives the gradients of all."""
import sys

import numpy
import torch

torch.set_num_threads(1)
records = torch.from_numpy(numpy.loadtxt(sys.argv[1], delimiter=',', skiprows=1))
x1, x2, x3, y = records.unbind(1)
weights = [torch.full_like(y, value).requires_grad_() for value in (0.1, -0.2, 0.3, 0.05)]
w1, w2, w3, b = weights
p = 1/(1 + torch.exp(-(w1*x1 + w2*x2 + w3*x3 + b)))
loss = -(y*torch.log(p) + (1 - y)*torch.log(1 - p)) + 0.01*(w1**2 + w2**2 + w3**2)
gradients = torch.autograd.grad(loss.sum(), weights)
results = torch.stack([loss.detach(), *gradients], 1).numpy()
numpy.savetxt(sys.stdout, results, fmt='%.17g', delimiter=',', header='loss,dloss_dw1,dloss_dw2,dloss_dw3,dloss_db',
              comments='')
