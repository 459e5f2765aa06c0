"""What each publisher writes about the sample county: its columns, words, rounding and marks for an absence.

Each module that writes has `files(county)`. Nothing is drawn here that two publishers would tell.
"""
