# One image for web, worker and beat; the command says which.
FROM python:3.13-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends nodejs npm && rm -rf /var/lib/apt/lists/*
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /app
ENV UV_LINK_MODE=copy UV_PROJECT_ENVIRONMENT=/app/.venv
COPY pyproject.toml uv.lock README.md ./
RUN uv sync --frozen --no-dev --no-install-project
COPY . .
RUN uv sync --frozen --no-dev \
 && .venv/bin/python -m web.assets \
 && .venv/bin/pybabel --quiet compile --directory web/locale --domain "messages workplace" \
 && rm -rf node_modules

FROM python:3.13-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-roboto-unhinted \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 10001 radnice
WORKDIR /app
COPY --from=build --chown=root:root /app /app
# The root first on the path: a stranger's package called `web` must not win.
ENV PATH=/app/.venv/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1
USER radnice
EXPOSE 8000
HEALTHCHECK --interval=30s CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"
CMD ["radnice", "serve", "--host", "0.0.0.0", "--port", "8000", "--no-worker"]
