"""Where the bytes of recordings and documents rest: written once under their digest, never overwritten."""
