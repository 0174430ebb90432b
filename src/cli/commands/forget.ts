import { refuseBadSubject } from '../../app/operate/lists.ts';
import { requireReason } from '../../app/reason.ts';
import { forget } from '../../app/registry/forget.ts';
import { table } from '../../report/style/table.ts';
import { answer, NOTHING_CHANGED } from '../terminal/answer.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';
import { agreement } from '../terminal/confirm.ts';
import { EXIT } from '../terminal/terminal.ts';

/** Copies that no command can reach. */
const ELSEWHERE =
  'not erased: commits, issues and comments of the repository, backups and logs, caches of applications, and wherever imports come from';

export const define: DefineCommand<[subject: string]> = (command, terminal, end) => {
  const declared = command
    .option('--customer', 'the subject is a customer, not a repository')
    .option('--reason <text>', 'why; it goes into history, without the name')
    .option('--yes', 'do not ask before it is erased');
  const example = 'rollout forget octocat/hello-world --reason "asked for by its owner"';
  run(declared, end, example, (options, who) => {
    refuseBadSubject(who, 'subject');
    const reason = requireReason(options.reason, 'forget', example);
    return withController(terminal, options, async (controller) => {
      const subject = options.customer ? 'customer' : 'repository';
      const agree = agreement(terminal, options);
      const erased = await forget(controller, { subject, who, reason, agree });
      answer(terminal, options, {
        json: () => ({ erased }),
        words: () => {
          if (erased === null) return NOTHING_CHANGED;
          const rows = erased.map(({ place, entries }) => [place, String(entries)]);
          const text = table(terminal.style, ['erased from', 'rows'], rows);
          return [{ text }, { text: ELSEWHERE, beside: true }];
        },
      });
      return erased === null ? EXIT.error : EXIT.ok;
    });
  });
};
