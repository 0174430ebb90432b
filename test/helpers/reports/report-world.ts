import type pg from 'pg';

/** One feature of an invented past, told in days and hours before now. */
export interface PastFeature {
  feature: string;
  /** What was live, oldest first: days ago, percentage, what history says. */
  past: { daysAgo: number; percentage: number; action: string; reason: string; by?: string }[];
  /** Of the treatment arm at 100%; control has the rest. */
  jobsPerHour: number;
  /** Percent of the jobs of each arm that fail. */
  errorRate: number;
  controlErrorRate?: number;
  /** Another rate of treatment in the last hours. */
  lately?: { hours: number; errorRate: number };
  verdict?: {
    verdict: string;
    code: string;
    reason: string;
    severity?: string;
    absolute?: number;
    relative?: number;
  };
  processors?: { treatment: string; control: string };
  meanMs?: { treatment: number; control: number };
}

const CATEGORIES = `array['test', 'small', 'medium', 'large', 'enterprise']`;

/** Gives reconciled features an invented past: history, jobs of every hour, a check every 15 minutes. */
export async function inventPast(pool: pg.Pool, features: readonly PastFeature[]): Promise<void> {
  await pool.query('select setseed(0.42)');
  for (const feature of features) {
    await inventHistory(pool, feature);
    await inventJobs(pool, feature);
    await inventChecks(pool, feature);
  }
  await pool.query(`update rollout_state set heartbeat_at = now() - interval '4 minutes'`);
  await pool.query('analyze');
}

/** Rows as reconcile would have written them. The chain of digests is not kept: nobody verifies invented history. */
async function inventHistory(pool: pg.Pool, { feature, past }: PastFeature): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('alter table rollout_history disable trigger user');
    await client.query('alter table rollout_configuration disable trigger user');
    await client.query('delete from rollout_history where feature_name = $1', [feature]);
    let before: number | null = null;
    for (const { daysAgo, percentage, action, reason, by = 'github:mara' } of past) {
      const live = percentage > 0;
      await client.query(
        `insert into rollout_history (id, feature_name, action, previous_percentage, new_percentage, reason, triggered_by,
           session_role, revision, epoch, metadata, created_at, salt, seal, previous_digest, digest)
         select coalesce(max(id), 0) + 1, $1::text, $2, $3::numeric, $4::numeric, $5, $6, 'rollout_controller', md5($1::text || $8::text), 1, $7,
           now() - make_interval(secs => $8::float8), '', '', '', sha256(($1::text || $8::text)::bytea)
         from rollout_history`,
        [
          feature,
          action,
          before,
          percentage,
          reason,
          by,
          { spec: { active: live, emergency_stop: action === 'emergency_stop', percentage } },
          daysAgo * 86_400,
        ],
      );
      before = percentage;
    }
    const step = past.at(-1)?.daysAgo ?? 0;
    const begun = past[0]?.daysAgo ?? 0;
    await client.query(
      `update rollout_configuration set step_started_at = now() - make_interval(secs => $2),
         epoch_started_at = now() - make_interval(secs => $3) where feature_name = $1`,
      [feature, step * 86_400, begun * 86_400],
    );
    await client.query('alter table rollout_history enable trigger user');
    await client.query('alter table rollout_configuration enable trigger user');
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

/** Outcomes are let go of after so many days; checks and history are not. */
const DAYS_KEPT = 90;

async function inventJobs(pool: pg.Pool, past: PastFeature): Promise<void> {
  const { feature, jobsPerHour, errorRate, controlErrorRate = errorRate, lately } = past;
  const processors = past.processors ?? { treatment: 'github_actions', control: 'inngest' };
  const mean = past.meanMs ?? { treatment: 2_100, control: 2_400 };
  if (jobsPerHour === 0) return;
  await pool.query(
    `with hours as (
       select start, (select h.new_percentage from rollout_history h
           where h.feature_name = $1 and h.created_at <= start order by h.created_at desc limit 1)::float8 as percentage
       from generate_series(date_trunc('hour', now()) - make_interval(days => $2), now() - interval '5 minutes', interval '1 hour') start
     ), arms as (
       select start, arm, category,
         round($3 * (case arm when 'treatment' then percentage else least(100, 120 - percentage) end) / 100
           / cardinality(${CATEGORIES}) * (0.7 + 0.6 * random()) * (1 + 0.5 * sin(extract(hour from start) / 24 * 6.28)) + 0.4)::int as jobs,
         case when arm = 'control' then $5::float8
           when start > now() - make_interval(hours => $6) then $7::float8 else $4::float8 end as rate
       from hours, unnest(array['treatment', 'control']) arm, unnest(${CATEGORIES}) category
       where percentage > 0
     )
     insert into rollout_evidence (feature_name, epoch, arm, processor_type, job_class, category, window_start,
       total_jobs, error_count, timed_jobs, processing_ms)
     select $1, (select epoch from rollout_configuration where feature_name = $1), arm,
       case when arm = 'treatment' and random() < 0.85 then $8 else $9 end, '', category, start, jobs,
       least(jobs, floor(jobs * rate / 100 * 2 * random() + random()))::int, jobs,
       jobs * (case arm when 'treatment' then $10::float8 else $11::float8 end) * (0.85 + 0.3 * random())
     from arms where jobs > 0`,
    [
      feature,
      Math.min(DAYS_KEPT, Math.ceil(past.past[0]?.daysAgo ?? 0)),
      jobsPerHour,
      errorRate,
      controlErrorRate,
      lately?.hours ?? 0,
      lately?.errorRate ?? errorRate,
      processors.treatment,
      processors.control,
      mean.treatment,
      mean.control,
    ],
  );
  await pool.query(
    `insert into rollout_evidence_buckets
     select feature_name, epoch, window_start, category,
       coalesce(sum(total_jobs) filter (where arm = 'treatment'), 0), coalesce(sum(error_count) filter (where arm = 'treatment'), 0),
       coalesce(sum(total_jobs) filter (where arm = 'control'), 0), coalesce(sum(error_count) filter (where arm = 'control'), 0)
     from rollout_evidence where feature_name = $1 group by 1, 2, 3, 4`,
    [feature],
  );
  await pool.query(
    `insert into rollout_evidence_hours (feature_name, epoch, hour_start, arm, processor_type, category, total_jobs,
       error_count, timed_jobs, processing_ms)
     select feature_name, epoch, date_bin('1 hour', window_start, 'epoch'), arm, processor_type, category,
       sum(total_jobs), sum(error_count), sum(timed_jobs), sum(processing_ms)
     from rollout_evidence where feature_name = $1 group by 1, 2, 3, 4, 5, 6`,
    [feature],
  );
  await pool.query(
    `insert into rollout_metrics (feature_name, subject_id, processor_type, arm, epoch, category, metrics_window_start,
       total_jobs, success_count)
     select c.feature_name, s.subject_id, $2, 'treatment', c.epoch, coalesce(s.category, ''), date_bin('5 minutes', now(), 'epoch'), 1, 1
     from rollout_configuration c join rollout_subjects s on s.subject_type = c.subject_type
     where c.feature_name = $1 and s.subject_id < 's' and rollout_admits(c.is_active, c.emergency_stop, c.rollout_strategy,
       c.rollout_percentage, c.categories, c.target_repositories, c.excluded_repositories, c.salt, c.audience, s.subject_id, s.name, s.category, s.facts)`,
    [feature, processors.treatment],
  );
  await pool.query(
    `insert into rollout_errors values ($1, $2, 'treatment', now(), 'queue: connection refused', 14, now() - interval '20 minutes'),
       ($1, $2, 'treatment', now(), '429 <b>too many</b> requests', 3, now() - interval '2 hours')`,
    [feature, processors.treatment],
  );
}

async function inventChecks(pool: pg.Pool, { feature, past, verdict, lately }: PastFeature): Promise<void> {
  const last = {
    verdict: 'healthy',
    code: 'healthy',
    severity: 'none',
    absolute: 0.3,
    relative: 0.2,
    reason: '1.1% of the jobs failed, within the limit',
    ...verdict,
  };
  const hours = lately?.hours ?? 6;
  await pool.query(
    `insert into rollout_health_checks (feature_name, epoch, checked_at, verdict, reason_code, reason, severity, scope,
       action, jobs, errors, scores)
     select $1, c.epoch, at, case when late then $4 else 'healthy' end, case when late then $5 else 'healthy' end,
       case when late then $6 else '1.0% of the jobs failed, within the limit' end, case when late then $7 else 'none' end, 'all',
       'none', 400, 4, jsonb_build_object(
         'absolute', round((case when late then $8::float8 * grown else 0.6 * random() - 0.4 end)::numeric, 4),
         'relative', round((case when late then $9::float8 * grown else 0.8 * random() - 0.5 end)::numeric, 4),
         'warning', round((case when late then greatest($8::float8, 1) * 1.4 * grown else random() end)::numeric, 4), 'critical', 0)
     from rollout_configuration c,
       lateral (select at, at > now() - make_interval(hours => $3) as late,
           greatest(0, 1 - extract(epoch from now() - at) / 3600 / $3) as grown
         from generate_series(now() - make_interval(days => $2), now() - interval '4 minutes', interval '15 minutes') at) t
     where c.feature_name = $1`,
    [
      feature,
      Math.ceil(past[0]?.daysAgo ?? 0),
      hours,
      last.verdict,
      last.code,
      last.reason,
      last.severity,
      last.absolute,
      last.relative,
    ],
  );
  await pool.query(
    `update rollout_health_checks set verdict = $2, reason_code = $3, reason = $4, severity = $5
     where id = (select max(id) from rollout_health_checks where feature_name = $1)`,
    [feature, last.verdict, last.code, last.reason, last.severity],
  );
}
