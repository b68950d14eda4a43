"""What a conversation does next: a table over states and cues, pure from end to end."""
