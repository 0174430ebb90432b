import { RolloutError } from '../errors.ts';

/** Bytes of the configuration file as text; a byte order mark stays. Throws `edit_refused` for what is not UTF-8. */
export function utf8(content: Uint8Array, shown: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch (cause) {
    throw new RolloutError('edit_refused', `${shown} was left as it is: it is not valid UTF-8`, {
      hint: `see where: rollout validate --file ${shown}`,
      cause,
    });
  }
}
