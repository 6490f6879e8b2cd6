/** Fees: in quote, in base, in a third coin, late, several, negative, or inside the cost. */
import { scenario } from './scenario.ts';

scenario(
  'B12 a fee in the reporting currency leaves cash; realised PnL is gross',
  `
  fill      BTC/USDT  buy   1 @ 100  fee 0.1 USDT
  fill      BTC/USDT  sell  1 @ 110  fee 0.11 USDT
  realised  10
  result    gross 10 fees 0.21 funding 0 net 9.79
  posting   fees -0.21
  balance   USDT 9.79
`,
);

scenario(
  'B13 bought 60, received 59.88: a fee in the base coin leaves at the average after the fill',
  `
  fill      SOL/USDT  buy   60 @ 150   fee 0.12 SOL
  balance   SOL  59.88
  position  SOL  59.88 @ 150 cost 8982       # 9000 - 0.12 x 150
  posting   fees -18
  lifetime  SOL  realised 0 fees 0.12 SOL
  fill      SOL/USDT  buy   40.12 @ 155   fee 0.12 SOL
  # pool of 100 for 8982 + 6218.6 = 15200.6; 0.12 of it are 18.24072
  position  SOL  99.88 @ 152.006 cost 15182.35928
  posting   fees -36.24072
  lifetime  SOL  fees 0.24 SOL
`,
);

scenario(
  'B13 with lots a fee in the base coin leaves the lot that the fill opened',
  `
  account   USDT fifo
  fill      SOL/USDT  buy   10 @ 100
  fill      SOL/USDT  buy   10 @ 200  fee 1 SOL
  lots      SOL  10=1000 9=1800
  posting   fees -200
`,
);

scenario(
  'B13 hifo too: the lot that the fill opened, not the dearest',
  `
  account   USDT hifo
  fill      SOL/USDT  buy   10 @ 200
  fill      SOL/USDT  buy   10 @ 100  fee 1 SOL
  lots      SOL  10=2000 9=900
  posting   fees -100
`,
);

scenario(
  'B13 on a sale with lots it comes from the next in line',
  `
  account   USDT fifo
  fill      SOL/USDT  buy   10 @ 100
  fill      SOL/USDT  buy   10 @ 200
  fill      SOL/USDT  sell  10 @ 300  fee 1 SOL
  lots      SOL  9=1800
  realised  2000                             # on the traded quantity
  posting   fees -200
  balance   SOL  9
`,
);

scenario(
  'B13 on a sale at average it leaves what remains at its average',
  `
  fill      SOL/USDT  buy   20 @ 150
  fill      SOL/USDT  sell  10 @ 300  fee 1 SOL
  position  SOL  9 @ 150
  realised  1500
  posting   fees -150
`,
);

scenario(
  'B13 when flat it is owed at the fill price',
  `
  fill      SOL/USDT  buy   10 @ 100
  fill      SOL/USDT  sell  10 @ 300  fee 1 SOL
  position  SOL  -1 @ 300 cost -300 since 20
  realised  2000
  posting   fees -300
  balance   SOL  -1
`,
);

scenario(
  'B13 what a sale leaves for the fee goes at its cost, the rest is owed at the fill price',
  `
  fill      SOL/USDT  buy   10 @ 100
  fill      SOL/USDT  sell  9.5 @ 300  fee 1 SOL
  position  SOL  -0.5 @ 300 cost -150
  posting   fees -200                        # 0.5 x 100 + 0.5 x 300
`,
);

scenario(
  'B13 B27 a fee that takes the last coin ends the position',
  `
  fill      SOL/USDT  buy   10 @ 100
  fill      SOL/USDT  sell  9 @ 110  fee 1 SOL
  position  SOL  flat cost 0 since unknown
  since     SOL  realised 0 fees-none
  lifetime  SOL  realised 90 fees 1 SOL
  posting   fees -100
`,
);

scenario(
  'B14 a fee in a third coin leaves that pool at its average',
  `
  fill      BNB/USDT  buy   1 @ 200
  fill      BNB/USDT  buy   1 @ 300
  mark      BNB/USDT  500
  fill      BTC/USDT  buy   1 @ 100  fee 0.1 BNB
  balance   BNB  1.9
  position  BNB  1.9 @ 250 cost 475
  position  BTC  1 @ 100
  posting   fees -25
  lifetime  BTC  fees 0.1 BNB
  lifetime  BNB  fees-none
`,
);

scenario(
  'B14 with lots it leaves the next in line',
  `
  account   USDT lifo
  fill      BNB/USDT  buy   1 @ 200
  fill      BNB/USDT  buy   1 @ 300
  fill      BTC/USDT:USDT  buy   1 @ 100  fee 0.1 BNB
  lots      BNB  1=200 0.9=270
  posting   fees -30
  lifetime  BTC/USDT:USDT  fees 0.1 BNB
`,
);

scenario(
  'B14 with nothing held it is owed at the rate in force',
  `
  mark      BNB/USDT  500
  fill      BTC/USDT  buy   1 @ 100  fee 0.1 BNB
  position  BNB  -0.1 @ 500 cost -50
  result    gross 0 fees 50 funding 0 net -50
  fill      BNB/USDT  buy   0.1 @ 510
  position  BNB  flat cost 0
  realised  -1
`,
);

scenario(
  'B14 B6 with nothing held and no rate the fees are unknown',
  `
  fill      BTC/USDT  buy   1 @ 100  fee 0.1 BNB
  position  BNB  -0.1 @ unknown unknown-quantity -0.1
  position  BTC  1 @ 100
  result    gross 0 fees unknown funding 0 net unknown
`,
);

scenario(
  'B14 a fee in the quote coin of ETH/BTC leaves the BTC pool at its average after the trade',
  `
  fill      BTC/USDT  buy   1 @ 50000
  mark      BTC/USDT  60000
  fill      ETH/BTC   buy   10 @ 0.05  fee 0.001 BTC
  position  BTC  0.499 @ 50000
  position  ETH  10 @ 3000
  posting   fees -50
  lifetime  ETH  fees 0.001 BTC
`,
);

scenario(
  'B14 sold into BTC, the fee leaves what was just received',
  `
  fill      ETH/USDT  buy   10 @ 2000
  mark      BTC/USDT  60000
  fill      ETH/BTC   sell  10 @ 0.05  fee 0.001 BTC
  position  BTC  0.499 @ 60000
  realised  10000
  posting   fees -60
`,
);

scenario(
  'B15 a fee not known yet leaves fees and net unknown until it arrives',
  `
  fill      BTC/USDT  buy   1 @ 100  fee-unknown  id f
  fill      BTC/USDT  sell  1 @ 110  fee 0.1 USDT
  result    gross 10 fees unknown funding 0 net unknown
  lifetime  BTC  realised 10 fees-unknown
  incomplete  fees
  correct   f  fee 0.1 USDT
  result    gross 10 fees 0.2 funding 0 net 9.8
  lifetime  BTC  fees 0.2 USDT
  incomplete  none
`,
);

scenario(
  'B15 a late fee in the base coin changes what later fills cost',
  `
  fill      SOL/USDT  buy   60 @ 150   fee-unknown  id f
  fill      SOL/USDT  sell  59.88 @ 160
  position  SOL  0.12 @ 150
  correct   f  fee 0.12 SOL
  position  SOL  flat cost 0
  realised  598.8                            # 59.88 x 10
  posting   fees -18
`,
);

scenario(
  'B15 a contract fill whose fee is not known yet',
  `
  fill      BTC/USDT:USDT  buy   1 @ 100  fee-unknown  id f
  fill      BTC/USDT:USDT  sell  1 @ 110
  result    gross 10 fees unknown funding 0 net unknown
  correct   f  fee 0.1 BNB
  position  BNB  -0.1
  result    gross 10 fees unknown funding 0 net unknown
`,
);

scenario(
  'B16 several fees of one fill, each in its own currency',
  `
  fill      BNB/USDT  buy   1 @ 200
  fill      SOL/USDT  buy   10 @ 100  fee 0.5 USDT  fee 0.1 BNB  fee 1 SOL
  balance   USDT -1200.5
  balance   BNB  0.9
  balance   SOL  9
  posting   fees -120.5                      # 0.5 + 0.1 x 200 + 1 x 100
  lifetime  SOL  fees 0.1 BNB  fees 0.5 USDT  fees 1 SOL
`,
);

scenario(
  'B16 a rebate is a negative fee: money in, coins in at the rate in force',
  `
  mark      BNB/USDT  500
  fill      BTC/USDT  buy   1 @ 100  fee -0.02 USDT
  fill      BTC/USDT  buy   1 @ 100  fee -0.01 BNB
  fill      BTC/USDT  buy   1 @ 100  fee -0.001 BTC
  balance   USDT -299.98
  position  BNB  0.01 @ 500 cost 5
  position  BTC  3.001 @ 100 cost 300.1
  result    gross 0 fees -5.12 funding 0 net 5.12
  lifetime  BTC  fees -0.02 USDT  fees -0.01 BNB  fees -0.001 BTC
`,
);

scenario(
  'B17 fees in cost: a buy costs more, a sale yields less, nothing goes to fees',
  `
  account   USD average fees-in-cost
  fill      AAPL/USD  buy   10 @ 100  fee 5 USD
  position  AAPL  10 @ 100.5 cost 1005
  fill      AAPL/USD  sell  4 @ 120   fee 2 USD
  realised  76                               # 480 - 2 - 402
  result    gross 76 fees 0 funding 0 net 76
  posting   fees 0
  lifetime  AAPL  fees-none
  balance   USD  -527                        # -1005 + 478
`,
);

scenario(
  'B17 a flip splits such a fee by quantity',
  `
  account   USD average fees-in-cost
  fill      AAPL/USD  buy   1 @ 100
  fill      AAPL/USD  sell  3 @ 110  fee 0.3 USD
  realised  9.9
  position  AAPL  -2 @ 109.9 cost -219.8
`,
);

scenario(
  'B17 a fee in another currency than quote is a fee all the same',
  `
  account   USD average fees-in-cost
  fill      BNB/USD   buy   1 @ 200
  fill      SOL/USD   buy   10 @ 100  fee 1 SOL  fee 0.1 BNB
  position  SOL  9 @ 100
  posting   fees -120
`,
);

scenario(
  'B17 between two coins a quote fee is in what is given and received',
  `
  account   USD average fees-in-cost
  mark      BTC/USD   60000
  fill      BTC/USD   buy   1 @ 50000
  fill      ETH/BTC   buy   10 @ 0.05  fee 0.001 BTC
  position  BTC  0.499 @ 50000
  position  ETH  10 @ 3006 cost 30060        # (0.5 + 0.001) x 60000
  realised  5010                             # 0.501 x 10000
`,
);

scenario(
  'B12 a fee of a contract moves a balance, never contracts',
  `
  account   USD
  opening   USDT 100 cost 100 , BTC 1 cost 50
  mark      BTC/USD  80 at 5
  fill      BTC/USD:BTC    buy   100 @ 100  fee 0.01 BTC
  fill      BTC/USDT:USDT  buy   1 @ 100    fee 1 USDT
  position  BTC/USD:BTC    100 @ 100
  position  BTC/USDT:USDT  1 @ 100
  position  BTC   0.99 @ 50
  position  USDT  99 @ 1
  posting   fees -1.5
  lifetime  BTC/USD:BTC  fees 0.01 BTC
`,
);

scenario(
  'B17 a fee that is more than a sale yields costs what is missing',
  `
  account   USD average fees-in-cost
  fill      AAPL/USD  buy   1 @ 100
  fill      AAPL/USD  sell  0.01 @ 120  fee 5 USD
  realised  -4.8                             # 1.2 - 5 - 1
  balance   USD -103.8
  fill      BTC/USD   buy   1 @ 50
  mark      BTC/USD   60
  fill      AAPL/BTC  sell  0.1 @ 2  fee 0.5 BTC
  balance   BTC 0.7                          # 1 + 0.2 - 0.5
  realised  -29.8                            # -4.8 + (-0.3 x 60 - 10) + 0.3 x (60 - 50)
  fill      USD/CHF   buy   10 @ 0.9
  fill      USD/CHF   sell  1 @ 0.9  fee 2 CHF
  position  CHF -10.1 cost -9                # -9, and -1.1 for nothing but the dollar lost
  balance   USD -144.8
`,
);
