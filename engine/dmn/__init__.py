"""Decision tables: S-FEEL cells, all hit policies."""
