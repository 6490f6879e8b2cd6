/**
 * The desk where duties say what is wrong. It remembers what it told to whom, so that a case is
 * one message however often it is raised, also from runs of cron; what could not be delivered
 * stays with it until it is, or is overtaken by what came of it.
 */
import { compare as compareDecimals } from '../../decimal/decimal.ts';
import { shortDigest } from '../../journal/digest.ts';
import type { Severity } from '../../model/break.ts';
import { addMilliseconds, type Instant } from '../../model/instant.ts';
import { LockFile } from '../lock-file.ts';
import type { Log } from '../log.ts';
import type { WaitingClock } from '../system-clock.ts';
import { writeWhole } from '../write-whole.ts';
import {
  type Alert,
  type AlertChannel,
  type AlertDesk,
  type AlertMessage,
  type Delivery,
  type Failed,
  severityRank,
} from './alert.ts';
import {
  type AlertCase,
  clearedCase,
  isForgotten,
  judged,
  mergedCase,
  messageFor,
  openCase,
  raisedAgain,
  withDelivery,
} from './case.ts';
import { openCasesOf, worstFirst } from './case-order.ts';
import {
  type ChannelHealth,
  type DeskState,
  parseState,
  readState,
  setAside,
  stateText,
  textOfState,
} from './desk-state.ts';

export interface AlertDeskOptions {
  readonly channels: readonly AlertChannel[];
  readonly stateFile: string;
  readonly clock: WaitingClock;
  readonly log?: Log;
  /** Cases below are remembered and told to nobody. */
  readonly alertMinSeverity?: Severity;
}

export interface StandingDesk extends AlertDesk {
  /** Sends what is due: once a minute while a service runs, and before a run ends. */
  flush(): Promise<void>;
  /** Open cases, the worst first. */
  cases(): readonly AlertCase[];
  /** Settings that changed: who is told from now on, and of what. */
  use(telling: Telling): Promise<void>;
}

export type Telling = Pick<AlertDeskOptions, 'channels' | 'alertMinSeverity'>;

/** A round of sending ends after this, and what is left is sent in the next one. */
const roundMs = 4_000;
const triesMax = 3;
const firstWaitMs = 250;
/** A service that fails is left alone for this long, doubled with every round that fails. */
const restMs = 10_000;
const restMaxMs = 600_000;
/** No service decides that it is asked no more than once in this time. */
const askedRestMaxMs = 3_600_000;
/** So many messages that a service refuses for good, and the round does not try the others. */
const refusedMax = 3;
/** What cleared so long ago and was never delivered helps nobody any more. */
const keptMs = 7 * 24 * 3_600_000;

export function openAlertDesk(options: AlertDeskOptions): StandingDesk {
  return new Desk(options);
}

class Desk implements StandingDesk {
  readonly #options: AlertDeskOptions;
  #telling: Telling;
  readonly #lock: LockFile;
  readonly #cases = new Map<string, AlertCase>();
  readonly #health = new Map<string, ChannelHealth>();
  /** Rounds follow one another: two at once would send a message twice. */
  #round: Promise<void> = Promise.resolve();
  /** What the file holds as far as this desk knows; null: it could not be written. */
  #written: string | null | undefined;

  constructor(options: AlertDeskOptions) {
    this.#options = options;
    this.#telling = options;
    this.#lock = new LockFile(`${options.stateFile}.lock`, options.clock);
    const state = readState(options.stateFile);
    if (!('damaged' in state)) this.#take(state);
  }

  /** What is not in the file stays: it was noted while the file could not be locked. */
  #take({ cases, channels }: DeskState): void {
    for (const one of cases) {
      const known = this.#cases.get(one.key);
      this.#keep(known === undefined ? one : mergedCase(known, one));
    }
    this.#health.clear();
    for (const [name, health] of Object.entries(channels)) this.#health.set(name, health);
  }

  /**
   * A service and a run of cron may stand at one desk: what the other noted since is taken over,
   * what is noted here is added to it, and nobody comes between the two.
   */
  #update(work: () => void): Promise<void> {
    return this.#lock.hold(() => {
      this.#refresh();
      work();
      this.#save();
    });
  }

  #refresh(): void {
    if (this.#written === null) return;
    try {
      const text = stateText(this.#options.stateFile);
      if (text === null) this.#written &&= undefined;
      if (text === null || text === this.#written) return;
      const state = parseState(text);
      if (!('damaged' in state)) this.#take(state);
      // What this desk has noted is known here: then the file is written anew.
      else if (this.#written === undefined) this.#startAnew(state.damaged);
      this.#written = text;
    } catch (error) {
      // What cannot be read now is known here as it was.
      const msg = error instanceof Error ? error.message : String(error);
      this.#options.log?.warn({ event: 'alert.unread', msg });
    }
  }

  /** Cases that are open are told again: that is said, lest it be taken for news. */
  #startAnew(why: string): void {
    const { stateFile } = this.#options;
    const at = this.#now();
    const aside = setAside(stateFile, at);
    const kept = aside === null ? '' : `; it is kept as ${aside}`;
    const title = 'What was told before is forgotten: open cases are told again';
    const because = `${stateFile} cannot be used: ${why}${kept}`;
    this.#options.log?.error({ event: 'alert.forgotten', msg: `${title}. ${because}` });
    const name = 'alert-state-damaged';
    this.#note({ key: name, name, severity: 'medium', account: null, title, lines: [], at });
    this.#clear(name, because, at);
  }

  async raise(alert: Alert): Promise<void> {
    await this.#update(() => this.#note(alert));
    await this.flush();
  }

  async clear(key: string, sentence: string, at: Instant): Promise<void> {
    this.#refresh();
    if (!this.#isOpen(key)) return;
    await this.#update(() => this.#clear(key, sentence, at));
    await this.flush();
  }

  open(prefix: string): readonly string[] {
    const open = [...this.#cases.values()].filter(({ cleared }) => cleared === null);
    return open.flatMap(({ key }) => (key.startsWith(prefix) ? [key] : [])).sort();
  }

  cases(): readonly AlertCase[] {
    return openCasesOf([...this.#cases.values()]);
  }

  async use(telling: Telling): Promise<void> {
    const gone = this.#channels().filter(
      ({ name }) => !telling.channels.some((one) => one.name === name),
    );
    this.#telling = telling;
    if (gone.length === 0) return;
    await this.#update(() => {
      for (const { name } of gone) {
        this.#health.delete(name);
        this.#clear(failureKey(name), `${name} is no channel any more.`, this.#now());
      }
    });
  }

  flush(): Promise<void> {
    const round = this.#round.then(() => this.#send());
    this.#round = round.catch(() => undefined); // whoever waits for this one is told
    return round;
  }

  #note(alert: Alert): void {
    const now = this.#now();
    this.#judge(now); // what is to be forgotten by now does not come back
    const known = this.#cases.get(alert.key);
    const plain = { ...alert, lines: [...alert.lines] };
    this.#keep(known === undefined ? openCase(plain, now) : judged(raisedAgain(known, plain), now));
    if (known === undefined || known.cleared !== null) this.#say('opened', alert, alert.title);
  }

  #isOpen(key: string): boolean {
    return this.#cases.get(key)?.cleared === null;
  }

  #clear(key: string, sentence: string, at: Instant): void {
    const known = this.#cases.get(key);
    if (known === undefined || known.cleared !== null) return;
    this.#keep(clearedCase(known, { sentence, at }, this.#now()));
    this.#say('cleared', known.alert, `${known.alert.title}: ${sentence}`);
  }

  /** What may be told by now, and what may be forgotten. */
  #judge(now: Instant): void {
    for (const one of this.#cases.values()) {
      const isDelivered = !this.#channels().some((channel) => this.#messageFor(one, channel));
      if (isForgotten(one, now, isDelivered)) this.#cases.delete(one.key);
      else if (one.cleared !== null && now >= addMilliseconds(one.told.at, keptMs)) {
        this.#cases.delete(one.key);
        this.#say('dropped', one.alert, `${one.alert.title}: cleared, and never delivered`);
      } else this.#keep(judged(one, now));
    }
  }

  async #send(): Promise<void> {
    await this.#update(() => this.#judge(this.#now()));
    const deadline = addMilliseconds(this.#now(), roundMs);
    const channels = this.#channels();
    await Promise.all(channels.map((channel) => this.#serve(channel, deadline)));
    // That a channel fails, or works again, is told by the others in the same round.
    await Promise.all(channels.map((channel) => this.#serve(channel, deadline)));
  }

  async #serve(channel: AlertChannel, deadline: Instant): Promise<void> {
    const health = this.#health.get(channel.name) ?? healthy;
    if (health.notBefore !== null && this.#now() < health.notBefore) return;
    const failures: Failed[] = [];
    let warning: string | null = null;
    let sent = 0;
    for (const key of this.#order()) {
      if (this.#due(key, channel) === null) continue;
      this.#refresh(); // another desk may have sent it meanwhile
      const due = this.#due(key, channel);
      if (due === null) continue;
      const { one, message } = due;
      if (this.#now() >= deadline || failures.length >= refusedMax) break;
      const { version } = one.told;
      const delivery = await this.#attempt(channel, message, deadline);
      if (delivery.status === 'failed') {
        failures.push(delivery);
        // It would fail for the others as well; what it refused for good is this one's fault.
        if (delivery.retry) break;
        continue;
      }
      sent += 1;
      warning ??= delivery.warning ?? null;
      const reference = delivery.reference ?? message.reference;
      // Meanwhile it may have changed: what was sent is noted on what it is now.
      await this.#update(() => {
        const now = this.#cases.get(key) ?? one;
        this.#keep(withDelivery(now, channel.name, { version, reference }));
      });
    }
    if (failures.length > 0) await this.#update(() => this.#failed(channel, health, failures));
    else if (warning !== null) await this.#update(() => this.#raiseFailure(channel, warning!));
    else if (sent > 0) await this.#update(() => this.#works(channel));
  }

  async #attempt(
    channel: AlertChannel,
    message: AlertMessage,
    deadline: Instant,
  ): Promise<Delivery> {
    for (let tries = 1; ; tries += 1) {
      const delivery = await sentBy(channel, message);
      if (delivery.status === 'sent' || !delivery.retry || tries === triesMax) return delivery;
      const waitMs = delivery.afterMs ?? firstWaitMs * 2 ** (tries - 1);
      if (addMilliseconds(this.#now(), waitMs) >= deadline) return delivery;
      await new Promise<void>((resolve) => this.#options.clock.after(waitMs, resolve));
    }
  }

  #failed({ name }: AlertChannel, before: ChannelHealth, failures: readonly Failed[]): void {
    const [first] = failures;
    const now = this.#now();
    const count = before.failures + 1;
    const rest = Math.min(restMs * 2 ** Math.min(count - 1, 10), restMaxMs);
    const asked = Math.min(Math.max(...failures.map(({ afterMs = 0 }) => afterMs)), askedRestMaxMs);
    this.#health.set(name, {
      failedSince: before.failedSince ?? now,
      why: first!.why,
      failures: count,
      notBefore: addMilliseconds(now, Math.max(rest, asked)),
    });
    this.#raiseFailure({ name }, first!.why);
  }

  #raiseFailure({ name }: Pick<AlertChannel, 'name'>, why: string): void {
    const at = this.#now();
    this.#options.log?.warn({ event: 'alert.undelivered', msg: `${name} did not take it: ${why}` });
    this.#note({
      key: failureKey(name),
      name: channelFailed,
      severity: 'high',
      account: null,
      title: `Alerts do not get through by ${name}`,
      lines: [why, `try it: trueup alert test --channel ${name}`],
      at,
    });
  }

  #works({ name }: AlertChannel): void {
    this.#health.delete(name);
    this.#clear(failureKey(name), `Alerts get through by ${name} again.`, this.#now());
  }

  /** The worst first, then the oldest. */
  #order(): readonly string[] {
    return worstFirst([...this.#cases.values()]).map(({ key }) => key);
  }

  #due(key: string, channel: AlertChannel) {
    const one = this.#cases.get(key);
    const message = one === undefined ? null : this.#messageFor(one, channel);
    return one === undefined || message === null ? null : { one, message };
  }

  #messageFor(one: AlertCase, channel: AlertChannel): AlertMessage | null {
    const message = messageFor(one, channel.name);
    if (message === null || !this.#concerns(one, channel)) return null;
    const id = shortDigest([one.key, one.bornAt, one.told.version].join('\n'));
    return { ...message, id: `msg_${id}` };
  }

  /** Whoever was told of a case is told what becomes of it. */
  #concerns({ alert, deliveries }: AlertCase, channel: AlertChannel): boolean {
    if (deliveries[channel.name] !== undefined) return true;
    if (alert.name === channelFailed) return alert.key !== failureKey(channel.name);
    const { minSeverity = 'low', threshold } = channel;
    const { alertMinSeverity = 'low' } = this.#telling;
    const least = Math.max(severityRank(minSeverity), severityRank(alertMinSeverity));
    if (severityRank(alert.severity) < least) return false;
    const { atStake = null } = alert;
    return threshold === undefined || atStake === null || compareDecimals(atStake, threshold) > 0;
  }

  #channels(): readonly AlertChannel[] {
    return this.#telling.channels;
  }

  #keep(one: AlertCase): void {
    this.#cases.set(one.key, one);
  }

  #now(): Instant {
    return this.#options.clock.now();
  }

  #say(word: 'opened' | 'cleared' | 'dropped', { account }: Alert, msg: string): void {
    const line = { event: `alert.${word}`, account, msg };
    if (word === 'cleared') this.#options.log?.info(line);
    else this.#options.log?.warn(line);
  }

  /** An alert that cannot be remembered is sent all the same. */
  #save(): void {
    const { stateFile, log } = this.#options;
    const channels = Object.fromEntries(this.#health);
    try {
      const text = textOfState({ cases: [...this.#cases.values()], channels });
      if (text !== this.#written) writeWhole(stateFile, text);
      this.#written = text;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const msg = `${why}; after a restart open cases are told again`;
      if (this.#written !== null) log?.error({ event: 'alert.unremembered', msg });
      this.#written = null;
    }
  }
}

const channelFailed = 'channel-failed';
const failureKey = (channel: string): string => `${channelFailed}:${channel}`;

const healthy: ChannelHealth = { failedSince: null, why: null, failures: 0, notBefore: null };

/** A channel that throws is a fault of ours; the alert is still owed. */
async function sentBy(channel: AlertChannel, message: AlertMessage): Promise<Delivery> {
  try {
    return await channel.send(message);
  } catch (error) {
    // By its name alone: what it says may hold what nobody is to read.
    const why = `it threw ${error instanceof Error ? error.name : typeof error}`;
    return { status: 'failed', why, retry: false };
  }
}
