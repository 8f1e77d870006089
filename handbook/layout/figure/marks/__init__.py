"""Draw charts: each mark of `document/chart_marks.py` is a function in one of these modules.

plot.py      what a chart is drawn with: its channels, scales, ticks, shades, words that wrap
bars.py      bars, stacked, waterfall
lines.py     line, area, scatter, burn-down
shares.py    pie, heatmap
spans.py     gantt
flow.py      flow, nest
steps.py     sequence, git
history.py   git whose commits are as large as an amount
lists.py     range, matrix, route, calendar, qr: those of `::figure kind=…`
draw.py      finds the function of a mark, and says a chart in words
"""
