import type { ReportFeature } from '../../domain/report/report.ts';
import { harmless } from '../../lib/text.ts';
import { type Html, html } from './html.ts';
import { nobodyIsIn } from './overview.ts';

/** Operations that reduce exposure, which a page served with an admin token can perform. */
type Act = 'stop' | 'rollback';

interface Command {
  text: string;
  act: Act | null;
}

/**
 * Lists commands for the present state: plain text without a script, copied with one, and on a served page those that
 * reduce exposure as buttons. None of the buttons raises, because a raise changes the file.
 */
export function commands(feature: ReportFeature): Html {
  return html`<p class="commands">${commandsFor(feature).map(({ text, act }) => command(feature.feature, text, act))}</p>`;
}

function commandsFor({ feature, state }: Pick<ReportFeature, 'feature' | 'state'>): Command[] {
  const of = (verb: string, act: Act | null): Command => ({
    text: `rollout ${verb} ${harmless(feature, 255)} --reason "..."`,
    act,
  });
  if (state === 'off') return [of('stop', 'stop')];
  // A held feature may still be partly live.
  if (state === 'held') return [of('resume', null), of('stop', 'stop')];
  if (nobodyIsIn(state)) return [of('resume', null)];
  return [of('rollback', 'rollback'), of('stop', 'stop')];
}

const NAMES: Readonly<Record<Act, string>> = { stop: 'Stop', rollback: 'Roll back' };

function command(key: string, text: string, act: Act | null): Html {
  return html`<span class="command"><code>${text}</code><button type="button" class="copy" aria-label="Copy ${text}">Copy</button>${
    act &&
    html`<button type="button" class="act" data-act="${act}" data-key="${key}" aria-label="${NAMES[act]} ${key}">${NAMES[act]}…</button>`
  }</span>`;
}
