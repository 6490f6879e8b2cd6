/** Equity and its bridge. */
import { scenario } from './scenario.ts';

scenario(
  'E1 cash, plus coins at their rates, plus unrealised PnL of contracts',
  `
  deposit   USDT 10000
  fill      BTC/USDT       buy  0.1 @ 50000
  fill      ETH/USDT:USDT  sell 2 @ 3000
  mark      BTC/USDT       52000
  mark      ETH/USDT:USDT  2900
  equity    10400 known 10400 cash 5000 value 5400 unrealised 400
  rates     BTC 52000 at 40
  position  BTC            0.1 unrealised 200
  position  ETH/USDT:USDT  -2 unrealised 200
  unpriced  none
`,
);

scenario(
  'E1 a debt of coins counts against it, and a flat coin needs no rate',
  `
  deposit   USDT 100
  fill      BTC/USDT  sell 1 @ 100
  fill      SOL/USDT  buy  1 @ 5
  fill      SOL/USDT  sell 1 @ 5
  mark      BTC/USDT  120
  equity    80 cash 200 value -120 unrealised -20
  rates     BTC 120 at 50
`,
);

scenario(
  'E2 a coin without a rate makes the total unknown, and is named',
  `
  deposit   USDT 100
  deposit   SOL  3
  fill      BTC/USDT  buy 1 @ 50
  mark      BTC/USDT  60
  equity    unknown known 110 cash 50 value unknown unrealised unknown
  unpriced  SOL 3 no-mark
  rates     BTC 60 at 40
`,
);

scenario(
  'E2 so does a contract without a mark, each of them',
  `
  fill      BTC/USDT:USDT  buy  1 @ 50
  fill      ETH/USDT:USDT  sell 2 @ 5
  fill      SOL/USDT:USDT  sell 2 @ 5
  mark      SOL/USDT:USDT  4
  equity    unknown known 2
  unpriced  BTC/USDT:USDT 1 no-mark, ETH/USDT:USDT -2 no-mark
`,
);

scenario(
  'E3 a mark is stale when it is older than allowed at the instant of valuation',
  `
  mark-age  300
  deposit   USDT 100                      at 0
  fill      BTC/USDT       buy 1 @ 50     at 1
  fill      ETH/USDT:USDT  buy 1 @ 5      at 2
  mark      BTC/USDT       60             at 10
  mark      ETH/USDT:USDT  6              at 20
  as-of     310
  equity    111 cash 50
  unpriced  none
  as-of     311
  equity    unknown known 51
  unpriced  BTC 1 stale-mark
  as-of     321
  equity    unknown known 50
  unpriced  BTC 1 stale-mark, ETH/USDT:USDT 1 stale-mark
`,
);

scenario(
  'E4 PnL in another coin is worth what the coin is: inverse and USDT in a USD account',
  `
  account   USD
  opening   BTC 1 cost 20000 , USDT 1000 cost 1000
  fill      BTC/USD:BTC    sell 10000 @ 20000
  fill      BTC/USDT:USDT  buy  0.5 @ 20000
  mark      BTC/USD        25000
  mark      USDT/USD       0.99
  mark      BTC/USD:BTC    25000
  mark      BTC/USDT:USDT  25100
  position  BTC/USD:BTC    -10000 unrealised -0.1
  position  BTC/USDT:USDT  0.5 unrealised 2550
  # 25000 + 990 - 0.1 x 25000 + 2550 x 0.99
  equity    26014.5 cash 0 value 26014.5
  rates     BTC 25000 at 40, USDT 0.99 at 50
  # 5000 - 10 - 2500 + 2524.5
  equity    26014.5 unrealised 5014.5
`,
);

scenario(
  'E4 without a rate of the settlement coin the PnL is unpriced',
  `
  account   USD
  fill      BTC/USDT:USDT  buy  1 @ 100
  fill      ETH/USDT:USDT  buy  1 @ 10
  mark      BTC/USDT:USDT  110
  mark      ETH/USDT:USDT  12
  equity    unknown known 0
  unpriced  USDT 2 no-mark, USDT 10 no-mark
`,
);

scenario(
  'E5 the bridge from nothing to equity, each row with the sign it enters with',
  `
  deposit   USDT 10000
  fill      BTC/USDT       buy  0.1 @ 50000  fee 5 USDT
  fill      ETH/USDT:USDT  buy  2 @ 3000     fee 3 USDT
  mark      BTC/USDT       52000
  mark      ETH/USDT:USDT  3100
  bridge    opening 0 deposits 10000 unrealised 400 fees -8 closing 10392 unexplained 0
  fill      ETH/USDT:USDT  sell 2 @ 3050     fee 3 USDT
  funding   USDT -1.5 of ETH/USDT:USDT
  withdrawal USDT 1000
  interest  USDT 0.5
  tax       USDT 0.25
  mark      BTC/USDT       51000
  bridge    opening 10392 closing 9187.75 withdrawals -1000 realised 100 unrealised -300
  bridge    fees -3 funding -1.5 interest 0.5 tax -0.25 unexplained 0
  bridge    deposits 0 transfers 0 dividends 0 revaluation 0 adjustments 0
`,
);

scenario(
  'E5 it is exact to the last digit of coins, fees and rates',
  `
  account   USD
  mark      USDT/USD       0.987654321 at 1
  opening   USDT 1000.000000000000000001 cost 1000
  fill      BTC/USDT       buy  0.123456789012345678 @ 43210.123456789  fee 0.000000000123 BTC
  mark      BTC/USD        42999.999999999999999999
  bridge    opening 0 unexplained 0
  fill      BTC/USDT       sell 0.1 @ 44444.444444444  fee 3.3333333333 USDT
  mark      USDT/USD       1.012345678901234567
  bridge    unexplained 0
  withdrawal BTC 0.02 fee 0.000123 BTC
  bridge    unexplained 0
`,
);

scenario(
  'E6 coins of unknown cost are revaluation, and the row that brought them says so',
  `
  deposit   USDT 100
  deposit   SOL  3
  mark      SOL/USDT  20
  equity    160
  bridge    deposits 100 revaluation 60 unrealised 0 unexplained 0
  incomplete deposits
  mark      SOL/USDT  25
  bridge    revaluation 15 deposits 0 unexplained 0
  fill      SOL/USDT  sell 1 @ 30
  bridge    revaluation 5 realised 0 unexplained 0
  equity    180 unrealised unknown
`,
);

scenario(
  'E6 the postings of an adjustment are its own row, never the unexplained one',
  `
  deposit   USDT 100
  adjustment USDT -0.01
  bridge    adjustments -0.01 unexplained 0
`,
);

scenario(
  'E7 unrealised PnL is a sum over all positions, and unknown where one of them is',
  `
  deposit   USDT 100
  fill      BTC/USDT  buy 1 @ 50
  mark      BTC/USDT  60
  equity    110 unrealised 10
  mark      SOL/USDT  20
  deposit   SOL 1
  equity    130 unrealised 10
  mark      XRP/USDT  2 at 1000
  deposit   XRP 1
  as-of     1000
  equity    132 unrealised unknown
`,
);
