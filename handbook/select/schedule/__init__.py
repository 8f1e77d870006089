"""Give the sessions of a study plan dates, and write them as an RFC 5545 calendar."""
