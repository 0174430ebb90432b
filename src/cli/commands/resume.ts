import type { Command } from 'commander';
import { resumeAll, resumeFeature } from '../../app/operate/resume.ts';
import { resumeSubject, type SubjectResumed } from '../../app/quarantine/resume-subject.ts';
import { requireReason } from '../../app/reason.ts';
import { RolloutError } from '../../errors.ts';
import { resumeJson } from '../../report/json/change-json.ts';
import { resumeLines } from '../../report/text/outcomes/outcome-text.ts';
import { resumeExit } from '../../report/words/exits.ts';
import { resumedSubjectText } from '../../report/words/outcome-words.ts';
import { answer } from '../terminal/answer.ts';
import {
  changeOptions,
  orHeld,
  percentageOption,
  printing,
  raisingOptions,
  reportChange,
} from '../terminal/changing.ts';
import { type DefineCommand, type OptionsOf, run, withController } from '../terminal/command.ts';
import { EXIT, type Terminal } from '../terminal/terminal.ts';

const declared = (command: Command<[feature: string | undefined]>) =>
  raisingOptions(command)
    .option('--all', 'everything that is held, and the stop of everything')
    .option('--subject <id>', 'release one subject from quarantine: its id, or its name')
    .option('--percentage <n>', 'percentage to allow, at most the one before the incident', percentageOption);

type ResumeOptions = OptionsOf<typeof declared>;

export const define: DefineCommand<[feature: string | undefined]> = (command, terminal, end) => {
  const example = 'rollout resume new_checkout --percentage 10 --reason "fixed in 1.4.2"';
  run(declared(command), end, example, (options, feature) =>
    orHeld(terminal, options, async () => {
      refuseContradiction(options, feature);
      const reason = requireReason(
        options.reason,
        'resume',
        `rollout resume ${feature ?? '--all'} --reason "what was fixed"`,
      );
      return withController(terminal, options, async (controller) => {
        const how = { ...changeOptions(terminal, options), reason };
        if (feature !== undefined && options.subject !== undefined) {
          const { subject } = options;
          const resumed = await resumeSubject(controller, { ...how, feature, subject });
          return reportResumedSubject(terminal, options, resumed);
        }
        const outcome =
          feature === undefined
            ? await resumeAll(controller, how)
            : await resumeFeature(controller, { ...how, feature, percentage: options.percentage });
        answer(terminal, options, {
          json: () => resumeJson(outcome),
          words: () => resumeLines(printing(terminal, options), outcome),
        });
        return resumeExit(outcome);
      });
    }),
  );
};

/** Prints the released subject, and the result for the file. */
function reportResumedSubject(terminal: Terminal, options: ResumeOptions, resumed: SubjectResumed): number {
  const { change, ...told } = resumed;
  const before = [{ text: resumedSubjectText(resumed) }];
  if (change) return reportChange(terminal, options, change, told, { before });
  answer(terminal, options, { json: () => told, words: () => before });
  return resumed.released ? EXIT.ok : EXIT.error;
}

function refuseContradiction({ all, percentage, subject }: ResumeOptions, feature: string | undefined): void {
  if (subject !== undefined && (feature === undefined || percentage !== undefined)) {
    throw new RolloutError('usage', '--subject releases one subject of one feature', {
      hint: 'rollout resume FEATURE --subject ID --reason "..."',
    });
  }
  if (feature === undefined && !all) {
    throw new RolloutError('usage', 'name the feature to resume', {
      hint: 'rollout resume FEATURE --reason "..." or rollout resume --all --reason "..."',
    });
  }
  if (feature !== undefined && all) {
    throw new RolloutError('usage', `--all and ${feature} cannot be combined`, {
      hint: 'leave one of them out',
    });
  }
  if (all && percentage !== undefined) {
    throw new RolloutError('usage', '--all resumes each feature as far as the file says', {
      hint: 'leave --percentage out, or resume one feature after the other',
    });
  }
}
