/** Venues of the settings, by what the book has on record of them. */
import {
  type Instant,
  instantText,
  instantTextOrNull,
  millisecondsBetween,
} from '../../../model/instant.ts';
import type { Gap } from '../../../store/feeds.ts';
import { allStreams } from '../../listening/listener.ts';
import { usualListening } from '../../listening/settings.ts';
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
  const standing = duties.status().find((one) => one.name === `listen ${name}`);
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

interface Heard {
  readonly at: Instant;
  /** For longer than a listener waits. */
  readonly isSilent: boolean;
}

/**
 * When each stream was heard last: as its listener knows it, however quiet the venue is
 * beside others; of streams that it has not heard, as the last messages of the book have it.
 */
function heardOf(
  { reader, clock, desks }: ServingParts,
  { name, account }: At,
): ReadonlyMap<string, Heard> {
  const heard = new Map<string, Heard>();
  for (const [stream, at] of pagesOf(reader).lastHeard(name, account)) {
    const isSilent = millisecondsBetween(at, clock.now()) >= usualListening.silenceMs;
    heard.set(stream, { at, isSilent });
  }
  const health = desks.find((desk) => desk.name === name)?.health ?? null;
  for (const { stream, lastEventAt: at, silent: isSilent } of health?.streams ?? []) {
    if (stream !== allStreams) heard.set(stream, { at, isSilent });
  }
  return heard;
}

/** What is listed, and what is heard: each with how far it is whole. */
function streamsOf(
  parts: ServingParts,
  { name, account }: At,
  isListening: boolean,
): VenueShown['streams'] {
  const { reader, startedAt } = parts;
  const { file } = reader;
  const heard = heardOf(parts, { name, account });
  const since = file.gapsSince(name, account, startedAt);
  const open = file.openGaps(name, account);
  const listed = ['executions', 'cash-flows'];
  const names = [...new Set([...listed, ...heard.keys(), ...open.map(({ stream }) => stream)])];
  return names.flatMap((stream) => {
    const feed = file.feed(name, account, stream);
    const last = heard.get(stream) ?? null;
    const ofStream = (gap: Gap) => gap.stream === stream || gap.stream === allStreams;
    const openGaps = open.filter(ofStream).length;
    if (feed === null && last === null && !open.some((gap) => gap.stream === stream)) {
      return [];
    }
    // Asked for, not told: how far it reaches is its watermark.
    const isListed = last === null && feed !== null && feed.through !== null;
    return [
      {
        name: stream,
        state: openGaps === 0 && isListed ? 'listed' : stateOf(openGaps, last, isListening),
        lastMessageAt: instantTextOrNull(last?.at ?? null),
        watermark: instantTextOrNull(feed?.through ?? null),
        /** Each break of the line is a gap. */
        reconnects: since.filter(ofStream).length,
        openGaps,
      },
    ];
  });
}

/** What was heard last, and before the listener calls a stream silent, is connected. */
function stateOf(openGaps: number, last: Heard | null, isListening: boolean) {
  if (openGaps > 0) return 'gap';
  if (!isListening) return 'not-listening';
  return last === null || last.isSilent ? 'silent' : 'connected';
}
