"""gunicorn for pages and API: threads, because requests wait for the database; the logs are Django's JSON lines."""

bind = "0.0.0.0:8000"
workers = 2
threads = 8
timeout = 60
graceful_timeout = 20
max_requests = 20000
max_requests_jitter = 2000
worker_tmp_dir = "/dev/shm"
accesslog = None
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"gunicorn.error": {"handlers": [], "propagate": True}},
}
