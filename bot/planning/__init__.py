"""Dates and people, pure: check-in times, quiet and office hours, retries, who is on call, who is paged next."""
