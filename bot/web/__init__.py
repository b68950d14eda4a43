"""Flask: webhooks, console, health, metrics. It decides nothing that a service could."""
