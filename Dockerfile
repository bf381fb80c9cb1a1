# An image with pawl and what it needs to run; benchmarks are built and run in it with the project mounted:
#
#   docker build -t pawl .
#   docker run --rm --cap-add PERFMON -v "$PWD:/project" pawl check --base main
#
# Without PERFMON (or SYS_ADMIN before Linux 5.8) perf_event is closed and the profiler takes the next best way.  Compilers
# of the project have to be added: FROM pawl, RUN apt-get install ….
FROM debian:12-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends \
	g++ gcc libc6-dev libcjson-dev libelf-dev libpcre2-dev libprotobuf-c-dev libyaml-dev make pkg-config \
	protobuf-c-compiler zlib1g-dev
COPY . /src
RUN make -s -C /src -j2 BUILD=/build PREFIX=/usr DESTDIR=/stage install

FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends \
	git libcjson1 libelf1 libpcre2-8-0 libprotobuf-c1 libstdc++6 libyaml-0-2 zlib1g && rm -rf /var/lib/apt/lists/*
COPY --from=build /stage/ /
# The mounted project belongs to somebody else than the container's user.
RUN git config --system --add safe.directory '*'
WORKDIR /project
ENTRYPOINT ["pawl"]
