"""Tables into registers: which column goes where, what a cell means, what becomes of every row."""
