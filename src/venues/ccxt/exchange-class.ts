/**
 * The border to ccxt: a single exchange is imported, and its object is seen through the few
 * members named here. Nothing else of this program knows the library.
 */

/** What is used of a ccxt exchange; everything it answers is unknown until read. */
export interface CcxtExchange {
  readonly id: string;
  has: Record<string, unknown>;
  options: Record<string, unknown>;
  urls: { api: unknown };
  positions: unknown;
  balance: unknown;
  orders: unknown;
  last_response_headers?: unknown;
  number: unknown;
  throttler: unknown;
  fetchImplementation: unknown;
  milliseconds(): number;
  parseJson(text: string): unknown;
  client(url: string): CcxtSocket;
  onConnected(socket: CcxtSocket, message?: unknown): void;
  authenticate(...parameters: unknown[]): Promise<unknown>;
  /** Calls a method of its own after so many milliseconds, on a timer that nothing ends. */
  delay(ms: number, method: CcxtCall, ...parameters: readonly unknown[]): void;
  spawn(method: CcxtCall, ...parameters: readonly unknown[]): Promise<unknown>;
  loadHttpProxyAgent(): Promise<unknown>;
  close(): Promise<void>;
}

export interface CcxtSocket {
  readonly url: string;
  onMessage(event: { readonly data: unknown }): void;
  send(message: unknown): Promise<unknown>;
  future(name: string): Promise<unknown>;
  onPong(): void;
}

export type CcxtCall = (...parameters: readonly unknown[]) => Promise<unknown>;

type ExchangeClass = new (options: Record<string, unknown>) => CcxtExchange;

/** Null where ccxt has no exchange of that id. The pro class speaks REST and WebSocket. */
export async function loadExchangeClass(id: string): Promise<ExchangeClass | null> {
  if (!/^[a-z0-9]+$/.test(id)) return null;
  for (const path of [`./src/pro/${id}.js`, `./src/${id}.js`]) {
    try {
      const module = (await import(new URL(path, import.meta.resolve('ccxt')).href)) as {
        readonly default: ExchangeClass;
      };
      return module.default;
    } catch (error) {
      // Not every exchange has streams, and not every id is one.
      if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    }
  }
  return null;
}

export function methodOf(exchange: CcxtExchange, name: string): CcxtCall | null {
  const found = (exchange as unknown as Record<string, unknown>)[name];
  return typeof found === 'function' ? (found.bind(exchange) as CcxtCall) : null;
}

/** ccxt's error classes by name, from the error's own up to Error. */
export function errorKinds(error: unknown): ReadonlySet<string> {
  const kinds = new Set<string>();
  for (let at = Object.getPrototypeOf(error); at !== null; at = Object.getPrototypeOf(at)) {
    const name = (at as { constructor?: { name?: string } }).constructor?.name;
    if (name !== undefined) kinds.add(name);
  }
  return kinds;
}
