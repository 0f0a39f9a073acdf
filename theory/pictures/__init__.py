"""Pictures of configurations for print: axes of one to three dimensions, and figures on them."""
