/** The rehearsal's time: it stands still but for what it is set to, and for what was waited. */
import { addMilliseconds, type Instant, millisecondsBetween } from '../../model/instant.ts';
import { RehearsalClock } from './rehearsal.ts';

export class MismatchClock extends RehearsalClock {
  /** Never earlier than it is. */
  moveTo(at: Instant): void {
    this.advance(Math.max(0, millisecondsBetween(this.now(), at)));
  }

  /** Whoever waited so long sees that it is so much later; what goes on beside it moves nothing. */
  override after(ms: number, work: () => void, how?: 'background'): () => void {
    if (how === 'background') return super.after(ms, work, how);
    const due = addMilliseconds(this.now(), ms);
    return super.after(ms, () => {
      this.moveTo(due);
      work();
    });
  }
}
