/**
 * A command that uses the embedded database, in a process of its own that a test can kill.
 *
 * Argument: the folder. Reads lines of JSON, each a string: `leave` leaves and ends, `finish` ends
 * without leaving, any other is SQL. Answers with a line of JSON: for SQL the last statement's rows.
 */
import { createInterface } from 'node:readline';
import pg from 'pg';
import { leaveOnSignals, useEmbedded } from '../../../src/store/embedded/embedded.ts';

const [folder = ''] = process.argv.slice(2);
const answer = (value: unknown): void => console.log(JSON.stringify(value));

const logged: string[] = [];
const embedded = await useEmbedded(folder, { durable: false, log: (line) => logged.push(line) });
leaveOnSignals(embedded);
answer({ connectionString: embedded.connectionString, folder: embedded.folder, logged });

const lines = createInterface({ input: process.stdin });
lines.on('line', async (json) => {
  const line = JSON.parse(json) as string;
  if (line === 'finish') return process.stdin.destroy();
  if (line === 'leave') {
    await embedded.leave();
    answer({ left: true });
    return process.stdin.destroy();
  }
  const client = new pg.Client(embedded.connectionString);
  await client.connect();
  const results = [await client.query(line)].flat(); // several statements give several results
  await client.end();
  answer(results.at(-1)?.rows);
});
