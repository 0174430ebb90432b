import { validate } from '../../app/setup/validate.ts';
import { readConfigurationFile } from '../../compose/environment/files.ts';
import { formatProblem } from '../../report/text/plan-text.ts';
import { counted } from '../../report/words/words.ts';
import { answer } from '../terminal/answer.ts';
import { type CommonOptions, type DefineCommand, run } from '../terminal/command.ts';
import { EXIT } from '../terminal/terminal.ts';

export const define: DefineCommand = (command, terminal, end) => {
  run(command, end, 'rollout validate --file rollout.yaml', async (options: CommonOptions) => {
    const { file } = options;
    const { valid, problems, features } = validate(await readConfigurationFile(file));
    answer(terminal, options, {
      json: () => ({ valid, problems }),
      words: () => {
        const { good, bad } = terminal.style;
        const errors = problems.filter(({ severity }) => severity === 'error').length;
        const whole = valid
          ? good(`${file} is valid: ${counted(features, 'feature')}`)
          : bad(`${file} has ${counted(errors, 'error')}`);
        return [...problems.map((one) => ({ text: formatProblem(one, file) })), { text: whole }];
      },
    });
    return valid ? EXIT.ok : EXIT.error;
  });
};
