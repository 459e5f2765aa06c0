"""The Department for Education's performance tables: wide files, by school with area rows."""
