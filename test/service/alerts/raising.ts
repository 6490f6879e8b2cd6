/** A process of its own at the desk of a book: raises so many cases, and notes what it sent. */
import { appendFileSync } from 'node:fs';
import { openAlertDesk } from '../../../src/service/alerts/desk.ts';
import { systemClock } from '../../../src/service/system-clock.ts';

const [stateFile = '', sentFile = '', name = '', count = '0'] = process.argv.slice(2);
const desk = openAlertDesk({
  ...{ stateFile, clock: systemClock },
  channels: [
    {
      name: 'ops',
      async send({ alert }) {
        appendFileSync(sentFile, `${alert.key}\n`);
        return { status: 'sent', reference: null };
      },
    },
  ],
});
for (let number = 0; number < Number(count); number += 1) {
  await desk.raise({
    ...{ key: `${name}-${number}`, name: 'total-stale', severity: 'medium', account: null },
    ...{ title: 'The stored total is wrong', lines: [], at: systemClock.now() },
  });
}
