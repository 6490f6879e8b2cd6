/**
 * What must come about once the faults stop: within a minute every difference is an open break,
 * and then the book comes to equal the exchange, with nothing left open.
 */
import { isBalanced } from '../../src/books/postings.ts';
import { isOfSource } from '../../src/reconcile/reconcile.ts';
import { isOpen } from '../../src/reconcile/verdict.ts';
import { verifyDerived } from '../../src/service/rebuilding.ts';
import { knownBreaks } from '../../src/service/reconcile-entries.ts';
import { verifyChain } from '../../src/store/verify.ts';
import { placeName, unitsOf } from './ledger.ts';
import { breakText } from './oracle.ts';
import type { World } from './simulation.ts';

const rounds = 8;

export async function checkEnd(world: World): Promise<void> {
  const { clock, venue, market, oracle } = world;
  market.end();
  await clock.pass(20_000);
  venue.heal();
  await world.revive();
  world.process!.writer.disarm();
  await clock.pass(40_000);
  await commanded(world, () => world.check());
  mustBeOpen(world);
  for (let round = 1; round <= rounds && oracle.faults.length === 0; round += 1) {
    await clock.pass(60_000);
    await commanded(world, () => (round < 4 ? world.repair() : world.approve()));
    if (isSettled(world)) break;
    if (round === rounds) tellUnsettled(world);
  }
  if (world.hasDesk && oracle.faults.length === 0) await exitsMustFollow(world);
  mustBeSound(world);
  if (world.bot.isMade && oracle.faults.length === 0) await rowsMustFollow(world);
}

/** With nothing in its way the desk leaves what is aged, and the book follows. */
async function exitsMustFollow(world: World): Promise<void> {
  await commanded(world, () => world.exitsByDesk());
  await world.clock.pass(70_000);
  if (!isSettled(world)) tellUnsettled(world);
}

/** Each row that is active says what is held, or somebody is told that it does not. */
async function rowsMustFollow(world: World): Promise<void> {
  const { bot, oracle, clock } = world;
  for (let round = 0; round < 2; round += 1) {
    await commanded(world, () => world.rows());
    await clock.pass(70_000);
  }
  const { positions } = oracle.ledger.held();
  const told = new Set(
    breaksNow(world)
      .filter((one) => isOpen(one) && isOfSource(one))
      .flatMap(({ lines }) => lines.map(({ key }) => key)),
  );
  for (const { symbol, side, quantity } of bot.active()) {
    const size = unitsOf(quantity);
    const isTrue = (side === 'sell' || side === 'short' ? -size : size) === positions.get(symbol);
    if (!isTrue && !told.has(symbol)) {
      oracle.fault('SM7', `a row says ${side} ${quantity} ${symbol}, and nobody is told`);
    }
  }
}

/** A command gets the time that it takes. */
async function commanded(world: World, work: () => Promise<void>): Promise<void> {
  const process = world.process!;
  for (let tries = 0; tries < 60 && process.isAtWork; tries += 1) await world.clock.pass(2_000);
  process.begin(work);
  for (let tries = 0; tries < 60 && process.isAtWork; tries += 1) await world.clock.pass(2_000);
  if (process.isAtWork) world.oracle.fault('I7', 'a check does not come to its end');
}

const breaksNow = ({ process }: World) => {
  const { file } = process!.reader;
  return knownBreaks(file, file.accountNamed('main')!.account).breaks;
};

/** A bot's rows may stay as they are until a person decides. */
const ownOpen = (world: World) => breaksNow(world).filter((one) => isOpen(one) && !isOfSource(one));

/** What is held otherwise than in truth is a line of an open break, or said not to be known. */
function mustBeOpen(world: World): void {
  const { oracle } = world;
  const open = oracle.breaks.filter(isOpen);
  const named = new Set(
    open.flatMap(({ lines }) => lines.map(({ key, leg }) => placeName(key, leg ?? 'net'))),
  );
  // An answer that is empty against the book is not believed, also where it is right.
  const doubted = new Set<string>(oracle.unknown.map(({ section }) => section));
  for (const name of oracle.wrong(world.process!.reader)) {
    const isDoubted = doubted.has(name.includes('/') ? 'positions' : 'balances');
    if (!named.has(name) && !isDoubted) {
      oracle.fault('I7', `${name} differs, and no break says so`);
    }
  }
}

function isSettled(world: World): boolean {
  const { reader } = world.process!;
  return (
    world.oracle.wrong(reader).length === 0 &&
    world.oracle.differences(reader, null).length === 0 &&
    ownOpen(world).length === 0
  );
}

function tellUnsettled(world: World): void {
  const { oracle } = world;
  const { reader } = world.process!;
  for (const one of oracle.differences(reader, null).slice(0, 3)) oracle.fault('I7', one);
  for (const name of oracle.wrong(reader)) oracle.fault('I7', `${name} still differs`);
  for (const one of ownOpen(world).slice(0, 3)) {
    oracle.fault('I7', `still open: ${breakText(one)}`);
  }
}

function mustBeSound(world: World): void {
  const { oracle, process, venue } = world;
  const { reader, file, following } = process!;
  if (oracle.faults.length > 0) return;
  const { gaps, unread } = following;
  if (gaps.open.length > 0) oracle.fault('I7', `a gap stays open: ${gaps.open[0]!.why}`);
  if (unread > venue.garbled) oracle.fault('I1', `${unread} messages are not in the book`);
  const account = reader.file.accountNamed('main')!;
  const { fold } = reader.look(account, { asOf: null, knownAt: null, markMaxAgeMs: 1 });
  if (!isBalanced(fold.postings)) oracle.fault('I4', 'assets do not equal causes');
  for (const { differences } of verifyDerived(file, [account])) {
    for (const one of differences.slice(0, 2)) oracle.fault('I3', JSON.stringify(one));
  }
  for (const { code, message } of verifyChain(file).findings)
    oracle.fault('I5', `${code} ${message}`);
}
