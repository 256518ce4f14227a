"""The base tier: the multilingual encoder, its data, training and export."""
