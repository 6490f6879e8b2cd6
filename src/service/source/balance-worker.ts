/** The thread behind `balance`: one desk, and one thing after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import about from '../../../package.json' with { type: 'json' };
import { readConfiguration } from '../config.ts';
import { failureOf } from '../failure.ts';
import { systemClock } from '../system-clock.ts';
import type {
  BalanceAnswer,
  BalanceAsk,
  BalanceCheck,
  BalanceFailure,
  BalanceSettings,
  BalanceUpdate,
} from './balance-protocol.ts';
import { openSourceDesk, performanceMaxAgeMsDefault, type SourceDesk } from './desk.ts';
import { SourceRefused } from './refused.ts';

const settings = workerData as BalanceSettings;

let desk: SourceDesk | null = null;

async function openedDesk(): Promise<SourceDesk> {
  const { source, book, account, sourceAccount, timezone, currency } = settings;
  const read = readConfiguration(book === undefined ? {} : { book });
  if (!read.ok) throw new SourceRefused(read.refusal);
  const { value } = read;
  const markMaxAge = value.settings.find(({ name }) => name === 'markMaxAge');
  return openSourceDesk({
    location: source,
    zone: timezone ?? value.sourceTimezone,
    schema: null,
    clock: systemClock,
    book: value.book,
    account: account ?? value.account,
    sourceAccount: sourceAccount ?? null,
    currency: currency ?? null,
    markMaxAgeMs: value.markMaxAgeMs,
    markMaxAgeGiven: markMaxAge !== undefined && markMaxAge.origin !== 'default',
    performanceMaxAgeMs: performanceMaxAgeMsDefault,
    programVersion: about.version,
    strict: false,
    tell: () => undefined,
  });
}

async function carriedOut(ask: BalanceAsk): Promise<unknown> {
  if (ask === 'close') {
    await desk?.close();
    desk = null;
    return null;
  }
  desk ??= await openedDesk();
  return ask === 'update' ? updated(desk) : checked(desk);
}

async function updated(open: SourceDesk): Promise<BalanceUpdate> {
  const request = { record: false, prices: null, dryRun: false, actor: null };
  const { status, before, after } = await open.update(request);
  if (status === 'would-write') throw new Error('an update that was no dry run was one');
  return { status, sheets: after?.sheets ?? before };
}

async function checked(open: SourceDesk): Promise<BalanceCheck> {
  const { verdict, sheets } = await open.check({ record: false, prices: null });
  return { verdict, sheets };
}

function failed(error: unknown): BalanceFailure {
  const failure = failureOf(error);
  if (failure !== null) return failure;
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message, hint: null, retry: false };
}

const port = parentPort;
if (port === null) throw new Error('this is a thread of balance(), and no program');

let last: Promise<void> = Promise.resolve();
port.on('message', ({ id, ask }: { readonly id: number; readonly ask: BalanceAsk }) => {
  last = last.then(async () => {
    port.postMessage(await answerTo(id, ask));
  });
});

async function answerTo(id: number, ask: BalanceAsk): Promise<BalanceAnswer> {
  try {
    return { id, value: await carriedOut(ask) };
  } catch (error) {
    // The next one begins anew: whatever was open may be what failed.
    await desk?.close();
    desk = null;
    const { code, message, hint, retry } = failed(error);
    return { id, failure: { code, message, hint, retry } };
  }
}
