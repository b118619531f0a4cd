"""Settings: `base` reads the environment; `local`, `test` and `production` choose defaults."""
