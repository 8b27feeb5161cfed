"""After an event: report, follow-up, export, erasure, what becomes work in the CRM."""
