import { editFeature } from '../../config/edit/edit.ts';
import { areSettings, type Setting, setTogether } from '../../config/edit/together.ts';
import { parseConfig } from '../../config/read/parse.ts';
import { isWithin, type Whom } from '../../domain/spec/at-most.ts';
import { resolveLists } from '../../domain/spec/resolve.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import { RolloutError } from '../../errors.ts';
import { errorText } from '../../lib/error-text.ts';
import type { PendingWriteBack } from '../../store/incidents/write-backs.ts';
import type { Edited, Refusal } from '../ports/configuration-repository.ts';
import { refuseOtherEnvironment } from '../reconcile/file/desired.ts';
import { heldEdits, strongerEdits } from './held-edits.ts';

/** Why the held states of some incidents cannot be written into a text. */
export interface RefusedIncidents extends Refusal {
  /** Reasons by incident. */
  incidents: ReadonlyMap<string, string>;
}

/** Edits the text for these incidents, or returns those whose edits fail. */
export function editForIncidents(
  text: string,
  incidents: readonly PendingWriteBack[],
  environment: string | null,
): Edited<RefusedIncidents> {
  const together = editTogether(text, incidents, environment);
  const refused = new Map<string, string>();
  let now = together.text;
  for (const one of together.left) {
    try {
      now = editForIncident(now, one, environment);
    } catch (error) {
      refused.set(one.incident, errorText(error));
    }
  }
  if (refused.size === 0) return { text: now };
  return { refused: { message: [...refused.values()].join('; '), incidents: refused } };
}

function heldBy({ subject, held }: PendingWriteBack): Whom {
  return { subject, exposure: held };
}

/** Does this entry of the file admit nobody whom the incident excludes? */
function says(spec: Spec, incident: PendingWriteBack): boolean {
  const { exposure } = resolveLists(spec, incident.resolved, new Map());
  return isWithin({ subject: spec.subject, exposure }, heldBy(incident));
}

/**
 * Applies the edits of many incidents at once, as after a global stop, and returns the remaining incidents: all of them
 * if anything is wrong, so that each gets its own error.
 */
function editTogether(
  text: string,
  incidents: readonly PendingWriteBack[],
  environment: string | null,
): { text: string; left: readonly PendingWriteBack[] } {
  const nothing = { text, left: incidents };
  const { config, broken } = parseConfig(text);
  if (incidents.length < 2 || !config || (environment ?? config.environment) !== config.environment) {
    return nothing;
  }
  const known = new Map<string, string>();
  const wanted = new Map<string, readonly Setting[]>();
  const taken: PendingWriteBack[] = [];
  for (const one of incidents) {
    const spec = config.features.get(one.feature);
    if (!spec || broken.has(one.feature)) continue;
    const edits = heldEdits(spec, resolveLists(spec, one.resolved, known).resolved, heldBy(one));
    // Removing `resumes` is not a setting.
    if (!areSettings(edits) || config.resumes.has(one.feature)) continue;
    wanted.set(one.feature, edits);
    taken.push(one);
  }
  try {
    const edited = setTogether(text, wanted);
    const after = parseConfig(edited).config?.features;
    const agrees = (one: PendingWriteBack) => {
      const spec = after?.get(one.feature);
      return spec !== undefined && says(spec, one);
    };
    if (!taken.every(agrees)) return nothing;
    const done = new Set(taken);
    return { text: edited, left: incidents.filter((one) => !done.has(one)) };
  } catch {
    return nothing;
  }
}

/** Edits the text for one incident. A feature that is not in the file needs no edit. */
function editForIncident(text: string, incident: PendingWriteBack, environment: string | null): string {
  const { feature, resolved } = incident;
  const { config, broken } = parseConfig(text);
  if (!config || broken.has(feature)) {
    throw new RolloutError(
      'file_invalid',
      `the file on the default branch has errors, so ${feature} was left as it is`,
      {
        hint: 'see them with: rollout validate',
      },
    );
  }
  refuseOtherEnvironment(config, environment);
  const spec = config.features.get(feature);
  if (!spec) return text;
  const names = resolveLists(spec, resolved, new Map()).resolved;
  const held = heldBy(incident);
  for (const edits of [heldEdits(spec, names, held), ...strongerEdits(spec, names, held)]) {
    const edited = editFeature(text, feature, edits);
    const after = parseConfig(edited).config?.features.get(feature);
    if (after && says(after, incident)) return edited;
  }
  throw new RolloutError(
    'edit_refused',
    `what the database holds of ${feature} cannot be written into the file automatically`,
    {
      hint: `edit rollout.yaml by hand; see what is held with: rollout incidents ${feature}`,
    },
  );
}
