"""What applies to a company, and why: clauses' conditions against what a company says of itself.

`truth`, `profile`, `rules` and `verdicts` are the pure core; `vocabulary`, `industries` and `places` the
words it compares; `answers` reads a visitor's answers; `loading` and `outcome` ask the database.
"""
