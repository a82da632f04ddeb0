"""断点续传: a file that arrives in pieces, over hours and cut connections, and then goes the way of every recording."""
