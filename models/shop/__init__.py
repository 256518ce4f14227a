"""What a shop fits to its own history, on its own machine; `aftersense foresight train` runs it."""
