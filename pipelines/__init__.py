"""From published school performance files to draft ratings: the pipeline of `rayg`."""
