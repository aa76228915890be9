FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json build.mjs tsconfig.json ./
COPY prisma prisma
COPY src src
# Compiles as well, by the script `prepare`.
RUN npm ci && npm prune --omit=dev

FROM node:24-slim
RUN useradd --system --user-group --home-dir /data hearback && mkdir /data && chown hearback:hearback /data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY prisma prisma
COPY flows flows
# `docker compose exec web hearback doctor`
RUN ln -s /app/dist/hearback.js /usr/local/bin/hearback
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data
VOLUME /data
USER hearback
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["hearback", "start"]
