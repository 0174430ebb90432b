/** An event of a stream. */
export interface StreamEvent {
  name: string;
  data: string;
}

/** Longest event in characters: a longer one does not come from a relay. */
const LONGEST_EVENT = 1_000_000;

/** Parses server-sent events from chunks of any size. */
export class EventReader {
  readonly #decoder = new TextDecoder();
  #rest = '';
  #name = '';
  #data: string[] = [];
  #kept = 0;

  /** Returns the events that these bytes complete. Throws RangeError for one that is too long. */
  read(bytes: Uint8Array): StreamEvent[] {
    const events: StreamEvent[] = [];
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    const lines = this.#rest.split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#take(line.replace(/\r$/, ''), events);
    if (this.#kept + this.#rest.length > LONGEST_EVENT)
      throw new RangeError('an event of the stream is too long');
    return events;
  }

  #take(line: string, events: StreamEvent[]): void {
    if (line === '') {
      if (this.#data.length > 0) events.push({ name: this.#name || 'message', data: this.#data.join('\n') });
      this.#name = '';
      this.#data = [];
      this.#kept = 0;
      return;
    }
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (field === 'event') this.#name = value;
    if (field === 'data') this.#data.push(value);
    this.#kept += line.length;
  }
}
