# The image of web, worker, beat and migrate; docker-compose.yml says which of them runs.
FROM python:3.11.14-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=mall.settings.production \
    STATIC_ROOT=/srv/static \
    MEDIA_ROOT=/srv/media \
    PRIVATE_ROOT=/srv/private

WORKDIR /srv/mall

COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --no-deps --require-hashes --requirement requirements/base.txt

COPY . .

# The keys live only as long as this line: collecting files signs nothing.
RUN SECRET_KEY=build SANDBOX_KEY=build SMS_GATEWAY=build PAYOUT_GATEWAY=build python manage.py collectstatic --no-input \
    && python -m compileall -q mall members ledger payouts suppliers orders integration remittance onboarding linkage reconciliation agents sandbox \
    && useradd --system --uid 10001 --no-create-home mall \
    && mkdir -p /srv/media /srv/private /srv/beat \
    && chown mall /srv/media /srv/private /srv/beat

USER mall
VOLUME ["/srv/media", "/srv/private"]
EXPOSE 8000

CMD ["gunicorn", "mall.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "8", "--worker-class", "gthread"]
