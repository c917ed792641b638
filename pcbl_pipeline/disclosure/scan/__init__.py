"""The detectors behind the screening of narratives, one subject a file."""
