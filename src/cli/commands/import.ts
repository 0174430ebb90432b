import { basename } from 'node:path';
import { Option } from 'commander';
import { type ImportReport, importSubjects } from '../../app/registry/import-subjects.ts';
import { subjectFormatOf } from '../../app/registry/subject-file.ts';
import { SUBJECT_TYPES, type SubjectType } from '../../domain/spec/vocabulary.ts';
import { harmless } from '../../lib/text.ts';
import { count, counted } from '../../report/words/words.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';
import { inputError, openInput, requireInput } from '../terminal/input-file.ts';
import { EXIT, type Terminal } from '../terminal/terminal.ts';

export const define: DefineCommand<[path: string]> = (command, terminal, end) => {
  const declared = command
    .addOption(
      new Option('--subject <type>', 'what the lines are').choices([...SUBJECT_TYPES]).default('repository'),
    )
    .option('--skip-invalid', 'import the good lines although there are bad ones')
    .option('--allow-missing', 'import repositories although columns that decide their size are missing');
  // The list of commands has declared the argument; declared again, it would be a second one.
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
      if (options.json) terminal.json(report);
      else tell(terminal, report, options.subject);
      return EXIT.ok;
    });
  });
};

function tell(terminal: Terminal, report: ImportReport, subject: SubjectType): void {
  const many = subject === 'repository' ? 'repositories' : 'customers';
  terminal.say(
    `${counted(report.received, subject, many)} read: ${count(report.added)} new, ${count(report.changed)} changed, ${count(report.unchanged)} as before`,
  );
  if (report.ignored_columns.length > 0)
    terminal.note(`columns not used: ${harmless(report.ignored_columns.join(', '), 500)}`);
  if (report.skipped_count > 0) {
    terminal.note(terminal.style.warn(`${counted(report.skipped_count, 'bad line')} left out:`));
    for (const { line, message } of report.skipped) terminal.note(`  line ${line}: ${message}`);
  }
  tellMovements(terminal, report.movements);
}

/** Who enters and leaves live features because the registry changed. */
export function tellMovements(terminal: Terminal, movements: ImportReport['movements']): void {
  for (const { feature, entering, leaving } of movements) {
    terminal.say(
      `${harmless(feature, 255)}: ${counted(entering, 'subject')} entered, ${count(leaving)} left`,
    );
  }
}
