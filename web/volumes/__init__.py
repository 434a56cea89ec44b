"""Demo data in the sizes of real installations, played on the real engine: for trying how it is to work with them."""
