/** Derivatives: only profit, fees and funding move money; the open cost is a memo. */
import { scenario } from './scenario.ts';

scenario(
  'B8 a linear long: opened, increased, reduced, closed',
  `
  fill      BTC/USDT:USDT  buy   1 @ 100
  position  BTC/USDT:USDT  1 @ 100 cost 100 since 10
  balance   USDT 0                           # an open moves no money
  posting   position 0
  fill      BTC/USDT:USDT  buy   1 @ 120
  position  BTC/USDT:USDT  2 @ 110 cost 220
  fill      BTC/USDT:USDT  sell  0.5 @ 130
  position  BTC/USDT:USDT  1.5 @ 110 cost 165
  balance   USDT 10                          # (130 - 110) x 0.5
  fill      BTC/USDT:USDT  sell  1.5 @ 100
  position  BTC/USDT:USDT  flat @ unknown cost 0 since unknown
  balance   USDT -5                          # 10 + (100 - 110) x 1.5
  realised  -5
  posting   position 0
`,
);

scenario(
  'B8 a linear short: opened, increased, reduced, closed',
  `
  fill      BTC/USDT:USDT  sell  1 @ 100
  fill      BTC/USDT:USDT  sell  1 @ 120
  position  BTC/USDT:USDT  -2 @ 110 cost -220
  fill      BTC/USDT:USDT  buy   0.5 @ 130
  position  BTC/USDT:USDT  -1.5 @ 110
  balance   USDT -10                         # (110 - 130) x 0.5
  fill      BTC/USDT:USDT  buy   1.5 @ 100
  position  BTC/USDT:USDT  flat cost 0
  balance   USDT 5
`,
);

scenario(
  'B2 B8 a flip of a contract realises the closed part only',
  `
  fill      BTC/USDT:USDT  buy   1.0 @ 100   fee 0.10 USDT
  fill      BTC/USDT:USDT  sell  1.5 @ 110   fee 0.15 USDT
  position  BTC/USDT:USDT  net -0.5 @ 110 since 20
  realised  10                               # (110 - 100) x 1.0
  balance   USDT 9.75                        # 10 - 0.10 - 0.15
  since     BTC/USDT:USDT  realised 0 fees 0.05 USDT
  lifetime  BTC/USDT:USDT  realised 10 fees 0.25 USDT
  fill      BTC/USDT:USDT  buy   1.5 @ 100   fee 0.15 USDT
  position  BTC/USDT:USDT  1 @ 100 since 30
  realised  15                               # 10 + (110 - 100) x 0.5
`,
);

scenario(
  'B15 B27 a flip whose fee is not known yet begins a new position all the same',
  `
  fill      BTC/USDT:USDT  buy   1 @ 100
  fill      BTC/USDT:USDT  sell  2 @ 110   fee-unknown
  position  BTC/USDT:USDT  -1 @ 110 since 20
  since     BTC/USDT:USDT  realised 0 fees-unknown
  lifetime  BTC/USDT:USDT  realised 10 fees-unknown
  fill      BTC/USDT       buy   1 @ 100
  fill      BTC/USDT       sell  2 @ 110   fee-unknown
  since     BTC            realised 0 fees-unknown
  lifetime  BTC            realised 10 fees-unknown
`,
);

scenario(
  'B8 contracts count by their multiplier',
  `
  instrument  BTC/USDT:USDT multiplier 0.01
  fill      BTC/USDT:USDT  buy   100 @ 50000
  position  BTC/USDT:USDT  100 @ 50000 cost 50000  # 100 x 0.01 x 50000
  fill      BTC/USDT:USDT  sell  50 @ 51000
  realised  500                              # 1000 x 50 x 0.01
  mark      BTC/USDT:USDT  49000
  position  BTC/USDT:USDT  50 unrealised -500
  equity    0 cash 500 value -500
`,
);

scenario(
  'B9 an inverse long: basis in the base coin, harmonic average, realised in the base coin',
  `
  account   USD
  opening   BTC 1 cost 10000
  fill      BTC/USD:BTC  buy   10000 @ 10000     # 1 BTC
  fill      BTC/USD:BTC  buy   10000 @ 20000     # 0.5 BTC
  position  BTC/USD:BTC  20000 @ 13333.333333333333333333 cost 1.5
  mark      BTC/USD  25000 at 35
  fill      BTC/USD:BTC  sell  10000 @ 25000  at 40   # 0.4 BTC
  position  BTC/USD:BTC  10000 @ 13333.333333333333333333 cost 0.75
  lifetime  BTC/USD:BTC  realised 0.35           # 0.75 - 0.4
  balance   BTC  1.35
  position  BTC  1.35 cost 18750                 # 10000 + 0.35 x 25000
  realised  8750
`,
);

scenario(
  'B9 an inverse short, closed at a loss: coins leave at what they had cost',
  `
  account   USD
  opening   BTC 2 cost 20000
  fill      BTC/USD:BTC  sell  10000 @ 20000     # -0.5 BTC
  position  BTC/USD:BTC  -10000 @ 20000 cost -0.5
  fill      BTC/USD:BTC  buy   10000 @ 25000     # 0.4 BTC
  lifetime  BTC/USD:BTC  realised -0.1           # 0.4 - 0.5
  balance   BTC  1.9
  position  BTC  1.9 @ 10000 cost 19000
  realised  -1000                                # 0.1 BTC at its cost
`,
);

scenario(
  'B9 the value of an inverse fill is rounded half-even at 18 digits',
  `
  account   USD
  opening   BTC 1 cost 100
  fill      BTC/USD:BTC  buy   1 @ 3
  position  BTC/USD:BTC  1 @ 3.000000000000000003 cost 0.333333333333333333
  fill      BTC/USD:BTC  buy   2 @ 3
  position  BTC/USD:BTC  3 @ 3 cost 1            # 0.333333333333333333 + 0.666666666666666667
`,
);

scenario(
  'B9 B2 an inverse flip',
  `
  account   USD
  mark      BTC/USD  100 at 1
  fill      BTC/USD:BTC  buy   100 @ 100         # 1 BTC
  fill      BTC/USD:BTC  sell  300 @ 200         # closes 0.5, opens -1
  position  BTC/USD:BTC  -200 @ 200 cost -1 since 30
  lifetime  BTC/USD:BTC  realised 0.5
  balance   BTC  0.5
  position  BTC  0.5 cost 50
`,
);

scenario(
  'B11 a hedge leg never crosses zero: the excess is a gap',
  `
  account   USDT average hedge
  fill      BTC/USDT:USDT  long   buy   2 @ 100
  fill      BTC/USDT:USDT  short  sell  1 @ 110
  position  BTC/USDT:USDT  long   2 @ 100 gap 0
  position  BTC/USDT:USDT  short  -1 @ 110 gap 0
  fill      BTC/USDT:USDT  long   sell  3 @ 120
  position  BTC/USDT:USDT  long   flat gap -1
  realised  40                               # (120 - 100) x 2
  fill      BTC/USDT:USDT  short  buy   1.5 @ 100
  position  BTC/USDT:USDT  short  flat gap 0.5
  realised  50                               # 40 + (110 - 100) x 1
  fill      BTC/USDT:USDT  long   buy   1 @ 90
  position  BTC/USDT:USDT  long   1 @ 90 gap -1
`,
);

scenario(
  'B11 the missing fill of a hedge leg closes its gap when it comes late',
  `
  account   USDT average hedge
  fill      BTC/USDT:USDT  long   buy   2 @ 100  at 10
  fill      BTC/USDT:USDT  long   sell  3 @ 120  at 30
  position  BTC/USDT:USDT  long   flat gap -1
  fill      BTC/USDT:USDT  long   buy   1 @ 110  at 20
  position  BTC/USDT:USDT  long   flat gap 0
  realised  50                               # 360 - 310
`,
);

scenario(
  'B21 USDT is not USD: profit enters the coin at the rate in force',
  `
  account   USD
  mark      USDT/USD  0.99 at 1
  fill      BTC/USDT:USDT  buy   1 @ 100
  fill      BTC/USDT:USDT  sell  1 @ 150
  balance   USDT 50
  position  USDT 50 @ 0.99 cost 49.5
  realised  49.5
  lifetime  BTC/USDT:USDT  realised 50       # in USDT
  equity    49.5 cash 0 value 49.5
  rates     USDT 0.99 at 1
`,
);

scenario(
  'B21 losses leave the coin at what it had cost',
  `
  account   USD
  opening   USDT 1000 cost 1010
  mark      USDT/USD  0.99 at 1
  fill      BTC/USDT:USDT  buy   1 @ 150
  fill      BTC/USDT:USDT  sell  1 @ 100  fee 1 USDT
  balance   USDT 949
  posting   realised -50.5                   # 50 x 1.01
  posting   fees -1.01
  position  USDT 949 @ 1.01
`,
);

scenario(
  'B21 a loss without coins to pay it is owed at the rate in force',
  `
  account   USD
  mark      USDT/USD  0.98 at 1
  fill      BTC/USDT:USDT  sell  1 @ 100
  fill      BTC/USDT:USDT  buy   1 @ 150
  position  USDT -50 @ 0.98 cost -49
  realised  -49
  mark      USDT/USD  1 at 35
  deposit   USDT 80
  position  USDT 30 @ 1 cost 30
  realised  -50                              # the debt grew by a dollar
  posting   deposits 80
`,
);

scenario(
  'B21 B6 profit without a rate is coins of unknown cost, and no realised PnL',
  `
  account   USD
  fill      BTC/USDT:USDT  buy   1 @ 100
  fill      BTC/USDT:USDT  sell  1 @ 150
  balance   USDT 50
  position  USDT 50 @ unknown unknown-quantity 50
  realised  unknown
  lifetime  BTC/USDT:USDT  realised 50
  equity    unknown known 0 cash 0
  unpriced  USDT 50 no-mark
`,
);

scenario(
  'B25 a liquidation is a fill with that cause',
  `
  fill      BTC/USDT:USDT  buy   1 @ 100
  fill      BTC/USDT:USDT  sell  1 @ 60  cause liquidation  fee 1.2 USDT
  position  BTC/USDT:USDT  flat
  balance   USDT -41.2
  realised  -40
`,
);

scenario(
  'B25 a delivery closes every leg at the settlement price',
  `
  account   USDT average hedge
  fill      BTC/USDT:USDT-240628  long   buy   2 @ 100
  fill      BTC/USDT:USDT-240628  short  sell  1 @ 130
  fill      BTC/USDT:USDT         long   buy   1 @ 100
  delivery  BTC/USDT:USDT-240628  @ 120
  position  BTC/USDT:USDT-240628  long   flat since unknown
  position  BTC/USDT:USDT-240628  short  flat
  position  BTC/USDT:USDT         long   1 @ 100
  realised  50                               # 2 x 20 + 10
  balance   USDT 50
`,
);

scenario(
  'B25 a delivery finds hedge legs of an account that was never told to be hedged',
  `
  fill      BTC/USDT:USDT-240628  long   buy   2 @ 100
  delivery  BTC/USDT:USDT-240628  @ 120
  position  BTC/USDT:USDT-240628  long   flat
  realised  40
`,
);

scenario(
  'B25 an inverse contract is delivered in its coin',
  `
  account   USD
  opening   BTC 1 cost 100
  mark      BTC/USD  200 at 5
  fill      BTC/USD:BTC-240628  buy  100 @ 100   # 1 BTC
  delivery  BTC/USD:BTC-240628  @ 200            # 0.5 BTC
  lifetime  BTC/USD:BTC-240628  realised 0.5
  since     BTC/USD:BTC-240628  realised 0
  balance   BTC  1.5
  realised  100
`,
);

scenario(
  'B18 funding belongs to its contract and moves money of its own',
  `
  fill      BTC/USDT:USDT  buy   1 @ 100
  funding   USDT -0.12 of BTC/USDT:USDT
  funding   USDT  0.02 of BTC/USDT:USDT
  lifetime  BTC/USDT:USDT  funding -0.1 realised 0
  since     BTC/USDT:USDT  funding -0.1
  balance   USDT -0.1
  result    gross 0 fees 0 funding -0.1 net -0.1
  fill      BTC/USDT:USDT  sell  1 @ 100
  since     BTC/USDT:USDT  funding 0
  funding   USDT -0.05 of BTC/USDT:USDT
  since     BTC/USDT:USDT  funding 0         # it is flat
  lifetime  BTC/USDT:USDT  funding -0.15
`,
);

scenario(
  'B18 B21 funding in another coin than the settlement coin moves that coin, and no position',
  `
  account   USD
  opening   USDC 100 cost 100 , USDT 100 cost 100
  fill      BTC/USDT:USDT  buy   1 @ 100
  funding   USDC -1 of BTC/USDT:USDT
  balance   USDC 99
  balance   USDT 100
  lifetime  BTC/USDT:USDT  funding 0
  posting   funding -1
`,
);

scenario(
  'B26 an opened contract has its average price; without one its cost is unknown',
  `
  opening   BTC/USDT:USDT -5 @ 100 since -3600 , ETH/USDT:USDT 2 , USDT 1000
  position  BTC/USDT:USDT  -5 @ 100 cost -500 since -3600
  position  ETH/USDT:USDT  2 @ unknown cost unknown unknown-quantity 2 since 10
  balance   USDT 1000
  fill      BTC/USDT:USDT  buy   2 @ 90
  realised  20
  mark      BTC/USDT:USDT  95
  mark      ETH/USDT:USDT  10
  unpriced  ETH/USDT:USDT 2 unknown-cost
  equity    unknown known 1035               # 1020 + 3 x 5
  fill      ETH/USDT:USDT  sell  2 @ 12
  realised  unknown
  lifetime  ETH/USDT:USDT  realised unknown
`,
);
