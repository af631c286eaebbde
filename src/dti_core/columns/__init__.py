"""The gate: columns of any table and numbers of any kind, exactly; distinct values; work in chunks."""
