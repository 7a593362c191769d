# Two stages: the first has the tools and makes what runs; the second holds nothing else, so neither npm nor a compiler.
# The version of Node is the one package.json pins.
FROM node:24.21-bookworm AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY scripts scripts
COPY src src
# Of the packages that stay beside the bundle only the library of nearest vectors is compiled. It is optional: without it every vector
# is compared. Types and source maps are half of what packages bring along; nothing reads them.
RUN node scripts/build.ts \
 && npm prune --omit=dev --ignore-scripts \
 && (npm_config_nodedir=/usr/local npm rebuild hnswlib-node || echo "hnswlib-node was not built; vectors are compared one by one") \
 && rm -rf node_modules/hnswlib-node/build/Release/obj.target \
 && find node_modules -type f \( -name "*.map" -o -name "*.ts" -o -name "*.mts" -o -name "*.cts" -o -name "*.tsbuildinfo" \) -delete

FROM debian:bookworm-slim
COPY --from=build /usr/local/bin/node /usr/local/bin/node
# Where there is room, Node gives new objects 128 MB and lets rubbish pile up in gigabytes before it looks at it again. These two take
# 200 MB off what the process holds and keep it from creeping up, for a few per cent of processor time.
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data NODE_COMPILE_CACHE=/app/.cache NODE_OPTIONS="--max-semi-space-size=16 --max-old-space-size=768" HOME=/tmp
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE NOTICE ./
COPY bin bin
COPY manifest manifest
COPY knowledge knowledge
COPY skills skills
COPY eval eval
# The compile cache is filled at build, at the path it is used from; at run time nothing but /data and /tmp is written.
RUN mkdir /data && chown 1000:1000 /data && DATA_DIR=/tmp/warm node bin/firstmate.mjs ask help > /dev/null && rm -r /tmp/warm && chmod -R a+rX .cache
# As a number, so that Kubernetes can see that it is not root.
USER 1000:1000
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 3000) + '/health/live').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/firstmate.mjs"]
CMD ["serve"]
