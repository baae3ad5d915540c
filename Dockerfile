FROM node:24.21.0-bookworm-slim AS packages
WORKDIR /service
COPY package.json package-lock.json .npmrc ./
# Without the optional ones: the image has its Node already, and Postgres is a server of its own.
RUN npm ci --omit=dev --omit=optional --ignore-scripts

# With all packages, of which only what they make of the console goes on.
FROM node:24.21.0-bookworm-slim AS console
WORKDIR /service
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts
COPY bin ./bin
COPY console ./console
RUN node --input-type=module --eval 'import("./bin/console/build.ts").then(({ buildConsole }) => buildConsole())'

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3002 DATA_FOLDER=/data
WORKDIR /service
COPY --from=packages /service/node_modules ./node_modules
COPY package.json ./
COPY bin ./bin
COPY console ./console
COPY --from=console /service/dist ./dist
COPY core ./core
COPY data ./data
COPY functions ./functions
RUN install --directory --owner=1000 --group=1000 --mode=0700 /data
# The user `node` of the base image, as a number: an orchestrator can tell that it is not root.
USER 1000:1000
VOLUME /data
EXPOSE 3002
HEALTHCHECK --interval=10s --timeout=12s --start-period=60s CMD ["node", "bin/healthcheck.mjs"]
CMD ["node", "--import", "./bin/check-node.mjs", "--single-threaded-gc", "--no-allocation-site-pretenuring", "--initial-old-space-size=256", "--disable-warning=TimeoutNegativeWarning", "bin/local/start.ts"]
