"""Practice: cases to judge, the commitment before the answer is shown, and what a trainee has learned so far.

Everything here is data in and data out; the terminal (cli/practice.py) and a page draw it.
"""
