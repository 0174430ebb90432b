import { validate } from '../../app/setup/validate.ts';
import { readConfigurationFile } from '../../compose/environment/files.ts';
import { formatProblem } from '../../report/text/plan-text.ts';
import { counted } from '../../report/words/words.ts';
import { type CommonOptions, type DefineCommand, run } from '../terminal/command.ts';
import { EXIT } from '../terminal/terminal.ts';

export const define: DefineCommand = (command, terminal, end) => {
  run(command, end, 'rollout validate --file rollout.yaml', async ({ file, json }: CommonOptions) => {
    const { valid, problems, features } = validate(await readConfigurationFile(file));
    if (json) {
      terminal.json({ valid, problems });
    } else {
      for (const problem of problems) terminal.say(formatProblem(problem, file));
      const { good, bad } = terminal.style;
      const errors = problems.filter(({ severity }) => severity === 'error').length;
      terminal.say(
        valid
          ? good(`${file} is valid: ${counted(features, 'feature')}`)
          : bad(`${file} has ${counted(errors, 'error')}`),
      );
    }
    return valid ? EXIT.ok : EXIT.error;
  });
};
