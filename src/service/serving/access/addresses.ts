/**
 * Whether a request was meant for us and came from our own page. A name of somebody else's that
 * was made to point at this machine, and a page of another site, are both told by what browsers
 * say of themselves.
 */
import { isIP } from 'node:net';
import type { ServeSettings } from '../settings.ts';

type Place = Pick<ServeSettings, 'host' | 'tls' | 'proxy'>;

/**
 * By the Host header. An address cannot be pointed elsewhere; a name may be ours, this machine's or
 * the proxy's. Under TLS of our own the browser held the name against the certificate.
 */
export function isOwnHost(header: string | undefined, { host, tls, proxy }: Place): boolean {
  const name = hostName(header);
  if (name === null) return false;
  if (tls !== null || isIP(name) !== 0) return true;
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  if (name === host.toLowerCase()) return true;
  return proxy !== null && name === new URL(proxy.origin).hostname;
}

/** Without port and brackets; null: there is none. */
function hostName(header: string | undefined): string | null {
  if (header === undefined || !URL.canParse(`http://${header}`)) return null;
  const { hostname, pathname, username } = new URL(`http://${header}`);
  if (hostname === '' || pathname !== '/' || username !== '') return null;
  return hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
}

export interface SaidOfOrigin {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
}

/** Browsers say where a request comes from; who says nothing is none, and shows a token. */
export function isOwnOrigin({ host, origin, fetchSite }: SaidOfOrigin, place: Place): boolean {
  if (fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none') return false;
  if (origin === undefined) return true;
  if (place.proxy !== null && origin === place.proxy.origin) return true;
  const scheme = place.tls === null ? 'http' : 'https';
  return origin === `${scheme}://${host}`;
}
