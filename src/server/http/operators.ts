import type { ServerOptions } from './dependencies.ts';

/** Can anybody operate over HTTP at all? */
export function hasOperators({
  adminToken,
  identity,
}: Pick<ServerOptions, 'adminToken' | 'identity'>): boolean {
  const rights = identity?.rights;
  return adminToken !== null || (rights !== undefined && rights.stop.length + rights.propose.length > 0);
}
