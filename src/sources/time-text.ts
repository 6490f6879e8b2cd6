/**
 * Times as other programs write them, read and written back in the same form:
 *
 *   offset   2026-01-10T16:05:12.123456+00:00, with T or a blank, Z, +00:00, +0000 or +00
 *   naive    the same without an offset: in the zone of the source
 *   day      2026-01-10
 *   unix     seconds, milliseconds, microseconds or nanoseconds since 1970, told by their size
 */
import { type Instant, parseInstant } from '../model/instant.ts';
import { instantOfWall, type WallTime, wallOf } from './zoned-time.ts';

export type TimeForm =
  | {
      readonly kind: 'offset';
      readonly separator: string;
      readonly fraction: number;
      readonly offset: string;
    }
  | { readonly kind: 'naive'; readonly separator: string; readonly fraction: number }
  | { readonly kind: 'day' }
  | { readonly kind: 'unix'; readonly unit: bigint; readonly fraction: number };

const clockForm =
  /^(\d{4}-\d\d-\d\d)(?:([T ])(\d\d:\d\d)(:\d\d)?(?:\.(\d{1,9}))?\s?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;
/** Shorter numbers are years, days of a month or times before anything was traded so. */
const unixForm = /^(\d{9,19})(?:\.(\d{1,9}))?$/;

/** SQLite's own CURRENT_TIMESTAMP: what every program that reads such files understands. */
export const plainForm = { kind: 'naive', separator: ' ', fraction: 0 } as const satisfies TimeForm;

/** Null where the text is no time. */
export function timeFormOf(text: string): TimeForm | null {
  const [unix, seconds, part] = unixForm.exec(text) ?? [];
  if (unix !== undefined) {
    return { kind: 'unix', unit: unitOf(seconds!), fraction: part?.length ?? 0 };
  }
  const [matched, , separator, , , fraction, offset] = clockForm.exec(text) ?? [];
  if (matched === undefined) return null;
  if (separator === undefined) return { kind: 'day' };
  const written = { separator, fraction: fraction?.length ?? 0 };
  return offset === undefined
    ? { kind: 'naive', ...written }
    : { kind: 'offset', ...written, offset };
}

/** Needs the zone of the source to be an instant. */
export function isNaive(text: string): boolean {
  const kind = timeFormOf(text)?.kind;
  return kind === 'naive' || kind === 'day';
}

/** Null where the text is no time: 30 February included. */
export function instantOfText(text: string, zone: string): Instant | null {
  const form = timeFormOf(text);
  if (form === null) return null;
  if (form.kind === 'unix') return instantOfUnix(text, form.unit);
  const [, day, , minute = '00:00', second = ':00', fraction, offset] = clockForm.exec(text)!;
  const shown = `${day}T${minute}${second}${fraction === undefined ? '' : `.${fraction}`}`;
  if (offset !== undefined) return parseInstant(shown + longOffset(offset));
  const asUtc = parseInstant(`${shown}Z`);
  return asUtc === null ? null : instantOfWall(wallOf(asUtc, 'UTC'), zone);
}

/** The same moment in that form; digits of a second that the form has no place for are cut off. */
export function textOfInstant(at: Instant, form: TimeForm, zone: string): string {
  if (form.kind === 'unix') return unixText(at, form);
  if (form.kind === 'day') return shownText(wallOf(at, zone), plainForm).slice(0, 10);
  if (form.kind === 'naive') return shownText(wallOf(at, zone), form);
  const fixed = longOffset(form.offset);
  return shownText(wallOf(at, fixed === 'Z' ? 'UTC' : fixed), form) + form.offset;
}

/** The smallest step of a form, in nanoseconds: two times a step apart are written differently. */
export function stepOf(form: TimeForm): bigint {
  if (form.kind === 'day') return 86_400_000_000_000n;
  if (form.kind === 'unix') return form.unit / 10n ** BigInt(form.fraction);
  return 10n ** BigInt(9 - form.fraction);
}

/** `+04` and `+0400` are +04:00. */
function longOffset(offset: string): string {
  if (/^z$/i.test(offset)) return 'Z';
  const digits = offset.slice(1).replace(':', '').padEnd(4, '0');
  return `${offset[0]}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

function shownText(wall: WallTime, form: { separator: string; fraction: number }): string {
  const iso = new Date(wall.ms).toISOString();
  const nanos = iso.slice(20, 23) + String(wall.nanos).padStart(6, '0');
  const fraction = form.fraction === 0 ? '' : `.${nanos.slice(0, form.fraction)}`;
  return iso.slice(0, 10) + form.separator + iso.slice(11, 19) + fraction;
}

/** Until the year 5138 seconds have 11 digits at most. */
function unitOf(whole: string): bigint {
  const digits = whole.length;
  if (digits <= 11) return 1_000_000_000n;
  if (digits <= 14) return 1_000_000n;
  return digits <= 17 ? 1_000n : 1n;
}

function instantOfUnix(text: string, unit: bigint): Instant {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole) * unit + (BigInt(fraction || '0') * unit) / 10n ** BigInt(fraction.length);
}

function unixText(at: Instant, form: { unit: bigint; fraction: number }): string {
  const whole = at / form.unit;
  if (form.fraction === 0) return String(whole);
  const below = ((at % form.unit) * 10n ** BigInt(form.fraction)) / form.unit;
  return `${whole}.${String(below).padStart(form.fraction, '0')}`;
}
