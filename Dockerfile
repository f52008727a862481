# One image, two targets: `base` (web, live, relay, deliver, worker, beat) and `video` (worker-video).
# Debian 13: its GDAL (3.10) can block file and network access in spatial references, which Debian 12's cannot;
# the check at the end of `base` proves it.

FROM node:22-trixie-slim AS frontend
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY frontend/ ./
RUN npm run build

FROM python:3.11-slim-trixie AS build
RUN apt-get update && apt-get install -y --no-install-recommends build-essential libpq-dev gettext \
    && rm -rf /var/lib/apt/lists/*
RUN python -m venv /venv
COPY requirements/base.txt requirements/
RUN /venv/bin/pip install --no-cache-dir -r requirements/base.txt

FROM build AS build-video
ARG TORCH_INDEX_URL=https://download.pytorch.org/whl/cpu
COPY requirements/video.txt requirements/
RUN /venv/bin/pip install --no-cache-dir --extra-index-url "$TORCH_INDEX_URL" -r requirements/video.txt

FROM build AS source
WORKDIR /app
COPY . .
RUN find . -name '*.po' -path '*/LC_MESSAGES/*' -exec sh -c 'msgfmt --check-format -o "${1%.po}.mo" "$1"' _ {} \;

FROM python:3.11-slim-trixie AS base
RUN apt-get update && apt-get install -y --no-install-recommends libpq5 gdal-bin fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home cityops \
    && install -d -o cityops -g cityops /data
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=cityops.settings.prod DATA_DIR=/data
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=source /app /app
COPY --from=frontend /src/frontend/dist /app/frontend/dist
# Values for these two commands only; none of them is kept in the image.
RUN export DATABASE_URL=postgis://none@none/none REDIS_URL=redis://none ALLOWED_HOSTS=none.example \
    CSRF_TRUSTED_ORIGINS=https://none.example SECRET_KEY="$(head -c 48 /dev/urandom | base64 -w 0)" \
    && python manage.py collectstatic --noinput \
    && python manage.py check --deploy --fail-level WARNING
USER cityops
VOLUME /data
EXPOSE 8000

FROM base AS video
USER root
RUN apt-get update && apt-get install -y --no-install-recommends libgl1 libglib2.0-0t64 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build-video /venv /venv
USER cityops
