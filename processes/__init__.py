"""THE CATALOGUE: agendas as data, and the code that reads, packs, tries and deploys them."""
