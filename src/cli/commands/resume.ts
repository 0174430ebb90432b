import { type ResumeOutcome, resumeAll, resumeFeature } from '../../app/operate/resume.ts';
import { RolloutError } from '../../errors.ts';
import { resumeJson } from '../../report/json/change-json.ts';
import { moment } from '../../report/words/words.ts';
import {
  type ChangingOptions,
  changeExit,
  changeOptions,
  changingOptions,
  orHeld,
  percentageArgument,
  requireReason,
  tellChange,
} from '../terminal/changing.ts';
import { type CommonOptions, type DefineCommand, run, withController } from '../terminal/command.ts';
import { EXIT, type Terminal } from '../terminal/terminal.ts';

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
        options,
        'a resume',
        `rollout resume ${feature ?? '--all'} --reason "what was mended"`,
      );
      return withController(terminal, options, async (controller) => {
        const how = { ...changeOptions(terminal, options), reason };
        const outcome =
          feature === undefined
            ? await resumeAll(controller, how)
            : await resumeFeature(controller, { ...how, feature, percentage: options.percentage });
        if (options.json) terminal.json(resumeJson(outcome));
        else tellResume(terminal, options, outcome);
        return exitOf(outcome);
      });
    }),
  );
};

/** What became of a resume, for a terminal. */
export function tellResume(terminal: Terminal, options: CommonOptions, outcome: ResumeOutcome): void {
  for (const { feature, incident, expires_at } of outcome.permits) {
    terminal.say(`incident ${incident} of ${feature} has a permit until ${moment(expires_at)}`);
  }
  tellChange(terminal, options, outcome);
  if (outcome.unlatched) terminal.say(terminal.style.good('the stop of everything is lifted'));
  for (const { feature, reason } of outcome.skipped) {
    terminal.note(terminal.style.warn(`${feature} stays held: ${reason}`));
  }
}

function exitOf(outcome: ResumeOutcome): number {
  if (outcome.skipped.length > 0) return EXIT.held;
  return outcome.unlatched && outcome.file === null ? EXIT.ok : changeExit(outcome);
}

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
