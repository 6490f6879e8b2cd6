/** Facts that are well-formed but cannot enter an account's stream, and why. */

import { AccountContext } from '../books/context.ts';
import type { AccountSettings } from '../books/settings.ts';
import { isStorable } from '../journal/codec.ts';
import type { AccountedFact, AccountFact, Bust, Correction, Opening } from '../model/fact.ts';
import { instantText } from '../model/instant.ts';
import type { Instrument } from '../model/instrument.ts';
import type { Refusal } from '../model/result.ts';

/** The instruments that must be known before the fact can be folded. */
export function instrumentsOf(fact: AccountedFact): readonly string[] {
  switch (fact.kind) {
    case 'opening':
      return fact.positions.map((position) => position.instrument);
    case 'account':
    case 'bust':
    case 'correction':
      return [];
    case 'rename':
      return [fact.from, fact.to].filter((name) => name.includes('/'));
    default:
      return fact.instrument === null ? [] : [fact.instrument];
  }
}

/** Why a fact cannot enter a stream that knows `context`, whatever is booked in it. */
export function refusalOfFact(
  fact: AccountedFact,
  context: AccountContext,
  versionsOf: (name: string) => readonly Instrument[],
): Refusal | null {
  let fresh: AccountContext | null = null;
  for (const name of instrumentsOf(fact)) {
    if (context.knows(name)) continue;
    const versions = versionsOf(name);
    if (versions.length === 0) return unknownInstrument(name);
    fresh ??= new AccountContext(context.settings);
    for (const version of versions) fresh.addInstrument(version);
  }
  const instrumentOf = (name: string) =>
    (fresh?.knows(name) ? fresh : context).instrumentAt(name, fact.time ?? 0n);
  return refusalOfTime(fact) ?? refusalOfInstrument(fact, instrumentOf);
}

const unknownInstrument = (name: string): Refusal => ({
  code: 'instrument-unknown',
  message: `instrument ${name} is not known, and its name does not say what it is`,
  where: { field: 'instrument', value: name },
  rule: 'an instrument is declared, or named by its unified symbol (BTC/USDT, BTC/USDT:USDT)',
  hint: `add a line {"kind":"instrument","instrument":"${name}",...} or use the unified symbol`,
});

function refusalOfTime(fact: AccountedFact): Refusal | null {
  if (fact.time === null || isStorable(fact.time)) return null;
  return {
    code: 'time-out-of-range',
    message: `time ${fact.time} ns since 1970 cannot be stored`,
    where: { field: 'time', value: String(fact.time) },
    rule: 'times lie between the years 1677 and 2262',
    hint: 'check the unit of the time stamp',
  };
}

export const refusalOfOpening = (opening: Opening): Refusal => ({
  code: 'opening-after-facts',
  message: `account ${opening.account} has booked facts already, so its book cannot open now`,
  where: { field: 'time', value: instantText(opening.time) },
  rule: 'an opening comes before every other fact of its account',
  hint: 'import the opening into a new account, or book deposits instead',
});

export const ambiguousFill = (fact: Bust | Correction): Refusal => ({
  code: 'fill-ambiguous',
  message: `several fills have execution id ${fact.executionId}`,
  where: { field: 'executionId', value: fact.executionId },
  rule: 'a bust or correction names one fill',
  hint: 'add instrument, side and leg',
});

/** An account's settings decide how everything in it is folded, so they never change. */
export function accountDiffers(known: AccountSettings, told: AccountFact): Refusal | null {
  const names = ['venue', 'currency', 'costMethod', 'feesInCost', 'mode', 'positionMode'] as const;
  const field = names.find((name) => known[name] !== told[name]);
  if (field === undefined) return null;
  return {
    code: 'account-differs',
    message: `account ${told.account} has ${field} ${known[field]}, not ${told[field]}`,
    where: { field, value: String(told[field]) },
    rule: 'the settings of an account never change',
    hint: 'use another account name, or leave the settings as they are',
  };
}

/** Facts that make no sense for the type of their instrument would find no pool to move. */
function refusalOfInstrument(
  fact: AccountedFact,
  instrumentOf: (name: string) => Instrument,
): Refusal | null {
  const wants = wantedType(fact);
  if (wants === null) return null;
  for (const name of instrumentsOf(fact)) {
    const { type } = instrumentOf(name);
    if ((type === 'spot') === (wants === 'spot')) continue;
    return {
      code: 'instrument-type-wrong',
      message: `a ${fact.kind} cannot be of ${name}, which is ${type}`,
      where: { field: 'instrument', value: name },
      rule:
        wants === 'spot'
          ? 'capital is returned on coins and shares, which are spot'
          : 'positions and deliveries are of contracts; coins and shares are balances',
      hint: wants === 'spot' ? 'name the pair of the coin' : 'state the coins as a balance',
    };
  }
  return null;
}

function wantedType(fact: AccountedFact): 'spot' | 'contract' | null {
  if (fact.kind === 'return-of-capital') return 'spot';
  return fact.kind === 'opening' || fact.kind === 'delivery' ? 'contract' : null;
}
