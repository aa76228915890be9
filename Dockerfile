FROM node:20-slim
WORKDIR /app
COPY package.json package-lock.json prisma.config.ts tsconfig.json ./
COPY prisma prisma
# Writes Prisma's client as well, by the script `prepare`.
RUN npm ci --omit=dev && npm cache clean --force
COPY flows flows
COPY src src
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data
RUN mkdir /data && chown node:node /data
VOLUME /data
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# What `npx hearback start` runs, without npm between it and SIGTERM.
CMD ["node", "src/cli/hearback.mjs", "start"]
