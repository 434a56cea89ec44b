"""ENTRY POINTS AND COMPOSITION ROOT: portal, workplace, API, worker and the command line."""
