import { basename } from 'node:path';
import { Option } from 'commander';
import { importSubjects } from '../../app/registry/import-subjects.ts';
import { subjectFormatOf } from '../../app/registry/subject-file.ts';
import { SUBJECT_TYPES } from '../../domain/spec/vocabulary.ts';
import { importLines } from '../../report/text/outcomes/registry-text.ts';
import { count } from '../../report/words/words.ts';
import { answer } from '../terminal/answer.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';
import { inputError, openInput, requireInput } from '../terminal/input-file.ts';
import { EXIT } from '../terminal/terminal.ts';

export const define: DefineCommand<[path: string]> = (command, terminal, end) => {
  const declared = command
    .addOption(
      new Option('--subject <type>', 'what the lines are').choices([...SUBJECT_TYPES]).default('repository'),
    )
    .option('--skip-invalid', 'import the good lines although there are bad ones')
    .option('--allow-missing', 'import repositories although columns that decide their size are missing');
  // The list of commands has already declared the argument; another declaration would add a second one.
  const [path] = command.registeredArguments;
  if (path) path.description = 'CSV with a header, or NDJSON; - reads CSV from standard input';
  run(declared, end, 'rollout import repositories.csv', async (options, path) => {
    await requireInput(path);
    return withController(terminal, options, async ({ store, actor }) => {
      const report = await importSubjects(store, {
        stream: openInput(path),
        name: path === '-' ? 'standard input' : basename(path),
        format: subjectFormatOf(path),
        subject: options.subject,
        actor,
        skipInvalid: options.skipInvalid ?? false,
        allowMissing: options.allowMissing ?? false,
        onProgress: (lines) => terminal.progress(`${count(lines)} lines read`),
      })
        .catch((error: unknown) => {
          throw inputError(path, error);
        })
        .finally(() => terminal.progress(''));
      answer(terminal, options, {
        json: () => report,
        words: () => importLines(terminal.style, report, options.subject),
      });
      return EXIT.ok;
    });
  });
};
