/** What a venue is asked for, and what it tells by itself: two ways to the same facts. */
import type { VenueStream } from '../api/operations.ts';

/** Asked for by list, unless a venue tells them by a stream of that name. */
const lists = ['executions', 'cash-flows'];

type Named = Pick<VenueStream, 'name' | 'lastMessageAt'>;

const isList = ({ name, lastMessageAt }: Named): boolean =>
  lists.includes(name) && lastMessageAt === null;

const pluralOf: Readonly<Record<string, string>> = {
  execution: 'executions',
  order: 'orders',
  position: 'positions',
  wallet: 'balances',
};

/** `listed executions`, `stream: executions`. */
export const streamWord = (stream: Named): string =>
  isList(stream)
    ? `listed ${stream.name.replace('-', ' ')}`
    : `stream: ${pluralOf[stream.name] ?? stream.name}`;

/** Since the service started. A list has no line: what breaks is a gap that it catches up with. */
export function brokeWords(stream: Named & Pick<VenueStream, 'reconnects'>): string {
  const { reconnects } = stream;
  if (isList(stream)) return reconnects === 1 ? 'one gap so far' : `${reconnects} gaps so far`;
  return reconnects === 1 ? 'reconnected once' : `reconnected ${reconnects} times`;
}
