import { type KeptBackTest, type NotYet, notYetAllowed } from '../guardrails/allowance.ts';
import type { Guardrail } from '../spec/spec.ts';
import type { GuardrailBackTest, GuardrailTest } from './guardrail-test.ts';

/** Converts an engine's back-test to its stored form. */
export function asKept(test: GuardrailTest, queriesDigest: string, testedAt: Date): KeptBackTest {
  const { guardrail, from, until, days, events, bad, acted, correlation, judgedWith } = test;
  return {
    ...{ queriesDigest, limit: guardrail.limit, correlation: judgedWith ?? 1, measured: correlation },
    ...{ from: new Date(from * 1_000), until: new Date(until * 1_000), days, events, bad, testedAt },
    alarms: acted.map(({ at }) => new Date(at * 60_000)),
  };
}

/** What a proposed guardrail without subjects will be allowed to do. */
export interface Expected {
  /** Why it will not roll back; null: it will. */
  notYet: NotYet | null;
  /** It may roll back only after a tick has run and stored this back-test itself. */
  afterTick: boolean;
}

/** Predicts a guardrail's permission: by the stored back-test if that allows a rollback, otherwise by the new one. */
export function expectedOf(
  guardrail: Guardrail,
  found: GuardrailBackTest['found'],
  kept: KeptBackTest | undefined,
  { digest, now }: { digest: string | null; now: Date },
): Expected {
  const present = notYetAllowed(guardrail, kept, digest);
  if (present === null || found.code !== 'tested' || found.by !== 'engine') {
    return { notYet: present, afterTick: false };
  }
  const notYet = notYetAllowed(guardrail, asKept(found.test, digest ?? '', now), digest);
  return { notYet, afterTick: notYet === null };
}
