"""The studio of process authors: agendas with their forms, diagrams and decisions, changed as proposals."""
