import { adoptFile } from '../../app/operate/adopt-file.ts';
import { requireReason } from '../../app/reason.ts';
import { readConfigurationFile } from '../../compose/environment/files.ts';
import { RolloutError } from '../../errors.ts';
import { planText } from '../../report/text/plan-text.ts';
import { reconcileExit } from '../../report/words/exits.ts';
import { planJson } from '../../report/words/plan-model.ts';
import { commit } from '../../report/words/words.ts';
import { answer, NOTHING_CHANGED } from '../terminal/answer.ts';
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
      return report(terminal, options, outcome);
    });
  });
};

function digestOf(digest: string | undefined, example: string): string | undefined {
  if (digest === undefined || /^[0-9a-f]{64}$/i.test(digest)) return digest?.toLowerCase();
  throw new RolloutError('usage', '--digest is not a SHA-256 of 64 hexadecimal digits', {
    hint: `sha256sum prints it; without it: ${example}`,
  });
}

function report(
  terminal: Terminal,
  options: CommonOptions,
  { digest, governed_by, reconciled }: Awaited<ReturnType<typeof adoptFile>>,
): number {
  const adopted = `adopted ${options.file} (${digest.slice(0, 12)}) once; the next reconcile from the repository applies ${commit(governed_by)} or what follows it`;
  answer(terminal, options, {
    json: () => ({ digest, governed_by, reconciled: reconciled && planJson(reconciled) }),
    words: () =>
      reconciled === null
        ? NOTHING_CHANGED
        : [{ text: planText(terminal.style, reconciled, options.file, true) }, { text: adopted }],
  });
  if (reconciled === null) return EXIT.error;
  return reconcileExit(reconciled);
}
