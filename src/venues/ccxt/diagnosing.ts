/**
 * Everything that calls to an exchange need, tried one after the other: its time, the key, the
 * instruments, each section of a statement, what is left of its rate, and the streams.
 */
import type { StatementSection } from '../../model/statement.ts';
import type { Venue, VenueStep } from '../venue.ts';
import type { Dialect, KeyScope } from './dialect.ts';
import type { ExchangeClient, ExchangeSettings } from './exchange-client.ts';
import { attempt, type NoAnswer } from './failure.ts';
import { socketEvents } from './socket-events.ts';

export interface DiagnosisSettings extends Pick<ExchangeSettings, 'credentials' | 'clock'> {
  readonly trading?: boolean;
  readonly allowWithdrawals?: boolean;
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface DiagnosisParts {
  readonly venue: Venue;
  readonly settings: DiagnosisSettings;
  readonly client: ExchangeClient;
  readonly dialect: Dialect;
  /** A client for streams. */
  readonly streaming: () => Promise<ExchangeClient>;
}

const step = (
  name: string,
  outcome: VenueStep['outcome'],
  detail: string,
  hint: string | null = null,
): VenueStep => ({ name, outcome, detail, hint });

/** What fails for want of a clock or a key fails once, and what stands on it is not tried. */
export async function* diagnosed(parts: DiagnosisParts): AsyncIterable<VenueStep> {
  const { settings, client, dialect } = parts;
  const clock = await attempt(() => client.measureClock());
  if (clock.status !== 'answered') {
    yield unanswered('time', clock, 'see whether this machine reaches the exchange');
    return;
  }
  yield clockStep(clock.value, client.receiveWindowMs);
  if (settings.credentials === null) {
    yield step('key', 'failed', 'none is named', 'name a file with keyFile in the settings');
    return;
  }
  const scope = await attempt(() => dialect.keyScope());
  if (scope.status !== 'answered') {
    yield unanswered('key', scope, 'make a key that may read, for this exchange');
    return;
  }
  yield* keySteps(scope.value, settings);
  const instruments = await parts.venue.instruments();
  if (instruments.status !== 'answered') {
    const hint = 'nothing else can be read while this is so';
    yield unanswered('instruments', instruments, hint);
    return;
  }
  yield step('instruments', 'passed', `${instruments.value.length} are listed`);
  yield* sectionSteps(parts.venue);
  yield rateStep(client.lastHeaders());
  yield await streamStep(parts);
}

function unanswered(name: string, answer: NoAnswer, hint: string): VenueStep {
  const credentials = answer.status === 'failed' && answer.credentials;
  return { ...step(name, 'failed', answer.why, hint), credentials };
}

/** Signed times are corrected by the offset; one that is large says that a clock is not set. */
function clockStep(offsetMs: number, windowMs: number | null): VenueStep {
  const window = windowMs === null ? 'window not known' : `window ${windowMs} ms`;
  const signed = offsetMs > 0 ? `+${offsetMs}` : offsetMs < 0 ? `−${-offsetMs}` : '0';
  const detail = `the venue's clock minus ours: ${signed} ms, corrected (${window})`;
  if (Math.abs(offsetMs) <= (windowMs ?? 5_000) / 5) return step('time', 'passed', detail);
  const hint = 'set the clock of this machine: bots that do not correct theirs are refused';
  return step('time', 'doubtful', detail, hint);
}

function* keySteps(scope: KeyScope, settings: DiagnosisSettings): Iterable<VenueStep> {
  const { canWithdraw, canTrade, expiresAt } = scope;
  const allowed = settings.allowWithdrawals === true;
  const withdraws = (outcome: VenueStep['outcome'], detail: string) =>
    step('key: withdrawals', outcome, detail, outcome === 'passed' ? null : narrower);
  if (canWithdraw === false) yield withdraws('passed', 'it cannot withdraw');
  else {
    const detail = canWithdraw ? 'it can withdraw' : 'it is not told whether it can withdraw';
    const refused = `${detail}: refused without allowWithdrawals`;
    yield allowed
      ? withdraws('doubtful', `${detail}, and is allowed to`)
      : withdraws('failed', refused);
  }
  const { trading = false } = settings;
  const wants = trading ? 'the settings let orders be placed' : 'the settings are read-only';
  const may = canTrade === null ? 'not told' : canTrade ? 'it may trade' : 'it may only read';
  const hint = trading
    ? 'give the key the permission to trade, or set readOnly to true'
    : 'a key that may only read is enough, and cannot be misused';
  const fits = canTrade === trading;
  const outcome = fits ? 'passed' : trading && canTrade === false ? 'failed' : 'doubtful';
  yield step('key: trading', outcome, `${may}; ${wants}`, fits ? null : hint);
  if (expiresAt !== null) yield step('key: expiry', 'passed', `it expires at ${expiresAt}`);
}

const narrower = 'make a key without the permission to withdraw';

const sections = ['positions', 'balances', 'orders', 'executions', 'cashFlows'] as const;

async function* sectionSteps(venue: Venue): AsyncIterable<VenueStep> {
  const answer = await venue.statement();
  if (answer.status !== 'answered') {
    yield unanswered('statement', answer, 'the key may lack the permission to read the account');
    return;
  }
  for (const name of sections) yield sectionStep(name, answer.value[name]);
}

function sectionStep(name: string, section: StatementSection<unknown> | null): VenueStep {
  const what = `statement: ${name === 'cashFlows' ? 'cash flows' : name}`;
  const items = section?.items.length ?? 0;
  if (section?.complete === true) return step(what, 'passed', `complete, ${items} listed`);
  const hint = 'nothing follows from what it does not list; docs/venues.md says what is verified';
  return step(what, 'doubtful', `incomplete: ${section?.error ?? 'it is not told'}`, hint);
}

/** How exchanges tell what is left: names of headers, and whether they count what was used. */
const told = [
  { left: 'x-bapi-limit-status', of: 'x-bapi-limit' },
  { left: 'x-ratelimit-remaining', of: 'x-ratelimit-limit' },
  { left: 'ratelimit-remaining', of: 'ratelimit-limit' },
] as const;
const used = 'x-mbx-used-weight-1m';
/** Of Binance's contracts, a minute. */
const weightMax = 2_400;

export function rateStep(headers: ReadonlyMap<string, string>): VenueStep {
  const name = 'rate limit';
  const hint = 'other programs use this key too: give each its own, or ask less often';
  const say = (left: number, of: number | null) => {
    const outcome = of !== null && left * 5 < of ? 'doubtful' : 'passed';
    const detail = `${left} left${of === null ? '' : ` of ${of}`} after these questions`;
    return step(name, outcome, detail, outcome === 'passed' ? null : hint);
  };
  for (const { left, of } of told) {
    const number = Number(headers.get(left) ?? Number.NaN);
    const limit = Number(headers.get(of) ?? Number.NaN);
    if (Number.isFinite(number)) return say(number, Number.isFinite(limit) ? limit : null);
  }
  const weight = Number(headers.get(used) ?? Number.NaN);
  if (Number.isFinite(weight)) return say(weightMax - weight, weightMax);
  return step(name, 'passed', 'not told by the venue; requests of one key wait in one queue');
}

const connectMaxMs = 15_000;

async function streamStep(parts: DiagnosisParts): Promise<VenueStep> {
  const { settings, dialect, streaming } = parts;
  const names = Object.keys(dialect.streams.methods);
  if (names.length === 0) {
    return step('streams', 'passed', 'none that is read: the exchange is asked instead');
  }
  const { clock, wait } = settings;
  const client = await streaming();
  const done = new AbortController();
  const late = wait(connectMaxMs, done.signal).then(() => done.abort());
  const open = new Set(names);
  let why = 'no subscription was confirmed in time';
  const time = { now: () => clock.now(), wait };
  for await (const event of socketEvents(client, dialect.streams, time, done.signal)) {
    if (event.kind === 'connected') open.delete(event.stream);
    else if (event.kind === 'gap' && event.since === null && !/begin here/.test(event.why)) {
      why = event.why;
    }
    if (open.size === 0) break;
  }
  done.abort();
  await late;
  await client.close();
  if (open.size === 0) return step('streams', 'passed', `${names.join(', ')}: subscribed`);
  const hint = 'see whether a proxy or a firewall ends WebSocket connections';
  return step('streams', 'failed', `${[...open].join(', ')}: ${why}`, hint);
}
