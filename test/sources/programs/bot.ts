/**
 * A bot that trades all the time: with every round it holds one unit more, at 10 each, and has
 * 9 less in cash, so that cash + 9 x quantity is always 5,000. `node bot.ts FILE ROUNDS`; ends
 * after so many rounds, or when its input ends, and prints its longest wait for a lock.
 */
import { writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';

const [path, rounds] = process.argv.slice(2);
const file = new DatabaseSync(path!, { timeout: 5_000 });
const statements = [
  'UPDATE account SET cash = 5000 - 9 * ?',
  'UPDATE positions SET quantity = ?',
  `INSERT INTO orders VALUES (? + 100, 'ACI', 'buy', 1, 9, '2026-01-12T16:00:00', NULL)`,
].map((sql) => file.prepare(sql));

let stopped = false;
process.stdin.on('end', () => {
  stopped = true;
});
process.stdin.resume();

let longest = 0;
for (let round = 1; round <= Number(rounds) && !stopped; round++) {
  const from = performance.now();
  file.exec('BEGIN IMMEDIATE');
  for (const statement of statements) statement.run(round);
  file.exec('COMMIT');
  longest = Math.max(longest, performance.now() - from);
  if (round === 1) writeSync(1, 'trading\n'); // the test waits for it
  await pause(1);
}
writeSync(1, `longest ${longest}\n`);
process.stdin.destroy();
file.close();
