"""Write content streams (ISO 32000-1, 8 and 9)."""
