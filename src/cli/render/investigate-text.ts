/** One break in depth: what differs, why, how we know, what was ruled out, what repairs it. */
import type { Terminal } from '../terminal.ts';
import { amountText, timeText } from './amount.ts';
import { type BreakView, type EffectView, lineLines } from './check-text.ts';

export function investigationLines(terminal: Terminal, one: BreakView): readonly string[] {
  const { explanation, repair } = one;
  const head = `${terminal.style('bold', one.id)}  ${one.title}`;
  return [
    `${head}    ${one.account} · ${one.severity.toUpperCase()} · ${one.confidence} · ${one.state}`,
    '',
    'WHAT',
    ...lineLines(terminal, one.lines),
    '',
    `WHY    ${explanation.sentence}`,
    ...evidenceLines(one),
    ...residualLines(one),
    ...ruledOutLines(one),
    '',
    ...repairLines(one),
    ...repair.alternatives.map(
      ({ name, effect, whyNot }) => `  instead: ${name}: ${effect} (but ${whyNot})`,
    ),
  ];
}

function evidenceLines({ explanation: { evidence } }: BreakView): readonly string[] {
  if (evidence.length === 0) return [];
  const lines = evidence.map(({ at, source, what, id, effect, sequence }, index) => {
    const change = effect === null ? '' : `  ${amountText(effect, { signed: true })}`;
    const entry = sequence === undefined ? '' : `  → entry ${sequence}`;
    return `  ${index + 1}  ${timeText(at)}  ${source}  ${what} ${id}${change}${entry}`;
  });
  return ['', 'HOW WE KNOW', ...lines];
}

function residualLines({ explanation, confidence }: BreakView): readonly string[] {
  const { residual, residuals, candidates = [] } = explanation;
  if (candidates.length > 0) {
    const which = candidates.length === 1 ? 'if it was' : 'AMBIGUOUS: if it was one of';
    const named = candidates.map(({ reason, name }) => `${reason} (${name})`).join(', ');
    return [`  residual ${amountText(residual)}  ${which} ${named}`];
  }
  if (confidence !== 'unexplained') {
    return [`  residual ${amountText(residual)}  ✓ explains all of it`];
  }
  const left = residuals.map(
    (one) => `${one.what} ${one.key} ${amountText(one.residual, { signed: true })}`,
  );
  return [`? NOT EXPLAINED  left over: ${left.join(', ') || 'no number can be given'}`];
}

function ruledOutLines({ explanation: { ruledOut } }: BreakView): readonly string[] {
  if (ruledOut.length === 0) return [];
  const lines = ruledOut.map(({ reason, residual, why }) => {
    const rest = residual === null ? '' : `  would leave ${amountText(residual, { signed: true })}`;
    return `  ${reason}  ${why}${rest}`;
  });
  return ['', 'RULED OUT', ...lines];
}

function repairLines({ id, repair, state }: BreakView): readonly string[] {
  const { entries, because, effects, remedy } = repair;
  if (remedy != null && remedy.command !== null) {
    return [`REPAIR  ${remedy.command}: ${remedy.does}`];
  }
  if (repair.rows !== undefined) {
    return [`REPAIR  ${repair.rows.join('; ')}`, `  (${because ?? ''})`];
  }
  if (entries.length === 0) return [`REPAIR  none: ${because ?? 'nothing is known to repair it'}`];
  const what = entries.map(({ action, id: entry, target }) =>
    target === undefined ? `${action} ${entry}` : `${action} entry ${target} (${entry})`,
  );
  return [
    `REPAIR  ${what.join(', ')}: ${because ?? ''}`,
    ...effectLines(effects),
    `  next: ${nextText(id, state, repair)}`,
  ];
}

/** What needs approval is proposed by sync first: only a plan that was made can be approved. */
function nextText(id: string, state: string, { needsApproval, planHash }: BreakView['repair']) {
  if (needsApproval !== true) return `trueup sync --apply --only ${id}`;
  if (state === 'APPROVED') return 'trueup sync --apply';
  const approve = `trueup approve ${id} --plan ${planHash?.slice(0, 8)}`;
  return `${state === 'PROPOSED' ? '' : 'trueup sync, then '}${approve}, then trueup sync --apply`;
}

export const effectLines = (effects: readonly EffectView[]): readonly string[] =>
  effects.map(
    ({ what, key, before, after, change }) =>
      `  ${what} ${key}  ${amountText(change, { signed: true })}    ` +
      `${amountText(before)} → ${amountText(after)}`,
  );
