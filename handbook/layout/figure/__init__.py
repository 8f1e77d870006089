"""Draw figures from data, and SVG pictures."""
