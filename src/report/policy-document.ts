/** The JSON documents of `policy`: what holds, a switch that was turned, and a replay. */
import { add, type Decimal, zero } from '../decimal/decimal.ts';
import { toText, toTextOrNull } from '../decimal/text.ts';
import { type Instant, instantText } from '../model/instant.ts';
import type { Automatic, Limits, PolicySettings } from '../reconcile/limits.ts';
import { type Decision, policy } from '../reconcile/policy.ts';
import type { Done, Replayed } from '../reconcile/replay.ts';
import { type StopShown, stopJson } from './check-document.ts';

const limitsJson = ({ valuePerRepair, valuePerDay, repairsPerDay }: Limits) => ({
  valuePerRepair: toTextOrNull(valuePerRepair),
  valuePerDay: toTextOrNull(valuePerDay),
  repairsPerDay,
});

export const settingsJson = (settings: PolicySettings) => ({
  stopped: settings.stopped,
  alertAbove: toText(settings.alertAbove),
  takingBack: limitsJson(settings.takingBack),
  rows: limitsJson(settings.rows),
  roundingSteps: settings.roundingSteps,
  approvals: { fourEyes: settings.approvals.fourEyes },
});

export interface PolicyAccount {
  readonly account: string;
  readonly currency: string;
  readonly automatic: Automatic;
  readonly stopped: StopShown | null;
}

/** `file`: where the settings come from; null: nobody set any. */
export const policyDocument = (
  settings: PolicySettings,
  file: string | null,
  accounts: readonly PolicyAccount[],
) => ({
  schema: 'trueup.policy/1',
  table: policy.map(({ when, decision, because }) => ({ when, decision, because })),
  settings: { file, ...settingsJson(settings) },
  accounts: accounts.map(({ account, currency, automatic, stopped }) => ({
    ...{ account, currency },
    stopped: stopped === null ? null : stopJson(stopped),
    lastDay: {
      takingBack: spentJson(automatic, 'taking-back'),
      rows: spentJson(automatic, 'rows'),
    },
  })),
});

function spentJson({ spent }: Automatic, change: 'taking-back' | 'rows') {
  const { value, count } = spent(change);
  return { value: toText(value), count };
}

export type PolicyDocument = ReturnType<typeof policyDocument>;

export const switchDocument = (
  accounts: readonly { readonly account: string; readonly changed: boolean }[],
  stopped: boolean,
) => ({ schema: 'trueup.policy-switch/1', stopped, accounts: accounts.map((one) => ({ ...one })) });

export type SwitchDocument = ReturnType<typeof switchDocument>;

export interface ReplayedAccount {
  readonly account: string;
  readonly currency: string;
  readonly cases: readonly Replayed[];
}

export interface ReplayOptions {
  readonly days: number;
  readonly from: Instant;
  readonly to: Instant;
  readonly settings: PolicySettings;
  readonly file: string | null;
}

export const replayDocument = (
  accounts: readonly ReplayedAccount[],
  { days, from, to, settings, file }: ReplayOptions,
) => ({
  schema: 'trueup.policy-test/1',
  ...{ days, from: instantText(from), to: instantText(to) },
  settings: { file, ...settingsJson(settings) },
  accounts: accounts.map(({ account, currency, cases }) => ({
    ...{ account, currency, breaks: cases.length },
    decided: sumsOf(cases, decisions, ({ decision }) => decision),
    done: sumsOf(cases, dones, ({ done }) => done),
    differences: cases.filter(isOther).map(({ one, at, decision, because, done }) => ({
      ...{ break: one.id, at: instantText(at), reason: one.reason },
      ...{ gross: toTextOrNull(one.gross), decision, because, done },
    })),
  })),
});

export type ReplayDocument = ReturnType<typeof replayDocument>;

const decisions: readonly Decision[] = [
  ...(['book', 'adjust', 'approve', 'ask', 'leave', 'watch', 'wait'] as const),
];
const dones: readonly Done[] = ['automatic', 'approved', 'held', 'cleared', 'open'];

/** Done at once then and not now, or now and not then; who cleared by itself was not repaired. */
function isOther({ decision, done }: Replayed): boolean {
  const isAutomatic = decision === 'book' || decision === 'adjust';
  return isAutomatic !== (done === 'automatic') && done !== 'cleared';
}

/** `gross` is of those that have a price; `unpriced` counts the others. */
function sumsOf<Name extends string>(
  cases: readonly Replayed[],
  names: readonly Name[],
  nameOf: (one: Replayed) => Name,
) {
  return names.flatMap((what) => {
    const own = cases.filter((one) => nameOf(one) === what).map(({ one }) => one.gross);
    if (own.length === 0) return [];
    const priced = own.filter((gross): gross is Decimal => gross !== null);
    const gross = toText(priced.reduce(add, zero));
    return [{ what, count: own.length, gross, unpriced: own.length - priced.length }];
  });
}
