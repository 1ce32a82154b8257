# syntax=docker/dockerfile:1
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
COPY . .
RUN npm run build

FROM node:24-bookworm-slim
# Python functions of the sandbox run with it.
RUN apt-get update && apt-get install --yes --no-install-recommends python3 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
# The files belong to root: the process can't change its own code.
COPY --from=build /app /app
RUN mkdir /data && chown node:node /data
ENV NODE_ENV=production SPILLWAY_DATA_DIR=/data
VOLUME /data
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["node", "lib/launch/commands/check-health.mjs"]
CMD ["node", "lib/launch/start.mjs"]
