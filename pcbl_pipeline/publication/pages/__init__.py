"""The pages of an edition: what each says (views), and the templates that say it."""
