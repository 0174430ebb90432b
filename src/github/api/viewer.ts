import { RolloutError } from '../../errors.ts';
import type { Client } from './client.ts';

/** An author in a REST answer. */
type Author = { login: string; type?: string } | null | undefined;

const known = new WeakMap<Client, Promise<string>>();

/**
 * Returns a function that recognizes the controller's own texts, since others may contain a marker too. Uses GraphQL,
 * because a workflow's token may not ask REST for its own identity.
 */
export async function isMine(client: Client): Promise<(author: Author) => boolean> {
  const login = await loginOf(client);
  return (author) => author?.login === login;
}

function loginOf(client: Client): Promise<string> {
  const asked = known.get(client) ?? ask(client);
  known.set(client, asked);
  asked.catch(() => known.delete(client));
  return asked;
}

async function ask(client: Client): Promise<string> {
  const { data, errors } = await client.graphql<{ viewer: { login: string } }>(
    'query { viewer { login } }',
    {},
  );
  if (data?.viewer) return data.viewer.login;
  throw new RolloutError(
    'github_refused',
    `GitHub does not say whose token this is: ${errors[0]?.message ?? ''}`,
    {
      hint: 'check GITHUB_TOKEN',
    },
  );
}
