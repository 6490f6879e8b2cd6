/** `node test/soak/main.ts <name> [options]`: runs one soak; its exit code says how it ended. */
type Soak = (args: string[]) => Promise<number>;

const soaks: Readonly<Record<string, () => Promise<Soak>>> = {
  decimal: async () => (await import('./decimal.ts')).soak,
  simulate: async () => (await import('./simulate.ts')).soak,
  days: async () => (await import('./days.ts')).soak,
  mutants: async () => (await import('./mutants.ts')).soak,
  crash: async () => (await import('./crash.ts')).soak,
  damage: async () => (await import('./damage.ts')).soak,
  scale: async () => (await import('./scale.ts')).soak,
  venues: async () => (await import('./venues.ts')).soak,
  recovery: async () => (await import('./recovery.ts')).soak,
};

const [name = '', ...args] = process.argv.slice(2);
if (Object.hasOwn(soaks, name)) {
  const soak = await soaks[name]!();
  process.exitCode = await soak(args);
} else {
  const names = Object.keys(soaks).join(', ');
  console.error(name === '' ? `name a soak: ${names}` : `no soak ${name}; there are: ${names}`);
  process.exitCode = 2;
}
