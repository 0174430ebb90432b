/**
 * Prints the folders of src with their files and arrows, and ends with 1 where two of them import each other.
 *
 *   npx tsx scripts/rooms.ts
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { circlesIn, folderGraph } from '../test/helpers/source/rooms.ts';

const src = join(import.meta.dirname, '../src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const graph = folderGraph(
  Object.fromEntries(files.map((file) => [file, readFileSync(join(src, file), 'utf8')])),
);
for (const [folder, node] of [...graph].sort(([a], [b]) => a.localeCompare(b))) {
  console.log(
    `${folder || 'src'} (${node.files})${[...node.arrows]
      .sort()
      .map((to) => `\n    -> ${to}`)
      .join('')}`,
  );
}
const circles = circlesIn(graph);
const arrows = [...graph.values()].reduce((sum, node) => sum + node.arrows.size, 0);
console.log(
  `${graph.size} folders, ${arrows} arrows, ${circles.length === 0 ? 'no circle' : `circles through ${circles.join(', ')}`}`,
);
process.exitCode = circles.length === 0 ? 0 : 1;
