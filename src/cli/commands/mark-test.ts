import type { DefineCommand } from '../terminal/command.ts';
import { defineTestRepositories } from './test-repositories-command.ts';

export const define: DefineCommand<[repositories: string[]]> = (command, terminal, end) =>
  defineTestRepositories('mark', command, terminal, end);
