/** What the guard needs of an engine. */
import type { SourceGuard } from '../../model/source.ts';
import type { Query, Session } from '../database.ts';
import type { FalconShape } from '../falcon/shape.ts';

export interface GuardEngine {
  /** Keeps writers out until the end; absent where they are out already. Asked first of all. */
  lock?(session: Session, shape: FalconShape): Promise<void>;
  /** Throws where this database cannot have a guard. */
  refuse(query: Query, shape: FalconShape): Promise<void>;
  /** The statements that make it, in the order in which they run. */
  statements(query: Query, shape: FalconShape, audit: boolean): Promise<readonly string[]>;
  /** Runs them, after what was there of it is dropped. */
  install(session: Session, shape: FalconShape, audit: boolean): Promise<void>;
  read(query: Query, shape: FalconShape): Promise<SourceGuard>;
  remove(session: Session, shape: FalconShape): Promise<void>;
}
