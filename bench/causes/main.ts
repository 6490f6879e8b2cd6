/**
 * `node bench/causes/main.ts [--cases N] [--seed S] [--clean FILLS] [--faults N]
 * [--corpus books|rows|totals]`: the labelled benchmark of causes. N cases of each class alone, as
 * many pairs as singles, each a second time without its evidence; then accounts in which all is
 * well.
 */
import { parseArgs } from 'node:util';
import { Random } from '../../test/decimal/random.ts';
import { amountAndDate, balanceDifference } from './baselines.ts';
import { type Case, caseOf, mixable, plants } from './cases.ts';
import { cleanAccounts } from './clean.ts';
import { productOn } from './product.ts';
import { type RowCase, rowCaseOf } from './rows/cases.ts';
import { plantsOfRows } from './rows/plants.ts';
import { productOnRows, sizeAndDate, sizeDifference } from './rows/tools.ts';
import { Tally, tableOf } from './table.ts';
import type { Shown } from './told.ts';
import { plantsOfTotals, type TotalCase, totalCaseOf } from './totals/cases.ts';
import { productOnTotals, recordAndDate, sumDifference } from './totals/tools.ts';
import type { Scored, Verdict } from './verdict.ts';

/** A kind of cases: how they are made, and what judges them. */
interface Corpus<T extends Scored> {
  readonly what: string;
  readonly classes: readonly string[];
  /** Those that can come together. */
  readonly mixable: readonly string[];
  caseOf(seed: number, classes: readonly string[], shown: Shown): T | null;
  readonly tools: Readonly<Record<string, (one: T) => Verdict>>;
}

const books: Corpus<Case> = {
  ...{ what: 'Books', classes: Object.keys(plants), mixable: Object.keys(mixable), caseOf },
  tools: {
    Trueup: ({ world, told, live }) => productOn(world, told.statement, live),
    'balance difference': ({ world, told: { statement } }) => balanceDifference(world, statement),
    'amount and date': ({ world, told: { statement } }) => amountAndDate(world, statement),
  },
};

const rows: Corpus<RowCase> = {
  ...{ what: 'Rows of a bot', classes: Object.keys(plantsOfRows), caseOf: rowCaseOf },
  mixable: Object.keys(plantsOfRows),
  tools: {
    Trueup: productOnRows,
    'difference of sizes': sizeDifference,
    'size and date': sizeAndDate,
  },
};

const totals: Corpus<TotalCase> = {
  ...{ what: 'Stored totals', classes: Object.keys(plantsOfTotals), caseOf: totalCaseOf },
  mixable: Object.keys(plantsOfTotals),
  tools: {
    Trueup: productOnTotals,
    'difference of sums': sumDifference,
    'amount and date': recordAndDate,
  },
};

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    clean: { type: 'string', default: '200000' },
    faults: { type: 'string', default: '10' },
    corpus: { type: 'string', default: '' },
  },
});

interface Options {
  readonly cases: number;
  readonly seed: number;
  readonly clean: number;
  readonly faults: number;
}

/** Worlds that have no place for a class are passed over. */
const triesEach = 60;

function* singles<T extends Scored>(
  { classes, caseOf: make }: Corpus<T>,
  shown: Shown,
  { cases, seed }: Options,
): Generator<T> {
  for (const name of classes) {
    let found = 0;
    for (let index = 0; index < cases * triesEach && found < cases; index++) {
      const one = make(seed * 1_000_003 + index, [name], hiddenAs(shown, index));
      if (one === null) continue;
      found += 1;
      yield one;
    }
  }
}

function* pairs<T extends Scored>(
  { mixable: names, caseOf: make }: Corpus<T>,
  shown: Shown,
  { cases, seed }: Options,
): Generator<T> {
  const wanted = cases * names.length;
  let found = 0;
  for (let index = 0; index < wanted * triesEach && found < wanted; index++) {
    const random = new Random(seed * 7_919 + index);
    const both = [random.pick(names), random.pick(names)];
    if (both[0] === both[1]) continue;
    const one = make(seed * 2_000_003 + index, both, hiddenAs(shown, index));
    if (one === null) continue;
    found += 1;
    yield one;
  }
}

/** Half of what is hidden are lists that are gone, half lists that were cut. */
const hiddenAs = (shown: Shown, index: number): Shown =>
  shown === 'all' ? 'all' : index % 2 === 0 ? 'absent' : 'cut';

function run<T extends Scored>(
  title: string,
  { what, tools }: Corpus<T>,
  cases: Iterable<T>,
  faults: number,
): boolean {
  const tallies = new Map(Object.keys(tools).map((name) => [name, new Tally()]));
  let count = 0;
  for (const one of cases) {
    count += 1;
    for (const [name, tool] of Object.entries(tools)) tallies.get(name)!.add(one, tool(one));
  }
  const many = `${count.toLocaleString('en')} cases`;
  console.log(`\n### ${what}: ${title}: ${many}\n\n${tableOf(tallies)}`);
  const product = tallies.get('Trueup')!;
  if (faults > 0 && product.faults.length > 0) {
    console.log(`\n${product.faults.length} of them wrong:`);
    for (const fault of product.faults.slice(0, faults)) console.log(`- ${fault}`);
  }
  return product.wrongProven === 0 && product.recall.hits === product.recall.of;
}

const clean: readonly Shown[] = ['all', 'all', 'absent', 'cut'];

/** Accounts of a corpus without a plant: whatever is said of them is false. */
function runClean<T extends Scored>(corpus: Corpus<T>, { cases, seed }: Options): boolean {
  let falseBreaks = 0;
  const count = cases * corpus.classes.length;
  for (let index = 0; index < count; index++) {
    const one = corpus.caseOf(seed * 3_000_017 + index, [], clean[index % clean.length]!);
    if (one !== null) falseBreaks += corpus.tools['Trueup']!(one).breaks;
  }
  const accounts = count.toLocaleString('en');
  console.log(`\n${corpus.what}, clean: ${accounts} accounts, ${falseBreaks} false breaks`);
  return falseBreaks === 0;
}

function runAll<T extends Scored>(corpus: Corpus<T>, options: Options): boolean {
  const { faults } = options;
  return [
    run('one cause, all evidence', corpus, singles(corpus, 'all', options), faults),
    run('one cause, evidence removed', corpus, singles(corpus, 'absent', options), faults),
    run('two causes, all evidence', corpus, pairs(corpus, 'all', options), faults),
    run('two causes, evidence removed', corpus, pairs(corpus, 'absent', options), faults),
  ].every(Boolean);
}

const options: Options = {
  ...{ cases: Number(values.cases), seed: Number(values.seed) },
  ...{ clean: Number(values.clean), faults: Number(values.faults) },
};
if (!Object.values(options).every((value) => Number.isSafeInteger(value) && value >= 0)) {
  console.error('--cases, --seed, --clean and --faults are whole numbers');
  process.exitCode = 2;
} else {
  const start = performance.now();
  const wanted = values.corpus;
  const held = [
    ...(wanted === '' || wanted === 'books' ? [runAll(books, options)] : []),
    ...(wanted === '' || wanted === 'rows' ? [runAll(rows, options), runClean(rows, options)] : []),
    ...(wanted === '' || wanted === 'totals'
      ? [runAll(totals, options), runClean(totals, options)]
      : []),
  ];
  const ofBooks = cleanAccounts(options.seed, options.clean);
  console.log(`\n${ofBooks.text}`);
  console.log(`\n${((performance.now() - start) / 1000).toFixed(0)} seconds`);
  process.exitCode = held.every(Boolean) && ofBooks.falseBreaks === 0 ? 0 : 1;
}
