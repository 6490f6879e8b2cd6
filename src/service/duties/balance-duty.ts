/**
 * The duty `balance`: is the stored total the truth? With `--repair auto` a total that is not is
 * written anew, and the check after the write is what counts.
 */
import type { Decimal } from '../../decimal/decimal.ts';
import { toTextOrNull } from '../../decimal/text.ts';
import { moneyText } from '../../model/amount.ts';
import type { Break } from '../../model/break.ts';
import { isHeld } from '../../model/life-cycle.ts';
import { reasonTitles } from '../../model/reason.ts';
import type { SourceAccountChecked } from '../../reconcile/source/check-source.ts';
import type { BalanceSheet } from '../../reconcile/source/sheet.ts';
import { noAccountWhy } from '../../reconcile/source/unreadable.ts';
import { balanceStatus } from '../../report/source-balance-document.ts';
import type { SourceCheck, SourceDesk } from '../source/desk.ts';
import { caseKey, settle } from './alerting.ts';
import { balanceWords, currencyOf } from './balance-words.ts';
import {
  alertsOfCheck,
  balanceKey,
  guardKey,
  openBreaks,
  pricesKey,
  totalLineOf,
  unknownKey,
} from './check-alerts.ts';
import type { DutyContext, DutyResult } from './duty.ts';

export const checkBalance = (context: DutyContext): Promise<DutyResult> =>
  context.withDesk(async (desk) => {
    const { repair, prices } = context.options;
    // What refreshes the stored prices has just done so; asking twice would compare two moments.
    const used = repair === 'auto' ? null : prices;
    const found = await desk.check({ record: true, prices: used, create: true });
    sayChecked(context, found);
    await alertOn(context, found);
    const isDue = repair === 'auto' && isWrong(found) && !isLeftAlone(context, found);
    const check = isDue ? await repaired(context, desk) : found;
    const { exitCode } = check.document;
    return { exitCode, sentence: sentenceOf(check) };
  });

/** One write is of all accounts: where a person holds one of the totals, none is written. */
function isLeftAlone({ options, log }: DutyContext, { checked }: SourceCheck): boolean {
  const breaks = checked?.accounts.flatMap(openBreaks) ?? [];
  const held = breaks.find((one) => isHeld(one) && totalLineOf(one) !== null);
  if (held !== undefined) {
    const msg = `Nothing was repaired: ${held.id} is ${held.state}: ${held.hold?.reason}`;
    log.info({ event: 'repair.held', breakId: held.id, msg });
    return true;
  }
  const stop = options.stop?.() ?? null;
  if (stop === null) return false;
  const by = stop.by === null ? '' : ` by ${stop.by}`;
  const msg = `Nothing was repaired: repairs are stopped${by}: ${stop.reason}`;
  log.warn({ event: 'repair.stopped', msg });
  return true;
}

const isWrong = ({ sheets }: SourceCheck): boolean =>
  sheets.some((sheet) => balanceStatus(sheet) === 'not-accurate');

async function repaired(context: DutyContext, desk: SourceDesk): Promise<SourceCheck> {
  const { log } = context;
  const why = 'the stored total was not the truth, and the service repairs by itself';
  const request = { record: false, prices: null, dryRun: false, actor: null, why } as const;
  const { status, after, audit, before } = await desk.update(request);
  const check = after ?? (await desk.check({ record: true, prices: null }));
  if (status !== 'written') {
    const msg = `Nothing was repaired (${status}): the balance moved while it was looked at`;
    log.warn({ event: 'repair.skipped', msg });
  }
  for (const sheet of status === 'written' ? before : []) {
    if (balanceStatus(sheet) !== 'not-accurate') continue;
    const [ours, theirs] = [toTextOrNull(sheet.stored), toTextOrNull(sheet.calculated)];
    const own = check.checked?.accounts.find(({ account }) => account.id === sheet.accountId);
    const msg = `Updated account ${sheet.accountId} total_value: ${theirs}`;
    const words = `${msg} (was ${ours}; trueup_audit ${audit?.id})`;
    log.info({ event: 'repair.applied', account: own?.name ?? null, ours, theirs, msg: words });
  }
  sayChecked(context, check);
  await alertOn(context, check);
  return check;
}

function sayChecked({ log, source }: DutyContext, check: SourceCheck): void {
  log.info({ event: 'source.checked', msg: `${verdicts[check.verdict]} ${source}` });
  for (const one of check.checked?.accounts ?? []) {
    const { name, sheet } = one;
    const line = {
      account: name,
      ours: toTextOrNull(sheet.stored),
      theirs: toTextOrNull(sheet.calculated),
      breakId: openBreaks(one).find((each) => totalLineOf(each) !== null)?.id ?? null,
      msg: balanceWords(sheet, currencyOf(check)),
    };
    const status = balanceStatus(sheet);
    if (status === 'not-accurate') log.warn({ ...line, event: 'balance.wrong' });
    else if (status === 'unknown') log.warn({ ...line, event: 'balance.unknown' });
    else log.info({ ...line, event: 'balance.accurate' });
    sayOthers(log, one);
  }
}

/** Breaks that are not about the total: stale records, records that do not add up. */
function sayOthers(log: DutyContext['log'], one: SourceAccountChecked): void {
  for (const each of openBreaks(one)) {
    if (totalLineOf(each) !== null) continue;
    const { id, reason, explanation } = each;
    const msg = `${reason}: ${explanation.sentence}`;
    log.warn({ event: 'break.open', account: one.name, breakId: id, msg });
  }
}

const verdicts = { true: 'TRUE', break: 'BREAK', 'cannot-say': 'CANNOT SAY' } as const;

/** What is not known settles no case: only an answer does. */
async function alertOn(context: DutyContext, check: SourceCheck): Promise<void> {
  const { alerts, clock, source, options } = context;
  const at = clock.now();
  const { checked } = check;
  if (checked === null) return await alertSilence(context, check);
  const isStopped = (options.stop?.() ?? null) !== null;
  const repair = isStopped ? 'never' : options.repair;
  const by = { source, above: options.alertAbove(), repair } as const;
  const { balance, unknown, prices, guard } = alertsOfCheck(checked, by);
  await settle(alerts, caseKey('source', source), [], 'the source answers again', at);
  await settle(alerts, unknownKey(source), unknown, 'every part of the total is known', at);
  await settle(alerts, pricesKey(source), prices, 'the prices are fresh again', at);
  await settle(alerts, guardKey(source), guard, 'the triggers are as they were installed', at);
  const { sheets } = check;
  const isKnown = sheets.length > 0 && sheets.every((sheet) => balanceStatus(sheet) !== 'unknown');
  if (isKnown || balance.length > 0) {
    await settle(alerts, balanceKey(source), balance, clearedBy(check, by.above), at);
  }
}

async function alertSilence(context: DutyContext, check: SourceCheck): Promise<void> {
  const { alerts, clock, log, source } = context;
  const title = silenceOf(check) ?? `${source} did not answer`;
  const name = /\block(ed|s)?\b/.test(title) ? 'source-locked' : 'source-unreachable';
  const key = caseKey('source', source, name);
  const hints = check.document.json['hints'] as readonly string[] | undefined;
  const lines = [...(hints ?? []), 'The service says CANNOT SAY until then, and goes on trying.'];
  log.warn({ event: name.replace('-', '.'), msg: `CANNOT SAY: ${title}` });
  const severity = name === 'source-locked' ? 'medium' : 'high';
  const told = [{ key, name, severity, title, lines }] as const;
  await settle(
    alerts,
    caseKey('source', source),
    told,
    'the source fails otherwise now',
    clock.now(),
  );
}

/** Why a source that did not answer did not. */
function silenceOf({ document }: SourceCheck): string | null {
  const unknown = document.json['unknown'] as readonly { readonly why: string }[] | undefined;
  return unknown?.[0]?.why ?? null;
}

/** What is wrong or unknown, of each account and beside its total; of what is true, that it is. */
function sentenceOf(check: SourceCheck): string {
  const { checked, sheets, verdict } = check;
  const currency = currencyOf(check);
  const told = verdict === 'true' ? sheets : sheets.filter((sheet) => !isAccurate(sheet));
  const words = told.map((sheet) => balanceWords(sheet, currency));
  // A total that is off is what operators search for; without one the break is named that is.
  const others = isWrong(check) ? [] : (checked?.accounts ?? []).flatMap(othersOf);
  const silent = checked === null ? (silenceOf(check) ?? 'no answer') : noAccountWhy;
  const why = sheets.length === 0 ? [silent] : [];
  return `${verdicts[verdict]}: ${[...new Set([...others, ...words, ...why])].join('; ')}`;
}

const isAccurate = (sheet: BalanceSheet): boolean =>
  ['accurate', 'not-stored'].includes(balanceStatus(sheet));

/** Breaks that are not about a total that is off now, by their names. */
const othersOf = (one: SourceAccountChecked): readonly string[] =>
  openBreaks(one)
    .filter((each) => totalLineOf(each) === null || isAccurate(one.sheet))
    .map(nameOf);

const nameOf = ({ id, reason }: Break): string => `${reasonTitles[reason]} (${id})`;

/** Why a difference is told no more: it is none, or too small; and what is open all the same. */
function clearedBy(check: SourceCheck, above: Decimal): string {
  const open = (check.checked?.accounts ?? []).flatMap((one) => openBreaks(one).map(nameOf));
  if (open.length === 0) return sentenceOf(check);
  const words = check.sheets.every(isAccurate)
    ? '[OK] Balance is accurate'
    : `The difference is not above ${moneyText(above)}`;
  return `${words}; still open: ${open.join(', ')}`;
}
