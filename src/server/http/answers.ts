import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type ErrorCode, RolloutError } from '../../errors.ts';
import { jsonText } from '../../report/json/json.ts';
import type { Request } from './context.ts';

/** Answers with JSON in the format of `--json`. */
export function json(c: Request, value: unknown, status: ContentfulStatusCode = 200): Response {
  return c.body(`${jsonText(value)}\n`, status, { 'content-type': 'application/json; charset=utf-8' });
}

/** Answers with an error in the format of `--json`. */
export function refuse(
  c: Request,
  status: ContentfulStatusCode,
  code: string,
  message: string,
  hint: string | null = null,
): Response {
  return json(c, { error: { code, message, hint } }, status);
}

/** Answers that there are too many requests; `seconds` until the next one is accepted. */
export function later(c: Request, seconds: number, message: string): Response {
  c.header('retry-after', String(seconds));
  return refuse(c, 429, 'too_many_requests', message, `try again in ${seconds} s`);
}

/**
 * Answers with the full error if the caller can fix it; an internal defect goes to the log without details in the
 * answer.
 */
export function answerError(c: Request, error: unknown, log: (line: string) => void): Response {
  if (error instanceof RolloutError) {
    return refuse(c, STATUS[error.code] ?? 503, error.code, error.message, error.hint ?? null);
  }
  log(`${c.req.method} ${c.req.path}: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
  return refuse(c, 500, 'internal', 'something went wrong in the server', 'its log says what');
}

/** Status by error code; unlisted codes mean that something else fails now: the database, git, a network. */
const STATUS: Readonly<Partial<Record<ErrorCode, ContentfulStatusCode>>> = {
  usage: 400,
  unknown_feature: 404,
  unknown_subject: 404,
  // The request is valid, but the present state does not allow it.
  held: 409,
  edit_refused: 409,
  revision_refused: 409,
  environment_mismatch: 409,
  file_missing: 409,
  file_unreadable: 409,
  file_invalid: 409,
};
