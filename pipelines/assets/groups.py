"""The asset groups in the flow's order. The number in front makes the web page, which sorts by name, keep it."""

RAW = "1_raw"
LANDING = "2_landing"
SEEDS = "3_seeds"
STAGING = "4_staging"
INTERMEDIATE = "5_intermediate"
MARTS = "6_marts"
PUBLICATION = "7_publication"
