"""The vision core: pure functions and classes from photo to prediction, without web or settings."""
