"""The desk in the admin: setting it up, and all registrations on one page."""
