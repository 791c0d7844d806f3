"""The migrations, one file each, oldest first by `down_revision`."""
