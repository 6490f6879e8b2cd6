/** A rehearsal as it goes: each step, and every figure beside what it should be. */
import { moneyText } from '../../model/amount.ts';
import type {
  RehearsalDocument,
  RehearsalFigure,
  RehearsedStep,
} from '../../report/rehearsal-document.ts';
import type { Terminal } from '../terminal.ts';
import { counted } from './amount.ts';

export function stepLines(
  terminal: Pick<Terminal, 'style'>,
  number: number,
  { name, command, says, figures }: RehearsedStep,
): readonly string[] {
  const width = Math.max(...figures.map(({ what }) => what.length));
  const does = command === null ? [] : [`   ${terminal.style('dim', `$ ${command}`)}`];
  return [
    `${String(number).padStart(2)} ${terminal.style('bold', name)}: ${says}`,
    ...does,
    ...figures.map((figure) => figureLine(terminal, figure, width)),
  ];
}

function figureLine(
  { style }: Pick<Terminal, 'style'>,
  { what, is, expected, found, ok }: RehearsalFigure,
  width: number,
): string {
  const named = `${what.padEnd(width)}  ${shown(found, is)}`;
  return ok
    ? `   ${style('green', 'ok')}     ${named}`
    : `   ${style('red', 'WRONG')}  ${named}, and should be ${shown(expected, is)}`;
}

/** Cents are always shown, and never rounded away. */
const shown = (text: string, is: RehearsalFigure['is']): string =>
  is === 'money' && text !== 'unknown' ? moneyText(text) : text.replace(/^true$/, 'TRUE');

/** Says of the whole whether it ended as it should. */
export function lastLine({ verdict, steps, figures, planned }: RehearsalDocument): string {
  if (verdict === 'true') {
    return `TRUE: ${counted(steps.length, 'step')}, ${counted(figures, 'figure')}, all as expected`;
  }
  const step = steps.at(-1);
  const wrong = step?.figures.filter(({ ok }) => !ok) ?? [];
  const which = wrong.map(({ what, expected, found }) => `${what} is ${found}, not ${expected}`);
  return `BREAK: step ${steps.length} of ${planned} (${step?.name}): ${which.join('; ')}`;
}
