"""What every room stands on: database, time, events, outbox, lease, files, languages. Knows no domain."""
