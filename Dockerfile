# Two stages: the first installs the locked libraries, the second carries only what runs.
FROM python:3.13-slim AS libraries
COPY requirements/run.txt /tmp/run.txt
RUN python -m venv /xueban/.venv \
 && /xueban/.venv/bin/pip install --no-cache-dir --disable-pip-version-check \
      --require-hashes --only-binary :all: -r /tmp/run.txt

FROM python:3.13-slim
RUN useradd --uid 10001 --create-home --home-dir /data --shell /usr/sbin/nologin xueban
COPY --from=libraries /xueban/.venv /xueban/.venv
COPY bot /xueban/bot
COPY curriculum /xueban/curriculum
COPY migrations /xueban/migrations
WORKDIR /xueban
ENV PATH=/xueban/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    XUEBAN_DATABASE=sqlite:////data/xueban.db \
    XUEBAN_HEALTH_FILE=/tmp/xueban-alive \
    XUEBAN_LOG_FORMAT=json
USER 10001
VOLUME /data
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-m", "bot", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
