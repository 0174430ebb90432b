import type { Edit } from '../../config/edit/edit.ts';
import type { AdvanceOutcome } from '../../domain/change/outcome.ts';
import { judgeAdvance, nextStep } from '../../domain/gate/advance.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import { RolloutError } from '../../errors.ts';
import { gateOf } from '../health/advance-gate.ts';
import { checkFeature } from '../health/check-health.ts';
import { type LiveFeature, liveFeatures } from '../health/live-features.ts';
import type { Words } from '../ports/words.ts';
import {
  type ChangeDependencies,
  type ChangeOptions,
  type ChangeRequest,
  changeFile,
  notDone,
  viaOf,
} from './change-file.ts';
import { editedFeature, textToChange } from './file-text.ts';
import { refuseHeld, refuseOff, refuseUnshown } from './preconditions.ts';

export interface AdvanceInput extends ChangeOptions {
  feature: string;
  /** Advance although the gate waits; the reason goes into the commit and into history. */
  force: boolean;
  environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Takes the next step of a feature's plan, through the same gate as the tick's. If the gate waits, this is reported and
 * nothing is done, unless a person insists. Never takes two steps, and none while an incident is open.
 */
export async function advanceFeature(deps: ChangeDependencies, input: AdvanceInput): Promise<AdvanceOutcome> {
  const { feature, force, reason } = input;
  if (force && !reason) {
    throw new RolloutError('usage', '--force needs --reason', {
      hint: `rollout advance ${feature} --force --reason "what you know"`,
    });
  }
  await refuseHeld(deps.store, feature);
  await deps.store.features.restartSoaks(deps.actor);
  const live = await liveFeature(deps, feature);
  const { advance, judgement } = await gateNow(deps, live, input);
  const to = advance.next?.percentage;
  const from = live.spec.percentage;
  const forced = force && advance.wait !== null;
  const gate = { wait: advance.wait, step: advance.step };
  const requested = { code: 'advance', feature, from, to: to ?? null, gate, forced } as const;
  const via = viaOf(feature, input.via, live.spec, true, to);
  const found = { advance, judgement, forced };
  if (to === undefined || (advance.wait !== null && !force)) {
    return { ...notDone({ requested, via, raises: false }, { code: 'gate', gate }), ...found };
  }
  const decide = (spec: Spec): Edit[] => {
    refuseOff(feature, spec);
    refuseOtherStep(feature, spec, from, to);
    return spec.percentage === to ? [] : [{ kind: 'set', path: ['percentage'], value: to }];
  };
  editedFeature(await textToChange(deps.repository, input.via), feature, decide);
  const request: ChangeRequest = {
    command: forced ? `advance ${feature} --force` : `advance ${feature}`,
    features: [feature],
    requested,
    trailers: [],
    proposal: { operation: 'advance', name: feature },
    via,
    reason,
    raises: true,
    edit: (text: string) => editedFeature(text, feature, decide).text,
  };
  await refuseUnshown(deps, request);
  if (!(await input.agree(requested))) return { ...notDone(request), ...found };
  if (forced) await noteForce(deps, feature, to, gate, reason ?? '');
  return { ...(await changeFile(deps, request)), ...found };
}

async function liveFeature(deps: ChangeDependencies, feature: string): Promise<LiveFeature> {
  const [live] = await deps.store.reading((read) => liveFeatures(read, feature));
  if (live) return live;
  throw new RolloutError('usage', `${feature} admits nobody yet: there is no step to go on from`, {
    hint: `begin with: rollout set ${feature} N`,
  });
}

/** Judges the feature now, and the gate for a person's command. Records nothing. */
async function gateNow(deps: ChangeDependencies, live: LiveFeature, { environment }: AdvanceInput) {
  const { standing, spec } = live;
  const dryRun = { actor: deps.actor, environment, dryRun: true };
  const { judgement } = await checkFeature(deps, live, dryRun);
  const gate = await deps.store.reading(async (read) => {
    return gateOf(read, standing, spec, judgement, await read.state());
  });
  return { judgement, advance: judgeAdvance(gate, true) };
}

/** The gate judged the live state; the file must be at the same step, or two steps would become one. */
function refuseOtherStep(feature: string, spec: Spec, from: number, to: number): void {
  const here = spec.percentage === from && nextStep(spec)?.percentage === to;
  if (here || spec.percentage === to) return;
  throw new RolloutError(
    'usage',
    `${feature} is live at ${from}%, but the file says ${spec.percentage}%${spec.percentage === from ? ' and another next step' : ''}`,
    { hint: 'bring them together first: rollout reconcile' },
  );
}

function noteForce(
  { store, actor, words }: ChangeDependencies,
  feature: string,
  to: number,
  gate: Parameters<Words['gate']>[0],
  reason: string,
): Promise<void> {
  return store.history.note({
    feature,
    actor,
    text: `forced to ${to}% while the gate ${words.gate(gate)}: ${reason}`,
    metadata: { forced: true, to, wait: gate.wait, reason },
  });
}
