/**
 * Who may speak to the port itself. Behind a proxy that has the encryption it is the proxy, and
 * programs of this machine: whoever else asked would show a token over a network in the open.
 */
import { BlockList, isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../problem.ts';
import { isLoopbackHost, type ServeSettings } from '../settings.ts';

type Place = Pick<ServeSettings, 'host' | 'tls' | 'proxy'>;

/** Null: whoever reaches it may. */
export function peersOf({ host, tls, proxy }: Place): ((address: string) => boolean) | null {
  if (proxy === null || tls !== null || isLoopbackHost(host)) return null;
  const trusted = new BlockList();
  for (const one of proxy.trust) {
    const [address, length] = one.split('/') as [string, string?];
    if (length === undefined) trusted.addAddress(address, familyOf(address));
    else trusted.addSubnet(address, Number(length), familyOf(address));
  }
  return (address) => isLoopbackHost(address) || trusted.check(address, familyOf(address));
}

const familyOf = (address: string) => (isIP(address) === 4 ? 'ipv4' : 'ipv6');

/** Before all other steps. */
export function addPeers(app: FastifyInstance, place: Place): void {
  const isAllowed = peersOf(place);
  if (isAllowed === null) return;
  app.addHook('onRequest', ({ socket }, _reply, done) => {
    const { remoteAddress = '' } = socket;
    if (isIP(remoteAddress) !== 0 && isAllowed(remoteAddress)) done();
    else throw new Problem('notTheProxy', `${remoteAddress} is not in serve.proxy.trust`);
  });
}
