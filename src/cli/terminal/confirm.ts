import { stderr, stdin } from 'node:process';
import type { ChangeOptions } from '../../app/operate/change-file.ts';
import { RolloutError } from '../../errors.ts';
import { questionText } from '../../report/words/request-words.ts';
import type { Terminal } from './terminal.ts';

/**
 * Asks for a confirmation before exposure is raised or something cannot be undone: by a prompt on a terminal, in a
 * script by `--yes`, which must be given in advance.
 */
export function agreement(terminal: Terminal, { yes }: { yes?: true }): ChangeOptions['agree'] {
  return async (asked) => {
    if (yes) return true;
    const question = questionText(asked);
    if (!terminal.watched || stdin.isTTY !== true) {
      throw new RolloutError('usage', `not done without being confirmed: ${question}`, {
        hint: `this ${asked.code === 'forget' ? 'cannot be undone' : 'raises exposure'}; in a script, add --yes`,
      });
    }
    const { confirm } = await import('@clack/prompts');
    // Standard output is reserved for the answer. A cancelled prompt is not a confirmation.
    return (await confirm({ message: question, initialValue: false, output: stderr })) === true;
  };
}
