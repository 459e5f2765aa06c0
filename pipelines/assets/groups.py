"""The asset groups in the flow's order. The number makes the web page list them in that order."""

RAW = "raw_1"
LANDING = "landing_2"
SEEDS = "seeds_3"
STAGING = "staging_4"
INTERMEDIATE = "intermediate_5"
MARTS = "marts_6"
PUBLICATION = "publication_7"
