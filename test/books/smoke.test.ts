import { scenario } from './scenario.ts';

scenario(
  'B2 a flip realises the closed part only',
  `
  account   USDT average
  fill      BTC/USDT:USDT  buy   1.0  @ 100   fee 0.10 USDT
  fill      BTC/USDT:USDT  sell  1.5  @ 110   fee 0.15 USDT
  position  BTC/USDT:USDT  net -0.5 @ 110
  realised  10            # (110 - 100) x 1.0
  balance   USDT 9.75     # 10 - 0.10 - 0.15
`,
);
