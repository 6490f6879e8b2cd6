/** Pointing an exchange at a local server: only ever at this machine. */

const loopback = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])$/;

/** `http://127.0.0.1:PORT`; null when the address is none of this machine. */
export function loopbackOrigin(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  return url.protocol === 'http:' && loopback.test(url.hostname) ? url.origin : null;
}

/**
 * Every address of a tree of addresses with its host replaced. The path stays: exchanges find
 * their streams by it.
 */
export function redirected(tree: unknown, origin: string): unknown {
  if (typeof tree === 'string') {
    const match = /^(https?|wss?):\/\/[^/]+(.*)$/.exec(tree);
    if (match === null) return tree;
    const [, scheme = '', path = ''] = match;
    return `${scheme.startsWith('ws') ? origin.replace(/^http/, 'ws') : origin}${path}`;
  }
  if (typeof tree !== 'object' || tree === null) return tree;
  return Object.fromEntries(Object.entries(tree).map(([k, v]) => [k, redirected(v, origin)]));
}
