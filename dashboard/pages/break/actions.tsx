/** What may be done about a break now, with its keys; what may not says why. */
import { useState } from 'preact/hooks';
import type { Action, ActionName, Break } from '../../api/breaks.ts';
import { ActionButton, refusalOf } from '../../parts/action-button.tsx';
import { useCommands } from '../../state/commands.ts';
import { tell } from '../../state/notices.ts';
import { AcceptForm } from './accept-form.tsx';
import { CommentForm } from './comment-form.tsx';
import { sendAbout, undo } from './sending.ts';
import { SnoozeForm } from './snooze-form.tsx';

interface Shown {
  readonly keys: string;
  readonly words: string;
}

const shown: Readonly<Record<ActionName, Shown>> = {
  propose: { keys: 'p', words: 'Propose' },
  approve: { keys: 'a', words: 'Approve' },
  repair: { keys: 'r', words: 'Repair' },
  snooze: { keys: 'z', words: 'Snooze' },
  accept: { keys: 'e', words: 'Accept' },
  reopen: { keys: 'o', words: 'Reopen' },
  comment: { keys: 'c', words: 'Comment' },
};

export function Actions({ one }: { readonly one: Break }) {
  const { actions } = one;
  const [form, setForm] = useState<ActionName | null>(null);
  const send = (name: ActionName, body: object) =>
    sendAbout(one, name, { ...planOf(one, name), ...body });
  const run = (name: ActionName) =>
    name === 'snooze' || name === 'accept' || name === 'comment' ? setForm(name) : send(name, {});
  const orSay = (refusal: string | null, act: () => unknown) => {
    if (refusal === null) void act();
    else tell({ tone: 'failed', words: refusal, detail: null, undo: null });
  };
  useCommands([
    ...actions.map((action) => ({
      ...{ keys: shown[action.name].keys, words: `${shown[action.name].words} this break` },
      run: () => orSay(whyNot(action), () => run(action.name)),
    })),
    ...(one.undo.length === 0 ? [] : [undoCommand(one, orSay)]),
  ]);
  const first = furthest.find((name) => actions.some((one) => one.name === name && one.possible));
  const done = () => setForm(null);
  return (
    <div class="actions" role="toolbar" aria-label="What may be done">
      {actions
        .filter(({ name, possible }) => possible || name !== 'reopen')
        .map(({ name, scope, possible, why }) => (
          <ActionButton
            key={name}
            scope={scope}
            keys={shown[name].keys}
            why={possible ? null : (why ?? 'Not in this state')}
            primary={name === first}
            grave={isForward(name) || name === 'accept'}
            onAct={() => run(name)}
          >
            {shown[name].words}
          </ActionButton>
        ))}
      {one.undo.length > 0 && (
        <ActionButton scope="approve" keys="u" grave onAct={() => undo(one.account, one.undo)}>
          Undo the repair
        </ActionButton>
      )}
      {form === 'snooze' && (
        <SnoozeForm
          words={`Leave ${one.id} alone`}
          onClose={done}
          onSend={(b) => send('snooze', b)}
        />
      )}
      {form === 'accept' && (
        <AcceptForm one={one} onClose={done} onSend={(b) => send('accept', b)} />
      )}
      {form === 'comment' && (
        <CommentForm id={one.id} onClose={done} onSend={(b) => send('comment', b)} />
      )}
    </div>
  );
}

const undoCommand = (
  { account, undo: sequences }: Break,
  orSay: (refusal: string | null, act: () => unknown) => void,
) => ({
  ...{ keys: 'u', words: 'Undo the repair of this break' },
  run: () => orSay(refusalOf('approve', null), () => undo(account, sequences)),
});

/** What goes furthest of that which may be done is what is offered first. */
const furthest = ['repair', 'approve', 'propose'] as const;

const isForward = (name: ActionName) =>
  name === 'propose' || name === 'approve' || name === 'repair';

const whyNot = ({ scope, possible, why }: Action): string | null =>
  refusalOf(scope, possible ? null : (why ?? 'It cannot be done in this state'));

/** What is approved or done is what is shown. */
const planOf = ({ repair: { planHash } }: Break, name: ActionName): object =>
  (name === 'approve' || name === 'repair') && planHash !== null ? { plan: planHash } : {};
