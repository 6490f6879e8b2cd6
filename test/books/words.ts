/** The words of one line of a scenario, taken one by one; what is left over is a mistake. */
export class Words {
  readonly line: number;
  #words: string[];

  constructor(text: string, line: number) {
    this.line = line;
    this.#words = text
      .replace(/#.*/, '')
      .split(/\s+/)
      .filter((word) => word !== '');
  }

  get isEmpty(): boolean {
    return this.#words.length === 0;
  }

  next(what: string): string {
    const word = this.#words.shift();
    if (word === undefined) throw new Error(`line ${this.line}: ${what} is missing`);
    return word;
  }

  /** The next word where it is one of these. */
  oneOf<T extends string>(names: readonly T[]): T | null {
    const found = names.find((name) => name === this.#words[0]);
    if (found !== undefined) this.#words.shift();
    return found ?? null;
  }

  /** Takes a word away, wherever it stands. */
  has(word: string): boolean {
    return this.#take(word, 1) !== null;
  }

  /** The `count` words behind a keyword, wherever it stands; null where it does not. */
  after(keyword: string, count = 1): readonly string[] | null {
    return this.#take(keyword, count + 1)?.slice(1) ?? null;
  }

  /** What is behind every occurrence of a keyword. */
  allAfter(keyword: string, count: number): readonly (readonly string[])[] {
    const found = this.after(keyword, count);
    return found === null ? [] : [found, ...this.allAfter(keyword, count)];
  }

  rest(): readonly string[] {
    const words = this.#words;
    this.#words = [];
    return words;
  }

  end(): void {
    if (!this.isEmpty) throw new Error(`line ${this.line}: what is "${this.#words.join(' ')}"?`);
  }

  #take(word: string, count: number): readonly string[] | null {
    const index = this.#words.indexOf(word);
    if (index < 0) return null;
    const taken = this.#words.splice(index, count);
    if (taken.length < count) throw new Error(`line ${this.line}: ${word} of what?`);
    return taken;
  }
}
