/**
 * `node bench/causes/main.ts [--cases N] [--seed S] [--clean FILLS] [--faults N]`: the labelled
 * benchmark of causes. N cases of each class alone, as many pairs as singles, each a second time
 * without its evidence; then accounts in which all is well.
 */
import { parseArgs } from 'node:util';
import { Random } from '../../test/decimal/random.ts';
import { amountAndDate, balanceDifference } from './baselines.ts';
import { type Case, caseOf, mixable, plants } from './cases.ts';
import { cleanAccounts } from './clean.ts';
import { productOn, type Verdict } from './product.ts';
import { Tally, tableOf } from './table.ts';

type Tool = (one: Case) => Verdict;

const tools: Readonly<Record<string, Tool>> = {
  Trueup: ({ world, told, live }) => productOn(world, told.statement, live),
  'balance difference': ({ world, told: { statement } }) => balanceDifference(world, statement),
  'amount and date': ({ world, told: { statement } }) => amountAndDate(world, statement),
};

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    clean: { type: 'string', default: '200000' },
    faults: { type: 'string', default: '10' },
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

function* singles(shown: Case['shown'], { cases, seed }: Options): Generator<Case> {
  for (const name of Object.keys(plants)) {
    let found = 0;
    for (let index = 0; index < cases * triesEach && found < cases; index++) {
      const one = caseOf(seed * 1_000_003 + index, [name], hiddenAs(shown, index));
      if (one === null) continue;
      found += 1;
      yield one;
    }
  }
}

function* pairs(shown: Case['shown'], { cases, seed }: Options): Generator<Case> {
  const names = Object.keys(mixable);
  const wanted = cases * names.length;
  let found = 0;
  for (let index = 0; index < wanted * triesEach && found < wanted; index++) {
    const random = new Random(seed * 7_919 + index);
    const classes = [random.pick(names), random.pick(names)];
    if (classes[0] === classes[1]) continue;
    const one = caseOf(seed * 2_000_003 + index, classes, hiddenAs(shown, index));
    if (one === null) continue;
    found += 1;
    yield one;
  }
}

/** Half of what is hidden are lists that are gone, half lists that were cut. */
const hiddenAs = (shown: Case['shown'], index: number): Case['shown'] =>
  shown === 'all' ? 'all' : index % 2 === 0 ? 'absent' : 'cut';

function run(title: string, cases: Iterable<Case>, faults: number): boolean {
  const rows = new Map(Object.keys(tools).map((name) => [name, new Tally()]));
  let count = 0;
  for (const one of cases) {
    count += 1;
    for (const [name, tool] of Object.entries(tools)) rows.get(name)!.add(one, tool(one));
  }
  console.log(`\n### ${title}: ${count.toLocaleString('en')} cases\n\n${tableOf(rows)}`);
  const product = rows.get('Trueup')!;
  if (faults > 0 && product.faults.length > 0) {
    console.log(`\n${product.faults.length} of them wrong:`);
    for (const fault of product.faults.slice(0, faults)) console.log(`- ${fault}`);
  }
  return product.wrongProven === 0 && product.recall.hits === product.recall.of;
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
  const { faults } = options;
  const held = [
    run('One cause, all evidence', singles('all', options), faults),
    run('One cause, evidence removed', singles('absent', options), faults),
    run('Two causes, all evidence', pairs('all', options), faults),
    run('Two causes, evidence removed', pairs('absent', options), faults),
  ];
  const clean = cleanAccounts(options.seed, options.clean);
  console.log(`\n${clean.text}`);
  console.log(`\n${((performance.now() - start) / 1000).toFixed(0)} seconds`);
  process.exitCode = held.every(Boolean) && clean.falseBreaks === 0 ? 0 : 1;
}
