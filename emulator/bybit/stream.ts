/** The private stream: auth, subscribe, ping, and the topics order, execution, position, wallet. */
import type { Line, LineListener } from '../door/door.ts';
import { isSignature } from '../door/keys.ts';
import type { Execution, News, Payment } from '../exchange/history.ts';
import { FrameGate } from '../faults/frame-gate.ts';
import type { Desk } from './desk.ts';
import { streamPosition } from './payload-position.ts';

const topics = ['execution', 'order', 'position', 'wallet', 'execution.fast'] as const;

interface Said {
  readonly op?: unknown;
  readonly req_id?: unknown;
  readonly args?: unknown;
}

export class PrivateStream implements LineListener {
  readonly #desk: Desk;
  readonly #gate: FrameGate;
  readonly #id: string;
  readonly #topics = new Set<string>();
  readonly #end: () => void;
  #isKnown = false;
  #frames = 0;

  constructor(desk: Desk, line: Line, id: string) {
    this.#desk = desk;
    this.#id = id;
    this.#gate = new FrameGate(line, desk.faults, desk.floor.clock);
    this.#end = desk.floor.listen((news) => this.#tell(news));
  }

  heard(text: string): void {
    const said = readSaid(text);
    if (said === null) return this.#answer({ success: false, ret_msg: 'error:invalid json' });
    const args = Array.isArray(said.args) ? said.args.map(String) : [];
    switch (said.op) {
      case 'ping':
        return this.#answer({ op: 'pong', args: [String(this.#desk.nowMs())] }, said);
      case 'auth':
        return this.#auth(args, said);
      case 'subscribe':
        return this.#subscribe(args, said);
      case 'unsubscribe':
        for (const topic of args) this.#topics.delete(topic);
        return this.#answer({ success: true, ret_msg: '', op: 'unsubscribe' }, said);
      default:
        return this.#answer({ success: false, ret_msg: 'error:invalid op', request: said }, said);
    }
  }

  pinged(): boolean {
    return this.#gate.answers;
  }

  ended(): void {
    this.#end();
  }

  #auth(args: readonly string[], said: Said): void {
    const [name = '', expires = '', sign = ''] = args;
    const key = this.#desk.keys.find((one) => one.key === name);
    const fault =
      key === undefined
        ? 'Invalid apikey'
        : Number(expires) < this.#desk.nowMs()
          ? 'Params Error: the request has expired'
          : isSignature(sign, key.secret, `GET/realtime${expires}`)
            ? null
            : 'Invalid sign';
    this.#isKnown = fault === null;
    this.#answer(
      {
        success: this.#isKnown,
        ret_msg: fault ?? '',
        op: 'auth',
        ...(fault === null ? {} : { request: { op: 'auth', args } }),
      },
      said,
    );
  }

  #subscribe(args: readonly string[], said: Said): void {
    const unknown = args.find((topic) => !(topics as readonly string[]).includes(topicOf(topic)));
    const fault = !this.#isKnown
      ? 'Request not authorized'
      : unknown === undefined
        ? null
        : `error:handler not found,topic:${unknown}`;
    if (fault === null) {
      for (const topic of args) this.#topics.add(topic);
      this.#desk.subscriptions += 1;
    }
    this.#answer({ success: fault === null, ret_msg: fault ?? '', op: 'subscribe' }, said);
  }

  #answer(body: object, said?: Said): void {
    const request = said?.req_id === undefined ? {} : { req_id: said.req_id };
    this.#gate.reply(JSON.stringify({ ...request, ...body, conn_id: this.#id }));
  }

  #tell(news: News): void {
    if (this.#topics.size === 0) return;
    const { floor, terms } = this.#desk;
    for (const event of news.events) this.#executed(event);
    for (const state of news.orders) {
      const payload = this.#desk.order(state);
      this.#push('order', payload.category, () => [payload]);
    }
    for (const name of news.positions) {
      const instrument = floor.instruments.get(name);
      if (instrument === undefined) continue;
      this.#push('position', terms.names.category(name), () =>
        this.#desk.positionRows(instrument, floor.view()).map(streamPosition),
      );
    }
    if (news.balances.length > 0) this.#push('wallet', null, () => [this.#changed(news.balances)]);
  }

  /** The wallet with the coins that changed. */
  #changed(currencies: readonly string[]) {
    const wallet = this.#desk.wallet(this.#desk.floor.view(), this.#desk.omitted());
    return { ...wallet, coin: wallet.coin.filter(({ coin }) => currencies.includes(coin)) };
  }

  #executed(event: Execution | Payment): void {
    const payload = this.#desk.execution(event);
    this.#push('execution', payload.category, () => [payload]);
    if (event.kind === 'payment') return;
    const { category, symbol, execId, execPrice, execQty, orderId, orderLinkId } = payload;
    const { side, isMaker, execTime, seq } = payload;
    const first = { category, symbol, execId, execPrice, execQty, orderId, orderLinkId };
    this.#push('execution.fast', category, () => [{ ...first, side, isMaker, execTime, seq }]);
  }

  /** One frame for all who listen to a topic, be it all of it or one category. */
  #push(topic: string, category: string | null, data: () => readonly object[]): void {
    for (const name of [topic, ...(category === null ? [] : [`${topic}.${category}`])]) {
      if (!this.#topics.has(name)) continue;
      this.#frames += 1;
      const creationTime = this.#desk.nowMs();
      const id = `${this.#id}-${this.#frames}`;
      this.#gate.push(topic, JSON.stringify({ id, topic: name, creationTime, data: data() }));
    }
  }
}

/** `execution.linear` is a part of `execution`. */
const topicOf = (name: string): string => name.replace(/\.(spot|linear|inverse|option)$/, '');

/** The public streams: subscriptions are taken and pings answered, and nothing is told. */
export class PublicStream implements LineListener {
  readonly #line: Line;

  constructor(line: Line) {
    this.#line = line;
  }

  heard(text: string): void {
    const said = readSaid(text);
    const op = said?.op === 'ping' ? 'pong' : String(said?.op ?? '');
    const request = said?.req_id === undefined ? {} : { req_id: said.req_id };
    this.#line.send(
      JSON.stringify({ ...request, success: true, ret_msg: '', op, conn_id: 'public' }),
    );
  }

  pinged(): boolean {
    return true;
  }

  ended(): void {
    // It listened to nothing.
  }
}

function readSaid(text: string): Said | null {
  try {
    const said: unknown = JSON.parse(text);
    return typeof said === 'object' && said !== null ? said : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
