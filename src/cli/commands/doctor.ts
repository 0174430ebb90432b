import { examine } from '../../app/setup/doctor/examine.ts';
import { gatherFacts } from '../../compose/doctor.ts';
import type { Finding, FindingText } from '../../domain/report/finding.ts';
import { harmless } from '../../lib/text.ts';
import { findingText } from '../../report/words/finding-words.ts';
import { type DefineCommand, run, settingsOf } from '../terminal/command.ts';
import { EXIT, type Terminal } from '../terminal/terminal.ts';

const LONGEST = 500;

export const define: DefineCommand = (command, terminal, end) => {
  run(command, end, 'rollout doctor', async (options) => {
    const found = examine(await gatherFacts(settingsOf(terminal, options)));
    const findings = found.map((one) => ({ ...one, ...findingText(one) }));
    const well = findings.every(({ state }) => state !== 'failed');
    if (options.json) terminal.json({ well, findings });
    else for (const finding of findings) tell(terminal, finding);
    return well ? EXIT.ok : EXIT.error;
  });
};

function tell(
  { say, style }: Terminal,
  { what, state, found, next }: Pick<Finding, 'what' | 'state'> & FindingText,
): void {
  const marks = {
    ok: style.good('ok     '),
    warning: style.warn('warning'),
    failed: style.bad('failed '),
    unknown: style.dim('unknown'),
  };
  say(`${marks[state]}  ${what.padEnd(13)}  ${harmless(found, LONGEST)}`);
  if (next !== null) say(`${' '.repeat(24)}next: ${harmless(next, LONGEST)}`);
}
