import { RolloutError } from '../../errors.ts';
import type { Parcel } from '../record/parcel/batch.ts';
import type { Failure } from '../record/parcel/failure.ts';
import type { Sink } from '../record/parcel/sink.ts';
import { WIRE_VERSION } from '../wire/wire.ts';
import { RelayAnswer } from './relay-answer.ts';
import type { RelayClient } from './relay-client.ts';

const NO_TOKEN =
  'outcomes are not recorded: createRollout was given no writeToken, one of ROLLOUT_WRITE_TOKENS of the server';

/** Sends outcomes to a relay, which passes them on to the database and classifies errors itself. */
export function relaySink(client: RelayClient, takes: boolean): Sink {
  return {
    refusal: takes ? null : NO_TOKEN,
    send: (parcel) => client.record(parcel.id, bodyOf(parcel)),
    failureOf,
    pauseAfter: (error) => (error instanceof RelayAnswer ? error.retryAfterMs : 0),
    tripFuse: async () => 0,
  };
}

function bodyOf(parcel: Parcel): string {
  return JSON.stringify({ version: WIRE_VERSION, ...parcel });
}

/** Classifies an error: the relay's own by its code, a proxy's by its status. */
function failureOf(error: unknown): Failure {
  if (!(error instanceof RelayAnswer)) return error instanceof RolloutError ? 'away' : 'later';
  if (error.word === 'refused' || error.word === 'too_large' || error.word === 'later') return error.word;
  if (error.status === 413) return 'too_large';
  if (error.status === 400 || error.status === 409) return 'later';
  return 'away';
}
