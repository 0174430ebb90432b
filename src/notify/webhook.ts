import type { Notifier } from '../app/ports.ts';

const TIMEOUT_MS = 5_000;

/**
 * Posts messages to a URL as JSON: `text` for chat services that know Slack's format, and every field for
 * others. The key stands in the header `Idempotency-Key` too, because a message may come twice.
 *
 * The URL is a secret: no error names more of it than its host.
 */
export function webhookNotifier(url: string): Notifier {
  return {
    deliver: async ({ key, feature, severity, kind, message, details, created_at }) => {
      const response = await post(url, key, {
        text: `${MARKS[severity] ?? ''} ${escapeText(message)}`.trim(),
        key,
        feature,
        severity,
        kind,
        message,
        details: details ?? {},
        created_at: created_at.toISOString(),
      });
      if (response.ok) return;
      const { status } = response;
      throw Object.assign(new Error(`the webhook answered ${status}`), { status });
    },
  };
}

/** Chat services read `<...>` as links and mentions; reasons come from people. */
function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

const MARKS: Record<string, string> = { critical: ':rotating_light:', warning: ':warning:' };

async function post(url: string, key: string, body: object): Promise<Response> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    });
    await response.body?.cancel();
    return response;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
    const why =
      error instanceof Error && error.name === 'TimeoutError'
        ? 'no answer within 5 s'
        : cause || 'no connection';
    throw new Error(`the webhook at ${new URL(url).host} could not be reached: ${why}`);
  }
}
