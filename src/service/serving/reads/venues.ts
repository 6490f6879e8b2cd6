/** Venues of the settings, by what the book has on record of them. */
import { type Instant, instantText, instantTextOrNull } from '../../../model/instant.ts';
import type { Gap } from '../../../store/feeds.ts';
import { parseVenueSettings, type VenueSettings } from '../../venues/settings.ts';
import type { VenueShown } from '../documents/operations.ts';
import type { ServingParts } from '../parts.ts';
import { whyNotWhole } from '../views/verdict-view.ts';
import { pagesOf } from './chronicle.ts';
import { standingsOf } from './standings.ts';

/** Settings that cannot be read were refused when the service began. */
export function venueSettings({
  configuration,
}: Pick<ServingParts, 'configuration'>): readonly (readonly [string, VenueSettings])[] {
  const { venues } = configuration;
  if (venues === null) return [];
  const read = parseVenueSettings(venues.value, venues.file);
  return read.ok ? Object.entries(read.value).sort(([a], [b]) => (a < b ? -1 : 1)) : [];
}

export const venuesShown = (parts: ServingParts): readonly VenueShown[] =>
  venueSettings(parts).map(([name, settings]) => venueShown(parts, name, settings));

function venueShown(parts: ServingParts, name: string, settings: VenueSettings): VenueShown {
  const { reader, duties, desks, startedAt } = parts;
  const { exchange, account, readOnly } = settings;
  const known = reader.file.accountNamed(account);
  const checks = known === null ? null : standingsOf(reader).of(known);
  const last = checks?.last ?? null;
  const silent = last === null || last.answered ? null : last;
  const standing = duties.status().find((one) => one.standing && one.name.endsWith(name));
  return {
    ...{ name, exchange, account, readOnly },
    mode: known?.mode ?? settings.mode ?? (exchange === 'paper' ? 'paper' : 'live'),
    // What it answered another process says nothing of now.
    answering: last === null || last.at < startedAt ? null : last.answered,
    lastAnswerAt: instantTextOrNull(checks?.lastAnswered?.at ?? null),
    lastError: silent && { at: instantText(silent.at), why: whyNotWhole(silent) },
    clockAheadMs: desks.find((desk) => desk.name === name)?.clockAheadMs ?? null,
    streams: streamsOf(parts, { name, account }, standing?.running === true),
  };
}

interface At {
  readonly name: string;
  readonly account: string;
}

/** What is listed, and what is heard: each with how far it is whole. */
function streamsOf(
  { reader, startedAt }: ServingParts,
  { name, account }: At,
  isListening: boolean,
): VenueShown['streams'] {
  const { file } = reader;
  const heard = pagesOf(reader).lastHeard(name, account);
  const since = file.gapsSince(name, account, startedAt);
  const open = file.openGaps(name, account);
  const listed = ['executions', 'cash-flows'];
  const names = [...new Set([...listed, ...heard.keys(), ...open.map(({ stream }) => stream)])];
  return names.flatMap((stream) => {
    const feed = file.feed(name, account, stream);
    const lastMessage = heard.get(stream) ?? null;
    const ofStream = (gap: Gap) => gap.stream === stream;
    const openGaps = open.filter(ofStream).length;
    if (feed === null && lastMessage === null && openGaps === 0) return [];
    // Asked for, not told: how far it reaches is its watermark.
    const isListed = lastMessage === null && feed !== null && feed.through !== null;
    return [
      {
        name: stream,
        state: openGaps === 0 && isListed ? 'listed' : stateOf(openGaps, lastMessage, isListening),
        lastMessageAt: instantTextOrNull(lastMessage),
        watermark: instantTextOrNull(feed?.through ?? null),
        /** Each break of the line is a gap. */
        reconnects: since.filter(ofStream).length,
        openGaps,
      },
    ];
  });
}

function stateOf(openGaps: number, lastMessage: Instant | null, isListening: boolean) {
  if (openGaps > 0) return 'gap';
  if (!isListening) return 'not-listening';
  return lastMessage === null ? 'silent' : 'connected';
}
