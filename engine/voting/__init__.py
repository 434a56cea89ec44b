"""Votes on a list of options: rules of a ballot, envelopes, the count that anybody can repeat."""
