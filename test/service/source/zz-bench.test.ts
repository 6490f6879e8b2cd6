import { test } from 'vitest';
import { statSync } from 'node:fs';
import { Ground } from './kit.ts';
test('bench', async () => {
  const ground = new Ground();
  const n = 120;
  let t = performance.now();
  let size = 0;
  await ground.at(async (desk) => {
    for (let i = 1; i <= n; i += 1) {
      ground.clock.advance(1000);
      ground.bot(`UPDATE positions SET current_price = ${16 + i / 100} WHERE symbol = 'ACI'`);
      await desk.update({ record: false, prices: null, dryRun: false, actor: 'ann' });
      if (i % 20 === 0) { const now = performance.now();
        const bytes = ground.rows('falcon').reduce((s, r) => s + (r.body?.length ?? 0), 0);
        console.log(i, ((now - t) / 20).toFixed(1), 'ms', ((bytes - size) / 20).toFixed(0), 'B per update'); size = bytes; t = performance.now(); }
    }
  });
  const sizes: Record<string, number> = {};
  for (const r of ground.rows('falcon')) sizes[r.kind] = (sizes[r.kind] ?? 0) + (r.body?.length ?? 0);
  console.log(sizes, statSync(ground.book).size);
});
