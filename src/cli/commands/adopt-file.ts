import { adoptFile } from '../../app/operate/adopt-file.ts';
import { requireReason } from '../../app/reason.ts';
import { readConfigurationFile } from '../../compose/environment/files.ts';
import { RolloutError } from '../../errors.ts';
import { planText } from '../../report/text/plan-text.ts';
import { reconcileExit } from '../../report/words/exits.ts';
import { planJson } from '../../report/words/plan-model.ts';
import { commit } from '../../report/words/words.ts';
import { type CommonOptions, type DefineCommand, run, withController } from '../terminal/command.ts';
import { agreement } from '../terminal/confirm.ts';
import { EXIT, type Terminal } from '../terminal/terminal.ts';

export const define: DefineCommand = (command, terminal, end) => {
  const declared = command
    .option('--reason <text>', 'why; it goes into history')
    .option('--digest <sha256>', 'refuse unless the file has exactly this content')
    .option('--yes', 'do not ask before exposure is raised');
  const example = 'rollout adopt-file --file copy/rollout.yaml --reason "the repository is away"';
  run(declared, end, example, (options) => {
    const reason = requireReason(options.reason, 'adopt-file', example);
    const digest = digestOf(options.digest, example);
    return withController(terminal, options, async (controller) => {
      const file = {
        path: options.file,
        content: await readConfigurationFile(options.file),
        revision: null,
      };
      const outcome = await adoptFile(controller, {
        file,
        reason,
        digest,
        agree: agreement(terminal, options),
      });
      return tell(terminal, options, outcome);
    });
  });
};

function digestOf(digest: string | undefined, example: string): string | undefined {
  if (digest === undefined || /^[0-9a-f]{64}$/i.test(digest)) return digest?.toLowerCase();
  throw new RolloutError('usage', '--digest is not a SHA-256 of 64 hexadecimal digits', {
    hint: `sha256sum prints it; without it: ${example}`,
  });
}

function tell(
  terminal: Terminal,
  options: CommonOptions,
  { digest, governed_by, reconciled }: Awaited<ReturnType<typeof adoptFile>>,
): number {
  if (options.json) {
    terminal.json({ digest, governed_by, reconciled: reconciled && planJson(reconciled) });
  } else if (reconciled === null) {
    terminal.say('nothing was changed');
  } else {
    terminal.say(planText(terminal.style, reconciled, options.file, true));
    terminal.say(
      `adopted ${options.file} (${digest.slice(0, 12)}) once; the next reconcile from the repository applies ${commit(governed_by)} or what follows it`,
    );
  }
  if (reconciled === null) return EXIT.error;
  return reconcileExit(reconciled);
}
