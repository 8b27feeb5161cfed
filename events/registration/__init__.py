"""Registering: the form, the signed link, tickets."""
