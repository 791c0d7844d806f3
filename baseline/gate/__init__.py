"""The photo gate, measured: photos of unseen people made worse on purpose, and what tells them."""
