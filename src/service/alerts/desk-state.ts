/**
 * What the desk remembers between runs: open cases, what was told of them to whom, and which
 * channels fail. A file beside the book, written whole; it holds no secret.
 */
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { z } from 'zod';
import { decimal, toTextOrNull } from '../../decimal/text.ts';
import { type Instant, instant, instantText, parseInstant } from '../../model/instant.ts';
import { stampedPath } from '../stamped-path.ts';
import { severities } from './alert.ts';
import type { AlertCase } from './case.ts';

export interface ChannelHealth {
  /** Null while it works. */
  readonly failedSince: Instant | null;
  readonly why: string | null;
  /** Rounds in a row that failed. */
  readonly failures: number;
  /** Left alone until then. */
  readonly notBefore: Instant | null;
}

export interface DeskState {
  readonly cases: readonly AlertCase[];
  readonly channels: Readonly<Record<string, ChannelHealth>>;
}

export const emptyState: DeskState = { cases: [], channels: {} };

export const alertStateFileOf = (book: string): string => `${book}.alerts.json`;

const time = z
  .string()
  .refine((text) => parseInstant(text) !== null)
  .transform((text) => instant(text));
const severity = z.enum(severities);
const cleared = z.object({ sentence: z.string(), at: time }).nullable();
const count = z.number().int().nonnegative();

const alert = z.object({
  key: z.string(),
  name: z.string(),
  severity,
  account: z.string().nullable(),
  title: z.string(),
  lines: z.array(z.string()),
  at: time,
  paper: z.boolean(),
  atStake: z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform((text) => decimal(text))
    .nullable(),
});

const told = z.object({
  version: count,
  loud: count,
  phase: z.enum(['opened', 'changed', 'cleared']),
  at: time,
  severity,
  title: z.string(),
  line: z.string().nullable(),
  changes: count,
});

const stored = z.object({
  schema: z.literal('trueup.alert-state/1'),
  cases: z.array(
    z.object({
      key: z.string(),
      alert,
      bornAt: time,
      openedAt: time,
      openedAs: z.string(),
      cleared,
      told,
      deliveries: z.record(
        z.string(),
        z.object({ version: count, reference: z.string().nullable() }),
      ),
    }),
  ),
  channels: z.record(
    z.string(),
    z.object({
      failedSince: time.nullable(),
      why: z.string().nullable(),
      failures: count,
      notBefore: time.nullable(),
    }),
  ),
});

/** The text of the file; null where there is none. */
export const stateText = (path: string): string | null =>
  existsSync(path) ? readFileSync(path, 'utf8') : null;

/** `damaged` says why what is there cannot be used. */
export type ReadState = DeskState | { readonly damaged: string };

export function parseState(text: string): ReadState {
  try {
    const { cases, channels } = stored.parse(JSON.parse(text));
    return { cases, channels };
  } catch (error) {
    if (error instanceof z.ZodError) return { damaged: faultOf(error) };
    return { damaged: error instanceof Error ? error.message : String(error) };
  }
}

/** A file that cannot be read is as good as a damaged one. */
export function readState(path: string): ReadState {
  try {
    const text = stateText(path);
    return text === null ? emptyState : parseState(text);
  } catch (error) {
    return { damaged: error instanceof Error ? error.message : String(error) };
  }
}

function faultOf({ issues: [issue] }: z.ZodError): string {
  const at = issue?.path.map(String).join('.');
  return `${at ? `${at}: ` : ''}${issue?.message ?? 'it is no state of alerts'}`;
}

export function textOfState({ cases, channels }: DeskState): string {
  const document = { schema: 'trueup.alert-state/1', cases: cases.map(caseDocument), channels };
  return `${JSON.stringify(document, plain, 1)}\n`;
}

const caseDocument = (one: AlertCase) => ({
  ...one,
  alert: {
    ...one.alert,
    paper: one.alert.paper === true,
    atStake: toTextOrNull(one.alert.atStake ?? null),
  },
});

/** Instants are the only big integers here. */
const plain = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? instantText(value) : value;

/** Keeps what cannot be read for whoever wants to look; its new name, null where it cannot. */
export function setAside(path: string, at: Instant): string | null {
  const aside = stampedPath(path, 'damaged', at);
  try {
    renameSync(path, aside);
    return aside;
  } catch {
    return null; // it may not be moved, nor written then: the desk says so when it writes
  }
}
