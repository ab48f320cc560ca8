"""Figures, beside an empty page of the same server in the same run; what is asserted is true on a slow machine too.

`pytest tests/benchmarks` takes a minute or two and few of each; `ITA_BENCHMARK=full pytest tests/benchmarks` takes all.
"""
