import type { SubjectType } from '../../domain/spec/vocabulary.ts';
import { RolloutError } from '../../errors.ts';
import { errorText } from '../../lib/error-text.ts';
import { after } from '../../lib/portable/timers.ts';
import { readContent, readMoment } from '../wire/read.ts';
import {
  MOMENT_HEADER,
  PATHS,
  VERSION_HEADER,
  WIRE_VERSION,
  type WireContent,
  type WireMoment,
} from '../wire/wire.ts';
import { answerOf, RelayAnswer } from './relay-answer.ts';
import type { HttpSettings } from './settings.ts';

/** Milliseconds from the request to the beginning of the response. */
const PATIENCE_MS = 10_000;
/** Milliseconds to the end of the response, which may be megabytes on a slow line. */
const BODY_MS = 60_000;

/** A relay's response to a request for its snapshot. */
export interface SnapshotAnswer {
  moment: WireMoment;
  /** Content of the relay; null: unchanged, the client has it already. */
  content: WireContent | null;
  /** Times of the request and of the response, by `now`. */
  asked: number;
  answered: number;
}

/** The requests of an application to a relay. Each throws a RolloutError for an unusable response. */
export class RelayClient {
  readonly #settings: Pick<HttpSettings, 'url' | 'token' | 'writeToken' | 'fetch' | 'now'>;

  constructor(settings: Pick<HttpSettings, 'url' | 'token' | 'writeToken' | 'fetch' | 'now'>) {
    this.#settings = settings;
  }

  /** Requests the snapshot, unless it is the one that `tag` names. */
  async snapshot(tag: string | null): Promise<SnapshotAnswer> {
    const { now, token } = this.#settings;
    const asked = now();
    return this.#within(BODY_MS, async (over) => {
      const response = await this.#ask(PATHS.snapshot, over, token, {
        ...(tag === null ? {} : { 'if-none-match': `"${tag}"` }),
      });
      const answered = now();
      const moment = readMoment(parsed(response.headers.get(MOMENT_HEADER) ?? ''));
      if (response.status === 304) return { moment, content: null, asked, answered };
      return { moment, content: readContent(parsed(await response.text())), asked, answered };
    });
  }

  /** Requests the categories of repositories. */
  subjects(): Promise<Uint8Array> {
    return this.#within(BODY_MS, async (over) => {
      const response = await this.#ask(PATHS.subjects, over, this.#settings.token);
      return new Uint8Array(await response.arrayBuffer());
    });
  }

  /** Requests the facts of subjects of one type. */
  facts(subject: SubjectType): Promise<Uint8Array> {
    return this.#within(BODY_MS, async (over) => {
      const response = await this.#ask(`${PATHS.facts}?subject=${subject}`, over, this.#settings.token);
      return new Uint8Array(await response.arrayBuffer());
    });
  }

  /** Opens the stream of changes; it ends when `over` is aborted. */
  async stream(over: AbortController): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#ask(PATHS.stream, over, this.#settings.token, {
      accept: 'text/event-stream',
    });
    if (response.body === null) throw new RelayAnswer('relay_unreachable', 'the stream has no body', {});
    return response.body;
  }

  /** Sends the batch `id`; resolves when the database has it. */
  async record(id: string, body: string): Promise<boolean> {
    return this.#within(BODY_MS, async (over) => {
      const init = { method: 'POST', body };
      const headers = { 'content-type': 'application/json' };
      const response = await this.#ask(PATHS.outcomes, over, this.#settings.writeToken, headers, init);
      // A proxy's page is a successful response too, although nobody has the outcomes.
      const answer = parsed(await response.text()) as { id?: unknown; repeated?: unknown } | null;
      if (answer?.id !== id) throw notRelay(JSON.stringify(answer));
      return answer.repeated !== true;
    });
  }

  async #ask(
    path: string,
    over: AbortController,
    token: string | null,
    headers: Record<string, string> = {},
    init: RequestInit = {},
  ): Promise<Response> {
    const { url, fetch } = this.#settings;
    let response: Response;
    const callOff = after(PATIENCE_MS, () =>
      over.abort(new Error(`no answer within ${PATIENCE_MS / 1_000} s`)),
    );
    try {
      response = await fetch(new URL(path, url).href, {
        ...init,
        signal: over.signal,
        headers: {
          ...headers,
          [VERSION_HEADER]: String(WIRE_VERSION),
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
      });
    } catch (cause) {
      throw this.#unreachable(cause);
    } finally {
      callOff();
    }
    if (response.ok || response.status === 304) return response;
    throw await answerOf(response, path);
  }

  /** Gives up after this time; whatever breaks off meanwhile counts as a relay that does not answer. */
  async #within<T>(milliseconds: number, work: (over: AbortController) => Promise<T>): Promise<T> {
    const over = new AbortController();
    const callOff = after(milliseconds, () =>
      over.abort(new Error(`no answer within ${milliseconds / 1_000} s`)),
    );
    try {
      return await work(over);
    } catch (error) {
      throw error instanceof RolloutError ? error : this.#unreachable(error);
    } finally {
      callOff();
    }
  }

  #unreachable(cause: unknown): RolloutError {
    const why = errorText(cause instanceof Error && cause.cause ? cause.cause : cause);
    return new RolloutError(
      'relay_unreachable',
      `the relay at ${this.#settings.url.origin} does not answer: ${why}`,
      {
        hint: 'it is asked again automatically',
        cause,
      },
    );
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // An incomplete response, or a proxy's page.
    throw notRelay(text);
  }
}

function notRelay(text: string): RolloutError {
  return new RolloutError(
    'relay_incompatible',
    `the answer is not a relay's: ${JSON.stringify(text.slice(0, 60))}`,
    {
      hint: 'check the url of createRollout; it is the address of rollout serve, without /api',
    },
  );
}
