import { type Edit, editFeature } from '../../config/edit/edit.ts';
import { parseConfig } from '../../config/read/parse.ts';
import { atMost } from '../../domain/spec/at-most.ts';
import type { RolloutConfig, Spec } from '../../domain/spec/spec.ts';
import { RolloutError } from '../../errors.ts';
import { utf8 } from '../../lib/utf8.ts';
import type { ChangeVia, ConfigurationRepository } from '../ports/configuration-repository.ts';

/** Returns the text that a change would start from. */
export async function textToChange(
  repository: ConfigurationRepository,
  via: ChangeVia | undefined,
): Promise<string> {
  const { path, content } = await repository.read(via ?? 'commit');
  return utf8(content, path);
}

/** Parses the file, if a program may change it. Throws `file_invalid` for an error outside the features. */
export function configIn(text: string): RolloutConfig {
  const { config, problems } = parseConfig(text);
  if (config) return config;
  throw invalid('rollout.yaml has errors', problems.find(({ severity }) => severity === 'error')?.message);
}

/** Returns one feature of a text. Throws `unknown_feature`, and `file_invalid` if its part has errors. */
export function specIn(text: string, feature: string): Spec {
  const { broken } = parseConfig(text);
  const spec = configIn(text).features.get(feature);
  if (spec) return spec;
  const [problem] = broken.get(feature) ?? [];
  if (problem) throw invalid(`${feature} has errors in rollout.yaml`, problem.message);
  // Throws an error that lists the features and the probable one.
  editFeature(text, feature, []);
  throw new RolloutError('unknown_feature', `there is no feature ${feature} in the file`);
}

/** A feature's spec before and after some edits; the resulting file is proven valid. */
export interface Edited {
  text: string;
  before: Spec;
  after: Spec;
}

/** Applies the edits that `decide` returns for the feature in this text. Throws if the result has errors. */
export function editedFeature(text: string, feature: string, decide: (spec: Spec) => Edit[]): Edited {
  const before = specIn(text, feature);
  const edited = editFeature(text, feature, decide(before));
  return { text: edited, before, after: withThat(() => specIn(edited, feature)) };
}

/** Marks an error as caused by the edit: the file itself does not have it, so validate would not find it. */
export function withThat<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RolloutError) || error.code !== 'file_invalid') throw error;
    throw new RolloutError(
      'file_invalid',
      `nothing was changed, because the file would have an error: ${error.message}`,
      {
        hint: 'fix the conflicting setting first, with its own command or in the file',
        cause: error,
      },
    );
  }
}

/** May this admit a subject that was not in? */
export function raises({ before, after }: Pick<Edited, 'before' | 'after'>): boolean {
  return !atMost(after, before);
}

function invalid(message: string, why: string | undefined): RolloutError {
  return new RolloutError('file_invalid', why ? `${message}: ${why}` : message, {
    hint: 'see them with: rollout validate',
  });
}
