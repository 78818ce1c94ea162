"""What pages are composed of: layout, filters, tables, charts, and the way they are streamed."""
