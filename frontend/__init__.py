"""The app: accounts, history and screens, talking to the model server over HTTP."""
