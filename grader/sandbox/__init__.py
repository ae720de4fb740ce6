"""Where players live: a separate process with a warm zygote that forks them."""
