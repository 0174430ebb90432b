import type pg from 'pg';
import {
  historyAt,
  historyHead,
  readHistory,
  readHistoryOnward,
  readLatestHistory,
  verifyHistory,
} from '../configuration/history.ts';
import { appendNote } from '../configuration/notes.ts';
import { countHistory } from '../health/report.ts';

export const historyReader = (db: pg.PoolClient) => ({
  list: readHistory.bind(null, db),
  latest: (limit: number, feature?: string) => readLatestHistory(db, limit, feature),
  onward: readHistoryOnward.bind(null, db),
  at: historyAt.bind(null, db),
  head: () => historyHead(db),
  verify: verifyHistory.bind(null, db),
  counts: (feature?: string) => countHistory(db, feature),
});

export const historyWriter = (pool: pg.Pool) => ({
  note: appendNote.bind(null, pool),
});
