"""The workplace: what clerks see. Inbox, case, bank."""
