FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json build.mjs tsconfig.json ./
COPY prisma prisma
COPY src src
# Compiles as well, by the script `prepare`.
RUN npm ci && npm prune --omit=dev

FROM node:24-slim
WORKDIR /app
RUN useradd --system --user-group --home-dir /app hearback && mkdir /data && chown hearback:hearback /data
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY prisma prisma
COPY flows flows
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data
VOLUME /data
USER hearback
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# What `npx hearback start` runs, without npm between it and SIGTERM.
CMD ["node", "dist/hearback.js", "start"]
