"""How gunicorn serves the web process; `web_concurrency` and `port` come from the host (Procfile)."""

from __future__ import annotations

worker_class = "gthread"
threads = 4
timeout = 30
graceful_timeout = 20
accesslog = None  # addresses carry ids, and who asked for what stands in the audit
