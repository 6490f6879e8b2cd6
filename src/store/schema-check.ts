/** Compares the tables, indexes, triggers and views of a file with those that a book has. */
import { Driver } from './driver.ts';
import type { Migration } from './migrations.ts';
import { tables } from './schema.ts';
import { views } from './views.ts';

/** What differs, in words; what somebody added is left alone, unless it acts by itself. */
export function schemaFaults(driver: Driver, list: readonly Migration[]): string[] {
  const wanted = wantedObjects(list);
  const found = objectsOf(driver);
  const faults = [...wanted].flatMap(([name, sql]) => {
    if (!found.has(name)) return [`${name} is missing`];
    return found.get(name) === sql ? [] : [`${name} is not what was written`];
  });
  const added = [...found.keys()].filter(
    (name) => name.startsWith('trigger ') && !wanted.has(name),
  );
  return [...faults, ...added.map((name) => `${name} does not belong to a book`)];
}

const known = new WeakMap<readonly Migration[], ReadonlyMap<string, string>>();

/** Of a book of the present format; made once. */
function wantedObjects(list: readonly Migration[]): ReadonlyMap<string, string> {
  const made = known.get(list) ?? objectsInMemory(list);
  known.set(list, made);
  return made;
}

/** A new book of the present format, in memory. */
function objectsInMemory(list: readonly Migration[]): ReadonlyMap<string, string> {
  const driver = new Driver(':memory:', { readOnly: false, busyTimeoutMs: 0 });
  try {
    driver.exec(tables);
    driver.exec(views);
    for (const { up } of list) up(driver);
    return objectsOf(driver);
  } finally {
    driver.close();
  }
}

const objectsOf = (driver: Driver): ReadonlyMap<string, string> =>
  new Map(
    driver
      .prepare('SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL')
      .all()
      .map(([type, name, sql]) => [`${type} ${name}`, String(sql)]),
  );
