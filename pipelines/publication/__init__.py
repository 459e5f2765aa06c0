"""From the finished warehouse to files a person opens: exports, data package, Data Docs, the swap. No
calculations.
"""
