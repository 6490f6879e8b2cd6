/** `node bench/main.ts [name...]`: runs the named benches, all without a name. */
type Bench = () => Promise<void> | void;

const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  decimal: async () => (await import('./decimal.ts')).run,
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`no bench ${unknown.join(', ')}; there are: ${Object.keys(benches).join(', ')}`);
  process.exitCode = 2;
} else {
  for (const name of names.length > 0 ? names : Object.keys(benches)) {
    const run = await benches[name]!();
    console.log(`${name} (Node ${process.version}, ${process.platform} ${process.arch})`);
    await run();
  }
}
