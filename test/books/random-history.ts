/** Random tables in the language of scenarios: what fast-check prints can be run as one. */
import fc from 'fast-check';

const amount = fc
  .tuple(fc.integer({ min: 1, max: 99_999 }), fc.constantFrom(0, 1, 3, 8))
  .map(([n, digits]) => {
    const text = String(n).padStart(digits + 1, '0');
    const at = text.length - digits;
    return digits === 0 ? text : `${text.slice(0, at)}.${text.slice(at)}`;
  });

const signed = fc.tuple(fc.constantFrom('', '-'), amount).map((parts) => parts.join(''));
const coin = fc.constantFrom('USDT', 'BTC', 'ETH', 'BNB');
const spot = fc.constantFrom('BTC/USDT', 'ETH/USDT', 'BNB/USDT', 'ETH/BTC', 'USDT/BTC');
const contract = fc.constantFrom(
  ...['BTC/USDT:USDT', 'BTC/USDT:USDT long', 'BTC/USDT:USDT short', 'ETH/USDT:USDT'],
  ...['BTC/USD:BTC', 'BTC/USDT:USDT-240628'],
);
const side = fc.constantFrom('buy', 'sell');
const tinyFee = fc.tuple(
  fc.constantFrom('0.0', '-0.00', '0.1', '3'),
  fc.integer({ max: 99, min: 1 }),
);
const fee = fc.oneof(
  fc.constant(''),
  fc.constant('fee-unknown'),
  fc.tuple(tinyFee, coin).map(([[head, tail], name]) => `fee ${head}${tail} ${name}`),
  fc
    .tuple(tinyFee, coin, tinyFee, coin)
    .map(([[a, b], one, [c, d], two]) => `fee ${a}${b} ${one} fee ${c}${d} ${two}`),
);
const at = fc.integer({ min: 1, max: 60 }).map((second) => `at ${second}`);

const line = (...parts: readonly (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> =>
  fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((words) => words.filter((word) => word !== '').join(' '));

const optional = (arbitrary: fc.Arbitrary<string>) => fc.oneof(fc.constant(''), arbitrary);

const spotFill = line('fill', spot, side, amount, '@', amount, fee, at);
const contractFill = line('fill', contract, side, amount, '@', amount, fee, at);
const plainFlow = line(fc.constantFrom('fee', 'tax', 'interest', 'adjustment'), coin, signed, at);
const flow = fc.oneof(
  line('deposit', coin, amount, optional(line('cost', amount)), at),
  line('withdrawal', coin, amount, optional(line('fee', amount, coin)), at),
  line('transfer', coin, signed, at),
  line('funding', coin, signed, optional(line('of', contract)), at),
  plainFlow,
);
const action = fc.oneof(
  line(
    'split',
    fc.oneof(
      spot,
      contract.map((name) => name.split(' ')[0]!),
    ),
    ratio(),
    at,
  ),
  line('split', fc.constantFrom('BTC/USDT', 'ETH/USDT'), ratio(), 'in-lieu', amount, at),
  line('return-of-capital', fc.constantFrom('BTC/USDT', 'ETH/USDT'), signed, at),
  line('delivery BTC/USDT:USDT-240628 @', amount, at),
);
const marked = fc.constantFrom(
  ...['BTC/USDT', 'ETH/USDT', 'BNB/USDT', 'USDT/USD', 'BTC/USD', 'ETH/USD', 'BNB/USD'],
  ...['BTC/USDT:USDT', 'ETH/USDT:USDT', 'BTC/USD:BTC', 'BTC/USDT:USDT-240628'],
);
const mark = line('mark', marked, amount, at);
const change = line(
  fc.constantFrom('bust', 'restore', 'price', 'quantity', 'fee', 'time'),
  fc.nat({ max: 999 }).map(String),
  amount,
  coin,
);

function ratio(): fc.Arbitrary<string> {
  return fc.constantFrom('2/1', '1/3', '7/1', '1/10');
}

const account = line(
  'account',
  fc.constantFrom('USDT', 'USD'),
  fc.constantFrom('average', 'fifo', 'lifo', 'hifo'),
  fc.constantFrom('', 'fees-in-cost'),
  fc.constantFrom('', 'hedge'),
);

interface Weights {
  readonly minLength: number;
  readonly maxLength: number;
}

/** A table of facts of all kinds, in any order of time, with busts, corrections and stops. */
export const randomHistory = ({ minLength, maxLength }: Weights): fc.Arbitrary<string> =>
  fc
    .tuple(
      account,
      fc.array(
        fc.oneof(
          { weight: 8, arbitrary: spotFill },
          { weight: 6, arbitrary: contractFill },
          { weight: 3, arbitrary: flow },
          { weight: 1, arbitrary: action },
          { weight: 3, arbitrary: mark },
          { weight: 3, arbitrary: change },
        ),
        { minLength, maxLength },
      ),
    )
    .map(([head, lines]) => [head, ...resolved(lines)].join('\n'));

/** Changes are given fills that exist and are in force, or, to restore, that are not. */
function resolved(lines: readonly string[]): readonly string[] {
  const live: string[] = [];
  const busted: string[] = [];
  const result: string[] = [];
  let count = 0;
  for (const text of lines) {
    const [kind, which, value, name] = text.split(' ');
    const pool = kind === 'restore' ? busted : live;
    const index = pool.length === 0 ? -1 : Number(which) % pool.length;
    const isChange = ['bust', 'restore', 'price', 'quantity', 'time'].includes(kind!);
    if (isChange || (kind === 'fee' && /^\d+$/.test(which!))) {
      if (index < 0) continue;
      const [id] = kind === 'bust' || kind === 'restore' ? pool.splice(index, 1) : [pool[index]!];
      if (kind === 'bust') busted.push(id!);
      if (kind === 'restore') live.push(id!);
      const changes: Record<string, string> = {
        price: `price ${value}`,
        quantity: `quantity ${value}`,
        fee: `fee ${value} ${name}`,
        time: `time ${Number(which) % 60}`,
      };
      result.push(kind! in changes ? `correct ${id} ${changes[kind!]}` : `${kind} ${id}`);
    } else {
      count += 1;
      if (kind === 'fill') live.push(`f${count}`);
      result.push(kind === 'mark' ? text : `${text} id f${count}`);
    }
  }
  return result;
}
