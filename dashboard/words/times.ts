/** Instants and spans in words. Relative is what is read first; the exact instant is on hover. */

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** `2 m 35 s`, `14 m`, `6 d 04 h`: two units at most, the second in two digits. */
export function spanText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n: number) => String(n).padStart(2, '0');
  if (whole < minute) return `${whole} s`;
  if (whole < 10 * minute) return `${Math.floor(whole / minute)} m ${two(whole % minute)} s`;
  if (whole < hour) return `${Math.floor(whole / minute)} m`;
  if (whole < day) {
    return `${Math.floor(whole / hour)} h ${two(Math.floor((whole % hour) / minute))} m`;
  }
  return `${Math.floor(whole / day)} d ${two(Math.floor((whole % day) / hour))} h`;
}

/** Before or after now. */
export function relativeText(time: string, nowMs: number): string {
  const seconds = (nowMs - Date.parse(time)) / 1000;
  if (seconds < -1) return `in ${spanText(-seconds)}`;
  return seconds < 1 ? 'now' : `${spanText(seconds)} ago`;
}

export type Zone = 'utc' | 'local';

/** `2026-11-20 06:41:07Z`, or the same instant in the zone of whoever looks. */
export function absoluteText(time: string, zone: Zone): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return time;
  if (zone === 'utc') return `${at.toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const [date, clock] = localParts(at);
  return `${date} ${clock}`;
}

/** The time of day alone where that day is today. */
export function clockText(time: string, zone: Zone, nowMs: number): string {
  const text = absoluteText(time, zone);
  const today = absoluteText(new Date(nowMs).toISOString(), zone);
  return text.slice(0, 10) === today.slice(0, 10) ? text.slice(11) : text.slice(0, 16);
}

function localParts(at: Date): readonly [string, string] {
  const two = (n: number) => String(n).padStart(2, '0');
  const date = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return [date, [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')];
}
