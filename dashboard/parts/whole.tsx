/** What was read, or what stands in its place: its shape while it comes, or the failure. */
import type { ComponentChildren } from 'preact';
import { here } from '../state/clock.ts';
import { asOf } from '../state/location.ts';
import type { Reading } from '../state/reading.ts';
import { staleAfterMs } from '../state/verdict.ts';
import { Failure } from './failure.tsx';
import { Old } from './old.ts';
import { Skeleton } from './skeleton.tsx';

interface WholeProps<T> {
  readonly reading: Reading<T>;
  /** Headings of what comes. */
  readonly heads: readonly string[];
  readonly children: (data: T) => ComponentChildren;
}

export function Whole<T>({ reading, heads, children }: WholeProps<T>) {
  const { data, problem, failingSince, confirmedAt } = reading;
  if (data === null && problem === null) return <Skeleton heads={heads} />;
  // What was then stays so, however long nobody asks.
  const isUnconfirmed =
    asOf.value === null && confirmedAt !== null && here.value - confirmedAt > staleAfterMs;
  const isOld = problem !== null || isUnconfirmed;
  return (
    <>
      {problem !== null && (
        <Failure problem={problem} since={failingSince} hasOld={data !== null} />
      )}
      {data !== null && (
        <Old.Provider value={isOld}>
          <div class={isOld ? 'is-old' : ''}>{children(data)}</div>
        </Old.Provider>
      )}
    </>
  );
}
