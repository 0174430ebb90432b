import { type ActualFeature, settingsOf } from '../../../src/domain/plan/actual.ts';
import type { Change } from '../../../src/domain/plan/change.ts';
import { plan } from '../../../src/domain/plan/decide/plan.ts';
import type { Desired, DesiredFeature } from '../../../src/domain/plan/desired.ts';
import type { Incident } from '../../../src/domain/spec/incident.ts';
import type { Exposure } from '../../../src/domain/spec/spec.ts';
import { retellFacts } from '../../helpers/data/retell.ts';
import { OPENED, spec } from '../../helpers/data/specs.ts';

export const NOW = new Date('2026-11-22T12:00:00Z');
export const FEATURE = 'checkout';

/** What the plan is made from: the file, the rows and the incidents of one moment. */
export interface World {
  file: Desired;
  rows: ReadonlyMap<string, ActualFeature>;
  incidents: readonly Incident[];
}

export function fileOf(features: Record<string, DesiredFeature>, rest: Partial<Desired> = {}): Desired {
  return {
    revision: 'tip',
    features: new Map(Object.entries(features)),
    broken: new Map(),
    adopted: false,
    freeze: [],
    ...rest,
  };
}

export function rowsOf(...rows: ActualFeature[]): Map<string, ActualFeature> {
  return new Map(rows.map((row) => [row.feature, row]));
}

export function changesOf({ file, rows, incidents }: World): Change[] {
  return plan(file, rows, incidents, NOW);
}

/** The plan of a world of one feature, as a person would retell it. */
export function tell(
  wanted: DesiredFeature | null,
  actual: ActualFeature | null,
  incidents: readonly Incident[] = [],
  rest: Partial<Desired> = {},
): string {
  const file = fileOf(wanted ? { [FEATURE]: wanted } : {}, rest);
  return retell(changesOf({ file, rows: actual ? rowsOf(actual) : new Map(), incidents }));
}

/** Every change in a few lines: action and reason, exposure before and after, what is written. */
export function retell(changes: readonly Change[]): string {
  if (changes.length === 0) return 'nothing to do';
  return changes.map((change) => retellOne(change).join('\n')).join('\n\n');
}

function retellOne(change: Change): string[] {
  const incident = change.incident === null ? '' : `, incident ${change.incident}`;
  return [
    `${change.feature}: ${change.action}${change.held ? ', held' : ''}${incident}`,
    retellFacts(change.reason),
    `live ${short(change.before)} -> ${short(change.after)}`,
    `writes ${retellWrite(change)}`,
    ...change.warnings.map((warning) => `warning: ${retellFacts(warning)}`),
  ];
}

function retellWrite({ write }: Change): string {
  if (!write) return 'nothing';
  const baseline = write.spec ? `baseline ${short(write.spec)}` : 'no baseline';
  const { incident } = write;
  return [
    write.history,
    baseline,
    write.archived ? 'archived' : '',
    write.newEpoch ? 'new epoch' : '',
    write.newStep ? 'new step' : '',
    incident?.do === 'open' ? `opens ${incident.kind} holding ${short(incident.held)}` : '',
    incident?.do === 'open' ? `before it ${short(incident.before)}` : '',
    incident?.do === 'reopen' ? `reopens ${incident.incident} holding ${short(incident.held)}` : '',
    incident?.do === 'settle' || incident?.do === 'resume' ? `${incident.do}s ${incident.incident}` : '',
  ]
    .filter(Boolean)
    .join(', ');
}

function short(said: Exposure | null): string {
  if (!said) return 'nowhere';
  const state = said.active ? '' : 'off ';
  const stop = said.emergency_stop ? 'stopped ' : '';
  const lists = `${said.whitelist.map((id) => ` +${id}`).join('')}${said.blacklist.map((id) => ` -${id}`).join('')}`;
  return `${state}${stop}${said.strategy === 'percentage' ? '' : `${said.strategy} `}${said.percentage}%${lists}`;
}

/** The world after reconcile has written what the plan says. */
export function afterwards(world: World): World {
  const rows = new Map(world.rows);
  let incidents = [...world.incidents];
  for (const { feature, reason, write } of changesOf(world)) {
    if (!write) continue;
    const before = rows.get(feature);
    const said = write.spec ?? before?.spec ?? null;
    rows.set(feature, {
      feature,
      spec: said,
      edited: null,
      unsealed: [],
      resolved: write.resolved,
      columns: write.exposure,
      settings: said ? settingsOf(said) : (before?.settings ?? settingsOf(spec())),
      archived: write.archived,
      revision: world.file.revision,
    });
    const effect = write.incident;
    if (effect?.do === 'open') {
      const earlier = incidents.find((one) => one.feature === feature && one.state === 'open');
      incidents = incidents.filter((one) => one.feature !== feature);
      incidents.push({
        id: `new-${feature}`,
        feature,
        kind: effect.kind,
        state: 'open',
        reason: retellFacts(reason),
        opened_at: OPENED,
        subject: (rows.get(feature)?.settings ?? settingsOf(spec())).subject,
        held: effect.held,
        before: earlier?.before ?? effect.before,
        permit: null,
        settled_by: [],
        settlement: 'missing',
      });
    } else if (effect) {
      incidents = incidents.map((one) => (one.id === effect.incident ? changed(one, effect) : one));
    }
  }
  return { ...world, rows, incidents };
}

function changed(
  incident: Incident,
  effect: Exclude<NonNullable<Change['write']>['incident'], null>,
): Incident {
  switch (effect.do) {
    case 'settle':
      return { ...incident, state: 'settled', settlement: 'contained' };
    case 'resume':
      return { ...incident, state: 'resumed' };
    case 'reopen':
      return { ...incident, state: 'open', held: effect.held };
    case 'open':
      return incident;
  }
}
