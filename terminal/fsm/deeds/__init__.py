"""What the table's rows ask before they apply (guards) and what they do (deeds), a module a phase."""
