/**
 * Every fault that a script can name. docs/emulator.md shows this table, and a test compares them.
 *
 *   frame     counts what would be pushed on the private stream
 *   request   counts requests, after their path
 *   trading   counts executions, and does something to the exchange
 *   account   holds from the beginning (omit-coin counts wallets that are told)
 */
import { z } from 'zod';

export type Seam = 'frame' | 'request' | 'trading' | 'account';

export interface FaultRow {
  readonly seam: Seam;
  readonly parameters: z.ZodObject;
  readonly does: string;
  readonly trap: string;
}

const row = <Shape extends z.core.$ZodLooseShape>(
  seam: Seam,
  shape: Shape,
  does: string,
  trap: string,
) => ({ seam, parameters: z.strictObject(shape), does, trap });

const decimalText = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/, 'write a decimal as text, such as "0.0001"');
const milliseconds = z.int().min(0).max(86_400_000);
const topic = z
  .enum(['execution', 'order', 'position', 'wallet'])
  .optional()
  .describe('only frames of this topic (default: of every topic)');
const path = z
  .string()
  .min(1)
  .optional()
  .describe('only requests whose path contains this (default: every request)');
const needed = z.string().min(1).describe('requests whose path contains this');
const executed = z
  .boolean()
  .default(false)
  .describe('true: the request is carried out first (default: it never arrives)');
const ageMs = milliseconds.describe('how old what is told is');
const instrument = z
  .string()
  .optional()
  .describe('the unified symbol (default: that of the execution)');

export const faultTable = {
  drop: row('frame', { topic }, 'the frame is not sent', 'one lost frame, with healthy pings'),
  duplicate: row(
    'frame',
    { topic, afterMs: milliseconds.default(0).describe('how much later it comes again') },
    'the frame is sent twice',
    'the same execution again, minutes later',
  ),
  delay: row(
    'frame',
    { topic, ms: milliseconds.describe('how much later it comes') },
    'the frame is sent later; others pass it',
    'late fills, and orders that are known filled before their executions',
  ),
  reorder: row(
    'frame',
    { topic },
    'the frame is sent after the one that follows it',
    'executions out of order',
  ),
  silence: row(
    'frame',
    { forMs: milliseconds.describe('for how long') },
    'no frame is sent for a while, pings are answered',
    'a stream that looks healthy and is dead',
  ),
  close: row(
    'frame',
    { topic, code: z.literal([1000, 1001, 1006, 1011, 1012]).default(1006).describe('close code') },
    'the connection ends in place of the frame; 1006: without a farewell',
    'a disconnect in the middle of a burst',
  ),
  'half-open': row(
    'frame',
    { topic },
    'from this frame on nothing is sent and no ping answered, and the connection stays',
    'a connection that only one side still has',
  ),
  'rate-limit': row(
    'request',
    {
      path,
      status: z.literal([200, 429]).default(200).describe('200: the code 10006; 429: by HTTP'),
    },
    'the request is refused for its rate',
    'rate limits under load',
  ),
  'order-rate': row(
    'request',
    {
      perSecond: z.int().min(1).describe('how many orders one key may send in a second'),
      forMs: milliseconds.describe('for how long, from this request on'),
    },
    'orders beyond that are refused for their rate, by HTTP or by code as the venue does',
    'a limit that a burst of orders runs into',
  ),
  'server-error': row(
    'request',
    { path, status: z.int().min(500).max(599).default(502).describe('the HTTP status'), executed },
    'an error of the server',
    'an order that was accepted behind an error',
  ),
  html: row(
    'request',
    { path, status: z.int().min(200).max(599).default(200).describe('the HTTP status'), executed },
    'a page for people in place of JSON',
    'a proxy that answers for the venue',
  ),
  'no-answer': row(
    'request',
    { path, executed },
    'no answer ever comes',
    'a timeout of a request that was accepted, or of one that never arrived',
  ),
  'lose-cancel-answer': row(
    'request',
    {},
    'a cancel is carried out, its answer never comes',
    'a cancel whose outcome is unknown',
  ),
  'cut-json': row('request', { path }, 'the JSON ends in its middle', 'a truncated body'),
  'short-page': row(
    'request',
    { path: needed, rows: z.int().min(0).max(1000).describe('how many rows are left') },
    'a list loses its end and says that there is no further page',
    'a page that is not all of it',
  ),
  'empty-list': row(
    'request',
    { path: needed },
    'a list is empty, with success',
    'an empty answer that is an error: "everything is closed"',
  ),
  stale: row(
    'request',
    { path: needed, ageMs },
    'the account is told as it was',
    'REST that lags behind the stream',
  ),
  torn: row(
    'request',
    { path: needed, ageMs },
    'every second position, coin or order is told as it was, the others as they are',
    'a snapshot that never was',
  ),
  'fill-before-cancel': row(
    'request',
    { share: decimalText.default('0.5').describe('of what is left of the order') },
    'the order is filled in part just before its cancel is carried out',
    'a fill between cancel and create',
  ),
  bust: row(
    'trading',
    { afterMs: milliseconds.default(0).describe('how long after the execution') },
    'the execution is taken back',
    'a trade that is busted',
  ),
  liquidate: row('trading', { instrument }, 'the position is liquidated', 'BustTrade executions'),
  deleverage: row(
    'trading',
    { instrument, share: decimalText.default('0.5').describe('of the position') },
    'a part of the position is closed against others',
    'AdlTrade executions',
  ),
  funding: row(
    'trading',
    {
      rate: decimalText.describe('what long positions pay'),
      instruments: z.array(z.string()).min(1).optional().describe('which (default: all)'),
    },
    'the rate is set and the clock moved to the next payment: all in one millisecond',
    'two payments at one time with equal amounts',
  ),
  rename: row(
    'trading',
    {
      instrument: z.string().describe('the unified symbol'),
      to: z
        .string()
        .regex(/^[A-Z0-9]+$/, 'capitals and digits')
        .describe("the venue's new name"),
    },
    'the venue calls an instrument by another name from now on',
    'a symbol that nobody knows',
  ),
  'skew-clock': row(
    'trading',
    { ms: z.int().describe('added to what the venue says the time is; negative: it is late') },
    'the clock of the venue is wrong: its time, its stamps, its check of signatures',
    'requests refused for their time',
  ),
  'third-coin-fees': row(
    'account',
    {
      coin: z
        .string()
        .regex(/^[A-Z0-9]+$/, 'capitals and digits')
        .describe('the coin that pays'),
      rate: decimalText.describe('its price in the quote currency'),
    },
    'fees are charged in a coin that is neither base nor quote',
    'fees in BNB',
  ),
  'omit-coin': row(
    'account',
    { coin: z.string().describe('the coin that is left out') },
    'the wallet is told without a coin',
    'a missing coin that is not zero',
  ),
  'wide-numbers': row(
    'account',
    {},
    'numbers have 40 digits, ids and sequences are above 2^53',
    'numbers that a double does not hold',
  ),
} as const satisfies Record<string, FaultRow>;

export type FaultName = keyof typeof faultTable;

export const faultNames = Object.keys(faultTable) as FaultName[];

export type Parameters<Name extends FaultName> = z.output<(typeof faultTable)[Name]['parameters']>;

/** The table as Markdown. */
export function faultTableText(): string {
  const rows = faultNames.map((name) => {
    const { seam, parameters, does, trap } = faultTable[name] as FaultRow;
    const keys = Object.entries(parameters.shape).map(([key, schema]) => {
      const { description } = schema as z.ZodType;
      return `\`${key}\`: ${description ?? ''}`;
    });
    return `| \`${name}\` | ${seam} | ${keys.join('<br>') || '-'} | ${does} | ${trap} |`;
  });
  return ['| fault | counts | parameters | what happens | stands for |', '|---|---|---|---|---|']
    .concat(rows)
    .join('\n');
}
