"""Objects by key, on a folder or on S3, behind one protocol."""
