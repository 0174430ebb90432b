import pg from 'pg';

/**
 * Settings that the driver needs to read answers, for the transaction only: a pooler would pass a session's setting to
 * its next client.
 */
const SETTINGS = `select set_config('datestyle', 'ISO, YMD', true), set_config('intervalstyle', 'postgres', true),
  set_config('timezone', 'UTC', true), set_config('extra_float_digits', '1', true)`;

const BEGIN = /^\s*(begin|start\s+transaction)\b/i;

/** Parameters that the driver reports, but its types do not. */
interface Reporting {
  on(
    event: 'parameterStatus',
    heard: (message: { parameterName: string; parameterValue: string }) => void,
  ): void;
  on(event: 'readyForQuery', heard: (message: { status: string }) => void): void;
}

type Send = (...all: unknown[]) => Promise<unknown>;
type Done = (error: Error | null, result?: unknown) => void;

/**
 * A connection to a database or role whose DateStyle or IntervalStyle the driver cannot read, such as `alter database
 * ... set datestyle = 'German'`: each transaction, and each statement outside of one, is run with readable settings.
 * The server reports both when it connects; with the usual ones nothing is added.
 */
export class SettledClient extends pg.Client {
  #styles = new Map<string, string>();
  #inTransaction = false;
  #before: Promise<unknown> = Promise.resolve();

  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const { connection } = this as unknown as { connection: Reporting };
    connection.on('parameterStatus', ({ parameterName, parameterValue }) => {
      this.#styles.set(parameterName, parameterValue);
    });
    connection.on('readyForQuery', ({ status }) => {
      this.#inTransaction = status !== 'I';
    });
    const send = super.query.bind(this) as Send;
    this.query = ((...all: unknown[]) => {
      const text = textOf(all[0]);
      if (this.#readable() || text === null) return send(...all);
      const done = all.findIndex((one) => typeof one === 'function');
      const answer = this.#before.then(() => this.#settled(send, text, done < 0 ? all : all.slice(0, done)));
      // Serialized, so that no other query of the connection comes between.
      this.#before = answer.catch(() => {});
      if (done < 0) return answer;
      const tell = all[done] as Done;
      answer.then((result) => tell(null, result), tell);
      return undefined;
    }) as typeof this.query;
  }

  /** Can the driver read the connection's styles? Decided by the server's report; without one, yes. */
  #readable(): boolean {
    const date = this.#styles.get('DateStyle') ?? 'ISO';
    const interval = this.#styles.get('IntervalStyle') ?? 'postgres';
    return date.startsWith('ISO') && interval === 'postgres';
  }

  async #settled(send: Send, text: string, question: unknown[]): Promise<unknown> {
    if (BEGIN.test(text)) {
      const begun = await send(...question);
      await send(SETTINGS);
      return begun;
    }
    if (this.#inTransaction) return send(...question);
    await send('begin');
    try {
      await send(SETTINGS);
      const result = await send(...question);
      await send('commit');
      return result;
    } catch (error) {
      // Not awaited: the connection may never answer again.
      send('rollback').catch(() => {});
      throw error;
    }
  }
}

/** Returns null for queries that the driver itself submits, such as a cursor. */
function textOf(question: unknown): string | null {
  if (typeof question === 'string') return question;
  const { text, submit } = (question ?? {}) as { text?: unknown; submit?: unknown };
  return typeof text === 'string' && typeof submit !== 'function' ? text : null;
}
