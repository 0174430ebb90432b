import type { DefineCommand } from '../terminal/command.ts';
import { defineList } from './list-command.ts';

export const define: DefineCommand = (command, terminal, end) =>
  defineList('blacklist', command, terminal, end);
