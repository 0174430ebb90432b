/** Why an engine did not answer, as a clause without credentials; it may succeed later. */
export class EngineRefusal extends Error {
  /** Seconds for which the engine asked for a pause; 0: it did not. */
  readonly retryAfterSeconds: number;
  /** True: every query would be refused, so no other one needs to be tried now. */
  readonly forAll: boolean;

  constructor(message: string, { retryAfterSeconds = 0, forAll = false } = {}) {
    super(message);
    this.name = 'EngineRefusal';
    this.retryAfterSeconds = retryAfterSeconds;
    this.forAll = forAll;
  }
}
