"""What a real worker process runs in tests/outbox/test_worker.py."""
