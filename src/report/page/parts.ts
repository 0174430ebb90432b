import type { Rate } from '../../domain/evidence/rates.ts';
import { type FeatureState, STATE_TONES, type Tone } from '../../domain/report/feature-state.ts';
import { stateWord } from '../words/report-words.ts';
import { ago, commit, count, moment } from '../words/words.ts';
import { type Html, html } from './html.ts';

/** Shapes beside the words, so that no state is shown by colour alone. */
const SHAPES: Readonly<Record<Tone, Html>> = {
  bad: html`<path d="M5.3 1h5.4L15 5.3v5.4L10.7 15H5.3L1 10.7V5.3z"/><path class="ink" d="M5.4 5.4l5.2 5.2m0-5.2l-5.2 5.2"/>`,
  warn: html`<path d="M8 1.2L15.4 14.4H.6z"/><path class="ink" d="M8 6v4.2m0 1.5v.9"/>`,
  wait: html`<circle cx="8" cy="8" r="7"/><path class="ink" d="M8 4.2V8l2.6 1.8"/>`,
  good: html`<circle cx="8" cy="8" r="7"/><path class="ink" d="M4.8 8.2l2.3 2.3 4.2-4.8"/>`,
  off: html`<circle cx="8" cy="8" r="6" class="hollow"/><path class="faint" d="M4.5 8h7"/>`,
};

/** Shows a state as a shape and a word. */
export function badge(state: FeatureState): Html {
  const tone = STATE_TONES[state];
  return html`<span class="badge ${tone}">${shape(tone)}<span>${stateWord(state)}</span></span>`;
}

export function shape(tone: Tone): Html {
  return html`<svg class="shape" viewBox="0 0 16 16" aria-hidden="true">${SHAPES[tone]}</svg>`;
}

/** Shows a share as a bar; `what` is its text for a screen reader. */
export function bar(share: number, what: string, kind = ''): Html {
  const width = Math.round(Math.max(0, Math.min(100, share)) * 10) / 10;
  return html`<svg class="bar ${kind}" viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label="${what}"><rect class="track" width="100" height="4"/><rect class="fill" width="${width}" height="4"/></svg>`;
}

/** Shows a relative time, with the exact one for machines and as a tooltip; a served page keeps it current. */
export function when(at: Date, now: Date): Html {
  return html`<time class="age" datetime="${at.toISOString()}" title="${moment(at)}">${ago(at, now)} ago</time>`;
}

export function date(at: Date): Html {
  return html`<time datetime="${at.toISOString()}">${moment(at)}</time>`;
}

/** Links only to an address of the repository's own host, by https. */
export function commitLink(repository: string | null, revision: string | null): Html {
  if (revision === null) return html`<span class="quiet">no commit</span>`;
  const short = html`<code>${commit(revision)}</code>`;
  if (!isHttps(repository) || !/^[0-9a-f]{7,64}$/.test(revision)) return short;
  return html`<a href="${repository}/commit/${revision}">${short}</a>`;
}

export function pullLink(repository: string | null, number: number): Html {
  if (!isHttps(repository)) return html`pull request #${number}`;
  return html`<a href="${repository}/pull/${number}">pull request #${number}</a>`;
}

function isHttps(address: string | null): address is string {
  return address?.startsWith('https://') === true;
}

export function rateText({ error_rate }: Pick<Rate, 'error_rate'>): string {
  return error_rate === null ? '–' : `${error_rate}%`;
}

/** Formats a duration: `840 ms`, `12.4 s`, `3.5 min`. */
export function timeText(ms: number | null): string {
  if (ms === null) return '–';
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 120_000 ? `${Math.round(ms / 100) / 10} s` : `${Math.round(ms / 6_000) / 10} min`;
}

export function ofJobs({ errors, jobs }: Pick<Rate, 'errors' | 'jobs'>): string {
  return `${count(errors)} of ${count(jobs)} ${jobs === 1 ? 'job' : 'jobs'}`;
}

/** The head of a column of numbers. */
export interface NumberHead {
  number: string;
}

export function number(name: string): NumberHead {
  return { number: name };
}

/** A table that scrolls by itself, also by keyboard, if it is too wide. */
export function table(label: string, heads: readonly (string | NumberHead)[], rows: readonly Html[]): Html {
  const head = heads.map((name) =>
    typeof name === 'string'
      ? html`<th scope="col">${name}</th>`
      : html`<th scope="col" class="number">${name.number}</th>`,
  );
  return html`<div class="scroll" role="group" aria-label="${label}" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** A part of a feature that is shown on demand. */
export function folded(id: string, summary: Html, body: Html, open = false): Html {
  return html`<details id="${id}"${open ? html` open` : null}><summary>${summary}</summary>${body}</details>`;
}

/** Allows line breaks in a key after `_` or `-`. */
export function breakable(key: string): Html {
  return html`${key.split(/(?<=[_-])/).map((part, i) => html`${i > 0 && html`<wbr>`}${part}`)}`;
}
