import type { ChangeVia } from '../../app/ports/configuration-repository.ts';
import { type NeedsReason, requireReason } from '../../app/reason.ts';
import type { Controller } from '../../compose/controller.ts';
import type { Agree } from '../../domain/change/requested.ts';
import { RolloutError } from '../../errors.ts';
import { questionText } from '../../report/words/request-words.ts';
import type { CommonOptions } from '../terminal/command.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** Asks the person at the keyboard; null: no person is there. */
export interface Asking {
  /** Asks for a line of text, trimmed; empty if nothing was typed. */
  line(question: string): Promise<string>;
}

/** State of a session in a terminal. */
export interface Session {
  controller: Controller;
  terminal: Terminal;
  options: CommonOptions & { via?: ChangeVia };
  feature: string;
  /** Asks the person; null: standard input is not a terminal, and nothing can be confirmed. */
  asking: Asking | null;
}

/** Confirmed only by the whole word, because text that was typed ahead is not a confirmation. */
export function agreeing({ asking }: Session): Agree {
  return async (asked) => {
    const question = questionText(asked);
    if (asking) return /^y(es)?$/i.test(await asking.line(`${question} (yes/no) `));
    throw new RolloutError('usage', `not done without being confirmed: ${question}`, {
      hint: 'this raises exposure; in a script use the command with --yes',
    });
  };
}

/** Returns the given reason, or asks for one. Throws `usage` without one. */
export async function reasonFor(
  { asking }: Session,
  operation: NeedsReason,
  given: unknown,
): Promise<string> {
  const reason = typeof given === 'string' ? given.trim() : await asking?.line(`Why the ${operation}? `);
  return requireReason(reason, operation, 'give it in quotes, such as "payments fail"');
}
