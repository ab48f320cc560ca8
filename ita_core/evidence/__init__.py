"""Evidence files: what a file is (`inspect`) and where it is kept (`store`)."""
