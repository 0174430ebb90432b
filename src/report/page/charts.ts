import type { ReportFeature } from '../../domain/report/report.ts';
import { counted, moment } from '../words/words.ts';
import type { ChartData } from './chart-data.ts';
import { type Html, html } from './html.ts';
import { stillExposure, stillScores, stillTimes } from './still-charts.ts';

/** What happened over time: exposure with failures, evidence, processing time; each where there is something to show. */
export function chartsOf(
  id: string,
  charts: ChartData,
  { analysis, thresholds }: ReportFeature,
  still = true,
): Html[] {
  const { max_error_rate: max, warning_error_rate: warning } = thresholds;
  const exposure = stillExposure(charts);
  const scores = analysis === 'sequential' ? stillScores(charts) : null;
  const times = stillTimes(charts);
  const drawn = [
    exposure &&
      figure(id, 'exposure', 'Exposure and failures', exposure, charts, [
        ...[
          key('area', 'exposure'),
          key('treatment', 'failed of the last 60 jobs or more, treatment'),
          key('control', 'control'),
        ],
        ...[key('limit', `limit ${max}%`), key('warning', `warning ${warning}%`)],
        ...[
          key('changes', 'change'),
          key('incidents', 'incident'),
          key('checks', 'checks: the worse, the higher'),
        ],
      ]),
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

/** `still`: with the chart that stands until a script draws another one. */
type Figure = (still: boolean) => Html;

function figure(
  id: string,
  kind: string,
  title: string,
  image: Html,
  charts: ChartData,
  keys: readonly Html[],
): Figure {
  const label = `${title} over time: ${summary(kind, charts)}`;
  return (still) =>
    html`<figure class="chart ${kind}" data-feature="${id}" data-kind="${kind}"><figcaption><span class="caption">${title}</span><span class="keys">${keys}</span></figcaption><div class="plot" role="img" aria-label="${label}">${still && image}</div></figure>`;
}

function key(kind: string, text: string): Html {
  return html`<span class="key ${kind}"><i></i>${text}</span>`;
}

/** What somebody hears who cannot see the chart. */
function summary(kind: string, { exposure, rates, scores, marks, times }: ChartData): string {
  const newest = (values: readonly (number | null)[], unit: string) => {
    const last = values.findLast((value) => value !== null);
    return last === undefined || last === null ? 'nothing' : `${last}${unit}`;
  };
  if (kind === 'exposure') {
    const since = exposure.at[0] === undefined ? '' : ` since ${moment(new Date(exposure.at[0] * 1_000))}`;
    return `now ${newest(exposure.percentage, '%')} exposed, ${newest(rates.treatment, '%')} failed in treatment, ${newest(rates.control, '%')} in control; ${counted(marks.length, 'mark')}${since}`;
  }
  if (kind === 'scores')
    return `now ${newest(scores.absolute, '')} over the limit, ${newest(scores.relative, '')} worse than control; it acts at 8.5`;
  return `now ${newest(times.treatment, ' ms')} in treatment, ${newest(times.control, ' ms')} in control`;
}
