"""Trials: what must hold a thousand times over. Each prints its figures and exits 1 if a bound is broken."""
