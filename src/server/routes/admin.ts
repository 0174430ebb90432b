import { Hono } from 'hono';
import { advanceFeature } from '../../app/operate/advance.ts';
import type { ChangeDependencies } from '../../app/operate/change-file.ts';
import { resumeAll, resumeFeature } from '../../app/operate/resume.ts';
import { rollBack } from '../../app/operate/rollback.ts';
import { stop } from '../../app/operate/stop.ts';
import { allowRefused } from '../../app/reconcile/allow.ts';
import { CHANGE_VIAS, type ChangeVia } from '../../domain/change/file.ts';
import type { ChangeOutcome } from '../../domain/change/outcome.ts';
import { tierOf } from '../../domain/originals/pilot.ts';
import type { ReconcileResult } from '../../domain/plan/result.ts';
import { RolloutError } from '../../errors.ts';
import { harmless } from '../../lib/text.ts';
import { advanceJson } from '../../report/json/advance-json.ts';
import { changeJson, resumeJson, rollbackJson } from '../../report/json/change-json.ts';
import { judgementJson } from '../../report/json/health-json.ts';
import { planJson } from '../../report/words/plan-model.ts';
import { json, later } from '../http/answers.ts';
import { readFields } from '../http/body.ts';
import type { Env, Request } from '../http/context.ts';
import type { ServerDependencies, ServerOptions } from '../http/dependencies.ts';
import { withoutNames } from '../http/names.ts';
import { inLine } from '../http/serial.ts';
import type { Right } from '../identity/identity.ts';

/** Limit of changes of the file that wait for one another. */
const MOST_WAITING = 10;
const LONGEST_ACTOR = 60;

/** Rights of verified people per operation; all others need the admin token. */
export const RIGHTS: Readonly<Record<string, Right>> = {
  stop: 'stop',
  rollback: 'stop',
  advance: 'propose',
  resume: 'propose',
};

/** `featureName` is the originals' name for `feature`. */
const FEATURE = { feature: 'text', featureName: 'text' } as const;
const COMMON = { ...FEATURE, reason: 'text', via: 'text', actor: 'text' } as const;

export interface AdminDependencies extends ServerDependencies {
  /** Takes over work after the answer; it must not reject. The store is closed only after it is done. */
  goOn: (work: Promise<void>) => void;
}

/**
 * Operations over HTTP under one rule: a stop and a rollback take effect in the database at once; a raise changes the
 * file and reaches the database by reconcile.
 */
export function admin(deps: AdminDependencies, { showNames }: Pick<ServerOptions, 'showNames'>): Hono<Env> {
  const routes = new Hono<Env>();
  const raising = inLine(MOST_WAITING);

  routes.post('/stop', async (c) => {
    const body = await readFields(c, { ...FEATURE, all: 'yes', reason: 'text', actor: 'text' });
    const feature = oneOrAll(body, 'stop');
    const reason = required(body.reason, 'reason');
    const who = whoOf(c, body);
    const stopped = await stop({ ...deps, ...who }, { feature, reason, onWait: deps.log });
    // The answer does not wait for this.
    deps.goOn(
      stopped.told.then(({ problems, warnings }) => {
        for (const line of [...problems, ...warnings]) deps.log(harmless(line, 500));
      }),
    );
    return told(c, stopped.result, 200, `stop ${feature ?? 'of everything'}`, who);
  });

  routes.post('/rollback', async (c) => {
    const body = await readFields(c, { ...COMMON, to: 'number' });
    const feature = required(namedIn(body), 'feature');
    const to = body.to === undefined ? null : percentage(body.to, 'to');
    // The originals' callers may omit the reason, and their rollbacks must not be refused for that.
    const original = body.featureName === undefined ? undefined : 'rolled back over HTTP without a reason';
    const reason = body.reason?.trim() ? body.reason : (original ?? required(body.reason, 'reason'));
    const who = whoOf(c, body);
    // Not queued: a reduction of exposure waits for nobody.
    const outcome = await rollBack({ ...deps, ...who }, { feature, to, reason, via: viaOf(body.via) });
    const value = { ...asOriginal(body, 200), ...rollbackJson(outcome) };
    return told(c, value, 200, `rollback ${feature}`, who);
  });

  routes.post('/advance', async (c) => {
    const body = await readFields(c, { ...COMMON, force: 'yes' });
    const feature = required(namedIn(body), 'feature');
    const who = whoOf(c, body);
    if (onlyProposes(c) && body.force === true) refuseUnproved('force');
    const outcome = raising(() =>
      advanceFeature(
        { ...deps, ...who },
        { ...how(body, onlyProposes(c)), feature, force: body.force ?? false, environment: deps.environment },
      ),
    );
    if (outcome === null) return later(c, 5, 'other changes of the file are waiting');
    const { advance, judgement, forced, ...change } = await outcome;
    const status = statusOf(change);
    const to = status === 200 ? advance.next?.percentage : undefined;
    const original = asOriginal(body, status, to === undefined ? {} : { newTier: tierOf(to) });
    const value = {
      ...original,
      feature,
      advance: advanceJson(advance),
      judgement: judgementJson(judgement),
      forced,
      ...changeJson(change),
    };
    return told(c, value, status, `advance ${feature}`, who);
  });

  routes.post('/resume', async (c) => {
    const body = await readFields(c, { ...COMMON, all: 'yes', percentage: 'number' });
    const feature = oneOrAll(body, 'resume');
    const reason = required(body.reason, 'reason');
    const who = whoOf(c, body);
    const to = body.percentage === undefined ? undefined : percentage(body.percentage, 'percentage');
    if (feature === null && to !== undefined) {
      throw new RolloutError('usage', 'percentage and all cannot be combined', {
        hint: 'all resumes each feature as far as the file says; leave percentage out',
      });
    }
    const outcome = raising(() =>
      feature === null
        ? resumeAll({ ...deps, ...who }, { ...how(body, onlyProposes(c)), reason })
        : resumeFeature(
            { ...deps, ...who },
            { ...how(body, onlyProposes(c)), reason, feature, percentage: to },
          ),
    );
    if (outcome === null) return later(c, 5, 'other changes of the file are waiting');
    const done = await outcome;
    const status = done.unlatched && done.file === null ? 200 : statusOf(done);
    const left = done.skipped.length > 0 && done.features.length === 0 && !done.unlatched;
    return told(c, resumeJson(done), left ? 409 : status, `resume ${feature ?? 'of everything'}`, who);
  });

  routes.post('/allow', async (c) => {
    const body = await readFields(c, { ...FEATURE, reason: 'text', actor: 'text' });
    const feature = required(namedIn(body), 'feature');
    const reason = required(body.reason, 'reason');
    const who = whoOf(c, body);
    const outcome = raising(() => allowRefused({ ...deps, ...who }, { feature, reason }));
    if (outcome === null) return later(c, 5, 'other changes of the file are waiting');
    const reconciled = await outcome;
    const status = isLive(feature, reconciled) ? 200 : 409;
    return told(c, { feature, reconciled: planJson(reconciled) }, status, `allow ${feature}`, who);
  });

  /** Returns the claimed actor and the verified identity; history records both. */
  function whoOf(c: Request, { actor }: { actor?: string }): Who {
    const identity = c.get('identity');
    if (identity === undefined) return { actor: actorOf(actor) };
    const { subject, name } = identity;
    return { actor: actorOf(actor ?? name), provedBy: subject, store: deps.urgentFor(subject) };
  }

  function told(c: Request, value: object, status: 200 | 202 | 409, what: string, who: Who): Response {
    const proved = who.provedBy === undefined ? '' : ` (${harmless(who.provedBy)})`;
    deps.log(`${harmless(what, 150)} by ${who.actor}${proved} from ${harmless(c.get('client'))}: ${status}`);
    return json(c, showNames ? value : withoutNames(value), status);
  }

  return routes;
}

/** 200: done and live. 202: written, and waits for a person or a reconcile. 409: nothing was changed. */
function statusOf({ file, obstacle }: ChangeOutcome): 200 | 202 | 409 {
  if (file === null) return 409;
  return obstacle === null ? 200 : 202;
}

/** Is the allowed entry in force? An unreadable file has no changes, but problems. */
function isLive(feature: string, { changes, problems }: ReconcileResult): boolean {
  const own = changes.find((change) => change.feature === feature);
  if (own === undefined) return problems.every(({ severity }) => severity !== 'error');
  return own.action !== 'held' && own.action !== 'refused';
}

type Who = Pick<ChangeDependencies, 'actor' | 'provedBy'> & Partial<Pick<ServerDependencies, 'store'>>;

/** The request itself is the confirmation. A caller with the right to propose raises only by pull request. */
function how(body: { via?: string; reason?: string }, proposes: boolean) {
  const via = viaOf(body.via) ?? (proposes ? 'pull_request' : undefined);
  if (proposes && via !== 'pull_request') refuseUnproved(`via ${via}`);
  return { via, reason: body.reason?.trim() || undefined, agree: async () => true };
}

/** Does the caller have only a verified identity? The holder of the admin token may do more, also through the proxy. */
function onlyProposes(c: Request): boolean {
  return c.get('identity') !== undefined && c.get('holdsAdminToken') !== true;
}

function refuseUnproved(what: string): never {
  throw new RolloutError('usage', `${what} is for the holder of ROLLOUT_ADMIN_TOKEN`, {
    hint: 'leave it out: it becomes a pull request, through the gate',
  });
}

/** Returns the claimed actor, which history records. */
function actorOf(actor: string | undefined): string {
  return `api:${harmless(actor?.trim() || 'admin', LONGEST_ACTOR)}`;
}

/** Adds the originals' fields for their callers to the answer. */
function asOriginal({ featureName }: { featureName?: string }, status: number, more: object = {}): object {
  return featureName === undefined ? {} : { success: status === 200, ...more };
}

/** Returns the feature, under its own field or the originals'. */
function namedIn({ feature, featureName }: { feature?: string; featureName?: string }): string | undefined {
  if (feature === undefined || featureName === undefined || feature === featureName) {
    return feature ?? featureName;
  }
  throw new RolloutError('usage', 'the body has a feature and another featureName', {
    hint: 'say one of them',
  });
}

function oneOrAll(
  body: { feature?: string; featureName?: string; all?: boolean },
  what: string,
): string | null {
  const feature = namedIn(body);
  const { all } = body;
  if ((feature === undefined) === (all === true)) return feature === undefined ? null : feature;
  throw new RolloutError('usage', `say which feature to ${what}: either feature, or all: true`);
}

function required(value: string | undefined, field: string): string {
  const text = value?.trim();
  if (text) return text;
  throw new RolloutError('usage', `the body has no ${field}`, {
    hint: field === 'reason' ? 'history keeps it for later readers' : 'see /api/features for the keys',
  });
}

function percentage(value: number, field: string): number {
  if (value >= 0 && value <= 100 && Number(value.toFixed(2)) === value) return value;
  throw new RolloutError('usage', `${field} is not a percentage from 0 to 100 with at most two decimals`);
}

function viaOf(text: string | undefined): ChangeVia | undefined {
  const via = CHANGE_VIAS.find((way) => way === text);
  if (text === undefined || via !== undefined) return via;
  throw new RolloutError('usage', `via is one of ${CHANGE_VIAS.join(', ')}`);
}
