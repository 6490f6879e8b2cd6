/** Leaving a break alone for a time, knowingly: a person's word, its reason, its end. */
import { compare as compareDecimals, type Decimal } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import { sha256 } from '../../journal/digest.ts';
import type { Break } from '../../model/break.ts';
import { type Instant, instantText } from '../../model/instant.ts';
import { accept, type HoldTerms, isHeld, release, snooze } from '../../model/life-cycle.ts';
import { accepted, type Refusal, type Result, refused } from '../../model/result.ts';
import type { Account } from '../../store/accounts.ts';
import type { BookWriter } from '../book.ts';
import type { BookReader } from '../reading.ts';
import { draftsOfBreaks, knownBreaks } from '../reconcile-entries.ts';
import { noted, noteTries, tooBusy, unknownBreak } from '../syncing.ts';

export interface Holding {
  readonly breakId: string;
  readonly at: Instant;
  /** Who says so; absent where nobody said. */
  readonly by?: string;
}

/** `cap`: accepted up to that gross value; null: snoozed. */
export type HoldingTerms = HoldTerms & { readonly cap: Decimal | null };

/** The same word said twice is said once. */
export async function holdBreak(
  reader: BookReader,
  writer: BookWriter,
  account: Account,
  { terms, ...holding }: Holding & { readonly terms: HoldingTerms },
): Promise<Result<Break>> {
  const result = await stepped(reader, writer, account, holding, (one) => {
    const faulty = faultOf(one, terms, holding.at);
    if (faulty !== null) return refused(faulty);
    if (isSaid(one, terms)) return accepted([]);
    const { cap, ...rest } = terms;
    const held =
      cap === null ? snooze(one, rest, holding.at) : accept(one, { ...rest, cap }, holding.at);
    return held.ok ? accepted([held.value]) : held;
  });
  return result.ok ? accepted(result.value[0]!) : result;
}

/** The break and whatever else the same word covers: all that came back, the named one first. */
export const endHold = (
  reader: BookReader,
  writer: BookWriter,
  account: Account,
  holding: Holding,
): Promise<Result<readonly Break[]>> =>
  stepped(reader, writer, account, holding, (one, breaks) => {
    if (!isHeld(one)) return refused(notHeld(one));
    const word = one.hold?.covers?.of;
    const others = breaks.filter(
      (each) => each.id !== one.id && word !== undefined && each.hold?.covers?.of === word,
    );
    const released: Break[] = [];
    for (const each of [one, ...others]) {
      const back = release(each, holding.at);
      if (!back.ok) return back;
      released.push(back.value);
    }
    return accepted(released);
  });

type Steps = (one: Break, breaks: readonly Break[]) => Result<readonly Break[]>;

/** Notes the steps that a person's word makes breaks take; without any, the break as it is. */
async function stepped(
  reader: BookReader,
  writer: BookWriter,
  account: Account,
  { breakId, at, by }: Holding,
  stepsOf: Steps,
): Promise<Result<readonly Break[]>> {
  for (let tries = 0; tries < noteTries; tries += 1) {
    const { breaks, counts } = knownBreaks(reader.file, account.account);
    const one = breaks.find(({ id }) => id === breakId);
    if (one === undefined) return refused(unknownBreak(breakId));
    const steps = stepsOf(one, breaks);
    if (!steps.ok) return steps;
    if (steps.value.length === 0) return accepted([one]);
    const named =
      by === undefined
        ? steps.value
        : steps.value.map((step): Break => ({ ...step, heldBy: sha256(by) }));
    if (await noted(writer, account, draftsOfBreaks(named, at, counts), by)) return accepted(named);
  }
  throw tooBusy(reader);
}

const isSaid = ({ state, hold }: Break, terms: HoldingTerms): boolean =>
  state === (terms.cap === null ? 'SNOOZED' : 'ACCEPTED') &&
  hold?.until === terms.until &&
  hold.reason === terms.reason &&
  (hold.covers?.scope ?? 'lines') === (terms.scope ?? 'lines') &&
  (hold.cap === null ? null : toText(hold.cap)) === (terms.cap === null ? null : toText(terms.cap));

const fault = (field: string, value: string, rest: Omit<Refusal, 'where'>): Refusal => ({
  ...rest,
  where: { field, value },
});

function faultOf(one: Break, { until, reason, cap }: HoldingTerms, at: Instant): Refusal | null {
  if (reason.trim() === '') {
    return fault('reason', reason, {
      ...{ code: 'hold-without-reason', message: `why ${one.id} is left alone is not said` },
      ...{ rule: 'a break is left alone for a reason', hint: 'say it with --reason' },
    });
  }
  if (until <= at) {
    return fault('until', instantText(until), {
      ...{ code: 'hold-over', message: `${instantText(until)} has come already` },
      ...{ rule: 'what is left alone is so until a day to come', hint: 'name a later one' },
    });
  }
  if (cap === null) return null;
  if (one.gross === null) {
    return fault('cap', toText(cap), {
      code: 'hold-unpriced',
      message: `${one.id} has no value: there is no price for ${one.unvalued.join(', ')}`,
      rule: 'what is accepted is accepted up to a sum',
      hint: `import a mark, or trueup snooze ${one.id}`,
    });
  }
  if (compareDecimals(one.gross, cap) <= 0) return null;
  return fault('cap', toText(cap), {
    code: 'hold-cap-exceeded',
    message: `${one.id} is ${toText(one.gross)} gross, which is more than ${toText(cap)}`,
    rule: 'what is accepted is within the sum',
    hint: `accept it up to ${toText(one.gross)} or more`,
  });
}

const notHeld = ({ id, state }: Break): Refusal =>
  fault('break', id, {
    code: 'hold-absent',
    message: `${id} is ${state}: nobody snoozed or accepted it`,
    rule: 'only what is snoozed or accepted comes back',
    hint: 'trueup check lists both',
  });
