import type { ChangeVia } from '../../app/ports/configuration-repository.ts';
import { type NeedsReason, requireReason } from '../../app/reason.ts';
import type { Controller } from '../../compose/controller.ts';
import type { Agree } from '../../domain/change/requested.ts';
import { RolloutError } from '../../errors.ts';
import { questionText } from '../../report/words/request-words.ts';
import type { CommonOptions } from '../terminal/command.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** Asks the person at the keyboard; null: nobody is there. */
export interface Asking {
  /** A line of text, trimmed; empty where nothing was said. */
  line(question: string): Promise<string>;
}

/** What a session in a terminal is about. */
export interface Session {
  controller: Controller;
  terminal: Terminal;
  options: CommonOptions & { via?: ChangeVia };
  feature: string;
  /** Null: standard input is not a terminal, and nothing can be confirmed. */
  asking: Asking | null;
}

/** Yes only where the whole word was typed: what was typed ahead is not an agreement. */
export function agreeing({ asking }: Session): Agree {
  return async (asked) => {
    const question = questionText(asked);
    if (asking) return /^y(es)?$/i.test(await asking.line(`${question} (yes/no) `));
    throw new RolloutError('usage', `not done without being confirmed: ${question}`, {
      hint: 'this raises exposure; in a script use the command with --yes',
    });
  };
}

/** The reason that was given, or the one that is asked for. Throws `usage` without one. */
export async function reasonFor(
  { asking }: Session,
  operation: NeedsReason,
  given: unknown,
): Promise<string> {
  const reason = typeof given === 'string' ? given.trim() : await asking?.line(`Why the ${operation}? `);
  return requireReason(reason, operation, 'give it in quotes, such as "payments fail"');
}
