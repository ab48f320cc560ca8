"""Trials: what must hold however often it is tried; each prints its figures and ends with 1 where a bound is broken."""
