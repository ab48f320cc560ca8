"""Documents that leave the system, on the forms that Thai offices know: a model, what builds it, two writers."""
