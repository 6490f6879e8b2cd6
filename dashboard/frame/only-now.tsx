/** In place of what is known of now alone, while another instant is looked at: why that is so. */
import { Shape } from '../parts/shape.tsx';

/** By the first part of the path: why it was not kept as it was. */
const reasons: Readonly<Record<string, string>> = {
  exits:
    'A plan of exits is made of the prices and the settings of its moment, and is not written ' +
    'down before an order is sent: what it would have been at another instant nobody knows.',
  venues:
    'Whether a venue answers and which duty runs are states of the process that serves: they are ' +
    'looked at, and not kept as they were.',
  reports:
    'A report is of a whole day of its own, and says the same whichever instant is looked at: ' +
    'the list is of those that can be read now.',
};

const firstOf = (path: string): string => path.split('/')[1] ?? '';

export const knowsPast = (path: string): boolean => !(firstOf(path) in reasons);

export function OnlyNow({ path }: { readonly path: string }) {
  return (
    <div class="only-now">
      <h1>
        <Shape name="cannot-say" size={18} /> Only now is known here
      </h1>
      <p>{reasons[firstOf(path)]}</p>
      <p>
        As they were: <a href="/">Home</a> · <a href="/breaks">Breaks</a> ·{' '}
        <a href="/accounts">Accounts</a> · <a href="/equity">Equity</a> ·{' '}
        <a href="/audit">Audit trail</a>
      </p>
    </div>
  );
}
