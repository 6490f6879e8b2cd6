/**
 * Strategies by name: one that is built in, with its parameters, or a file with one exported
 * function. A file is a program of whoever wrote it: it runs with all that this process may do.
 */
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { basename, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  add,
  compare,
  type Decimal,
  divideHalfEven,
  fromInteger,
  isPositive,
  one,
  subtract,
  zero,
} from '../../decimal/decimal.ts';
import { decimal, parseDecimal, toText } from '../../decimal/text.ts';
import { nearest } from '../../model/nearest.ts';
import { roundDown } from '../../model/steps.ts';
import { type Values, valuesOf } from '../../strategies/built-in.ts';
import { strategies } from '../../strategies/strategies.ts';
import type { Strategy } from '../../strategies/strategy.ts';
import { strategyNameMax } from './order-name.ts';
import { PaperRefused } from './paper-refused.ts';
import type { Runner } from './runner.ts';

/** `NAME`, `NAME=0.4`, `./file.ts`; and `NAME.PARAMETER=VALUE`. */
export async function runnersOf(
  chosen: readonly string[],
  parameters: readonly string[],
): Promise<readonly Runner[]> {
  const choices = chosen.map(choiceOf);
  const shares = sharesOf(choices);
  const given = parametersOf(parameters);
  const runners: Runner[] = [];
  for (const [index, { what }] of choices.entries()) {
    const runner = isFile(what) ? await fromFile(what) : builtIn(what, given);
    if (runners.some(({ name }) => name === runner.name)) {
      const hint = 'rename the file, or leave one out';
      throw refused('strategy-twice', `two strategies are named ${runner.name}`, runner.name, hint);
    }
    runners.push({ ...runner, share: shares[index]! });
  }
  const names = runners.filter(({ from }) => from === 'built in').map(({ name }) => name);
  const stray = [...given.keys()].find((name) => !names.includes(name));
  if (stray !== undefined) {
    const hint = `--parameter is for ${names.join(', ') || 'strategies that are built in'}`;
    throw refused('parameter-stray', `no strategy ${stray} is run`, stray, hint);
  }
  return runners;
}

interface Choice {
  readonly what: string;
  readonly share: Decimal | null;
}

function choiceOf(text: string): Choice {
  const at = text.lastIndexOf('=');
  if (at < 0) return { what: text, share: null };
  const share = parseDecimal(text.slice(at + 1));
  if (share.ok && isPositive(share.value) && compare(share.value, one) <= 0) {
    return { what: text.slice(0, at), share: share.value };
  }
  throw refused('share-bad', `${text} gives no share`, text, 'write a share above 0 and up to 1');
}

const shareStep = decimal('0.0001');

/** Those without a share divide what is left of 1, rounded down. */
function sharesOf(choices: readonly Choice[]): readonly Decimal[] {
  const given = choices.reduce((sum, { share }) => (share === null ? sum : add(sum, share)), zero);
  const open = choices.filter(({ share }) => share === null).length;
  const left = subtract(one, given);
  const each =
    open === 0 ? zero : roundDown(divideHalfEven(left, fromInteger(open), 18), shareStep);
  if (compare(given, one) > 0 || (open > 0 && !isPositive(each))) {
    const message = `the shares are ${toText(given)} together, and leave nothing for the others`;
    const all = `the shares are ${toText(given)} together, more than 1`;
    const hint = 'the capital can be given away once: shares of at most 1 together';
    throw refused('shares-exceed', compare(given, one) > 0 ? all : message, toText(given), hint);
  }
  return choices.map(({ share }) => share ?? each);
}

function parametersOf(parameters: readonly string[]): ReadonlyMap<string, Values> {
  const given = new Map<string, Record<string, Decimal>>();
  for (const text of parameters) {
    const [, strategy, name, number] = /^([a-z0-9-]+)\.([A-Za-z]+)=(.+)$/.exec(text) ?? [];
    const value = number === undefined ? null : parseDecimal(number);
    if (strategy === undefined || name === undefined || value?.ok !== true) {
      const hint = 'write STRATEGY.PARAMETER=NUMBER, such as ma-cross.fast=12';
      throw refused('parameter-bad', `${text} is no parameter`, text, hint);
    }
    given.set(strategy, { ...given.get(strategy), [name]: value.value });
  }
  return given;
}

type Loaded = Omit<Runner, 'share'>;

function builtIn(what: string, given: ReadonlyMap<string, Values>): Loaded {
  const names = strategies.map(({ name }) => name);
  const found = strategies.find(({ name }) => name === what);
  if (found === undefined) {
    const near = nearest(what, names);
    const choices = `${names.join(', ')}, or a file such as ./my-strategy.ts`;
    const hint = near === null ? `choose ${choices}` : `did you mean ${near}? There are ${choices}`;
    throw refused('strategy-unknown', `there is no strategy ${what}`, what, hint);
  }
  const values = valuesOf(found, given.get(what) ?? {});
  if (!values.ok) throw new PaperRefused(values.refusal);
  const parameters = values.value;
  return { name: what, from: 'built in', strategy: found.of(parameters), parameters };
}

const libraryUrl = new URL(`../../index${extname(import.meta.url)}`, import.meta.url).href;

const isFile = (what: string): boolean => /[/\\]/.test(what) || /\.[cm]?[jt]s$/.test(what);

async function fromFile(path: string): Promise<Loaded> {
  if (!existsSync(path)) {
    throw refused('file-unreadable', `there is no file ${path}`, path, 'check the path');
  }
  let exported: Readonly<Record<string, unknown>>;
  // A strategy imports from 'trueup' wherever its file lies.
  const hooks = registerHooks({
    resolve: (name, context, next) => next(name === 'trueup' ? libraryUrl : name, context),
  });
  try {
    exported = (await import(pathToFileURL(resolve(path)).href)) as typeof exported;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const hint = 'run the file with node by itself: it says where the fault is';
    throw refused('strategy-not-loaded', `${path} does not load: ${why}`, path, hint);
  } finally {
    hooks.deregister();
  }
  const functions = Object.values(exported).filter((one) => typeof one === 'function');
  const [strategy] = functions;
  if (strategy === undefined || functions.length > 1) {
    const count = functions.length === 0 ? 'no function' : `${functions.length} functions`;
    const hint = 'export one function of { instrument, bars, held } that returns a signal or null';
    throw refused('strategy-not-one', `${path} exports ${count}`, path, hint);
  }
  return { name: nameOf(path), from: path, strategy: strategy as Strategy, parameters: {} };
}

/** Of letters that orders can be named by. */
function nameOf(path: string): string {
  const plain = basename(path, extname(path))
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  const name = plain.replaceAll(/^-+|-+$/g, '').slice(0, strategyNameMax);
  if (name !== '') return name;
  throw refused('strategy-unnamed', `${path} has no name`, path, 'name it with letters or digits');
}

const refused = (code: string, message: string, value: string, hint: string): PaperRefused =>
  new PaperRefused({
    code,
    message,
    where: { field: '--strategy', value },
    rule: 'a run has strategies with shares of one capital',
    hint,
  });
