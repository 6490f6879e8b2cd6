/** Under a list that is read page by page: what stopped it, and a hand that takes it on. */
import type { Pages, ReadOn } from '../state/pages.ts';
import { Shape } from './shape.tsx';

interface ReadingOnProps {
  readonly pages: Pick<Pages<unknown, unknown>, 'failed' | 'again' | 'items'>;
  readonly on?: Pick<ReadOn, 'isStopped' | 'lookOn'>;
  /** What the list is of: entries, fills, … */
  readonly words: string;
}

export function ReadingOn({ pages: { failed, again, items }, on, words }: ReadingOnProps) {
  if (failed !== null) {
    return (
      <p class="reading-on" role="alert">
        <Shape name="cannot-say" /> Older {words} could not be read: {failed}{' '}
        <button type="button" class="button" onClick={again}>
          Try again
        </button>
      </p>
    );
  }
  if (on?.isStopped !== true) return null;
  return (
    <p class="reading-on" role="status">
      Looked through {items.length.toLocaleString('en-US')} {words}.{' '}
      <button type="button" class="button" onClick={on.lookOn}>
        Look on
      </button>
    </p>
  );
}
