/** Why an engine did not answer, as a clause without credentials; it may succeed later. */
export class EngineRefusal extends Error {
  /** Seconds for which the engine asked to be left alone; 0: it did not. */
  readonly retryAfterSeconds: number;
  /** Does this hold for every query, so that no other one has to be tried now? */
  readonly forAll: boolean;

  constructor(message: string, { retryAfterSeconds = 0, forAll = false } = {}) {
    super(message);
    this.name = 'EngineRefusal';
    this.retryAfterSeconds = retryAfterSeconds;
    this.forAll = forAll;
  }
}
