"""Benchmark runners and their reports."""
