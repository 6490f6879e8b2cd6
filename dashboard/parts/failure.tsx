/** What failed, since when, what still holds, and what may be done. */
import type { Problem } from '../api/problem.ts';
import { here } from '../state/clock.ts';
import { askAll } from '../state/reading.ts';
import { spanText } from '../words/times.ts';
import { CopyButton } from './copy-button.tsx';
import { Shape } from './shape.tsx';

interface FailureProps {
  readonly problem: Problem;
  readonly since: number | null;
  /** Whether what was read before is still shown under it. */
  readonly hasOld: boolean;
}

export function Failure({ problem, since, hasOld }: FailureProps) {
  const { title, detail, hint, requestId, status } = problem;
  const lasts = since === null ? '' : ` for ${spanText((here.value - since) / 1000)}`;
  return (
    <div class="failure" role="alert">
      <Shape name="cannot-say" size={18} />
      <div>
        <strong>{title}</strong>
        <p>
          {detail}
          {lasts}
          {hint === null ? '' : ` — ${hint}`}
        </p>
        {hasOld && (
          <p class="quiet">What is below is what was known before; it may have changed.</p>
        )}
        <p class="failure-foot">
          <button type="button" class="button" onClick={() => void askAll()}>
            Try again
          </button>
          {requestId !== null && <CopyButton label={`request ${requestId}`} text={requestId} />}
          {status > 0 && <span class="quiet">status {status}</span>}
        </p>
      </div>
    </div>
  );
}
