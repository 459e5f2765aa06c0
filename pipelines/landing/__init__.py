"""From published bytes to landed text: recognise, keep, decode, write. No renaming and no numbers here."""
