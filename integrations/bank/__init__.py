"""Money from outside: statements in, payment codes out."""
