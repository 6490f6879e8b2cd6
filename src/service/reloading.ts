/**
 * Settings that hold while a service runs: files are looked at again and again, and what they say
 * of the policy and of alerts holds from then on. A file that is wrong changes nothing.
 */
import { readFileSync, statSync } from 'node:fs';
import { sha256 } from '../journal/digest.ts';
import { accepted, type Refusal, type Result, refused } from '../model/result.ts';
import { type PolicySettings, policyByDefault } from '../reconcile/limits.ts';
import { type OpenedAlerts, openAlerts } from './alerts/opening.ts';
import type { Configuration, Surroundings } from './config.ts';
import { isObject, withLine } from './config-file.ts';
import type { Log } from './log.ts';
import { parsePolicy } from './policy/settings.ts';
import type { WaitingClock } from './system-clock.ts';

export interface WatchedSettings<T> {
  /** All that may be there, also those that are not. */
  readonly files: readonly string[];
  readonly clock: WaitingClock;
  readonly read: () => Result<T>;
  readonly onChange: (value: T) => void;
  readonly onRefused: (refusal: Refusal) => void;
}

export interface SettingsWatch {
  /** Reads at once, whether anything changed or not: somebody asked for it. */
  readNow(): void;
  close(): void;
}

export const lookEveryMs = 2_000;

/**
 * What changed is read when two looks have seen it alike: a file that is being written may end in
 * the middle, and half of a policy is another policy.
 */
export function watchSettings<T>(watched: WatchedSettings<T>): SettingsWatch {
  const { files, clock, read, onChange, onRefused } = watched;
  const digests = new Map<string, Digest>();
  let cancel: () => void = () => undefined;
  // What was written between the start and the first look is found by it.
  let held: string | null = null;
  let seen: string | null = null;

  const take = (state: string) => {
    held = state;
    const result = read();
    if (result.ok) onChange(result.value);
    else onRefused(result.refusal);
  };
  const look = () => {
    const state = stateOf(files, digests);
    if (state === held) seen = null;
    else if (state === seen) take(state);
    else seen = state;
  };
  const wait = () => {
    cancel = clock.after(
      lookEveryMs,
      () => {
        look();
        wait();
      },
      'background',
    );
  };
  wait();
  return { readNow: () => take(stateOf(files, digests)), close: () => cancel() };
}

interface Digest {
  readonly times: string;
  readonly digest: string;
}

/** A file is read again only where its times, its size or its place on the disk are others. */
function stateOf(files: readonly string[], digests: Map<string, Digest>): string {
  return files.map((file) => digestOf(file, digests)).join('\n');
}

function digestOf(file: string, digests: Map<string, Digest>): string {
  try {
    const { mtimeNs, ctimeNs, size, ino } = statSync(file, { bigint: true });
    const times = [mtimeNs, ctimeNs, size, ino].join(' ');
    const known = digests.get(file);
    if (known?.times === times) return known.digest;
    const digest = sha256(readFileSync(file, 'utf8'));
    digests.set(file, { times, digest });
    return digest;
  } catch (error) {
    // Not there, or not to be read: that is a state too, and reading says which.
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

/** What holds now of the settings that may change while a service runs. */
export interface LiveSettings {
  /** As it was read last; of what holds from the next start, what stands in it holds not yet. */
  readonly configuration: () => Configuration;
  readonly policy: () => PolicySettings;
  readonly alerts: () => OpenedAlerts;
  /** `onAlerts` is told what holds from now on. */
  watch(log: Log, onAlerts: (alerts: OpenedAlerts) => void): SettingsWatch;
}

interface Held {
  readonly configuration: Configuration;
  readonly policy: PolicySettings;
  readonly alerts: OpenedAlerts;
}

export function liveSettings(
  start: Configuration,
  around: Pick<Surroundings, 'environment'>,
  clock: WaitingClock,
): Result<LiveSettings> {
  const first = heldOf(start, around, clock);
  if (!first.ok) return first;
  let held = first.value;
  const readAgain = (): Result<Held> => {
    const read = start.again();
    if (!read.ok) return read;
    const gone = start.files.find(({ origin }) => !read.value.files.some(is(origin)));
    return gone === undefined ? heldOf(read.value, around, clock) : refused(fileGone(gone.path));
  };
  return accepted({
    configuration: () => held.configuration,
    policy: () => held.policy,
    alerts: () => held.alerts,
    watch: (log, onAlerts) =>
      watchSettings({
        ...{ files: start.names, clock, read: readAgain },
        onChange(next) {
          tell(log, held.configuration, next.configuration);
          held = next;
          onAlerts(next.alerts);
        },
        onRefused({ message, rule, hint, where: { line } }) {
          const at = line === undefined ? '' : ` (line ${line})`;
          const msg = `Settings are as before: ${message}${at}; ${rule}; ${hint}`;
          log.error({ event: 'settings.refused', msg });
        },
      }),
  });
}

/** As the settings say it; by default where they say nothing. */
export function policyOf(configuration: Configuration): Result<PolicySettings> {
  const { policy: section } = configuration;
  if (section === null) return accepted(policyByDefault);
  const read = parsePolicy(section.value, section.file);
  return read.ok ? read : refused(withLine(read.refusal, configuration));
}

const is = (origin: string) => (file: { readonly origin: string }) => file.origin === origin;

function heldOf(
  configuration: Configuration,
  around: Pick<Surroundings, 'environment'>,
  clock: WaitingClock,
): Result<Held> {
  const policy = policyOf(configuration);
  if (!policy.ok) return policy;
  const alerts = openAlerts(configuration, around, clock);
  if (!alerts.ok) return refused(withLine(alerts.refusal, configuration));
  return accepted({ configuration, policy: policy.value, alerts: alerts.value });
}

/** What is gone may be on its way: nobody is to lose the limits of a policy by it. */
const fileGone = (file: string): Refusal => ({
  code: 'config-file-gone',
  message: `${file} is there no more`,
  where: { file },
  rule: 'settings that were read stay until they are read again',
  hint: 'put it back, or start the service anew to run without it',
});

function tell(log: Log, before: Configuration, after: Configuration): void {
  const live = changedPaths(liveOf(before), liveOf(after), '');
  const later = changedPaths(laterOf(before), laterOf(after), '');
  if (live.length > 0) {
    log.info({ event: 'settings.applied', msg: `Holds from now on: ${live.join(', ')}` });
  }
  if (later.length > 0) {
    const msg = `Takes effect at the next start: ${later.join(', ')}`;
    log.warn({ event: 'settings.later', msg });
  }
}

const liveOf = ({ policy, alerts }: Configuration): unknown => ({
  policy: policy?.value ?? {},
  alerts: alerts?.value ?? {},
});

const laterOf = ({ venues, serve, settings }: Configuration): unknown => ({
  ...Object.fromEntries(settings.map(({ name, value }) => [name, value])),
  ...{ venues: venues?.value ?? {}, serve: serve?.value ?? {} },
});

/** Never with values: nobody knows which are secrets. */
function changedPaths(before: unknown, after: unknown, path: string): readonly string[] {
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) =>
      changedPaths(before[key], after[key], path === '' ? key : `${path}.${key}`),
    );
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [path];
}
