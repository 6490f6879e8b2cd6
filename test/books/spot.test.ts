/** Spot: one pool per coin, four cases of a fill, cost in the reporting currency. */
import { scenario } from './scenario.ts';

scenario(
  'B2 a buy opens, another increases, at the average of both',
  `
  fill      BTC/USDT  buy  1 @ 100
  position  BTC  1 @ 100 cost 100 since 10
  fill      BTC/USDT  buy  3 @ 120
  position  BTC  4 @ 115 cost 460 since 10   # (100 + 3 x 120) / 4
  balance   BTC  4
  balance   USDT -460
  posting   cash -460
  posting   position 460
  realised  0
`,
);

scenario(
  'B2 a reduction leaves the average of what remains',
  `
  fill      BTC/USDT  buy   4 @ 115
  fill      BTC/USDT  sell  1 @ 135
  position  BTC  3 @ 115 cost 345 since 10
  realised  20                               # (135 - 115) x 1
  posting   cash -325                        # -460 + 135
  posting   position 345
  fill      BTC/USDT  sell  2 @ 100
  position  BTC  1 @ 115 cost 115 since 10
  realised  -10                              # 20 + (100 - 115) x 2
`,
);

scenario(
  'B2 B27 a close realises all, and the next position begins anew',
  `
  fill      BTC/USDT  buy   2 @ 100
  fill      BTC/USDT  sell  2 @ 90   fee 0.18 USDT
  position  BTC  flat @ unknown cost 0 since unknown
  realised  -20                              # (90 - 100) x 2
  balance   USDT -20.18                      # -200 + 180 - 0.18
  since     BTC  realised 0 fees-none
  lifetime  BTC  realised -20 fees 0.18 USDT
  fill      BTC/USDT  buy   1 @ 95   fee 0.1 USDT
  position  BTC  1 @ 95 since 30
  since     BTC  realised 0 fees 0.1 USDT
  lifetime  BTC  realised -20 fees 0.28 USDT
`,
);

scenario(
  'B2 B27 a flip is a close, then an open of the remainder, and its fee is split by quantity',
  `
  fill      BTC/USDT  buy   1 @ 100   fee 0.1 USDT
  fill      BTC/USDT  sell  3 @ 110   fee 0.3 USDT
  position  BTC  -2 @ 110 cost -220 since 20
  realised  10                               # (110 - 100) x 1
  posting   cash 229.6                       # -100 + 330 - 0.4
  posting   position -220
  since     BTC  realised 0 fees 0.2 USDT    # two thirds of the flip's fee
  lifetime  BTC  realised 10 fees 0.4 USDT
`,
);

scenario(
  'B16 the second part of a split fee is what the first leaves, to the last digit',
  `
  fill      BTC/USDT  buy   1 @ 100
  fill      BTC/USDT  sell  3 @ 110   fee 0.1 USDT
  since     BTC  fees 0.066666666666666667 USDT   # 0.1 - 0.033333333333333333
  lifetime  BTC  fees 0.1 USDT
`,
);

scenario(
  'B2 the four cases of a short: opened, increased, reduced, flipped',
  `
  fill      BTC/USDT  sell  1 @ 100
  position  BTC  -1 @ 100 cost -100
  posting   cash 100
  posting   position -100
  fill      BTC/USDT  sell  1 @ 120
  position  BTC  -2 @ 110 cost -220
  fill      BTC/USDT  buy   1 @ 105
  position  BTC  -1 @ 110 cost -110 since 10
  realised  5                                # (110 - 105) x 1
  fill      BTC/USDT  buy   1.5 @ 130
  position  BTC  0.5 @ 130 cost 65 since 40
  realised  -15                              # 5 + (110 - 130) x 1
  posting   cash -80                         # 220 - 105 - 195
`,
);

scenario(
  'B2 B3 a short bought back to the last unit is flat and has no cost',
  `
  fill      BTC/USDT  sell  3 @ 100
  fill      BTC/USDT  buy   1 @ 90
  fill      BTC/USDT  buy   2 @ 105
  position  BTC  flat cost 0
  realised  0                                # 10 - 5 x 2
  posting   position 0
  posting   cash 0                           # 300 - 90 - 210
`,
);

scenario(
  'B3 cost removed is rounded half-even at 18 digits, and a close takes what is left',
  `
  fill      BTC/USDT  buy   3 @ 33.333333333333333333
  fill      BTC/USDT  sell  1 @ 40
  position  BTC  2 @ 33.333333333333333333 cost 66.666666666666666666
  fill      BTC/USDT  buy   1 @ 0.000000000000000001
  # cost 66.666666666666666667; a third is 22.222222222222222222|33
  fill      BTC/USDT  sell  1 @ 30
  position  BTC  2 cost 44.444444444444444445
  fill      BTC/USDT  sell  2 @ 30
  position  BTC  flat cost 0
  posting   position 0
  # 40 + 30 + 60 - 99.999999999999999999 - 0.000000000000000001
  realised  30
`,
);

scenario(
  'B3 a half is rounded to the even digit, up and down',
  `
  fill      A/USDT  buy   2 @ 0.0000000000000000005   id a1
  fill      B/USDT  buy   2 @ 0.0000000000000000015
  position  A  2 cost 0.000000000000000001
  fill      A/USDT  sell  1 @ 1      # half of 1e-18 is 0.5e-18, to even: 0
  position  A  1 cost 0.000000000000000001
  fill      B/USDT  sell  1 @ 1      # half of 3e-18 is 1.5e-18, to even: 2e-18
  position  B  1 cost 0.000000000000000001
`,
);

scenario(
  'B3 what a flip opens has its exact cost, of more than 18 digits too',
  `
  fill      BTC/USDT  buy   0.000000000000000001 @ 100
  fill      BTC/USDT  sell  1.000000000000000001 @ 0.333333333333333333
  position  BTC  -1 @ 0.333333333333333333 cost -0.333333333333333333
  # 1e-18 x 0.333333333333333333 - 1e-18 x 100
  realised  -0.000000000000000099666666666666666667
`,
);

scenario(
  'B4 two pairs of one coin share its pool',
  `
  account   USD
  fill      BTC/USD   buy   1 @ 100
  mark      USDC/USD  1
  fill      USDC/USD  buy   500 @ 1
  fill      BTC/USDC  buy   1 @ 120
  position  BTC  2 @ 110 cost 220            # 100 + 120 x 1
  balance   BTC  2
  balance   USDC 380                         # 500 - 120
  balance   USD  -600                        # -100 - 500
  fill      BTC/USD   sell  1 @ 130
  position  BTC  1 @ 110
  realised  20
`,
);

scenario(
  'B5 ETH bought for BTC disposes of BTC and acquires ETH at the converted notional',
  `
  fill      BTC/USDT  buy   1 @ 50000
  mark      BTC/USDT  60000
  fill      ETH/BTC   buy   10 @ 0.05
  position  BTC  0.5 @ 50000 cost 25000      # half of the pool leaves at its cost
  position  ETH  10 @ 3000 cost 30000        # 10 x 0.05 x 60000
  realised  5000                             # 30000 - 25000
  lifetime  BTC  realised 5000
  lifetime  ETH  realised 0
  posting   cash -50000
  posting   position 55000
`,
);

scenario(
  'B5 ETH sold for BTC disposes of ETH and acquires BTC at the converted notional',
  `
  fill      ETH/USDT  buy   10 @ 2000
  mark      BTC/USDT  60000
  fill      ETH/BTC   sell  5 @ 0.04
  position  ETH  5 @ 2000 cost 10000
  position  BTC  0.2 @ 60000 cost 12000      # 5 x 0.04 x 60000
  realised  2000                             # 12000 - 10000
  lifetime  ETH  realised 2000
`,
);

scenario(
  'B5 B27 a pool emptied by the other side of a trade begins anew',
  `
  fill      BTC/USDT  buy   1 @ 50000
  mark      BTC/USDT  60000
  fill      ETH/BTC   buy   10 @ 0.1
  position  BTC  flat cost 0 since unknown
  since     BTC  realised 0
  lifetime  BTC  realised 10000              # 60000 - 50000
  fill      BTC/USDT  buy   1 @ 61000
  since     BTC  realised 0
  lifetime  BTC  realised 10000
`,
);

scenario(
  'B5 without BTC to give, the quote coin goes short at the converted notional',
  `
  mark      BTC/USDT  60000
  fill      ETH/BTC   buy   10 @ 0.05
  position  BTC  -0.5 @ 60000 cost -30000
  position  ETH  10 @ 3000
  realised  0
  posting   position 0
`,
);

scenario(
  'B6 without a rate the cost is unknown, the quantity is named, and no profit is made up',
  `
  fill      BTC/USDT  buy   1 @ 50000
  fill      ETH/BTC   buy   10 @ 0.05
  position  ETH  10 @ unknown cost unknown unknown-quantity 10
  position  BTC  0.5 @ 50000 cost 25000
  realised  unknown
  result    gross unknown fees 0 funding 0 net unknown
  lifetime  BTC  realised unknown
  posting   realised 0
  posting   revaluation -25000               # the cost of the BTC that left, for who knows what
  fill      ETH/USDT  sell  10 @ 3000
  position  ETH  flat cost 0 unknown-quantity 0
  lifetime  ETH  realised unknown
  posting   revaluation 5000                 # 30000 - 25000
  posting   realised 0
  incomplete  realised
`,
);

scenario(
  'B6 a pool that mixes known and unknown cost has no average until it is flat',
  `
  deposit   BTC  1
  fill      BTC/USDT  buy   1 @ 100
  position  BTC  2 @ unknown cost unknown unknown-quantity 1
  fill      BTC/USDT  sell  1.5 @ 120
  position  BTC  0.5 @ unknown unknown-quantity 0.5
  realised  unknown
  posting   realised 0
  posting   revaluation 180
  posting   position 100
  fill      BTC/USDT  sell  0.5 @ 120
  position  BTC  flat cost 0 unknown-quantity 0
  posting   position 0
  posting   revaluation 140                  # 240 - 100
  fill      BTC/USDT  buy   1 @ 130
  position  BTC  1 @ 130 unknown-quantity 0
`,
);

scenario(
  'B6 a short whose proceeds are unknown is bought back without a profit',
  `
  fill      ETH/BTC   sell  10 @ 0.05
  position  ETH  -10 @ unknown unknown-quantity -10
  position  BTC  0.5 @ unknown unknown-quantity 0.5
  fill      ETH/USDT  buy   10 @ 3000
  position  ETH  flat cost 0
  posting   realised 0
  posting   revaluation -30000
  realised  unknown
`,
);

scenario(
  'B7 a base that is the reporting currency is cash: the quote coin is the position',
  `
  account   USD
  fill      USD/CHF  buy   1000 @ 0.9        # buys 1000 USD with 900 CHF
  position  CHF  -900 @ 1.111111111111111111 cost -1000
  balance   USD  1000
  fill      USD/CHF  sell  500 @ 0.9         # sells 500 USD for 450 CHF
  position  CHF  -450 @ 1.111111111111111111 cost -500
  realised  0
  fill      USD/CHF  sell  600 @ 0.75        # 450 CHF for 600 USD
  position  CHF  flat cost 0
  realised  -100                             # owed 500, paid 600
  balance   USD  -100
`,
);

scenario(
  'B7 a flip of a pair whose base is the reporting currency splits its worth by quantity',
  `
  account   USD
  fill      USD/CHF  buy   500 @ 0.9         # -450 CHF
  fill      USD/CHF  sell  1500 @ 0.8        # +1200 CHF for 1500 USD
  position  CHF  750 cost 937.5              # 1500 x 750 / 1200
  realised  -62.5                            # 500 - 1500 x 450 / 1200
  balance   USD  -1000
`,
);

scenario(
  'B7 fees of such a pair: in USD from cash, in CHF from the pool',
  `
  account   USD
  fill      USD/CHF  sell  1000 @ 0.9  fee 1 USD
  balance   USD  -1001
  position  CHF  900 cost 1000
  posting   fees -1
  fill      USD/CHF  sell  1000 @ 0.9  fee 9 CHF
  balance   CHF  1791
  posting   fees -11                         # 1 + 9 x 2000 / 1800
  position  CHF  1791 cost 1990
  lifetime  CHF  fees 1 USD fees 9 CHF
`,
);

scenario(
  'B7 CHF/USD with reporting USD is a coin like any other',
  `
  account   USD
  fill      CHF/USD  buy   1000 @ 1.1
  position  CHF  1000 @ 1.1
  balance   USD  -1100
  fill      CHF/USD  sell  1000 @ 1.2
  realised  100
`,
);

scenario(
  'B6 a mixed pool sold at once has no realised PnL either',
  `
  deposit   BTC  1
  fill      BTC/USDT  buy   1 @ 100
  fill      BTC/USDT  sell  2 @ 120
  position  BTC  flat cost 0 unknown-quantity 0
  posting   realised 0
  posting   revaluation 140                  # 240 - 100
  lifetime  BTC  realised unknown
`,
);

scenario(
  'B27 what a reduction costs belongs to the position that goes on',
  `
  fill      BTC/USDT  buy   2 @ 100  fee 0.2 USDT
  fill      BTC/USDT  sell  1 @ 110  fee 0.1 USDT
  since     BTC  realised 10 fees 0.3 USDT
  lifetime  BTC  realised 10 fees 0.3 USDT
`,
);
