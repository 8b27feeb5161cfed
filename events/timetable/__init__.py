"""The organiser's side of one-to-one meetings: tables, slots, a proposed timetable, changes by hand."""
