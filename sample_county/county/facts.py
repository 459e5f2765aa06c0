"""Published facts that the sample is drawn to resemble: England's figures by year (Crown copyright, OGL v3.0).

Key stage 2, key stage 4 and absence: the Department for Education's performance tables and Local Authority
Interactive Tool, England, state-funded schools. Numbers only; how pupils are drawn to meet them is elsewhere.
"""

KS2_EXPECTED_AND_HIGHER = {
    2023: {"READ": (73, 29), "WRITTA": (71, 13), "MAT": (73, 24), "GPS": (72, 30)},
    2024: {"READ": (74, 29), "WRITTA": (72, 13), "MAT": (73, 24), "GPS": (72, 32)},
    2025: {"READ": (75, 33), "WRITTA": (72, 13), "MAT": (74, 26), "GPS": (73, 30)},
}
"""Percentages at the expected and the higher standard."""

KS4_MEAN_GRADE = {
    2018: {"ENG": 5.08, "MAT": 4.72, "SCI": 4.66, "HUM": 4.61, "LAN": 5.16, "OPEN": 4.76},
    2021: {"ENG": 5.34, "MAT": 4.99, "SCI": 4.94, "HUM": 4.89, "LAN": 5.34, "OPEN": 5.09},
    2022: {"ENG": 5.24, "MAT": 4.89, "SCI": 4.84, "HUM": 4.79, "LAN": 5.29, "OPEN": 4.99},
    2023: {"ENG": 5.06, "MAT": 4.70, "SCI": 4.64, "HUM": 4.59, "LAN": 5.14, "OPEN": 4.74},
    2024: {"ENG": 5.04, "MAT": 4.69, "SCI": 4.60, "HUM": 4.54, "LAN": 5.11, "OPEN": 4.69},
    2025: {"ENG": 5.04, "MAT": 4.70, "SCI": 4.60, "HUM": 4.54, "LAN": 5.11, "OPEN": 4.69},
}
"""Mean GCSE grade of state-funded pupils, chosen so that Attainment 8 comes to 48.8, 46.3, 45.9, 46.0.

2018, of which only trusts are written: a little above 2023, as its Attainment 8 of 46.5.
"""

KS5_POINTS = {
    2016: {"ALEV": 31.1, "AGEN": 35.7, "TLEV": 32.3},
    2022: {"ALEV": 37.9, "AGEN": 31.9, "TLEV": 30.5},
    2023: {"ALEV": 34.2, "AGEN": 29.5, "TLEV": 28.5},
    2024: {"ALEV": 34.4, "AGEN": 29.1, "TLEV": 28.1},
    2025: {"ALEV": 35.0, "AGEN": 29.9, "TLEV": 28.8},
}
"""Points per entry. 2016, of which only destinations are written, has those of 2017."""

KS5_RETAINED = {2016: 95.3, 2022: 95.1, 2023: 93.6, 2024: 92.3, 2025: 93.1}

ABSENCE = {
    2022: {"PRI": (6.3, 17.7), "SEC": (9.0, 27.7), "SPE": (13.2, 40.4)},
    2023: {"PRI": (5.9, 16.2), "SEC": (9.0, 26.5), "SPE": (13.0, 38.3)},
    2024: {"PRI": (5.5, 14.6), "SEC": (8.9, 25.6), "SPE": (13.0, 37.2)},
    2025: {"PRI": (5.2, 13.0), "SEC": (8.4, 23.4), "SPE": (12.8, 36.4)},
}
"""Overall and persistent absence, per cent."""

KS4_SUSTAINED = {2021: 94, 2022: 92.5, 2023: 92}
"""Per cent of leavers with a sustained destination, by the year in which they left."""

EARLY_RESULTS: dict[str, dict[int, float]] = {
    "gld": {2022: 65.2, 2023: 67.2, 2024: 67.7, 2025: 68.3},
    "phonics": {2022: 75, 2023: 79, 2024: 80, 2025: 80},
    "ks1_reading": {2022: 67, 2023: 68},
    "ks1_writing": {2022: 58, 2023: 60},
    "ks1_maths": {2022: 68, 2023: 70},
    "mtc": {2022: 27, 2023: 29, 2024: 34, 2025: 37},
}
"""Per cent of England's children with a good level of development, at the expected standard, with full marks."""

MTC_MEAN = {2022: 19.8, 2023: 20.2, 2024: 20.6, 2025: 21.0}

SUSPENSIONS_PER_HUNDRED = {"PRI": 1.9, "SEC": 22.6, "SPE": 13.0}
EXCLUSIONS_PER_HUNDRED = {"PRI": 0.03, "SEC": 0.26, "SPE": 0.07}
"""In 2023/24, by phase."""
