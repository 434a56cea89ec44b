"""The words of the `radnice` command: one module a room, imported only when its word is used."""
