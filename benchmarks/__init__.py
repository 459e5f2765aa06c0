"""Speed and size against named baselines in one run. No test asserts a time; the README quotes ratios from here."""
