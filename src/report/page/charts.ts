import type { ReportFeature } from '../../domain/report/report.ts';
import { counted, moment } from '../words/words.ts';
import type { ChartData } from './chart-data.ts';
import { type Html, html } from './html.ts';
import {
  signed,
  stillDifference,
  stillExposure,
  stillRates,
  stillScores,
  stillTimes,
} from './still-charts.ts';

/** Shows history in charts; each has one axis, and appears if it has data. */
export function chartsOf(
  id: string,
  charts: ChartData,
  { analysis, thresholds }: ReportFeature,
  still = true,
): Html[] {
  const { max_error_rate: max, warning_error_rate: warning } = thresholds;
  const difference = stillDifference(charts);
  const rates = stillRates(charts);
  const exposure = stillExposure(charts);
  const scores = analysis === 'sequential' ? stillScores(charts) : null;
  const times = stillTimes(charts);
  const drawn = [
    difference &&
      figure(
        id,
        'difference',
        'Treatment against control',
        difference,
        charts,
        [
          key('treatment', 'failures of treatment less those of control, in percentage points'),
          key('band', 'holds the truth at every moment at once, in 95% of steps'),
        ],
        aboutBand(charts),
      ),
    rates &&
      figure(id, 'rates', 'Failures', rates, charts, [
        ...[key('treatment', 'failed of the last 60 jobs or more, treatment'), key('control', 'control')],
        ...[key('raw', 'each hour or longer alone')],
        ...[key('limit', `limit ${max}%`), key('warning', `warning ${warning}%`)],
        ...[
          key('changes', 'change'),
          key('incidents', 'incident'),
          key('checks', 'checks: the worse, the higher'),
        ],
      ]),
    exposure && figure(id, 'exposure', 'Exposure', exposure, charts, [key('area', 'exposure')]),
    scores &&
      figure(id, 'scores', 'Evidence', scores, charts, [
        ...[key('treatment', 'over the limit'), key('control', 'worse than control')],
        ...[key('limit', 'acts at 8.5 (5,000 to 1)'), key('warning', 'warns at 6.9 (1,000 to 1)')],
      ]),
    times &&
      figure(id, 'times', 'Processing time', times, charts, [
        ...[key('treatment', 'treatment'), key('control', 'control')],
      ]),
  ].filter((chart) => chart !== null);
  return drawn.map((chart) => chart(still));
}

/** `still`: includes the chart that is shown until a script draws another one. */
type Figure = (still: boolean) => Html;

function figure(
  id: string,
  kind: string,
  title: string,
  image: Html,
  charts: ChartData,
  keys: readonly Html[],
  about: Html | null = null,
): Figure {
  const label = `${title} over time: ${summary(kind, charts)}`;
  return (still) =>
    html`<figure class="chart ${kind}" data-feature="${id}" data-kind="${kind}"><figcaption><span class="caption">${title}</span><span class="keys">${keys}</span></figcaption><div class="plot" role="img" aria-label="${label}">${still && image}</div>${about}</figure>`;
}

function key(kind: string, text: string): Html {
  return html`<span class="key ${kind}"><i></i>${text}</span>`;
}

/** Explains why the band may differ from the verdict. */
function aboutBand({ difference }: ChartData): Html {
  const { since, compared } = difference;
  const part =
    compared < 100 ? ` ${compared}% of treatment's jobs are in categories that control has too.` : '';
  return html`<p class="quiet about">Since ${moment(new Date(since * 1_000))}.${part} The band decides nothing. It may differ from the verdict: it compares every job since then with control, each subject once in five minutes, while the verdict asks whether the newest jobs exceed a limit.</p>`;
}

/** Text of the chart for a screen reader. */
function summary(kind: string, charts: ChartData): string {
  const { difference, exposure, rates, scores, marks, times } = charts;
  const newest = (values: readonly (number | null)[], unit: string) => {
    const last = values.findLast((value) => value !== null);
    return last === undefined || last === null ? 'nothing' : `${last}${unit}`;
  };
  if (kind === 'exposure') {
    const since = exposure.at[0] === undefined ? '' : ` since ${moment(new Date(exposure.at[0] * 1_000))}`;
    return `now ${newest(exposure.percentage, '%')} exposed; ${counted(marks.length, 'mark')}${since}`;
  }
  if (kind === 'difference')
    return `now ${signed(difference.value.at(-1) ?? 0)} percentage points, between ${signed(difference.low.at(-1) ?? 0)} and ${signed(difference.high.at(-1) ?? 0)}`;
  if (kind === 'rates')
    return `now ${newest(rates.treatment, '%')} failed in treatment, ${newest(rates.control, '%')} in control`;
  if (kind === 'scores')
    return `now ${newest(scores.absolute, '')} over the limit, ${newest(scores.relative, '')} worse than control; it acts at 8.5`;
  return `now ${newest(times.treatment, ' ms')} in treatment, ${newest(times.control, ' ms')} in control`;
}
