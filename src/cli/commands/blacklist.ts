import type { DefineCommand } from '../terminal/command.ts';
import { defineList } from './list-command.ts';

export const define: DefineCommand<[action: string, feature: string, entries: string[]]> = (
  command,
  terminal,
  end,
) => defineList('blacklist', command, terminal, end);
