import { partsOfBytes } from '../../domain/change/bundle.ts';
import type { Agree } from '../../domain/change/requested.ts';
import { linesNaming, type Named } from '../../domain/spec/mention.ts';
import { foldName } from '../../domain/spec/resolve.ts';
import type { SubjectType } from '../../domain/spec/vocabulary.ts';
import { RolloutError } from '../../errors.ts';
import { quoted } from '../../lib/text.ts';
import type { Erased } from '../../store/registry/forget.ts';
import type { Store } from '../../store/store.ts';
import type { ConfigurationRepository, Tip } from '../ports/configuration-repository.ts';

export interface ForgetInput {
  subject: SubjectType;
  /** An id, or for a repository also its `owner/name`. */
  who: string;
  reason: string;
  agree: Agree;
}

interface ForgetDependencies {
  store: Store;
  repository: Pick<ConfigurationRepository, 'readTip'>;
  actor: string;
}

/**
 * Erases a subject from the database, including history; null: a person declined. Refused while the file still names
 * it, because the next reconcile would bring it back, and while the file is not live. Copies outside the database are
 * left to people: the repository's history, GitHub's pages, backups, logs.
 */
export async function forget(deps: ForgetDependencies, input: ForgetInput): Promise<Erased[] | null> {
  const { store, actor } = deps;
  const subject = await store.reading(async (read) => {
    const known = await read.registry.subject(input.subject, input.who);
    const id = known?.id ?? input.who;
    const names = new Set([...(await read.registry.namesOf(id)), foldName(known?.name ?? input.who)]);
    if (names.size > 1 || known?.name) names.delete(id);
    return { id, names: [...names] };
  });
  refuseNamed(await deps.repository.readTip(), subject, input.who);
  await refuseLive(store, subject, input.who);
  if (!(await input.agree({ code: 'forget', subject: input.who }))) return null;
  return store.registry.forget({ actor, reason: input.reason }, subject);
}

function refuseNamed(tip: Tip, subject: Named, who: string): void {
  const { main, included } = partsOfBytes(tip.content);
  const files = [{ path: tip.path, content: main }, ...included];
  const places = files.flatMap(({ path, content }) =>
    linesNaming(Buffer.from(content).toString('utf8'), subject).map((line) => `${path}:${line}`),
  );
  if (places.length === 0) return;
  const more = places.length > 5 ? ` and ${places.length - 5} more lines` : '';
  throw new RolloutError(
    'held',
    `the file still names ${quoted(who)}: ${places.slice(0, 5).join(', ')}${more}`,
    {
      hint: 'remove it from the file and reconcile, then run this again; commits that have it stay in the history of the repository, which only its owner can rewrite',
    },
  );
}

/**
 * Refuses while a list in the database names it: reconcile removes an entry that the file dropped, and knows whether
 * something holds it.
 */
async function refuseLive(store: Store, subject: Named, who: string): Promise<void> {
  const { rows, held } = await store.reading(async (read) => ({
    rows: [...(await read.features.actual()).values()],
    held: await read.incidents.current(),
  }));
  const all = new Set([subject.id, ...subject.names]);
  const live = rows.find(
    ({ feature, archived, columns: { whitelist, blacklist } }) =>
      !archived &&
      !held.some((one) => one.feature === feature && one.state === 'open') &&
      [...whitelist, ...blacklist].some((entry) => all.has(entry) || all.has(foldName(entry))),
  );
  if (live === undefined) return;
  throw new RolloutError('held', `a list of ${live.feature} in the database still has ${quoted(who)}`, {
    hint: 'the file no longer has it; run: rollout reconcile',
  });
}
