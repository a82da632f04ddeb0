"""The web door: pages for people. It translates a request in, calls one flow or one read, and translates the answer out."""
