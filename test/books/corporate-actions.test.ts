/** Splits, capital returned, new names. */
import { scenario } from './scenario.ts';

scenario(
  'B22 seven for one: seven times the units, the same cost',
  `
  account   USD
  fill      AAPL/USD  buy 10 @ 700
  split     AAPL/USD  7/1
  position  AAPL  70 @ 100 cost 7000 since 10
  balance   AAPL  70
  fill      AAPL/USD  sell 70 @ 110
  realised  700
`,
);

scenario(
  'B22 one for ten with cash in lieu: the fraction is sold at that price',
  `
  account   USD
  fill      X/USD  buy 105 @ 2
  split     X/USD  1/10 in-lieu 25
  position  X  10 @ 20 cost 200
  balance   USD  -197.5                      # -210 + 0.5 x 25
  realised  2.5                              # 12.5 - 10
`,
);

scenario(
  'B22 without cash in lieu the fraction stays',
  `
  account   USD
  fill      X/USD  buy 105 @ 2
  split     X/USD  1/10
  position  X  10.5 @ 20 cost 210
`,
);

scenario(
  'B22 B27 cash in lieu of all that is held ends the position',
  `
  account   USD
  fill      X/USD  buy 5 @ 2
  split     X/USD  1/10 in-lieu 25
  position  X  flat cost 0 since unknown
  since     X  realised 0
  lifetime  X  realised 2.5
`,
);

scenario(
  'B22 a short is split too, and pays in lieu',
  `
  account   USD
  fill      X/USD  sell 105 @ 2
  split     X/USD  1/10 in-lieu 25
  position  X  -10 @ 20 cost -200
  realised  -2.5
  balance   USD 197.5
`,
);

scenario(
  'B22 B3 lots: every quantity is rounded, the last lot takes the remainder',
  `
  account   USD fifo
  fill      X/USD  buy 1 @ 10
  fill      X/USD  buy 1 @ 20
  fill      X/USD  buy 1 @ 30
  split     X/USD  1/3
  lots      X  0.333333333333333333=10 0.333333333333333333=20 0.333333333333333334=30
  position  X  1 cost 60
`,
);

scenario(
  'B22 B6 what lots of unknown cost hold after a split is what they add up to',
  `
  account   USD fifo
  deposit   X  1
  deposit   X  1
  fill      X/USD  buy 1 @ 30
  split     X/USD  1/3
  position  X  1 unknown-quantity 0.666666666666666666
  withdrawal X 0.666666666666666666
  position  X  0.333333333333333334 cost 30 unknown-quantity 0
`,
);

scenario(
  'B22 a contract is split in each of its legs, and no other',
  `
  account   USDT average hedge
  fill      PEPE/USDT:USDT  long   buy  10 @ 8
  fill      PEPE/USDT:USDT  short  sell 4 @ 10
  fill      DOGE/USDT:USDT  long   buy  1 @ 1
  split     PEPE/USDT:USDT  1000/1
  position  PEPE/USDT:USDT  long   10000 @ 0.008 cost 80
  position  PEPE/USDT:USDT  short  -4000 @ 0.01 cost -40
  position  DOGE/USDT:USDT  long   1 @ 1
`,
);

scenario(
  'B22 B21 once only where all legs share the pool of their settlement coin',
  `
  account   USD average hedge
  fill      PEPE/USDT:USDT  long   buy  10 @ 8
  split     PEPE/USDT:USDT  2/1
  position  PEPE/USDT:USDT  long   20 @ 4 cost 80
`,
);

scenario(
  'B22 a split counts from its time on: a late fill before it is split as well',
  `
  account   USD
  fill      X/USD  buy 1 @ 10  at 30
  split     X/USD  2/1         at 20
  position  X  1 @ 10
  fill      X/USD  buy 1 @ 10  at 10
  position  X  3 @ 6.666666666666666667 cost 20
`,
);

scenario(
  'B23 capital returned lowers the cost and is no profit',
  `
  account   USD
  fill      X/USD  buy 10 @ 10
  return-of-capital X/USD 30
  position  X  10 @ 7 cost 70
  balance   USD -70
  realised  0
`,
);

scenario(
  'B23 more than the cost: the rest is realised',
  `
  account   USD
  fill      X/USD  buy 10 @ 10
  return-of-capital X/USD 130
  position  X  10 @ 0 cost 0 unknown-quantity 0
  balance   USD 30
  realised  30
  lifetime  X  realised 30
`,
);

scenario(
  'B23 a negative return raises the cost: a distribution that was reinvested',
  `
  account   USD
  fill      X/USD  buy 10 @ 10
  return-of-capital X/USD -30
  position  X  10 @ 13 cost 130
  realised  0
`,
);

scenario(
  'B23 a short pays capital back: what it sold for is less',
  `
  account   USD
  fill      X/USD  sell 10 @ 10
  return-of-capital X/USD -30
  position  X  -10 @ 7 cost -70
  balance   USD 70
  realised  0
  return-of-capital X/USD -80
  position  X  -10 cost 0
  realised  -10
`,
);

scenario(
  'B23 with nothing held all of it is realised, whichever way it goes',
  `
  account   USD
  fill      X/USD  buy 10 @ 10
  fill      X/USD  sell 10 @ 10
  return-of-capital X/USD 5
  position  X  flat cost 0
  realised  5
  return-of-capital X/USD -2
  position  X  flat cost 0
  realised  3
  since     X  realised 0
  lifetime  X  realised 3
`,
);

scenario(
  'B23 B6 beyond the known cost of a pool of unknown cost there is no profit to state',
  `
  account   USD
  deposit   X 10
  return-of-capital X/USD 5
  posting   realised 0
  posting   revaluation 5
  realised  unknown
  lifetime  X realised unknown
  balance   USD 5
`,
);

scenario(
  'B23 lots share it by what they cost, the last takes the remainder',
  `
  account   USD fifo
  fill      X/USD  buy 1 @ 10
  fill      X/USD  buy 1 @ 20
  return-of-capital X/USD 10
  lots      X  1=6.666666666666666667 1=13.333333333333333333
  position  X  2 cost 20
`,
);

scenario(
  'B23 lots that cost nothing share by quantity what is paid in',
  `
  account   USD fifo
  deposit   X 1 cost 0
  deposit   X 3 cost 0
  return-of-capital X/USD -8
  lots      X  1=2 3=6
  position  X  4 cost 8
`,
);

scenario(
  'B24 a new name keeps position, cost and history',
  `
  account   USD
  fill      FB/USD    buy 10 @ 10
  rename    FB/USD META/USD
  position  META 10 @ 10 since 10
  position  FB   absent
  fill      META/USD  sell 5 @ 12
  balance   META 5
  realised  10
`,
);

scenario(
  'B24 a new name may come with a ratio',
  `
  account   USD
  deposit   MATIC 100 cost 50
  rename    MATIC POL ratio 2/1
  balance   POL 200
  position  POL 200 @ 0.25
`,
);

scenario(
  'B24 a contract is renamed without its coin',
  `
  fill      LUNA/USDT       buy 5 @ 2
  fill      LUNA/USDT:USDT  buy 10 @ 8
  rename    LUNA/USDT:USDT LUNC/USDT:USDT ratio 1000/1
  position  LUNC/USDT:USDT  10000 @ 0.008
  position  LUNA  5 @ 2
  fill      LUNC/USDT:USDT  sell 10000 @ 0.009
  position  LUNC/USDT:USDT  flat
  realised  10
`,
);

scenario(
  'B24 names changed twice, and a fact of the first name that comes late',
  `
  account   USD
  fill      A/USD  buy 1 @ 10  at 20
  rename    A/USD B/USD        at 30
  rename    B/USD C/USD        at 40
  fill      C/USD  sell 1 @ 15 at 50
  position  C flat
  realised  5
  fill      A/USD  buy 1 @ 20  at 10
  position  C 1 @ 15
  realised  0
`,
);

scenario(
  'B22 B23 B25 what cannot happen to an instrument moves nothing',
  `
  account   USD
  deposit   USD 100
  fill      BTC/USD:USD  buy 1 @ 100
  fill      X/USD        buy 1 @ 10
  split     USD/CHF      2/1
  return-of-capital BTC/USD:USD 5
  delivery  X/USD        @ 5
  balance   USD 90
  position  BTC/USD:USD  1 @ 100 cost 100
  position  X 1 @ 10
`,
);

scenario(
  'B23 B6 lots of unknown cost take none of it',
  `
  account   USD fifo
  deposit   X 10
  return-of-capital X/USD -30
  position  X 10 unknown-quantity 10
  posting   revaluation -30
  posting   position 0
  realised  unknown
`,
);
