"""Photos of faces with landmarks: reading them, morphing, moving and dressing them."""
