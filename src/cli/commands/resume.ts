import { resumeAll, resumeFeature } from '../../app/operate/resume.ts';
import { requireReason } from '../../app/reason.ts';
import { RolloutError } from '../../errors.ts';
import { resumeJson } from '../../report/json/change-json.ts';
import { resumeLines } from '../../report/text/outcome-text.ts';
import { resumeExit } from '../../report/words/exits.ts';
import {
  type ChangingOptions,
  changeOptions,
  changingOptions,
  orHeld,
  percentageArgument,
  print,
  printing,
} from '../terminal/changing.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';

interface ResumeOptions extends ChangingOptions {
  all?: true;
  percentage?: number;
}

export const define: DefineCommand = (command, terminal, end) => {
  changingOptions(command, { mayRaise: true })
    .option('--all', 'everything that is held, and the stop of everything')
    .option('--percentage <n>', 'how far, at most what it was before the incident', percentageArgument);
  const example = 'rollout resume new_checkout --percentage 10 --reason "fixed in 1.4.2"';
  run(command, end, example, (options: ResumeOptions, feature?: string) =>
    orHeld(terminal, options, async () => {
      refuseContradiction(options, feature);
      const reason = requireReason(
        options.reason,
        'resume',
        `rollout resume ${feature ?? '--all'} --reason "what was mended"`,
      );
      return withController(terminal, options, async (controller) => {
        const how = { ...changeOptions(terminal, options), reason };
        const outcome =
          feature === undefined
            ? await resumeAll(controller, how)
            : await resumeFeature(controller, { ...how, feature, percentage: options.percentage });
        if (options.json) terminal.json(resumeJson(outcome));
        else print(terminal, resumeLines(printing(terminal, options), outcome));
        return resumeExit(outcome);
      });
    }),
  );
};

function refuseContradiction({ all, percentage }: ResumeOptions, feature: string | undefined): void {
  if (feature === undefined && !all) {
    throw new RolloutError('usage', 'say which feature to resume', {
      hint: 'rollout resume FEATURE --reason "..." or rollout resume --all --reason "..."',
    });
  }
  if (feature !== undefined && all) {
    throw new RolloutError('usage', `--all and ${feature} contradict each other`, {
      hint: 'leave one of them out',
    });
  }
  if (all && percentage !== undefined) {
    throw new RolloutError('usage', '--all resumes each feature as far as the file says', {
      hint: 'leave --percentage out, or resume one feature after the other',
    });
  }
}
