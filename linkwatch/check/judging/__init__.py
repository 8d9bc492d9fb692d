"""What an answer shows: pages, rules, tables of causes; a verdict with its evidence. All of it is pure."""
