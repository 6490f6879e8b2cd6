/** What was read, or what stands in its place: its shape while it comes, or the failure. */
import type { ComponentChildren } from 'preact';
import { useContext } from 'preact/hooks';
import type { Reading } from '../state/reading.ts';
import { isOld } from '../state/verdict.ts';
import { Failure } from './failure.tsx';
import { Old, SaidAbove } from './old.ts';
import { Skeleton } from './skeleton.tsx';

interface WholeProps<T> {
  readonly reading: Reading<T>;
  /** Headings of what comes. */
  readonly heads: readonly string[];
  readonly children: (data: T) => ComponentChildren;
}

export function Whole<T>({ reading, heads, children }: WholeProps<T>) {
  const { data, problem, failingSince } = reading;
  const saidAbove = useContext(SaidAbove);
  if (data === null && problem === null) return <Skeleton heads={heads} />;
  const wasBefore = isOld(reading);
  // A service that does not answer is told once, not once a part.
  const isSaid = problem !== null && problem.code === saidAbove;
  return (
    <>
      {isSaid && data === null && <p class="quiet">Not known: the service does not answer.</p>}
      {problem !== null && !isSaid && (
        <Failure problem={problem} since={failingSince} hasOld={data !== null} />
      )}
      {data !== null && (
        <SaidAbove.Provider value={problem?.status === 0 ? problem.code : saidAbove}>
          <Old.Provider value={wasBefore}>
            <div class={wasBefore ? 'is-old' : ''}>{children(data)}</div>
          </Old.Provider>
        </SaidAbove.Provider>
      )}
    </>
  );
}
