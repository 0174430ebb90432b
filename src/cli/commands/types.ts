import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { featureTypes } from '../../app/setup/feature-types.ts';
import { validFile } from '../../app/setup/validate.ts';
import { readConfigurationFile } from '../../compose/environment/files.ts';
import { RolloutError } from '../../errors.ts';
import { errorCode } from '../../lib/error-text.ts';
import { counted } from '../../report/words/words.ts';
import { answer } from '../terminal/answer.ts';
import { type DefineCommand, run } from '../terminal/command.ts';
import { EXIT } from '../terminal/terminal.ts';

export const define: DefineCommand = (command, terminal, end) => {
  const declared = command.option('--out <file>', 'write it to this file instead of standard output');
  run(declared, end, 'rollout types --out src/features.ts', async (options) => {
    const config = validFile(options.file, await readConfigurationFile(options.file));
    const text = featureTypes(config, basename(options.file));
    const { out } = options;
    if (out === undefined) {
      answer(terminal, options, {
        json: () => ({ features: [...config.features.keys()].sort() }),
        words: () => text.trimEnd(),
      });
      return EXIT.ok;
    }
    await writeFile(out, text).catch((error) => {
      throw new RolloutError('file_unreadable', `${out} cannot be written: ${errorCode(error) ?? error}`, {
        hint: 'name a file in a folder that is there and may be written, with --out',
      });
    });
    answer(terminal, options, {
      json: () => ({ out, features: [...config.features.keys()].sort() }),
      words: () => `wrote ${out} with ${counted(config.features.size, 'feature')}`,
    });
    return EXIT.ok;
  });
};
