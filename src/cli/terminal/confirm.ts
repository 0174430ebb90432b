import { stderr, stdin } from 'node:process';
import type { ChangeOptions } from '../../app/operate/change-file.ts';
import { RolloutError } from '../../errors.ts';
import { questionText } from '../../report/words/request-words.ts';
import type { Terminal } from './terminal.ts';

/**
 * How a person is asked before exposure is raised, or something cannot be undone: on a terminal by a prompt, in a script by `--yes`, which has
 * to be said beforehand.
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
    // Standard output is for the answer. Whoever breaks off has not agreed.
    return (await confirm({ message: question, initialValue: false, output: stderr })) === true;
  };
}
