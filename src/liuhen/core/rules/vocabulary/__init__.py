"""The words that rules may use of each kind of subject. What a pack says outside of them is refused."""
