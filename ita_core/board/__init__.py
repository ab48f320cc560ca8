"""PURE: a day and plain values in, plain values out: where everything stands, whose turn it is, what was ordered."""
