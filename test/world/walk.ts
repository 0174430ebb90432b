import type { FakeGithub } from '../helpers/github/index.ts';
import { Places } from './admission.ts';
import { Dice } from './dice.ts';
import { textOf, type WorldFile } from './file.ts';
import { type First, type Ground, openGrounds } from './ground.ts';
import { agreement } from './invariants/agreement.ts';
import { baseline } from './invariants/baseline.ts';
import { Aside } from './invariants/environments.ts';
import { exposure } from './invariants/exposure.ts';
import { history } from './invariants/history.ts';
import { holds } from './invariants/holds.ts';
import { outcomes } from './invariants/outcomes.ts';
import { plainFile } from './invariants/plain-file.ts';
import { plans } from './invariants/plans.ts';
import { policy } from './invariants/policy.ts';
import { calm, settled } from './invariants/settling.ts';
import { soak, soakBegins } from './invariants/soak.ts';
import { firstModel } from './model.ts';
import { remember } from './remember.ts';
import { type Exposed, look, minus, type Seen } from './seen.ts';
import type { Effect, Step, World } from './step.ts';
import { currentText } from './steps/commits.ts';
import { BY_PEOPLE, KINDS, nextStep, type Taken } from './steps/index.ts';
import { toRest } from './steps/rest.ts';
import { timed } from './times.ts';

/** How a walk begins. */
export interface Plan {
  seed: number;
  kind: 'origin' | 'plain';
  /** Two in one repository, or one. */
  environments: 1 | 2;
  /** Steps to walk; or, where a walk is walked again, the steps themselves. */
  steps: number | readonly Step[];
}

export interface Walked {
  /** What was walked; the last one is the one after which something was wrong. */
  steps: Step[];
  /** One line a step. */
  told: string[];
  violations: string[];
  /** By kind of step: how often, and how often exposure changed. */
  histogram: Map<string, { taken: number; changed: number }>;
}

const PRODUCTION: WorldFile = {
  environment: 'production',
  test_repositories: ['acme/r1'],
  features: {
    alpha: {
      percentage: 10,
      steps: [
        { percentage: 10, soak: '4h' },
        { percentage: 25, soak: '4h' },
        { percentage: 50, soak: '8h' },
        { percentage: 100, soak: '8h' },
      ],
      advance: 'commit',
    },
    beta: { strategy: 'repository_size', percentage: 25 },
    gamma: { subject: 'customer', percentage: 40 },
    epsilon: { percentage: 50, where: { region: ['eu', 'us'] }, group_by: 'team' },
    delta: { percentage: 25, categories: ['test', 'small'], whitelist: ['acme/r40'], blacklist: ['acme/r6'] },
  },
  homes: { gamma: 'rollouts/a.yaml' },
};

/** The other environment of the same repository; with features of the same names. */
const STAGING: WorldFile = {
  environment: 'staging',
  test_repositories: [],
  features: {
    alpha: { percentage: 25 },
    beta: { strategy: 'repository_size', percentage: 25 },
    gamma: { subject: 'customer', percentage: 40 },
  },
  homes: { gamma: 'rollouts/b.yaml' },
};

const FIRSTS: readonly First[] = [
  { environment: 'production', path: 'rollout.yaml', text: textOf(PRODUCTION) },
  { environment: 'staging', path: 'staging/rollout.yaml', text: textOf(STAGING) },
];

/** Walks until something is wrong, the steps are over or `enough` says so; then everything comes to rest. */
export async function walk(
  github: FakeGithub,
  plan: Plan,
  enough: () => boolean = () => false,
): Promise<Walked> {
  const dice = new Dice(plan.seed);
  const firsts = plan.environments === 2 ? FIRSTS : FIRSTS.slice(0, 1);
  const { grounds, close } = await timed('open', () => openGrounds(github, firsts, plan.kind));
  const walked: Walked = { steps: [], told: [], violations: [], histogram: new Map() };
  try {
    const walkers = await Promise.all(grounds.map((ground, n) => walkerOn(ground, firsts[n], walked)));
    const asides = grounds.map((ground) => new Aside(ground));
    const most = typeof plan.steps === 'number' ? plan.steps : plan.steps.length;
    let last: Taken | undefined;
    for (let n = 0; n < most && walked.violations.length === 0 && !enough(); n++) {
      const step = typeof plan.steps === 'number' ? nextStep(dice, walkers.length, last) : plan.steps[n];
      if (step) last = await takeAmong(walkers, asides, step, walked);
    }
    for (const walker of walkers) if (walked.violations.length === 0) await walker.rest();
  } catch (error) {
    const { message, stack = '' } = error as Error;
    walked.violations.push(`it threw: ${message}\n${stack.split('\n').slice(1, 6).join('\n')}`);
  } finally {
    github.clearFaults();
    await timed('close', close);
  }
  return walked;
}

async function walkerOn(ground: Ground, first: First | undefined, walked: Walked): Promise<Walker> {
  const world: World = { ground, model: firstModel(await ground.facts(), first?.text ?? '') };
  const walker = new Walker(world, walked);
  await walker.begin();
  return walker;
}

/** One environment takes the step, and the other one must not notice. */
async function takeAmong(
  walkers: readonly Walker[],
  asides: readonly Aside[],
  step: Step,
  walked: Walked,
): Promise<Taken | undefined> {
  const own = Number(step.env ?? 0);
  const others = asides.filter((_, n) => n !== own);
  for (const aside of others) await aside.begin();
  const taken = await walkers[own]?.take(step);
  for (const aside of others) walked.violations.push(...(await aside.end(BY_PEOPLE.has(step.kind))));
  return taken;
}

class Walker {
  readonly #world: World;
  readonly #walked: Walked;
  readonly #places: Places;
  #exposed: Exposed = new Map();

  constructor(world: World, walked: Walked) {
    this.#world = world;
    this.#walked = walked;
    this.#places = new Places(world.ground.db);
  }

  /** The registry is imported, the first file reconciled, and everything as it should be. */
  async begin(): Promise<void> {
    await this.#places.check();
    await KINDS.begin?.take(this.#world, { kind: 'begin' });
    const effect = await KINDS.reconcile?.take(this.#world, { kind: 'reconcile', door: 'clone' });
    if (effect) await this.#judge(effect, false);
  }

  /** Undefined: there was nothing of the kind to do. */
  async take(step: Step): Promise<Taken | undefined> {
    // First, so that a step that throws is among those that are walked again.
    this.#walked.steps.push(step);
    const effect = await timed(`step ${step.kind} ${step.door ?? ''}`, async () =>
      KINDS[step.kind]?.take(this.#world, step),
    );
    if (!effect) {
      this.#walked.steps.pop();
      return undefined;
    }
    this.#walked.told.push(
      `${JSON.stringify(step)} -> ${effect.note}${effect.failed ? ` FAILED ${effect.failed}` : ''}`,
    );
    const changed = await this.#judge(effect);
    const count = this.#walked.histogram.get(step.kind) ?? { taken: 0, changed: 0 };
    this.#walked.histogram.set(step.kind, {
      taken: count.taken + 1,
      changed: count.changed + (changed ? 1 : 0),
    });
    return { step, effect, model: this.#world.model };
  }

  /** Everything that waits for a person is merged, faults end, ticks run; then one more, which has nothing to do. */
  async rest(): Promise<void> {
    for (const work of toRest(this.#world)) {
      const effect = await timed('rest', work);
      this.#walked.told.push(`rest: ${effect.note}${effect.failed ? ` FAILED ${effect.failed}` : ''}`);
      await this.#judge(
        effect,
        true,
        effect.note.startsWith('last') ? 'settled' : effect.note.startsWith('idle') ? 'calm' : null,
      );
      if (this.#walked.violations.length > 0) return;
    }
  }

  /** Did exposure change? */
  async #judge(effect: Effect, judging = true, also: 'settled' | 'calm' | null = null): Promise<boolean> {
    const world = this.#world;
    const seen = await timed('look', () => look(world, this.#places, this.#exposed, effect));
    const found = judging ? await timed('judge', () => violations(seen)) : [];
    if (also === 'settled')
      found.push(...settled(seen, (await currentText(world)) ?? '').map((text) => `7 rest: ${text}`));
    if (also === 'calm') found.push(...calm(seen).map((text) => `7 calm: ${text}`));
    this.#walked.violations.push(...found);
    remember(seen);
    const changed = seen.features.some(
      (feature) =>
        minus(seen.is(feature), seen.was(feature)).length +
          minus(seen.was(feature), seen.is(feature)).length >
        0,
    );
    this.#exposed = new Map(seen.features.map((feature) => [feature, seen.is(feature)]));
    return changed || seen.before.stopped !== seen.after.stopped;
  }
}

async function violations(seen: Seen): Promise<string[]> {
  return [
    ...exposure(seen).map((text) => `1 exposure: ${text}`),
    ...plans(seen).map((text) => `2 plan: ${text}`),
    ...(await timed('judge holds', () => holds(seen))).map((text) => `3 hold: ${text}`),
    ...soak(seen).map((text) => `4 soak: ${text}`),
    ...history(seen).map((text) => `5 history: ${text}`),
    ...(await timed('judge agreement', () => agreement(seen))).map((text) => `6 agreement: ${text}`),
    ...outcomes(seen).map((text) => `8 outcomes: ${text}`),
    ...baseline(seen).map((text) => `10 baseline: ${text}`),
    ...plainFile(seen).map((text) => `11 plain file: ${text}`),
    ...soakBegins(seen).map((text) => `12 soak begins: ${text}`),
    ...policy(seen).map((text) => `13 policy: ${text}`),
  ];
}
