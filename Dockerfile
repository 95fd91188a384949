# gpt41calc from this checkout: docker build -t gpt41calc .
#     docker run --rm -v "$PWD:/work:ro" gpt41calc check
# Every package is installed by its digest; the vocabularies are in the package, so that a run needs no network.
ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS build
WORKDIR /source
COPY requirements/action.txt requirements/
RUN python -m venv /opt/gpt41calc \
 && /opt/gpt41calc/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/action.txt
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY data data/
COPY gpt41calc gpt41calc/
RUN /opt/gpt41calc/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation --no-index . \
 && /opt/gpt41calc/bin/gpt41calc --version

FROM python:${PYTHON}-slim
# Bases of budgets and differences are read from git.
RUN apt-get update \
 && apt-get install -y --no-install-recommends git \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/gpt41calc /opt/gpt41calc
# The checkout belongs to whoever mounts it; git reads it all the same, and runs nothing that it names.
ENV PATH=/opt/gpt41calc/bin:$PATH \
    HOME=/tmp \
    GIT_CONFIG_COUNT=1 \
    GIT_CONFIG_KEY_0=safe.directory \
    GIT_CONFIG_VALUE_0=/work
WORKDIR /work
USER nobody
ENTRYPOINT ["gpt41calc"]
