import { RolloutError } from '../errors.ts';

/** Decodes the configuration file; a byte order mark stays. Throws `edit_refused` if it is not UTF-8. */
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
