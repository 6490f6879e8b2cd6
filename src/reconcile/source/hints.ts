/** What a person should know of a source, though no verdict depends on it. */
import { isZero } from '../../decimal/decimal.ts';
import { counted } from '../../model/amount.ts';
import type { SourceSnapshot } from '../../model/source.ts';
import type { BalanceSheet } from './sheet.ts';
import { listText, momentText } from './words.ts';

export function hintsOf(
  snapshot: SourceSnapshot,
  sheets: readonly BalanceSheet[],
): readonly string[] {
  const { guard, zone, totalStorage, takenAt, closed, namelessRecords: nameless = 0 } = snapshot;
  const location = snapshot.identity.location;
  const hints = [
    ...guard.findings.map((one) => `the guard was altered: ${one}`),
    ...(guard.audited
      ? guard.unlogged.map((one) => `changed without a row in the log: ${one}`)
      : []),
  ];
  if (guard.state === 'altered') {
    hints.push(`trueup guard install --source ${location} puts the guard back`);
  }
  if (totalStorage === null) hints.push('no total is stored: there is none that could be wrong');
  if (zone.known === 'assumed') {
    hints.push(`times without an offset are taken for ${zone.name}: ${zone.because}`);
  }
  if (zone.detectedNow !== undefined) {
    hints.push(
      `times without an offset are taken for ${zone.name} as before, though the newest look like ` +
        `${zone.detectedNow}: name the zone with --source-timezone`,
    );
  }
  if (nameless > 0) {
    const records = counted(nameless, 'performance record');
    const names = nameless === 1 ? 'names' : 'name';
    hints.push(`${records} ${names} no account: a column account_id would tell whose`);
  }
  if (closed !== undefined) {
    const looks = closed.count === 1 ? 'looks' : 'look';
    hints.push(
      `${counted(closed.count, 'position')} ${looks} closed by ${closed.column} and ` +
        `${closed.count === 1 ? 'has' : 'have'} a quantity: set it to 0 where it is sold, or ` +
        `--schema ${snapshot.identity.schema} counts every row`,
    );
  }
  for (const account of snapshot.accounts) {
    if (account.performanceCount > 0 || nameless > 0) continue;
    hints.push(`account ${account.id} has no performance record: performance --record adds one`);
  }
  const rows = sheets.flatMap((sheet) => sheet.rows);
  const traded = rows.filter(({ priceFrom }) => priceFrom === 'traded');
  if (traded.length > 0) {
    const names = listText(traded.map(({ symbol }) => symbol));
    hints.push(`${counted(traded.length, 'position')} at the last traded price only: ${names}`);
  }
  const free = rows.filter(({ price }) => price !== null && isZero(price));
  if (free.length > 0) {
    hints.push(`a price of zero counts as zero: ${listText(free.map(({ symbol }) => symbol))}`);
  }
  const early = rows.filter(({ priceAt }) => priceAt !== null && priceAt > takenAt);
  if (early.length > 0) {
    const names = listText(early.map(({ symbol }) => symbol));
    const at = momentText(takenAt);
    hints.push(`priced at a time after the look at ${at}, so the zone may be wrong: ${names}`);
  }
  return hints;
}
