/** Money and coins in or out that no fill caused. */
import { scenario } from './scenario.ts';

scenario(
  'B18 every kind of cash flow has a cause of its own, with the sign it enters with',
  `
  deposit    USDT 1000
  withdrawal USDT 100
  transfer   USDT -50 with spot
  transfer   USDT 20 with spot
  interest   USDT 3
  interest   USDT -1
  dividend   USDT 4
  fee        USDT 1.5
  tax        USDT 0.5
  tax        USDT -0.2
  funding    USDT -0.12
  adjustment USDT 0.01
  balance    USDT 874.09    # the sum of all
  posting    deposits 1000
  posting    withdrawals -100
  posting    transfers -30
  posting    interest 2
  posting    dividends 4
  posting    fees -1.5
  posting    tax -0.3
  posting    funding -0.12
  posting    adjustments 0.01
  bridge     opening 0 closing 874.09 unexplained 0 realised 0 unrealised 0 revaluation 0
  bridge     deposits 1000 withdrawals -100 transfers -30 interest 2
  bridge     dividends 4 fees -1.5 tax -0.3 funding -0.12 adjustments 0.01
`,
);

scenario(
  'B18 the same in a coin: in at the rate in force, out at cost',
  `
  mark       BTC/USDT 100 at 1
  deposit    BTC 10
  mark       BTC/USDT 200 at 25
  interest   BTC 5           # at 30: 1000
  position   BTC 15 @ 133.333333333333333333 cost 2000
  interest   BTC -1.5
  posting    interest 800    # 1000 - 200
  dividend   BTC 0.5
  posting    dividends 100
  fee        BTC 0.7         # 14 held for 1900
  posting    fees -95
  tax        BTC 1.33        # a tenth of 13.3 for 1805
  posting    tax -180.5
  adjustment BTC -1.197      # a tenth of 11.97 for 1624.5
  posting    adjustments -162.45
  balance    BTC 10.773
`,
);

scenario(
  'B19 a deposit has the cost stated, else the rate in force, else none that is known',
  `
  deposit   BTC 1 cost 90
  position  BTC 1 @ 90
  posting   deposits 90
  mark      BTC/USDT 100 at 15
  deposit   BTC 1
  position  BTC 2 @ 95 cost 190
  posting   deposits 190
  deposit   ETH 1
  position  ETH 1 @ unknown unknown-quantity 1
  posting   deposits 190
  incomplete deposits
`,
);

scenario(
  'B19 pending flows touch no balance',
  `
  deposit    USDT 5
  deposit    USDT 1000 pending
  withdrawal USDT 5 pending
  balance    USDT 5
  posting    withdrawals 0
`,
);

scenario(
  'B19 a deposit of coins with a stated cost of zero costs nothing',
  `
  deposit   BTC 1 cost 0
  position  BTC 1 @ 0 cost 0 unknown-quantity 0
  fill      BTC/USDT  sell 1 @ 100
  realised  100
`,
);

scenario(
  'B20 a withdrawal takes coins out at their cost, its fee on top',
  `
  fill       BTC/USDT  buy 2 @ 100
  fill       BTC/USDT  buy 2 @ 200
  withdrawal BTC 1  fee 0.01 BTC
  balance    BTC 2.99
  position   BTC 2.99 @ 150
  posting    withdrawals -150
  posting    fees -1.5
  realised   0
`,
);

scenario(
  'B20 the fee of a withdrawal in another coin leaves that coin',
  `
  fill       ETH/USDT  buy 1 @ 20
  deposit    USDT 100
  withdrawal USDT 50  fee 0.1 ETH
  balance    USDT 30
  balance    ETH  0.9
  posting    fees -2
  posting    withdrawals -50
  withdrawal ETH  0.5  fee 1 USDT
  balance    USDT 29
  posting    fees -3
  posting    withdrawals -60
`,
);

scenario(
  'B20 B27 a withdrawal of everything ends the position',
  `
  fill       BTC/USDT  buy  2 @ 100
  fill       BTC/USDT  sell 1 @ 110
  withdrawal BTC 1
  position   BTC flat cost 0 since unknown
  since      BTC realised 0
  lifetime   BTC realised 10
`,
);

scenario(
  'B20 more withdrawn than held is owed at the rate in force',
  `
  mark       BTC/USDT 100 at 1
  deposit    BTC 1 cost 80
  withdrawal BTC 3
  position   BTC -2 @ 100 cost -200 since 30
  posting    withdrawals -280
`,
);

scenario(
  'B20 coins of unknown cost leave without a value, and the row says so',
  `
  deposit    BTC 2
  withdrawal BTC 1
  position   BTC 1 @ unknown unknown-quantity 1
  posting    withdrawals 0
  incomplete deposits withdrawals
`,
);

scenario(
  'B20 a transfer moves coins like a deposit or a withdrawal, network fee apart',
  `
  transfer   BTC 1 cost 50 with spot
  transfer   BTC -0.4 with spot fee 0.1 BTC
  position   BTC 0.5 @ 50
  posting    transfers 30
  posting    fees -5
`,
);

scenario(
  'B10 B20 with lots a withdrawal takes the next in line',
  `
  account    USDT fifo
  fill       BTC/USDT  buy 1 @ 100
  fill       BTC/USDT  buy 1 @ 200
  withdrawal BTC 1.5 fee 0.1 BTC
  lots       BTC 0.4=80
  posting    withdrawals -200
  posting    fees -20
`,
);

scenario(
  'B26 an opening states cost, or is worth the rate in force, or has no cost that is known',
  `
  mark      ETH/USDT 10 at 1
  opening   USDT 500 , BTC 1 cost 60 , ETH 2 , SOL 3 , XRP 0
  balance   USDT 500
  position  BTC 1 @ 60 since 20
  position  ETH 2 @ 10
  position  SOL 3 @ unknown unknown-quantity 3
  posting   deposits 580
  incomplete deposits
`,
);

scenario(
  'B26 a coin may open short',
  `
  opening   BTC -2 cost -120
  position  BTC -2 @ 60 cost -120
  fill      BTC/USDT buy 1 @ 50
  realised  10
`,
);

scenario(
  'B1 B21 coins that come in repay what is owed, and the difference is realised',
  `
  mark      BTC/USDT 100 at 1
  fill      BTC/USDT sell 2 @ 100
  mark      BTC/USDT 120 at 25
  interest  BTC 3
  position  BTC 1 @ 120 cost 120 since 40
  realised  -40
  posting   interest 360
  since     BTC realised 0
  lifetime  BTC realised -40
`,
);
