"""Other rule engines, each given the same grounded rules, generated from the same table.

A rival is `matcher(stratum's rules, the names that they read) -> function(values) -> positions of the rules that fire`.
"""
