"""Recipes as data: one TOML file each, read by `baseline.training.plan`."""
