import type { Asked, Requested, Resumed } from '../../domain/change/requested.ts';
import { oneLine } from '../../lib/text.ts';
import { breachText } from './policy-words.ts';
import { advanceText } from './wait-words.ts';
import { counted } from './words.ts';

/** What a change does, as the title of its commit or pull request. */
export function titleText(requested: Requested): string {
  switch (requested.code) {
    case 'add':
      return `Add ${requested.feature}, ${requested.whitelist > 0 ? 'for its whitelist' : 'switched off'}`;
    case 'set':
      return `Set ${requested.feature} to ${requested.to}%`;
    case 'advance':
      return requested.to === null
        ? `Advance ${requested.feature}`
        : `Advance ${requested.feature} to ${requested.to}%`;
    case 'auto_rollback':
      return `Switch automatic rollback of ${requested.feature} ${requested.enabled ? 'on' : 'off'}`;
    case 'list': {
      const { action, list, feature, entries } = requested;
      const [verb, link] = action === 'add' ? ['Add', 'to'] : ['Remove', 'from'];
      return `${verb} ${nameThem(entries)} ${link} the ${list} of ${feature}`;
    }
    case 'test_repositories': {
      const { action, repositories } = requested;
      const what = repositories.length === 1 ? 'test repository' : 'test repositories';
      return `${action === 'mark' ? 'Mark' : 'Unmark'} ${nameThem(repositories)} as ${what}`;
    }
    case 'resume':
      return resumeTitle(requested.targets);
  }
}

/** The values before and after, and other facts for the commit, one sentence each. */
export function factTexts(requested: Requested): string[] {
  switch (requested.code) {
    case 'add':
      return [
        requested.whitelist > 0
          ? `Only its whitelist (${requested.whitelist}) is exposed before it is started.`
          : 'Nobody is exposed to it before it is started.',
      ];
    case 'set':
      return [`From ${requested.from}% to ${requested.to}%.`];
    case 'advance': {
      const gate = advanceText(requested.gate);
      const why = requested.forced ? `forced; the gate ${gate}` : gate;
      return [`From ${requested.from}% to ${requested.to ?? requested.from}%: ${why}.`];
    }
    case 'auto_rollback':
      return [];
    case 'list':
      return [`${requested.action === 'add' ? 'Add' : 'Remove'}: ${requested.entries.join(', ')}.`];
    case 'test_repositories':
      return [`${requested.action === 'mark' ? 'Mark' : 'Unmark'}: ${requested.repositories.join(', ')}.`];
    case 'resume':
      return requested.targets.map(resumeFact);
  }
}

/** The question that a person must confirm. */
export function questionText(asked: Asked): string {
  switch (asked.code) {
    case 'set':
      return `Raise ${asked.feature} from ${asked.from}% to ${asked.to}%?`;
    case 'advance': {
      const forced = asked.forced ? ` The gate ${advanceText(asked.gate)}.` : '';
      return `Raise ${asked.feature} from ${asked.from}% to ${asked.to ?? asked.from}%?${forced}`;
    }
    case 'list':
      return `${titleText(asked)}? This lets them in.`;
    case 'test_repositories':
      return `${titleText(asked)}? This may let them into features that select by category.`;
    case 'resume':
      return `Resume ${asked.targets.map((target) => `${target.feature} at ${targetWord(target)}`).join(', ')}?`;
    case 'lift_stop':
      return 'Lift the global stop?';
    case 'allow':
      return `Let ${asked.feature} through against the policy${asked.breaches.length === 0 ? '' : ` (${asked.breaches.map(breachText).join('; ')})`}?`;
    case 'adopt_file':
      return `Apply ${asked.path}, which is not in a commit (${asked.features.join(', ') || 'test_repositories'})?`;
    case 'forget':
      return `Erase ${asked.subject} from the database?`;
    case 'add':
    case 'auto_rollback':
      return `${titleText(asked)}?`;
  }
}

/** `acme/one`, `3 entries`. */
function nameThem(entries: readonly string[]): string {
  return entries.length === 1 ? (entries[0] ?? '') : `${entries.length} entries`;
}

function resumeTitle(targets: readonly Resumed[]): string {
  const [first] = targets;
  if (!first) return 'Resume';
  if (targets.length > 1) return `Resume ${counted(targets.length, 'feature')}`;
  return `Resume ${first.feature} at ${targetWord(first)}`;
}

function resumeFact(target: Resumed): string {
  const { feature, incident, before } = target;
  const was = before ? `, before it ${before.active ? `${before.percentage}%` : 'off'}` : '';
  const held = incident ? `, held by incident ${incident.id} (${oneLine(incident.reason)})${was}` : '';
  return `${feature}: to ${targetWord(target)}${held}.`;
}

/** `25%`, `its whitelist`, `off, as it was before`. */
function targetWord({ active, percentage }: Resumed): string {
  if (!active) return 'off, as it was before';
  return percentage === null ? 'its whitelist' : `${percentage}%`;
}
