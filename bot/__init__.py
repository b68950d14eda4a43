"""The follow-up bot: texts patients after a procedure, sorts what they answer, pages people."""
