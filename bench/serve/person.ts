/** A person who looks at the page now and then, and has whatever waits for one repaired. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

interface Shown {
  readonly id: string;
  readonly waitsFor: string;
}

export class Person {
  /** Breaks that were repaired so. */
  readonly repaired = new Set<string>();
  readonly #address: string;
  readonly #token: string;
  #asked = 0;

  constructor(address: string, token: string) {
    this.#address = address;
    this.#token = token;
  }

  static async at(main: string, book: string, address: string): Promise<Person> {
    const words = ['--book', book, 'token', 'add', 'person', '--scope', 'read,repair,approve'];
    const { stdout } = await promisify(execFile)(process.execPath, [main, ...words]);
    return new Person(address, stdout.trim());
  }

  /** Once; a plan that is not that of the book any more is looked at anew the next time. */
  async look(): Promise<void> {
    const listed = await this.#ask('GET', '/api/v1/breaks?state=open&limit=50');
    for (const { id, waitsFor } of listed['items'] as readonly Shown[]) {
      if (waitsFor !== 'person') continue;
      const { repair } = await this.#ask('GET', `/api/v1/breaks/${id}`);
      const plan = (repair as { readonly planHash: string } | null)?.planHash;
      if (plan === undefined) continue;
      await this.#ask('POST', `/api/v1/breaks/${id}/approve`, { plan });
      const { sequences } = await this.#ask('POST', `/api/v1/breaks/${id}/repair`, { plan });
      if (sequences !== undefined) this.repaired.add(id);
    }
  }

  async #ask(method: string, path: string, body: object | null = null) {
    this.#asked += 1;
    const answer = await fetch(this.#address + path, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        'idempotency-key': `person-${this.#asked}`,
        ...(body === null ? {} : { 'content-type': 'application/json' }),
      },
      body: body === null ? null : JSON.stringify(body),
    });
    return (await answer.json()) as Readonly<Record<string, unknown>>;
  }
}
