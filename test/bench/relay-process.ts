import { request } from 'node:http';
import { EventReader } from '../../src/runtime/http/event-stream.ts';

/** Holds many streams of one relay, for `relay.ts`: says `open N`, and for each change the time of each stream. */
const [url = '', token = '', count = '0'] = process.argv.slice(2);
const WANTED = Number(count);
/** Streams that are being opened at once. */
const AT_ONCE = 50;

let open = 0;
let lost = 0;
let waiting = false;
let began = 0;
let heard: number[] = [];

process.on('message', () => {
  began = performance.now();
  heard = [];
  waiting = true;
  process.send?.({});
});

function follow(): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    const asked = request(`${url}/api/snapshot/stream`, { headers, agent: false }, (answer) => {
      if (answer.statusCode !== 200) return reject(new Error(`${answer.statusCode}`));
      answer.on('close', () => {
        lost += 1;
        tellWhenAll();
      });
      const events = new EventReader();
      answer.on('data', (bytes: Buffer) => {
        for (const { name } of events.read(bytes)) {
          if (name === 'hello') {
            open += 1;
            resolve();
          }
          if (name === 'change') took();
        }
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

function took(): void {
  heard.push(performance.now() - began);
  tellWhenAll();
}

function tellWhenAll(): void {
  if (!waiting || heard.length + lost < WANTED) return;
  waiting = false;
  process.send?.({ heard, lost });
}

for (let from = 0; from < WANTED; from += AT_ONCE) {
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, WANTED - from) }, follow));
}
process.send?.({ open });
