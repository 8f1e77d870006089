"""Measurements: ratios within one run, medians, never absolute promises."""
