/** Cost methods: which of the units held go first. */
import { scenario } from './scenario.ts';

scenario(
  'B10 average: every unit costs the same',
  `
  fill      BTC/USDT  buy   1 @ 100
  fill      BTC/USDT  buy   1 @ 300
  fill      BTC/USDT  buy   1 @ 200
  fill      BTC/USDT  sell  1.5 @ 250
  position  BTC  1.5 @ 200 cost 300
  realised  75                               # (250 - 200) x 1.5
  lots      BTC  none
`,
);

scenario(
  'B10 fifo: the oldest lot goes first',
  `
  account   USDT fifo
  fill      BTC/USDT  buy   1 @ 100
  fill      BTC/USDT  buy   1 @ 300
  fill      BTC/USDT  buy   1 @ 200
  fill      BTC/USDT  sell  1.5 @ 250
  lots      BTC  0.5=150 1=200
  position  BTC  1.5 @ 233.333333333333333333 cost 350
  realised  125                              # 375 - 100 - 150
`,
);

scenario(
  'B10 lifo: the newest lot goes first',
  `
  account   USDT lifo
  fill      BTC/USDT  buy   1 @ 100
  fill      BTC/USDT  buy   1 @ 300
  fill      BTC/USDT  buy   1 @ 200
  fill      BTC/USDT  sell  1.5 @ 250
  lots      BTC  1=100 0.5=150
  realised  25                               # 375 - 200 - 150
`,
);

scenario(
  'B10 hifo: the dearest lot goes first, the older of two equal ones',
  `
  account   USDT hifo
  fill      BTC/USDT  buy   1 @ 100
  fill      BTC/USDT  buy   1 @ 300
  fill      BTC/USDT  buy   2 @ 300
  fill      BTC/USDT  sell  1.5 @ 250
  lots      BTC  1=100 1.5=450
  realised  -75                              # 375 - 300 - 150
`,
);

scenario(
  'B10 fifo of a short: the oldest sale is bought back first',
  `
  account   USDT fifo
  fill      BTC/USDT  sell  1 @ 100
  fill      BTC/USDT  sell  1 @ 120
  fill      BTC/USDT  buy   1.5 @ 110
  lots      BTC  -0.5=-60
  position  BTC  -0.5 @ 120 cost -60
  realised  -5                               # (100 - 110) + (120 - 110) x 0.5
`,
);

scenario(
  'B10 lifo of a short',
  `
  account   USDT lifo
  fill      BTC/USDT  sell  1 @ 100
  fill      BTC/USDT  sell  1 @ 120
  fill      BTC/USDT  buy   1.5 @ 110
  lots      BTC  -0.5=-50
  realised  5                                # (120 - 110) + (100 - 110) x 0.5
`,
);

scenario(
  'B10 hifo of a short: the highest sale is bought back first',
  `
  account   USDT hifo
  fill      BTC/USDT  sell  1 @ 100
  fill      BTC/USDT  sell  1 @ 120
  fill      BTC/USDT  sell  1 @ 110
  fill      BTC/USDT  buy   1.5 @ 90
  lots      BTC  -1=-100 -0.5=-55
  realised  40                               # (120 - 90) + (110 - 90) x 0.5
`,
);

scenario(
  'B10 a flip empties the lots and opens one',
  `
  account   USDT fifo
  fill      BTC/USDT  buy   1 @ 100
  fill      BTC/USDT  buy   1 @ 120
  fill      BTC/USDT  sell  3 @ 150
  lots      BTC  -1=-150
  position  BTC  -1 @ 150 since 30
  realised  80                               # 300 - 220
`,
);

scenario(
  'B10 lots of a linear contract',
  `
  account   USDT fifo
  fill      BTC/USDT:USDT  buy   1 @ 100
  fill      BTC/USDT:USDT  buy   1 @ 120
  fill      BTC/USDT:USDT  sell  1.5 @ 130
  lots      BTC/USDT:USDT  0.5=60
  position  BTC/USDT:USDT  0.5 @ 120
  realised  35                               # 30 + 10 x 0.5
  balance   USDT 35
`,
);

scenario(
  'B10 lots of an inverse contract keep their cost in the base coin',
  `
  account   USD lifo
  opening   BTC 1 cost 100
  mark      BTC/USD  100 at 5
  fill      BTC/USD:BTC  buy   100 @ 100     # 1 BTC
  fill      BTC/USD:BTC  buy   100 @ 200     # 0.5 BTC
  fill      BTC/USD:BTC  sell  150 @ 250     # 0.6 BTC
  lots      BTC/USD:BTC  50=0.5
  lifetime  BTC/USD:BTC  realised 0.4        # 0.5 + 0.5 - 0.6
  balance   BTC  1.4
`,
);

scenario(
  'B3 B10 a part of a lot leaves at its share, the whole lot at all that is left of it',
  `
  account   USDT fifo
  fill      BTC/USDT  buy   3 @ 33.333333333333333333
  fill      BTC/USDT  buy   3 @ 0.000000000000000001
  fill      BTC/USDT  sell  1 @ 50
  lots      BTC  2=66.666666666666666666 3=0.000000000000000003
  fill      BTC/USDT  sell  4 @ 50
  lots      BTC  1=0.000000000000000001
  fill      BTC/USDT  sell  1 @ 50
  lots      BTC  none
  position  BTC  flat cost 0
`,
);

scenario(
  'B6 B10 with lots only the part of unknown cost has no profit',
  `
  account   USDT fifo
  deposit   BTC  1
  fill      BTC/USDT  buy   1 @ 100
  lots      BTC  1=unknown 1=100
  position  BTC  2 @ unknown cost unknown unknown-quantity 1
  fill      BTC/USDT  sell  1.5 @ 120
  lots      BTC  0.5=50
  position  BTC  0.5 @ 100 unknown-quantity 0
  posting   realised 10                      # (120 - 100) x 0.5
  posting   revaluation 120                  # 120 x 1
  realised  unknown
  fill      BTC/USDT  sell  0.5 @ 120
  posting   realised 20
  realised  unknown
`,
);

scenario(
  'B6 B10 hifo takes lots of unknown cost last',
  `
  account   USDT hifo
  deposit   BTC  1
  fill      BTC/USDT  buy   1 @ 1
  fill      BTC/USDT  sell  1 @ 120
  lots      BTC  1=unknown
  realised  119
`,
);

scenario(
  'B26 lots of an opening are in the order of their age, however they are listed',
  `
  account   USDT fifo
  opening   BTC 5 lots 1=300@-10;1=7@-10;2=200@-20;1=9
  lots      BTC  2=200 1=300 1=7 1=9
  position  BTC  5 cost 516 since -20
  fill      BTC/USDT  sell  1 @ 150
  lots      BTC  1=100 1=300 1=7 1=9
  realised  50
`,
);

scenario(
  'B26 lots of an opened contract, long and short',
  `
  account   USDT fifo
  opening   BTC/USDT:USDT 3 lots 2=200@-20;1=300@-10 , ETH/USDT:USDT -2 lots -1=-10;-1=-20
  lots      BTC/USDT:USDT  2=200 1=300
  lots      ETH/USDT:USDT  -1=-10 -1=-20
  position  BTC/USDT:USDT  3 since -20
  fill      ETH/USDT:USDT  buy  1 @ 5
  realised  5
`,
);

scenario(
  'B6 B10 all lots sold at once: profit of the known ones only',
  `
  account   USDT fifo
  deposit   BTC  1
  fill      BTC/USDT  buy   1 @ 100
  fill      BTC/USDT  sell  2 @ 120
  position  BTC  flat cost 0 unknown-quantity 0
  posting   realised 20
  posting   revaluation 120
  realised  unknown
`,
);
