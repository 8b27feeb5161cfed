"""Planning one-to-one meetings: rounds, tables, slots, the solver, conflicts."""
