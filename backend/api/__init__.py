"""The web side of the model server: schemas, problems, dependencies, one file per resource."""
