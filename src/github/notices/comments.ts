import type { CommentBody } from '../../app/ports/pull-requests.ts';
import { type Client, ONCE } from '../api/client.ts';
import { isMine } from '../api/viewer.ts';
import { formatMarked, parseMarked } from './marked.ts';

/** Creates the controller's comment with this key, edits it in place, or leaves it if it is current. */
export async function putComment(
  client: Client,
  number: number,
  { key, body, only_edit = false }: { key: string; body: CommentBody; only_edit?: boolean },
): Promise<{ state: 'created' | 'updated' | 'unchanged'; url: string } | { state: 'absent' }> {
  const { owner, repo, rest, paginate, pages } = client;
  const about = keyIn(formatMarked(key, ''));
  const mine = await isMine(client);
  const list = paginate.iterator(rest.issues.listComments, {
    owner,
    repo,
    issue_number: number,
    per_page: 100,
  });
  type Comment = Awaited<ReturnType<typeof rest.issues.listComments>>['data'][number];
  const ours = (one: Comment) => mine(one.user) && keyIn(one.body) === about;
  const known = (await pages(list, (all) => all.some(ours))).find(ours);
  if (!known && only_edit) return { state: 'absent' };
  const before = parseMarked(known?.body ?? '')?.text ?? null;
  const wanted = formatMarked(key, typeof body === 'string' ? body : body(before));
  if (!known) {
    const { data } = await rest.issues.createComment({
      owner,
      repo,
      issue_number: number,
      body: wanted,
      ...ONCE,
    });
    return { state: 'created', url: data.html_url };
  }
  if (known.body?.replaceAll('\r\n', '\n') === wanted) return { state: 'unchanged', url: known.html_url };
  await rest.issues.updateComment({ owner, repo, comment_id: known.id, body: wanted });
  return { state: 'updated', url: known.html_url };
}

function keyIn(body: string | undefined): string | null {
  return parseMarked(body ?? '')?.key ?? null;
}
