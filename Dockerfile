# docker build -t protogate .
# docker run -p 8080:8080 -v "$PWD/protos:/protos:ro" protogate --proto /protos --upstream host:50051

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build

# The sample backend of docker-compose.yml.
FROM build AS bookstore
ENV HOST=0.0.0.0 PORT=50051
USER node
EXPOSE 50051
CMD ["node", "dist/examples/bookstore/main.js"]

FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev

FROM node:24-slim AS gateway
WORKDIR /app
ENV NODE_ENV=production PROTOGATE_LISTEN=0.0.0.0:8080
COPY package.json LICENSE ./
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist/annotations ./dist/annotations
COPY --from=build /app/dist/gateway ./dist/gateway
COPY --from=build /app/dist/proto ./dist/proto
COPY --from=build /app/dist/swagger ./dist/swagger
USER node
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/gateway/cli/main.js"]
