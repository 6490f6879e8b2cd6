/** A service on this machine that answers as a test wants, and keeps what it was sent. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Request {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How the next request is met; without one it is met well. */
export type Behaviour =
  | 'well'
  /** 429 with Retry-After: 2, or the date that is two seconds from now. */
  | 'busy'
  | 'busy-until'
  | 'broken'
  /** For good, and its answer repeats all that it was sent. */
  | 'refusing'
  | 'silent'
  /** The connection ends in the middle of the answer. */
  | 'cut'
  /** Somebody else's address. */
  | 'elsewhere';

export interface HttpService {
  readonly url: string;
  readonly requests: readonly Request[];
  readonly next: Behaviour[];
  close(): Promise<void>;
}

type Answer = { readonly status: number; readonly body: string };

/** `well` is how the service answers what it takes; `silence` runs when it answers nothing. */
export async function httpService(
  well: (request: Request) => Answer,
  silence: () => void,
): Promise<HttpService> {
  const requests: Request[] = [];
  const next: Behaviour[] = [];
  const server = createServer((incoming, response) => {
    void requestOf(incoming).then((request) => {
      requests.push(request);
      const how = next.shift() ?? 'well';
      if (how === 'silent') silence();
      else respond(response, how, request, well);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    next,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function requestOf(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
  return {
    path: incoming.url ?? '',
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function respond(
  response: ServerResponse,
  how: Exclude<Behaviour, 'silent'>,
  request: Request,
  well: (request: Request) => Answer,
): void {
  const answer = (status: number, body: string, headers = {}) =>
    void response.writeHead(status, headers).end(body);
  switch (how) {
    case 'well': {
      const { status, body } = well(request);
      return answer(status, body);
    }
    case 'busy':
      return answer(429, 'slow down', { 'retry-after': '2' });
    case 'busy-until':
      return answer(429, '', { 'retry-after': new Date(Date.now() + 2_000).toUTCString() });
    case 'broken':
      return answer(503, 'sorry');
    case 'refusing':
      return answer(400, `Cannot POST ${request.path} ${JSON.stringify(request.headers)}`);
    case 'elsewhere':
      return answer(307, '', { location: 'http://127.0.0.1:9/elsewhere' });
    case 'cut':
      response.writeHead(200, { 'content-length': '1000' });
      response.write('half');
      return void response.socket?.destroySoon();
  }
}
