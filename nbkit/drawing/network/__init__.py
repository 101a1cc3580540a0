"""Pictures of networks: a diagram, the map of each unit, the weights of a layer."""
