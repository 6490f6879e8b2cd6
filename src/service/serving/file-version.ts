/** The state of a database file: a number that changes with each commit of another connection. */
import type { Driver, Statement } from '../../store/driver.ts';

export class FileVersion {
  readonly #version: Statement;
  #ofTurn: number | null = null;

  constructor(driver: Driver) {
    this.#version = driver.prepare('PRAGMA data_version');
  }

  now(): number {
    return Number(this.#version.get()![0]);
  }

  /**
   * For requests as they come in: asked once for all that had come when the event loop looked. Who
   * was told of a commit and asks then, asks in a later turn.
   */
  ofTurn(): number {
    if (this.#ofTurn === null) {
      this.#ofTurn = this.now();
      setImmediate(() => {
        this.#ofTurn = null;
      });
    }
    return this.#ofTurn;
  }
}
