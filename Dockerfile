# The service in a container: small, not root, nothing to write but the folder of the book.
FROM node:24-bookworm-slim AS built
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Of what is optional here, the page is built with some. The image has its own Node, and takes
# along neither those nor the one that the packages bring for machines with an older one.
RUN npm ci
COPY tsconfig.json LICENSE README.md ./
COPY bin bin
COPY src src
COPY dashboard dashboard
COPY emulator emulator
COPY examples examples
RUN npm run build && npm prune --omit=dev --omit=optional

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=built /app /app
RUN ln -s /app/bin/trueup /usr/local/bin/trueup \
 && mkdir /data && chown node:node /data
USER node
# Book, settings and backups: the only folder that is written.
WORKDIR /data
VOLUME /data
# Whether the process lives, at the port and with the TLS of its settings. Whether it may be relied
# on is /readyz.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["trueup", "service", "alive"]
# SIGTERM drains within ten seconds.
STOPSIGNAL SIGTERM
ENTRYPOINT ["trueup"]
CMD ["serve"]
