/** An alert in words: the same lines for every channel, cut to what its service takes. */
import { type Instant, instantText, millisecondsBetween } from '../../model/instant.ts';
import type { AlertMessage } from './alert.ts';

export interface Wording {
  /** What is wrong, where: the first line. */
  readonly headline: string;
  readonly lines: readonly string[];
  /** How severe, which page of the runbook, since when. */
  readonly footer: string;
}

const headlineMax = 300;

export function wordingOf({ alert, phase, openedAt, cleared }: AlertMessage): Wording {
  const { name, severity, account, title, lines, paper } = alert;
  const mark = phase === 'cleared' ? '✓' : '✗';
  const who = [...(paper === true ? ['PAPER'] : []), ...(account === null ? [] : [account])];
  const headline = `${mark} ${[...who, '— '].join(' ').replace(/^— /, '')}${title}`;
  const open = cleared === null ? null : ageText(openedAt, cleared.at);
  return {
    headline: cut(oneLine(headline), headlineMax),
    lines: (cleared === null ? lines : [cleared.sentence, `was open ${open}`]).map(oneLine),
    footer: [severity, `runbook: ${name}`, `since ${timeText(openedAt)}`].join(' · '),
  };
}

/** As plain text of at most so many UTF-16 units; the first and the last line always stay. */
export function plainText(message: AlertMessage, max: number): string {
  const { headline, lines, footer } = wordingOf(message);
  const room = max - headline.length - footer.length - 2;
  const middle = lines.length === 0 ? '' : `${cut(lines.join('\n'), room)}\n`;
  return `${headline}\n${middle}${footer}`;
}

const ellipsis = '…';

/** Never half a character: what stands on two units goes as a whole. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const kept = text.slice(0, Math.max(0, max - ellipsis.length));
  return `${kept.replace(/[\ud800-\udbff]$/, '')}${ellipsis}`;
}

/** A text that somebody else wrote makes no lines of its own. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');

const timeText = (at: Instant): string => instantText(at).replace('T', ' ');

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** The two largest units: 40 s, 6 min, 2 h 5 min, 3 d 4 h. */
export function ageText(from: Instant, to: Instant): string {
  const ms = Math.max(0, millisecondsBetween(from, to));
  if (ms < minuteMs) return `${Math.floor(ms / 1000)} s`;
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min`;
  const [large, small, names] =
    ms < dayMs
      ? ([hourMs, minuteMs, ['h', 'min']] as const)
      : ([dayMs, hourMs, ['d', 'h']] as const);
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${names[0]}${rest === 0 ? '' : ` ${rest} ${names[1]}`}`;
}
