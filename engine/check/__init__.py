"""What is wrong with a model before it runs: one rule a file."""
