# Two stages: the first installs what runs, the second holds nothing else. The version of Node is the one package.json pins.
FROM node:24.21-bookworm-slim AS install
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# --ignore-scripts: only development packages have install scripts we need; everything that runs ships its binaries.
RUN npm ci --omit=dev --ignore-scripts

FROM node:24.21-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data NODE_COMPILE_CACHE=/app/.cache
WORKDIR /app
COPY --from=install /app/node_modules node_modules
COPY package.json LICENSE NOTICE ./
COPY bin bin
COPY src src
COPY manifest manifest
# The compile cache is filled at build, at the path it will be used from.
RUN mkdir /data && chown node:node /data && node bin/firstmate.mjs --help > /dev/null && chown -R node:node .cache
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 3000) + '/health/ready').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "bin/firstmate.mjs", "serve"]
