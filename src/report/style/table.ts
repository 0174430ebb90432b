import Table from 'cli-table3';
import { harmless } from '../../lib/text.ts';
import type { Style } from './style.ts';

const LONGEST_CELL = 200;

/**
 * Formats columns under a head, without lines: readable on a terminal and by `awk`. Control characters in cells are
 * replaced.
 */
export function table(style: Style, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const plain = new Table({
    head: head.map((title) => style.dim(title)),
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': 2, head: [], border: [] },
    colAligns: head.map((_, column) => (rows.every((row) => isNumeric(row[column])) ? 'right' : 'left')),
  });
  plain.push(...rows.map((row) => row.map((cell) => harmless(cell, LONGEST_CELL))));
  return plain
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function isNumeric(cell: string | undefined): boolean {
  return cell !== undefined && /^[-+]?[\d,.]+%?$/.test(cell);
}

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};
