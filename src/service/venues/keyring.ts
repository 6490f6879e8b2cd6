/**
 * A key out of the keyring of the machine's user: `secret-tool` where there is a secret service,
 * `security` on macOS. What they answer is told to nobody.
 */
import { execFile } from 'node:child_process';
import { accepted, type Result, refused } from '../../model/result.ts';

export interface KeyringEntry {
  /** The account under which it is kept, of the service `trueup`. */
  readonly entry: string;
  /** The setting that names it. */
  readonly field: string;
}

export interface KeyringPlace {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** A keyring that asks a person for its password would wait for ever. */
  readonly timeoutMs?: number;
}

interface Keyring {
  readonly program: string;
  readonly words: (entry: string) => readonly string[];
  readonly store: (entry: string) => string;
  /** What comes with it, for whoever does not have it. */
  readonly from: string;
  /** Exit codes that say that there is no such entry, with nothing else said. */
  readonly absent: (code: number, said: string) => boolean;
}

const service = 'trueup';

const secretService: Keyring = {
  program: 'secret-tool',
  words: (entry) => ['lookup', 'service', service, 'account', entry],
  store: (entry) =>
    `secret-tool store --label="${service} ${entry}" service ${service} account ${entry}`,
  from: 'install it (libsecret-tools)',
  absent: (code, said) => code === 1 && said === '',
};

const keychain: Keyring = {
  program: 'security',
  words: (entry) => ['find-generic-password', '-s', service, '-a', entry, '-w'],
  store: (entry) => `security add-generic-password -s ${service} -a ${entry} -w`,
  from: 'it comes with macOS',
  absent: (code) => code === 44,
};

const usualTimeoutMs = 10_000;
/** Codes of `security`, and words of `secret-tool`, for a keyring that nobody has opened. */
const lockedCodes: readonly number[] = [36, 51, 128, 152];
const lockedWords = /lock|dismiss|prompt|interaction/i;

/** The text that is kept there. */
export async function keyringText(
  { entry, field }: KeyringEntry,
  { environment, platform, timeoutMs = usualTimeoutMs }: KeyringPlace,
): Promise<Result<string>> {
  const refuse = (code: string, message: string, hint: string) =>
    refused({
      ...{ code, message, where: { field, value: entry }, hint },
      rule: 'a key in the keyring is there for the user who runs this, without a question',
    });
  if (platform !== 'linux' && platform !== 'darwin') {
    return refuse('keyring-unsupported', `no keyring of ${platform} is known`, 'use keyFile');
  }
  const ring = platform === 'darwin' ? keychain : secretService;
  const answer = await run(ring.program, ring.words(entry), environment, timeoutMs);
  switch (answer.status) {
    case 'missing': {
      const hint = `${ring.from}, or use keyFile`;
      return refuse('keyring-missing', `${ring.program} cannot be run: it is not there`, hint);
    }
    case 'late': {
      const said = `${ring.program} gave no answer within ${timeoutMs / 1_000} s`;
      return refuse('keyring-locked', `${said}: it may wait for a password`, unlock);
    }
    case 'failed': {
      const { code, said } = answer;
      if (ring.absent(code, said)) break;
      if (lockedCodes.includes(code) || lockedWords.test(said)) {
        return refuse('keyring-locked', `the keyring is locked: ${ring.program} says so`, unlock);
      }
      const words = said === '' ? `ended with ${code}` : `said: ${said.slice(0, 200)}`;
      const hint = 'see whether it answers by hand, or use keyFile';
      return refuse('keyring-failed', `${ring.program} ${words}`, hint);
    }
    case 'answered': {
      const text = answer.text.trim();
      if (text !== '') return accepted(text);
    }
  }
  const hint = `keep it: ${ring.store(entry)}`;
  return refuse('keyring-empty', `the keyring has no entry ${service} ${entry}`, hint);
}

const unlock = 'unlock the keyring, or use keyFile or a credential where nobody is logged in';

type Ran =
  | { readonly status: 'answered'; readonly text: string }
  | { readonly status: 'failed'; readonly code: number; readonly said: string }
  | { readonly status: 'missing' | 'late' };

/** Without a shell. What it answers stays here; of what it says, only the complaint is told. */
function run(
  program: string,
  words: readonly string[],
  environment: KeyringPlace['environment'],
  timeout: number,
): Promise<Ran> {
  const options = { env: { ...environment }, timeout, killSignal: 'SIGKILL', encoding: 'utf8' };
  return new Promise((resolve) => {
    execFile(program, [...words], options as { encoding: 'utf8' }, (error, text, complaint) => {
      if (error === null) resolve({ status: 'answered', text });
      else if (error.code === 'ENOENT' || error.code === 'EACCES') resolve({ status: 'missing' });
      else if (error.killed === true) resolve({ status: 'late' });
      else resolve({ status: 'failed', code: Number(error.code), said: complaint.trim() });
    });
  });
}
