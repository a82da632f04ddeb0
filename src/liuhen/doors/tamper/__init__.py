"""The tamper suite: one small real case, told every lie we can think of, and what the verifier says to each.

Every lie has a twin: the same rebuilding of the package without the lie, which must pass, so that nothing is found by accident.
"""
