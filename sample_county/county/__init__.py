"""The sample county itself: who exists, what is planted, every year's pupils, and how they are counted.

What a publisher calls things and how it prints them belongs in `publishers`.
"""
