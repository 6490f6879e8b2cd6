/** The stream's own part of the service, on a book: its hub behind its route, and nothing else. */
import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import { BookReader } from '../../src/service/reading.ts';
import { nobody } from '../../src/service/serving/access/actor.ts';
import type { ServingParts } from '../../src/service/serving/parts.ts';
import { OpenHub } from '../../src/service/serving/streaming/open-hub.ts';
import { addStream } from '../../src/service/serving/streaming/sse.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import { openServiceFile, serviceFilePath } from '../../src/store/service-file.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

export async function streamOf(book: string) {
  const clock = systemClock;
  const reader = new BookReader(book, clock);
  const file = openServiceFile(serviceFilePath(book));
  const hub = new OpenHub({ reader, file, clock, log: silent });
  const app = fastify();
  app.setValidatorCompiler(validatorCompiler);
  const keeper = {
    ...{ headers: {}, count: () => [], admit: () => undefined },
    ...{ actorOf: () => nobody, stillMay: () => true, note: () => undefined },
  };
  addStream(app, { clock, hub, reader, log: silent } as unknown as ServingParts, keeper, {
    ...{ streams: 10_000, streamsPerToken: 10_000 },
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    hub,
    port: (app.server.address() as AddressInfo).port,
    async close() {
      hub.close('done');
      app.server.closeAllConnections();
      await app.close();
      reader.close();
      file.close();
    },
  };
}
