import { examine } from '../../app/setup/doctor/examine.ts';
import { gatherFacts } from '../../compose/doctor.ts';
import type { Finding, FindingText } from '../../domain/report/finding.ts';
import { harmless } from '../../lib/text.ts';
import type { Style } from '../../report/style/style.ts';
import type { Line } from '../../report/text/outcomes/outcome-text.ts';
import { findingText } from '../../report/words/findings/finding-words.ts';
import { answer } from '../terminal/answer.ts';
import { type DefineCommand, run, settingsOf } from '../terminal/command.ts';
import { EXIT } from '../terminal/terminal.ts';

const LONGEST = 500;

export const define: DefineCommand = (command, terminal, end) => {
  run(command, end, 'rollout doctor', async (options) => {
    const found = examine(await gatherFacts(settingsOf(terminal, options)));
    const findings = found.map((one) => ({ ...one, ...findingText(one) }));
    const well = findings.every(({ state }) => state !== 'failed');
    answer(terminal, options, {
      json: () => ({ well, findings }),
      words: () => findings.flatMap((one) => findingLines(terminal.style, one)),
    });
    return well ? EXIT.ok : EXIT.error;
  });
};

function findingLines(
  style: Style,
  { what, state, found, next }: Pick<Finding, 'what' | 'state'> & FindingText,
): Line[] {
  const marks = {
    ok: style.good('ok     '),
    warning: style.warn('warning'),
    failed: style.bad('failed '),
    unknown: style.dim('unknown'),
  };
  return [
    { text: `${marks[state]}  ${what.padEnd(13)}  ${harmless(found, LONGEST)}` },
    ...(next === null ? [] : [{ text: `${' '.repeat(24)}next: ${harmless(next, LONGEST)}` }]),
  ];
}
