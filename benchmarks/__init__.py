"""Benchmarks: separate from the tests, with peers in the same run, and agreement asserted before anything is timed."""
