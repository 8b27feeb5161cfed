"""What an event's page gives away: calendar files, poster, materials."""
