"""The experiments of promises.md: real processes, real databases, real kills."""
