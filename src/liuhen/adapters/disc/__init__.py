"""Archive packages as discs, folders and zip files: written as an image, and opened one way whatever they come as."""
