/**
 * Reads whose answer is at hand, given before the framework takes its steps: the head and the bytes
 * that it sent the first time, behind the same checks of who asks, and how often. Whatever is not
 * plainly so goes the whole way, which says as well why it is refused.
 */
import { isAscii } from 'node:buffer';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TokenGate } from './access/gatekeeper.ts';
import type { Answers, KeptAnswer } from './answers.ts';
import type { MetricsShown } from './parts.ts';
import type { Route } from './route.ts';

/** Names and values, as they were sent; each request has its own beside them. */
interface Sent {
  readonly route: Route;
  readonly head: readonly string[];
  readonly headWithBody: readonly string[];
  /** A short text goes out in one piece with its head; null: the bytes go. */
  readonly text: string | null;
}

const textMax = 16 * 1024;

type CountsRequests = Pick<MetricsShown, 'now' | 'answered'>;

/** Those of one request alone. */
const isItsOwn = (name: string): boolean =>
  name.startsWith('x-ratelimit') || name === 'x-request-id' || name === 'set-cookie';

export class QuickReads {
  readonly #answers: Answers;
  readonly #gate: TokenGate;
  readonly #metrics: CountsRequests;
  readonly #sent = new WeakMap<KeptAnswer, Sent>();

  /** `metrics` is told of each that is answered. */
  constructor(answers: Answers, gate: TokenGate, metrics: CountsRequests) {
    this.#answers = answers;
    this.#gate = gate;
    this.#metrics = metrics;
  }

  /** Before all other steps. */
  addTo(app: FastifyInstance): void {
    app.decorateRequest('beganAt', 0);
    app.addHook('onRequest', (request, reply, done) => {
      request.beganAt = this.#metrics.now();
      if (!this.#isAnswered(request, reply)) done();
    });
  }

  /** What is about to be sent the whole way, with its body or without. */
  note(route: Route, answer: KeptAnswer, reply: FastifyReply): void {
    if (this.#sent.has(answer)) return;
    const head: string[] = [];
    let type = answer.type;
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (name === 'content-type') type = String(value);
      else if (!isItsOwn(name)) head.push(name, String(value));
    }
    const { bytes } = answer;
    const ofBody = ['content-type', type, 'content-length', String(bytes.length)];
    const text = bytes.length <= textMax && isAscii(bytes) ? bytes.toString('latin1') : null;
    this.#sent.set(answer, { route, head, headWithBody: [...head, ...ofBody], text });
  }

  #isAnswered(request: FastifyRequest, reply: FastifyReply): boolean {
    if (request.method !== 'GET') return false;
    const answer = this.#answers.kept(request.url);
    const sent = answer === null ? undefined : this.#sent.get(answer);
    if (answer === null || sent === undefined) return false;
    const rate = this.#gate.pass(request, sent.route);
    if (rate === null) return false;
    reply.hijack();
    const { head, headWithBody, text } = sent;
    const isKnown = request.headers['if-none-match'] === answer.etag;
    const whole = (isKnown ? head : headWithBody).concat(rate, 'x-request-id', request.id);
    reply.raw.writeHead(isKnown ? 304 : 200, whole);
    const { method, beganAt } = request;
    this.#metrics.answered({ method, status: reply.raw.statusCode, beganAt });
    if (isKnown) reply.raw.end();
    else if (text === null) reply.raw.end(answer.bytes);
    else reply.raw.end(text, 'latin1');
    return true;
  }
}
