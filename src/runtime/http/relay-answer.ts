import { type ErrorCode, RolloutError } from '../../errors.ts';

/** A relay's refusal as an error. */
export class RelayAnswer extends RolloutError {
  readonly status: number;
  /** Code in the response's body; empty without one. */
  readonly word: string;
  /** Milliseconds for which the relay asks for a pause. */
  readonly retryAfterMs: number;

  constructor(
    code: ErrorCode,
    message: string,
    {
      status = 0,
      word = '',
      retryAfterMs = 0,
      hint,
    }: Partial<Pick<RelayAnswer, 'status' | 'word' | 'retryAfterMs'>> & { hint?: string },
  ) {
    super(code, message, hint === undefined ? {} : { hint });
    this.status = status;
    this.word = word;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Limit in seconds of a requested pause, because a proxy may send anything. */
const LONGEST_PAUSE_S = 300;

/** Returns the error for an unsuccessful response. */
export async function answerOf(response: Response, path: string): Promise<RelayAnswer> {
  const { status } = response;
  const { word, message, hint } = await wordsOf(response);
  const seconds = Number(response.headers.get('retry-after') ?? 0);
  const retryAfterMs = seconds > 0 ? Math.min(seconds, LONGEST_PAUSE_S) * 1_000 : 0;
  const about = `${path} answered ${status}${message === '' ? '' : `: ${message}`}`;
  return new RelayAnswer(codeOf(status), about, {
    status,
    word,
    retryAfterMs,
    ...(hint === '' ? {} : { hint }),
  });
}

function codeOf(status: number): ErrorCode {
  if (status === 401 || status === 403) return 'relay_refused';
  if (status === 404 || status === 406 || status === 421) return 'relay_incompatible';
  return 'relay_unreachable';
}

async function wordsOf(response: Response): Promise<{ word: string; message: string; hint: string }> {
  const body: unknown = await response.json().catch(() => null);
  const error: unknown = typeof body === 'object' && body !== null && 'error' in body ? body.error : null;
  const of = (field: string): string => {
    const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, field) : '';
    return typeof value === 'string' ? value : '';
  };
  return { word: of('code'), message: of('message'), hint: of('hint') };
}
