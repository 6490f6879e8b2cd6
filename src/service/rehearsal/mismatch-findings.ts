/** What is found of it: without executions honestly ambiguous, with them proven. */
import { toTextOrNull } from '../../decimal/text.ts';
import type { Break } from '../../model/break.ts';
import type { Reason } from '../../model/reason.ts';
import { isOpen } from '../../reconcile/verdict.ts';
import { differenceLines } from '../source/positions-words.ts';
import type { MismatchDesk, Seen } from './mismatch-desk.ts';
import { breakOf, countsText, figure, number } from './mismatch-figures.ts';
import { quoteNow } from './mismatch-story.ts';
import type { Expectation, RehearsalStep } from './rehearsal.ts';

type Step = RehearsalStep<MismatchDesk>;

const candidatesOf = ({ explanation }: Break): string =>
  (explanation.candidates ?? []).map(({ name }) => name).join(', ') || 'none';

function ruledOut({ explanation }: Break, reason: Reason, word: RegExp): string {
  const found = explanation.ruledOut.find((one) => one.reason === reason && word.test(one.why));
  return found === undefined ? 'not ruled out' : (toTextOrNull(found.residual) ?? 'no number');
}

const standing = ({ reason, confidence }: Break): string => `${reason}, ${confidence}`;

const whatIsHeld: Step = {
  name: 'investigate what is held',
  command:
    'trueup investigate --source sqlite:monitoring.db --statement positions.json --log bot.log',
  says: 'by what is held alone nobody can say which it was, and three wrong ideas are ruled out',
  async run(desk) {
    desk.stage.at('15:26:30');
    quoteNow(desk.stage);
    const { look, document } = await desk.investigateHeld();
    const { breaks } = look.checked.reconciled;
    const hnt = breakOf(breaks, 'HNTUSDT');
    const aged = /^aged exit: it was 2 h 17 min old/;
    const alike = 'reduce-only or manual order, partial liquidation, deleveraging';
    const [clock] = look.checked.clocks;
    return [
      figure('verdict', 'break', document.verdict),
      figure('HNT', 'FILL_MISSING, likely', standing(hnt)),
      figure('HNT, ideas that fit alike', alike, candidatesOf(hnt)),
      // 0.12 is 0.2 % of 60, and a contract charges its fees in USDT.
      figure('left by a fee in the coin', '-0.12', ruledOut(hnt, 'FEE_CURRENCY_WRONG', /./)),
      // Twelve steps of 0.01, of which one fill explains one.
      figure('left by rounding', '-0.11', ruledOut(hnt, 'ROUNDING_ACCUMULATED', /./)),
      figure('left by the aged exit', '-0.12', ruledOut(hnt, 'FILL_MISSING', aged)),
      ...['AGIUSDT', 'SCAUSDT'].map((symbol) =>
        figure(
          `${symbol}, ideas that fit alike`,
          `aged exit, ${alike}`,
          candidatesOf(breakOf(breaks, symbol)),
        ),
      ),
      figure('clock that differs', 'log', clock?.against ?? 'none'),
      figure('hours that it is ahead', 4, (clock?.aheadMs ?? 0) / 3_600_000),
      figure('rows that show it', 9, clock?.rows.length ?? 0),
    ];
  },
};

const check: Step = {
  name: 'check',
  command: 'trueup check --source sqlite:monitoring.db --venue bybit --own-orders bot-',
  says: 'three rows are not what the exchange holds, and fourteen positions are none of the bot',
  async run(desk) {
    const { look, document } = await desk.check();
    const told = differenceLines(look).map(({ msg }) => msg);
    const wanted = [
      'Quantity mismatch - DB: 60, Exchange: 59.88 (HNT/USDT:USDT, FILL_MISSING)',
      'Quantity mismatch - DB: 2136.9, Exchange: 2036 (SCA/USDT:USDT, FILL_MISSING)',
      'Quantity mismatch - DB: 4160, Exchange: 3160 (AGI/USDT:USDT, FILL_MISSING)',
    ];
    return [
      figure('exit code', 3, document.exitCode),
      figure('verdict', 'break', document.verdict),
      figure('breaks of rows', 3, told.length),
      ...wanted.map((line) => figure('told', line, told.find((one) => one === line) ?? 'not told')),
      figure(
        'positions',
        '9 stored, 23 exchange, 6 verified, 3 different, 0 phantom, 0 missing, 14 foreign',
        countsText(look.checked.counts),
      ),
    ];
  },
};

/** The executions that the book missed, and the orders that it has otherwise. */
const ofTheBook = ({ book }: Seen): readonly Break[] =>
  book.reconciled.breaks.filter((one) => isOpen(one) && one.lines[0]!.oursParty === 'book');

function evidenceOf({ explanation }: Break): string {
  const words = explanation.evidence.map(({ what, effect }) => {
    const kind = what.split(' ')[0];
    return `${kind} of ${number(effect)}`;
  });
  return words.join(', ') || 'none';
}

const investigate: Step = {
  name: 'investigate',
  command: 'trueup investigate --source sqlite:monitoring.db --venue bybit --own-orders bot-',
  says: "with the exchange's executions each of them is proven, to the last unit",
  async run(desk) {
    const seen = await desk.check();
    const { breaks } = seen.look.checked.reconciled;
    const proven = (symbol: string, effect: string): Expectation[] => {
      const one = breakOf(breaks, symbol);
      return [
        figure(symbol, 'FILL_MISSING, proven', standing(one)),
        figure(`${symbol} is explained by`, `execution of ${effect}`, evidenceOf(one)),
        figure(`${symbol}, what nothing explains`, '0', number(one.explanation.residual)),
      ];
    };
    const own = ofTheBook(seen).map(standing).sort();
    return [
      ...proven('HNTUSDT', '-0.12'),
      ...proven('SCAUSDT', '100.9'),
      ...proven('AGIUSDT', '1000'),
      figure(
        'of our own book',
        'FILL_MISSING, proven; ORDER_FOREIGN, proven; ORDER_FOREIGN, proven',
        own.join('; '),
      ),
    ];
  },
};

export const mismatchFindings: readonly Step[] = [whatIsHeld, check, investigate];
