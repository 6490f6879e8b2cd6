/** The duties: when each runs, how it went, and a hand on it. */

import { useMemo, useState } from 'preact/hooks';
import type { Duty } from '../../api/operations.ts';
import { ActionButton, refusalOf } from '../../parts/action-button.tsx';
import { Ago, Coming } from '../../parts/ago.tsx';
import { Empty } from '../../parts/empty.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { useRowKeys } from '../../parts/row-keys.ts';
import { Shape } from '../../parts/shape.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { tell } from '../../state/notices.ts';
import { act } from '../../state/writing.ts';
import { spanText } from '../../words/times.ts';

const addressOf = ({ name }: Duty, verb: string) =>
  `/api/v1/duties/${encodeURIComponent(name)}/${verb}`;

const resume = (duty: Duty) => act(`${duty.name} goes on`, addressOf(duty, 'resume'));
const pause = (duty: Duty, reason: string): Promise<boolean> =>
  act(`${duty.name} paused`, addressOf(duty, 'pause'), { reason }, () => () => resume(duty));
const run = (duty: Duty) => act(`${duty.name} runs now`, addressOf(duty, 'run'));

export function DutyTable({ duties }: { readonly duties: readonly Duty[] }) {
  const [pausing, setPausing] = useState<Duty | null>(null);
  const chosen = useRowKeys(duties, (duty) => {
    const refusal = refusalOf('admin', whyNot(duty));
    if (refusal === null) void run(duty);
    else tell({ tone: 'failed', words: refusal, detail: null, undo: null });
  });
  const columns = useMemo(() => columnsOf(setPausing), []);
  if (duties.length === 0) {
    return <Empty title="No duty runs">They run with trueup serve or trueup schedule.</Empty>;
  }
  return (
    <>
      <Table
        caption="Duties"
        columns={columns}
        rows={duties}
        keyOf={({ name }) => name}
        selected={chosen}
      />
      {pausing !== null && (
        <ReasonForm
          title={`Pause ${pausing.name}`}
          submit="Pause"
          onClose={() => setPausing(null)}
          onSend={(reason) => pause(pausing, reason)}
        >
          It does not run by its clock until somebody resumes it.
        </ReasonForm>
      )}
    </>
  );
}

/** Why nobody starts or pauses it; null: who may, can. */
const whyNot = ({ standing }: Duty): string | null =>
  standing ? 'It goes on for as long as the service does' : null;

const columnsOf = (onPause: (duty: Duty) => void): readonly Column<Duty>[] => [
  {
    ...{ head: 'Duty', kind: 'title' },
    cell: (duty) => (
      <span title={duty.rationale}>
        <State duty={duty} /> <b>{duty.name}</b>
      </span>
    ),
  },
  { head: 'When', cell: ({ timetable }) => timetable },
  { ...{ head: 'Last run', kind: 'wide' }, cell: (duty) => <LastRun duty={duty} /> },
  {
    head: 'Next',
    cell: ({ next, paused, standing }) => {
      if (paused !== null) return `paused by ${paused.by}: ${paused.reason}`;
      return standing ? 'always' : <Coming time={next} />;
    },
  },
  {
    ...{ head: 'Runs', kind: 'number' },
    cell: ({ runs, failures, missed }) => (
      <span class="figures">
        {runs}
        {failures > 0 && <b class="is-less"> {failures} failed</b>}
        {missed > 0 && <span class="quiet"> {missed} missed</span>}
      </span>
    ),
  },
  {
    ...{ head: 'Control', kind: 'control', hideHead: true },
    cell: (duty) => {
      const why = whyNot(duty);
      return (
        <span class="buttons">
          <ActionButton scope="admin" why={why} onAct={() => run(duty)}>
            Run now
          </ActionButton>
          {duty.paused === null ? (
            <ActionButton scope="admin" why={why} onAct={() => onPause(duty)}>
              Pause
            </ActionButton>
          ) : (
            <ActionButton scope="admin" onAct={() => resume(duty)}>
              Resume
            </ActionButton>
          )}
        </span>
      );
    },
  },
];

function State({ duty }: { readonly duty: Duty }) {
  const { paused, running, last } = duty;
  if (paused !== null) return <Shape name="paused" />;
  if (running) return <Shape name="settling" />;
  if (last === null) return <Shape name="cannot-say" />;
  // 3 and 5 are answers (breaks, cannot say), and no failures of the duty.
  return (
    <Shape name={last.exitCode === 0 ? 'true' : last.exitCode === 5 ? 'cannot-say' : 'break'} />
  );
}

function LastRun({ duty: { last, running } }: { readonly duty: Duty }) {
  if (running) return <span>runs now</span>;
  if (last === null) return <span class="quiet">not yet</span>;
  const seconds = (Date.parse(last.endedAt) - Date.parse(last.beganAt)) / 1000;
  return (
    <>
      {last.sentence}{' '}
      <span class="quiet">
        <Ago time={last.endedAt} />, took{' '}
        {seconds < 1 ? `${Math.round(seconds * 1000)} ms` : spanText(seconds)}
        {last.askedBy !== null && `, asked by ${last.askedBy}`}
      </span>
    </>
  );
}
