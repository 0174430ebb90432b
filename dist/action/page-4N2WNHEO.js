import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  gravestFirst,
  nextSentence,
  stateSentence,
  waitsForText
} from "./chunk-3N5X3U2X.js";
import {
  STATE_TONES
} from "./chunk-FIREXMHY.js";
import {
  guardrailWord
} from "./chunk-N7M2SCID.js";
import {
  actionWord,
  incidentWord,
  stateWord
} from "./chunk-EV7PFPCA.js";
import {
  breakerText,
  rolledBackText,
  ruleLastText,
  ruleText
} from "./chunk-VGIYVSO5.js";
import "./chunk-5LPR4R5C.js";
import "./chunk-NSWKCLK7.js";
import {
  ago,
  capital,
  classWord,
  commit,
  costProblemText,
  count,
  counted,
  evidenceWarningText,
  failedText,
  failureSentences,
  moment,
  share,
  spendingText,
  trendWord,
  whoFailed
} from "./chunk-ECMGPDJJ.js";
import {
  money
} from "./chunk-A74YMBPN.js";
import "./chunk-LAQF6JIT.js";
import {
  verdictWord
} from "./chunk-B2BW3BM7.js";
import {
  percentOf
} from "./chunk-3ADH3BHO.js";
import "./chunk-YHZEJLZZ.js";
import {
  DAY_MS,
  DAY_SECONDS
} from "./chunk-264FZAQV.js";
import {
  harmless
} from "./chunk-XRYC3SR4.js";
import {
  durationText
} from "./chunk-EURWQ3ED.js";
import "./chunk-VOBUUCNC.js";

// src/report/page/page.ts
import { createHash } from "node:crypto";

// src/report/page/html.ts
var Html = class {
  text;
  constructor(text) {
    this.text = text;
  }
};
var LONGEST_TEXT = 2e3;
function html(parts, ...pieces) {
  return new Html(
    parts.map((part, i) => part + (i < pieces.length ? written(pieces[i] ?? null) : "")).join("")
  );
}
function written(piece) {
  if (piece === null || piece === false) return "";
  if (piece instanceof Html) return piece.text;
  if (Array.isArray(piece)) return piece.map(written).join("");
  return escapeHtml(String(piece));
}
function escapeHtml(text) {
  return harmless(text, LONGEST_TEXT).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;");
}
function path(line2) {
  if (/^[MLHVZvh\d .-]*$/.test(line2)) return new Html(line2);
  throw new Error("a path is made of letters and numbers");
}
function jsonForScript(value) {
  return JSON.stringify(value).replaceAll("<", "\\u003c").replaceAll(">", "\\u003e").replaceAll("&", "\\u0026").replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}
function anchorOf(feature) {
  return `f-${feature.replace(/[^A-Za-z0-9_-]/g, (character) => `.${character.codePointAt(0)?.toString(16)}`)}`;
}

// src/report/page/chart-data.ts
var EVIDENCE_LINE = Math.log(5e3);
var WARNING_LINE = Math.log(1e3);
var BADNESS = {
  no_data: 0,
  insufficient: 0,
  healthy: 1,
  warning: 2,
  suspect: 3,
  error: 4,
  harmful: 4
};
function chartData({ generated_at }, feature) {
  const { rates, scores, thresholds } = feature;
  const now = seconds(generated_at);
  const points = feature.exposure.map(({ at, percentage }) => ({ at: seconds(at), percentage }));
  const last = points.at(-1);
  if (last) points.push({ at: now, percentage: last.percentage });
  const ends = rates.at.map((at, i) => Math.min(at + (rates.span[i] ?? 0), Math.max(at, now)));
  const treatment = trailing(ends, rates.jobs, rates.errors);
  const control = trailing(ends, rates.control_jobs, rates.control_errors);
  return {
    id: anchorOf(feature.feature),
    exposure: { at: points.map(({ at }) => at), percentage: points.map(({ percentage }) => percentage) },
    difference: differenceData(feature),
    rates: { at: ends, treatment: treatment.rates, control: control.rates },
    jobs: { treatment: treatment.jobs, control: control.jobs },
    raw: {
      treatment: alone(rates.jobs, rates.errors),
      control: alone(rates.control_jobs, rates.control_errors)
    },
    times: { treatment: rates.mean_ms, control: rates.control_mean_ms },
    limits: {
      max: thresholds.max_error_rate,
      warning: thresholds.warning_error_rate,
      critical: thresholds.critical_error_rate
    },
    scores: { at: scores.at, absolute: scores.absolute, relative: scores.relative },
    checks: { at: scores.at, badness: scores.verdict.map((verdict) => BADNESS[verdict]) },
    marks: marksOf(feature)
  };
}
function differenceData({ difference }) {
  if (difference === null) return { since: 0, at: [], value: [], low: [], high: [], compared: 0 };
  const { since, difference: value, ...rest2 } = difference;
  return { since: seconds(since), value, ...rest2 };
}
var MOST_RAW = 96;
function alone(jobs, errors) {
  const newest = jobs.slice(-MOST_RAW);
  return newest.map((count2, i) => {
    const failed2 = errors[jobs.length - newest.length + i] ?? 0;
    return count2 === 0 ? null : Math.round(percentOf(failed2, count2) * 10) / 10;
  });
}
var SAME = 60;
function marksOf({ exposure, incidents: incidents2 }) {
  const changes = exposure.flatMap(({ at, percentage }, i) => {
    if (incidents2.some((incident) => Math.abs(seconds(incident.opened_at) - seconds(at)) < SAME)) return [];
    const before = exposure[i - 1]?.percentage ?? 0;
    const kind = percentage < before ? "down" : "up";
    return [{ at: seconds(at), kind, text: `${before}% \u2192 ${percentage}%, ${moment(at)}` }];
  });
  const taken = incidents2.map(({ id, kind, opened_at }) => {
    return {
      at: seconds(opened_at),
      kind: "incident",
      text: `incident ${id}: ${incidentWord(kind)}, ${moment(opened_at)}`
    };
  });
  return [...changes, ...taken].sort((a, b) => a.at - b.at);
}
var JOBS_OF_A_RATE = 60;
var LONGEST_BEFORE = DAY_SECONDS;
function trailing(ends, jobs, errors) {
  const of = ends.map((end, i) => {
    const sum = { jobs: 0, errors: 0 };
    for (let j = i; j >= 0 && sum.jobs < JOBS_OF_A_RATE; j--) {
      if (j < i && end - (ends[j] ?? 0) > LONGEST_BEFORE) break;
      sum.jobs += jobs[j] ?? 0;
      sum.errors += errors[j] ?? 0;
    }
    return sum;
  });
  return {
    jobs: of.map((sum) => sum.jobs),
    rates: of.map((sum) => sum.jobs === 0 ? null : percentOf(sum.errors, sum.jobs))
  };
}
function seconds(at) {
  return Math.round(at.getTime() / 1e3);
}

// src/report/page/parts.ts
var SHAPES = {
  bad: html`<path d="M5.3 1h5.4L15 5.3v5.4L10.7 15H5.3L1 10.7V5.3z"/><path class="ink" d="M5.4 5.4l5.2 5.2m0-5.2l-5.2 5.2"/>`,
  warn: html`<path d="M8 1.2L15.4 14.4H.6z"/><path class="ink" d="M8 6v4.2m0 1.5v.9"/>`,
  wait: html`<circle cx="8" cy="8" r="7"/><path class="ink" d="M8 4.2V8l2.6 1.8"/>`,
  good: html`<circle cx="8" cy="8" r="7"/><path class="ink" d="M4.8 8.2l2.3 2.3 4.2-4.8"/>`,
  off: html`<circle cx="8" cy="8" r="6" class="hollow"/><path class="faint" d="M4.5 8h7"/>`
};
function badge(state) {
  const tone = STATE_TONES[state];
  return html`<span class="badge ${tone}">${shape(tone)}<span>${stateWord(state)}</span></span>`;
}
function shape(tone) {
  return html`<svg class="shape" viewBox="0 0 16 16" aria-hidden="true">${SHAPES[tone]}</svg>`;
}
function bar(share2, what, kind = "") {
  const width = Math.round(Math.max(0, Math.min(100, share2)) * 10) / 10;
  return html`<svg class="bar ${kind}" viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label="${what}"><rect class="track" width="100" height="4"/><rect class="fill" width="${width}" height="4"/></svg>`;
}
function when(at, now) {
  return html`<time class="age" datetime="${at.toISOString()}" title="${moment(at)}">${ago(at, now)} ago</time>`;
}
function date(at) {
  return html`<time datetime="${at.toISOString()}">${moment(at)}</time>`;
}
function commitLink(repository, revision) {
  if (revision === null) return html`<span class="quiet">no commit</span>`;
  const short = html`<code>${commit(revision)}</code>`;
  if (!isHttps(repository) || !/^[0-9a-f]{7,64}$/.test(revision)) return short;
  return html`<a href="${repository}/commit/${revision}">${short}</a>`;
}
function pullLink(repository, number2) {
  if (!isHttps(repository)) return html`pull request #${number2}`;
  return html`<a href="${repository}/pull/${number2}">pull request #${number2}</a>`;
}
function isHttps(address) {
  return address?.startsWith("https://") === true;
}
function rateText({ error_rate }) {
  return error_rate === null ? "\u2013" : `${error_rate}%`;
}
function timeText(ms) {
  if (ms === null) return "\u2013";
  if (ms < 1e3) return `${Math.round(ms)} ms`;
  return ms < 12e4 ? `${Math.round(ms / 100) / 10} s` : `${Math.round(ms / 6e3) / 10} min`;
}
function ofJobs({ errors, jobs }) {
  return `${count(errors)} of ${count(jobs)} ${jobs === 1 ? "job" : "jobs"}`;
}
function number(name) {
  return { number: name };
}
function table(label, heads, rows) {
  const head = heads.map(
    (name) => typeof name === "string" ? html`<th scope="col">${name}</th>` : html`<th scope="col" class="number">${name.number}</th>`
  );
  return html`<div class="scroll" role="group" aria-label="${label}" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
function folded(id, summary2, body2, open = false) {
  return html`<details id="${id}"${open ? html` open` : null}><summary>${summary2}</summary>${body2}</details>`;
}
function breakable(key2) {
  return html`${key2.split(/(?<=[_-])/).map((part, i) => html`${i > 0 && html`<wbr>`}${part}`)}`;
}

// src/report/page/still-scale.ts
var LEFT = 46;
var RIGHT = 46;
var TOP = 16;
var BOTTOM = 24;
var WIDE = frameOf(1100, 240);
var HALF = frameOf(530, 190);
var STRIP = frameOf(1100, 90);
function frameOf(width, height) {
  return { width, height, left: LEFT, right: width - RIGHT, top: TOP, bottom: height - BOTTOM };
}
var MOST_POINTS = 240;
function scaleOf(frame, from, to, low, high) {
  const length = Math.max(1, to - from);
  const share2 = (value) => (Math.min(high, Math.max(low, value)) - low) / (high - low);
  return {
    frame,
    x: (seconds2) => rounded(frame.left + (seconds2 - from) / length * (frame.right - frame.left)),
    y: (value) => rounded(frame.bottom - share2(value) * (frame.bottom - frame.top)),
    from,
    to
  };
}
function line(at, values, scale) {
  const group = Math.max(1, Math.ceil(at.length / MOST_POINTS));
  const points = [];
  for (let i = 0; i < at.length; i += group) {
    const own = values.slice(i, i + group).filter((value) => value !== null);
    const time = at[Math.min(at.length - 1, i + Math.floor(group / 2))];
    if (own.length === 0 || time === void 0) continue;
    points.push(`${scale.x(time)} ${scale.y(Math.max(...own))}`);
  }
  return points.length === 0 ? "" : `M${points.join("L")}`;
}
function dots(at, values, scale) {
  return at.map((time, i) => {
    const value = values[i] ?? null;
    return value === null ? "" : `M${scale.x(time)} ${scale.y(value)}h0`;
  }).join("");
}
function steps(at, values, scale) {
  return at.map(
    (time, i) => `${i === 0 ? "M" : `H${scale.x(time)}V`}${i === 0 ? `${scale.x(time)} ` : ""}${scale.y(values[i] ?? 0)}`
  ).join("");
}
function ticksOf(from, to) {
  const span = Math.max(3600, to - from);
  const every = EVERY.find((seconds2) => span / seconds2 <= 6) ?? 90 * 86400;
  const ticks = [];
  for (let at = Math.ceil(from / every) * every; at <= to; at += every) {
    const text = new Date(at * 1e3).toISOString();
    ticks.push({ at, text: every < 86400 ? text.slice(11, 16) : text.slice(5, 10) });
  }
  return ticks;
}
var EVERY = [
  600,
  1800,
  3600,
  7200,
  14400,
  28800,
  86400,
  172800,
  432e3,
  864e3,
  1728e3,
  5184e3
];
function roundAbove(values, least) {
  const highest = Math.max(least, ...values);
  const unit = 10 ** Math.floor(Math.log10(highest));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((n) => n * unit).find((n) => n >= highest) ?? highest;
}
function rounded(value) {
  return Math.round(value * 10) / 10;
}

// src/report/page/still-charts.ts
function stillDifference(data) {
  const { difference, marks } = data;
  const { since, at, value, low, high } = difference;
  const to = at.at(-1);
  if (to === void 0) return null;
  const [bottom, top] = reachOf(difference);
  const scale = scaleOf(WIDE, since, to, bottom, top);
  const back = [...at].reverse();
  const area = `${line(at, high, scale)}${line(back, [...low].reverse(), scale).replace("M", "L")}Z`;
  return svg(WIDE, [
    axis(
      scale,
      [bottom, 0, top].map((points) => ({ value: points, text: `${signed(points)} pp` }))
    ),
    times(scale),
    html`<path class="band" d="${path(area)}"/>`,
    html`<path class="zero" d="M${scale.frame.left} ${scale.y(0)}H${scale.frame.right}"/>`,
    html`<path class="treatment" d="${path(line(at, value, scale))}"/>`,
    marks.filter((mark) => mark.at >= since && mark.at <= to).map((mark) => markLine(mark, scale))
  ]);
}
function reachOf({ value, low, high }) {
  const half = Math.floor(value.length / 2);
  const reach = roundAbove(
    [...value, ...low.slice(half), ...high.slice(half)].map((points) => Math.abs(points)),
    0.1
  );
  return [-Math.min(reach, 100), Math.min(reach, 100)];
}
function signed(points) {
  return `${points > 0 ? "+" : ""}${points}`;
}
function stillExposure({ exposure }) {
  const [from, to] = [exposure.at[0], exposure.at.at(-1)];
  if (from === void 0 || to === void 0) return null;
  const scale = scaleOf(STRIP, from, to, 0, 100);
  const area = `${steps(exposure.at, exposure.percentage, scale)}V${STRIP.bottom}H${STRIP.left}Z`;
  return svg(STRIP, [
    axis(
      scale,
      [0, 50, 100].map((value) => ({ value, text: `${value}%` }))
    ),
    times(scale),
    html`<path class="area" d="${path(area)}"/><path class="edge" d="${path(steps(exposure.at, exposure.percentage, scale))}"/>`
  ]);
}
function stillRates({ exposure, rates, raw, limits, marks, checks }) {
  const [from, to] = [exposure.at[0], exposure.at.at(-1)];
  if (from === void 0 || to === void 0) return null;
  const seen = [...rates.treatment, ...rates.control].filter((rate) => rate !== null);
  const high = roundAbove([limits.max * 1.2, ...seen], 1);
  const scale = scaleOf(WIDE, from, to, 0, high);
  const newest = rates.at.slice(-raw.treatment.length || rates.at.length);
  return svg(WIDE, [
    axis(
      scale,
      [0, high / 2, high].map((value) => ({ value, text: `${Math.round(value * 100) / 100}%` }))
    ),
    times(scale),
    limitLine(scale, limits.max, "limit"),
    limitLine(scale, limits.warning, "warning"),
    html`<path class="raw control" d="${path(dots(newest, raw.control, scale))}"/>`,
    html`<path class="raw treatment" d="${path(dots(newest, raw.treatment, scale))}"/>`,
    html`<path class="control" d="${path(line(rates.at, rates.control, scale))}"/>`,
    html`<path class="treatment" d="${path(line(rates.at, rates.treatment, scale))}"/>`,
    strip(checks, scale),
    marks.map((mark) => markLine(mark, scale))
  ]);
}
function stillScores(data) {
  const { scores, marks } = data;
  const [from, to] = [scores.at[0], scores.at.at(-1)];
  if (from === void 0 || to === void 0) return null;
  const high = roundAbove([EVIDENCE_LINE * 1.15, ...scores.absolute, ...scores.relative], 1);
  const scale = scaleOf(HALF, from, to, -2, high);
  const within = marks.filter(({ at }) => at >= from);
  return svg(HALF, [
    axis(
      scale,
      [0, Math.round(high / 2), Math.round(high)].map((value) => ({ value, text: String(value) }))
    ),
    times(scale),
    limitLine(scale, EVIDENCE_LINE, "limit"),
    limitLine(scale, WARNING_LINE, "warning"),
    html`<path class="control" d="${path(line(scores.at, scores.relative, scale))}"/>`,
    html`<path class="treatment" d="${path(line(scores.at, scores.absolute, scale))}"/>`,
    within.filter(({ kind }) => kind === "incident").map((mark) => markLine(mark, scale))
  ]);
}
function stillTimes(data) {
  const { rates, times: mean } = data;
  const [from, to] = [rates.at[0], rates.at.at(-1)];
  const seen = [...mean.treatment, ...mean.control].filter((ms) => ms !== null);
  if (from === void 0 || to === void 0 || seen.length === 0) return null;
  const high = roundAbove(
    seen.map((ms) => ms / 1e3),
    0.01
  );
  const scale = scaleOf(HALF, from, to, 0, high);
  const inSeconds = (values) => values.map((ms) => ms === null ? null : ms / 1e3);
  return svg(HALF, [
    axis(
      scale,
      [0, high / 2, high].map((value) => ({ value, text: `${Math.round(value * 100) / 100} s` }))
    ),
    times(scale),
    html`<path class="control" d="${path(line(rates.at, inSeconds(mean.control), scale))}"/>`,
    html`<path class="treatment" d="${path(line(rates.at, inSeconds(mean.treatment), scale))}"/>`
  ]);
}
var QUANTILES = [
  ["p50", "p50_ms"],
  ["p95", "p95_ms"],
  ["p99", "p99_ms"]
];
function stillDailyTimes(days) {
  if (days.length < 2) return null;
  const at = days.map(({ day }) => Date.parse(day) / 1e3);
  const power = (ms) => ms === null || ms === void 0 ? null : Math.log10(ms);
  const lines = QUANTILES.flatMap(
    ([name, key2]) => ["control", "treatment"].map((arm) => ({
      kind: `${arm} ${name}`,
      values: days.map((day) => power(day[arm]?.[key2]))
    }))
  );
  const seen = lines.flatMap(({ values }) => values.filter((value) => value !== null));
  if (seen.length === 0) return null;
  const low = Math.floor(Math.min(...seen));
  const high = Math.max(low + 1, Math.ceil(Math.max(...seen)));
  const scale = scaleOf(WIDE, at[0] ?? 0, at.at(-1) ?? 0, low, high);
  const powers = Array.from({ length: high - low + 1 }, (_, i) => low + i);
  return svg(WIDE, [
    axis(
      scale,
      powers.map((value) => ({ value, text: timeText(10 ** value) }))
    ),
    times(scale),
    lines.map(({ kind, values }) => html`<path class="${kind}" d="${path(line(at, values, scale))}"/>`)
  ]);
}
function svg({ width, height }, inner) {
  return html`<svg class="still" viewBox="0 0 ${width} ${height}" aria-hidden="true">${inner.flat()}</svg>`;
}
function axis(scale, values) {
  return values.map(
    ({ value, text }) => html`<path class="grid" d="M${scale.frame.left} ${scale.y(value)}H${scale.frame.right}"/><text class="left" x="${scale.frame.left - 6}" y="${scale.y(value) + 4}">${text}</text>`
  );
}
function times(scale) {
  return ticksOf(scale.from, scale.to).map(
    ({ at, text }) => html`<text class="middle" x="${scale.x(at)}" y="${scale.frame.height - 6}">${text}</text>`
  );
}
function limitLine(scale, value, kind) {
  return html`<path class="${kind}" d="M${scale.frame.left} ${scale.y(value)}H${scale.frame.right}"/>`;
}
function markLine({ at, kind, text }, scale) {
  const x = scale.x(at);
  const top = scale.frame.top - 6;
  const glyph = kind === "incident" ? `M${x - 4} ${top - 4}L${x + 4} ${top + 4}M${x + 4} ${top - 4}L${x - 4} ${top + 4}` : kind === "up" ? `M${x - 4} ${top + 4}H${x + 4}L${x} ${top - 4}Z` : `M${x - 4} ${top - 4}H${x + 4}L${x} ${top + 4}Z`;
  return html`<g class="mark ${kind}"><title>${text}</title><path class="rule" d="M${x} ${scale.frame.top}V${scale.frame.bottom}"/><path class="glyph" d="${glyph}"/></g>`;
}
function strip({ at, badness }, scale) {
  const columns = /* @__PURE__ */ new Map();
  at.forEach((seconds2, i) => {
    if (seconds2 < scale.from) return;
    const x = Math.round(scale.x(seconds2));
    columns.set(x, Math.max(columns.get(x) ?? 0, badness[i] ?? 0));
  });
  return [0, 1, 2, 3, 4].flatMap((level) => {
    const own = [...columns].filter(([, worst]) => worst === level).map(([x]) => x);
    const marks = own.map((x) => `M${x} ${scale.frame.bottom}v-${1 + level * 2}`).join("");
    return marks === "" ? [] : [html`<path class="check level${level}" d="${path(marks)}"/>`];
  });
}

// src/report/page/charts.ts
function chartsOf(id, charts, { analysis, thresholds }, still = true) {
  const { max_error_rate: max, warning_error_rate: warning } = thresholds;
  const difference = stillDifference(charts);
  const rates = stillRates(charts);
  const exposure = stillExposure(charts);
  const scores = analysis === "sequential" ? stillScores(charts) : null;
  const times2 = stillTimes(charts);
  const drawn = [
    difference && figure(
      id,
      "difference",
      "Treatment against control",
      difference,
      charts,
      [
        key("treatment", "failures of treatment less those of control, in percentage points"),
        key("band", "holds the truth at every moment at once, in 95% of steps")
      ],
      aboutBand(charts)
    ),
    rates && figure(id, "rates", "Failures", rates, charts, [
      ...[key("treatment", "failed of the last 60 jobs or more, treatment"), key("control", "control")],
      ...[key("raw", "each hour or longer alone")],
      ...[key("limit", `limit ${max}%`), key("warning", `warning ${warning}%`)],
      ...[
        key("changes", "change"),
        key("incidents", "incident"),
        key("checks", "checks: the worse, the higher")
      ]
    ]),
    exposure && figure(id, "exposure", "Exposure", exposure, charts, [key("area", "exposure")]),
    scores && figure(id, "scores", "Evidence", scores, charts, [
      ...[key("treatment", "over the limit"), key("control", "worse than control")],
      ...[key("limit", "acts at 8.5 (5,000 to 1)"), key("warning", "warns at 6.9 (1,000 to 1)")]
    ]),
    times2 && figure(id, "times", "Processing time", times2, charts, [
      ...[key("treatment", "treatment"), key("control", "control")]
    ])
  ].filter((chart) => chart !== null);
  return drawn.map((chart) => chart(still));
}
function figure(id, kind, title2, image, charts, keys, about2 = null) {
  const label = `${title2} over time: ${summary(kind, charts)}`;
  return (still) => html`<figure class="chart ${kind}" data-feature="${id}" data-kind="${kind}"><figcaption><span class="caption">${title2}</span><span class="keys">${keys}</span></figcaption><div class="plot" role="img" aria-label="${label}">${still && image}</div>${about2}</figure>`;
}
function key(kind, text) {
  return html`<span class="key ${kind}"><i></i>${text}</span>`;
}
function aboutBand({ difference }) {
  const { since, compared } = difference;
  const part = compared < 100 ? ` ${compared}% of treatment's jobs are in categories that control has too.` : "";
  return html`<p class="quiet about">Since ${moment(new Date(since * 1e3))}.${part} The band decides nothing. It may differ from the verdict: it compares every job since then with control, each subject once in five minutes, while the verdict asks whether the newest jobs exceed a limit.</p>`;
}
function summary(kind, charts) {
  const { difference, exposure, rates, scores, marks, times: times2 } = charts;
  const newest = (values, unit) => {
    const last = values.findLast((value) => value !== null);
    return last === void 0 || last === null ? "nothing" : `${last}${unit}`;
  };
  if (kind === "exposure") {
    const since = exposure.at[0] === void 0 ? "" : ` since ${moment(new Date(exposure.at[0] * 1e3))}`;
    return `now ${newest(exposure.percentage, "%")} exposed; ${counted(marks.length, "mark")}${since}`;
  }
  if (kind === "difference")
    return `now ${signed(difference.value.at(-1) ?? 0)} percentage points, between ${signed(difference.low.at(-1) ?? 0)} and ${signed(difference.high.at(-1) ?? 0)}`;
  if (kind === "rates")
    return `now ${newest(rates.treatment, "%")} failed in treatment, ${newest(rates.control, "%")} in control`;
  if (kind === "scores")
    return `now ${newest(scores.absolute, "")} over the limit, ${newest(scores.relative, "")} worse than control; it acts at 8.5`;
  return `now ${newest(times2.treatment, " ms")} in treatment, ${newest(times2.control, " ms")} in control`;
}

// src/report/page/overview.ts
function header(data) {
  const { environment, generated_at: now, revision, repository_url, heartbeat, heartbeat_stale } = data;
  const alive = heartbeat === null ? html`<span class="pulse wait">${shape("wait")}<span>no tick has run yet</span></span>` : heartbeat_stale ? html`<span class="pulse bad">${shape("bad")}<span>last tick ${when(heartbeat, now)}</span></span>` : html`<span class="pulse good">${shape("good")}<span>last tick ${when(heartbeat, now)}</span></span>`;
  return html`<header class="top">
<div><h1>Rollouts${environment !== null && html` <span class="environment">${environment}</span>`}</h1>
<p class="quiet">As of <time datetime="${now.toISOString()}">${moment(now)}</time>${revision !== null && html` · file at ${commitLink(repository_url, revision)}`}</p></div>
<div class="controls">${alive}<button type="button" id="theme" data-kept hidden>Theme: <span>as the system</span></button></div>
</header>`;
}
function banners({ global_stop: stop, freeze, heartbeat_stale }) {
  const banners2 = [];
  if (stop) {
    banners2.push(
      html`<p class="banner bad" role="alert">${shape("bad")}<span><strong>Everything is stopped</strong> since ${moment(stop.at)} by ${stop.by}: ${stop.reason}</span></p>`
    );
  }
  if (heartbeat_stale) {
    banners2.push(
      html`<p class="banner bad" role="alert">${shape("bad")}<span><strong>The controller is silent.</strong> Three ticks are missing: nothing is judged or rolled back meanwhile. Is the scheduled workflow on?</span></p>`
    );
  }
  if (freeze) {
    banners2.push(
      html`<p class="banner wait">${shape("wait")}<span><strong>Freeze</strong> until ${freeze.to}: ${freeze.reason}. The controller raises nothing.</span></p>`
    );
  }
  return banners2;
}
function overview(features) {
  const troubled = features.filter(needsSomebody).length;
  const said = troubled === 0 ? "none needs a person" : `${counted(troubled, "needs", "need")} a person`;
  return html`<section aria-labelledby="overview-title"><h2 id="overview-title">${counted(features.length, "feature")}, ${said}</h2>${features.length > FEW && finder()}
<ul class="overview"><li class="columns" aria-hidden="true"><span>State</span><span>Feature</span><span>Exposure</span><span>Failed</span><span>Next</span></li>${features.map(overviewLine)}</ul></section>`;
}
var FEW = 5;
function finder() {
  return html`<div id="finder" class="finder" role="search" aria-label="Features" data-kept hidden><input id="find" type="search" placeholder="Search ( / )" aria-label="Search by name or owner" autocomplete="off" spellcheck="false"><label>Order <select id="order"><option value="">gravest first</option><option value="name">name</option><option value="exposed">exposure</option><option value="failed">failed</option><option value="since">newest first</option></select></label><div id="chips" class="chips" role="group" aria-label="States"></div><p id="found" class="quiet" role="status"></p></div>`;
}
function needsSomebody({ state }) {
  return TROUBLED.has(state);
}
var TROUBLED = /* @__PURE__ */ new Set([
  "stopped",
  "held",
  "rolled_back",
  "harmful",
  "error",
  "suspect",
  "warning"
]);
function overviewLine(feature) {
  const { percentage, health, thresholds, next, state } = feature;
  const live = shownPercentage(feature);
  const rate = health.treatment.error_rate;
  const id = anchorOf(feature.feature);
  const found = `${feature.feature} ${feature.owner ?? ""}`;
  return html`<li id="${id}-line" data-listed data-text="${found}" data-state="${stateWord(state)}" data-tone="${STATE_TONES[state]}" data-exposed="${live}" data-failed="${rate ?? -1}" data-since="${feature.since.getTime()}"><a href="#${id}" id="${id}-link" class="line">
<span class="cell">${badge(state)}</span>
<span class="cell name">${breakable(feature.feature)}</span>
<span class="cell"><span class="figure">${exposureWord(feature)}</span> <span class="what">exposed</span>${bar(live, `${live}% exposed`)}</span>
<span class="cell"><span class="figure">${rateText(health.treatment)}</span> <span class="what">failed</span>${rate !== null && bar(rate / thresholds.max_error_rate * 100, `${rate}% failed, the limit is ${thresholds.max_error_rate}%`, rate > thresholds.max_error_rate ? "over" : "rate")}</span>
<span class="cell then">${health.rolled_back ? rolledBackText(feature.feature, health.rolled_back) : nextText(next, percentage)}</span>
</a></li>`;
}
function shownPercentage({
  exposure,
  percentage,
  state,
  strategy,
  eligible,
  total
}) {
  if (nobodyIsIn(state)) return 0;
  if (strategy === "whitelist") return total === 0 ? 0 : percentOf(eligible, total);
  return exposure.at(-1)?.percentage ?? percentage;
}
function exposureWord(feature) {
  return feature.strategy === "whitelist" && !nobodyIsIn(feature.state) ? "whitelist" : `${shownPercentage(feature)}%`;
}
function nobodyIsIn(state) {
  return state === "off" || state === "stopped" || state === "rolled_back";
}
function nextText(next, from) {
  const { percentage, at, what } = next;
  const waits_for = waitsForText(next);
  if (percentage === null) return waits_for === null ? "\u2013" : `waits for ${waits_for}`;
  const step = percentage > from ? `${percentage}%` : "";
  if (at !== null && !(what.code === "ready" && what.way === "manual"))
    return `${step} ${waits_for === null ? "now" : `from ${moment(at)}`}`;
  return `${step} waits${waits_for === null ? "" : `: ${waits_for}`}`;
}
function footer({ history_head, names_shown }) {
  const chain = history_head === "" ? "History has no row yet." : html`History ends with <code class="digest">${history_head}</code>: <code>rollout history verify --expect</code> that tells whether it was rewritten since.`;
  const names2 = !names_shown && html` Subjects are not named on this page, and what failed jobs said is left out, because it may name some; <code>--show-names</code> shows both.`;
  return html`<footer><p class="quiet">${chain}${names2} Times are UTC.</p></footer>`;
}

// src/report/page/commands.ts
function commands(feature) {
  return html`<p class="commands">${commandsFor(feature).map(({ text, act }) => command(feature.feature, text, act))}</p>`;
}
function commandsFor({ feature, state }) {
  const of = (verb, act) => ({
    text: `rollout ${verb} ${harmless(feature, 255)} --reason "..."`,
    act
  });
  if (state === "off") return [of("stop", "stop")];
  if (state === "held") return [of("resume", null), of("stop", "stop")];
  if (nobodyIsIn(state)) return [of("resume", null)];
  return [of("rollback", "rollback"), of("stop", "stop")];
}
var NAMES = { stop: "Stop", rollback: "Roll back" };
function command(key2, text, act) {
  return html`<span class="command"><code>${text}</code><button type="button" class="copy" aria-label="Copy ${text}">Copy</button>${act && html`<button type="button" class="act" data-act="${act}" data-key="${key2}" aria-label="${NAMES[act]} ${key2}">${NAMES[act]}…</button>`}</span>`;
}

// src/report/page/days.ts
var DAYS = 14;
function daysTable({ generated_at: now }, feature) {
  const rows = daysOf(feature, now).map(
    (day) => html`<tr><th scope="row">${day.name}</th><td class="number">${day.percentage}%</td><td class="number">${count(day.jobs)}</td><td class="number">${failed(day.errors, day.jobs)}</td><td class="number">${failed(day.control_errors, day.control_jobs)}</td><td class="number">${timeText(day.timed === 0 ? null : day.ms / day.timed)}</td><td>${day.worst?.replace("_", " ") ?? "no check"}</td></tr>`
  );
  const heads = [
    number("Exposure"),
    number("Jobs"),
    number("Failed"),
    number("In control"),
    number("Mean time")
  ];
  return table("Day by day", ["Day", ...heads, "Worst check"], rows);
}
function daysOf(feature, now) {
  const { exposure, rates, scores } = feature;
  const today = Math.floor(now.getTime() / DAY_MS);
  const days = Array.from({ length: DAYS }, (_, i) => {
    const end = Math.min(now.getTime(), (today - i + 1) * DAY_MS);
    const percentage = exposure.findLast(({ at }) => at.getTime() <= end)?.percentage ?? 0;
    const name = new Date((today - i) * DAY_MS).toISOString().slice(0, 10);
    return {
      name,
      percentage,
      jobs: 0,
      errors: 0,
      control_jobs: 0,
      control_errors: 0,
      ms: 0,
      timed: 0,
      worst: null
    };
  });
  const dayOf = (seconds2) => days[today - Math.floor(seconds2 * 1e3 / DAY_MS)];
  rates.at.forEach((at, i) => {
    const day = dayOf(at);
    if (!day) return;
    const jobs = rates.jobs[i] ?? 0;
    const mean = rates.mean_ms[i] ?? null;
    day.jobs += jobs;
    day.errors += rates.errors[i] ?? 0;
    day.control_jobs += rates.control_jobs[i] ?? 0;
    day.control_errors += rates.control_errors[i] ?? 0;
    if (mean === null) return;
    day.ms += mean * jobs;
    day.timed += jobs;
  });
  scores.at.forEach((at, i) => {
    const day = dayOf(at);
    const verdict = scores.verdict[i];
    if (day && verdict && (day.worst === null || BADNESS[verdict] > BADNESS[day.worst])) day.worst = verdict;
  });
  const begun = exposure[0]?.at.toISOString().slice(0, 10);
  return days.filter(({ name }) => begun === void 0 || name >= begun);
}
function failed(errors, jobs) {
  return jobs === 0 ? "\u2013" : share(errors, jobs);
}
function timesOfDays({ daily_times: days = [] }) {
  if (days.length === 0) return null;
  const cells = (times2) => [times2?.p50_ms, times2?.p95_ms, times2?.p99_ms].map(
    (ms) => html`<td class="number">${timeText(ms ?? null)}</td>`
  );
  const rows = [...days].reverse().map(
    ({ day, treatment, control }) => html`<tr><th scope="row">${day}</th>${cells(treatment)}${cells(control)}</tr>`
  );
  const heads = ["p50", "p95", "p99", "Control p50", "Control p95", "Control p99"].map(number);
  const chart = stillDailyTimes(days);
  return html`<h4>Times of jobs</h4>${chart && html`<figure class="quantiles"><figcaption><span class="keys">${KEYS}</span></figcaption><div role="img" aria-label="${spoken(days)}">${chart}</div></figure>`}${table("Times of jobs, day by day", ["Day", ...heads], rows)}`;
}
var KEYS = html`<span class="key treatment"><i></i>treatment</span><span class="key control"><i></i>control</span><span class="key">from below: half, 95% and 99% of the jobs took at most so long</span>`;
function spoken(days) {
  const { day, treatment, control } = days.at(-1) ?? { day: "", treatment: null, control: null };
  const of = (arm, times2) => times2 === null ? `nothing of ${arm}` : `${arm} ${timeText(times2.p50_ms)}, ${timeText(times2.p95_ms)} and ${timeText(times2.p99_ms)}`;
  return `Times of jobs over ${days.length} days: p50, p95 and p99 on ${day} were ${of("treatment", treatment)}; ${of("control", control)}`;
}

// src/report/page/facts.ts
function facts(data, feature) {
  return html`<dl class="facts">${[
    exposureFact(feature),
    errorsFact(feature),
    verdictFact(data, feature),
    soakFact(feature),
    timeFact(feature)
  ]}</dl>`;
}
function fact(name, figure2, rest2) {
  return html`<div><dt>${name}</dt><dd><span class="large">${figure2}</span>${rest2.map((line2) => line2 && html`<span class="detail">${line2}</span>`)}</dd></div>`;
}
function exposureFact(feature) {
  const { eligible, total, subject, lists, health, in_quarantine: quarantined } = feature;
  const people = subject === "repository" ? "repositories" : "customers";
  const part = total === 0 ? 0 : eligible / total * 100;
  const taking = health.participation;
  return fact("Exposure", exposureWord(feature), [
    bar(part, `${share(eligible, total)} of the ${people} are in`),
    `${count(eligible)} of ${count(total)} ${people} (${share(eligible, total)})`,
    taking && `${count(taking.subjects)} of them had a job (${taking.share}%)`,
    (lists.whitelist > 0 || lists.blacklist > 0) && `lists: ${count(lists.whitelist)} always in, ${count(lists.blacklist)} never`,
    quarantined !== void 0 && `in quarantine: ${quarantined.names?.join(", ") ?? count(quarantined.count)}; rollout incidents ${feature.feature}`
  ]);
}
function errorsFact(feature) {
  const { health, thresholds, breakers } = feature;
  const { treatment, control, trend, window } = health;
  const rate = treatment.error_rate ?? 0;
  const limit = thresholds.max_error_rate;
  return fact(
    health.rolled_back ? "Failed, when rolled back" : `Failed, last ${durationText(window)}`,
    rateText(treatment),
    [
      treatment.error_rate !== null && bar(rate / limit * 100, `${rate}% failed, the limit is ${limit}%`, rate > limit ? "over" : "rate"),
      `${ofJobs(treatment)}; limit ${limit}%`,
      ...(breakers ?? []).map(breakerText),
      control.jobs === 0 ? "control: no job" : `control: ${rateText(control)}, ${ofJobs(control)}`,
      trend !== null && `${trend > 0 ? "+" : trend < 0 ? "\u2212" : "\xB1"}${Math.abs(trend)} points against the window before`,
      ...failureSentences(feature)
    ]
  );
}
function verdictFact({ generated_at: now }, { health, analysis, rollback_enabled }) {
  const { verdict, score, score_parts } = health;
  const lost = score_parts && [
    score_parts.errors > 0 && `${score_parts.errors} for errors`,
    score_parts.slowness > 0 && `${score_parts.slowness} for slowness`,
    score_parts.participation > 0 && `${score_parts.participation} for participation`
  ].filter(Boolean);
  const limit = score_parts && score_parts.limit < 100 && `at most ${score_parts.limit} with this verdict`;
  const none = health.rolled_back ? "rolled back" : "none yet";
  return fact("Verdict", verdict ? verdictWord(verdict.verdict) : none, [
    health.rolled_back && `incident ${health.rolled_back.incident}`,
    verdict && html`checked ${when(verdict.checked_at, now)}${verdict.scope !== "all" && ` \xB7 ${verdict.scope} alone`}`,
    score !== null && `health ${score} of 100${lost && lost.length > 0 ? `: less ${lost.join(", ")}` : ""}${limit ? `; ${limit}` : ""}`,
    analysis === "threshold" && "by the plain rule: the rate over the window",
    rollback_enabled ? null : "is not rolled back by itself"
  ]);
}
function soakFact({ soak, next, paused }) {
  if (!soak) return null;
  const done = soak.left <= 0;
  return fact("Soak", `${Math.floor(soak.share)}%`, [
    bar(soak.share, `${soak.share}% of the soak is over`, "soak"),
    done ? `over: ${durationText(soak.seconds)}` : `${durationText(soak.left)} of ${durationText(soak.seconds)} left${paused ? ", paused" : ""}`,
    next.at !== null && !done && `until ${moment(next.at)}`
  ]);
}
function timeFact({ health: { treatment, control } }) {
  if (treatment.mean_ms === null) return null;
  const beside = control.mean_ms === null ? null : treatment.mean_ms / control.mean_ms;
  return fact("Mean time", timeText(treatment.mean_ms), [
    control.mean_ms !== null && `control: ${timeText(control.mean_ms)}`,
    beside !== null && `${Math.round(beside * 100) / 100} times as long as control`,
    ...quantileLines("p95", treatment.p95_ms, control.p95_ms),
    ...quantileLines("p99", treatment.p99_ms, control.p99_ms)
  ]);
}
function quantileLines(name, ms, control) {
  if (ms === null) return [];
  return [`${name}: ${timeText(ms)}${control === null ? "" : `, control ${timeText(control)}`}`];
}
function ladder({ steps: steps3, percentage, strategy, state }) {
  if (steps3.length === 0 || strategy === "whitelist") return null;
  const now = nobodyIsIn(state) ? -1 : steps3.findLastIndex((step) => step.percentage <= percentage);
  return html`<ol class="ladder" aria-label="Steps">${steps3.map((step, i) => {
    const at = i < now ? "past" : i === now ? "present" : "coming";
    const sign = {
      past: html`<span aria-hidden="true">✓ </span><span class="hidden">done: </span>`,
      present: null,
      coming: null
    }[at];
    return html`<li class="rung ${at}"${at === "present" && html` aria-current="step"`}><span class="figure">${sign}${step.percentage}%${at === "present" && " now"}</span><span class="detail">${step.soak === null ? "no soak" : `soak ${durationText(step.soak)}`}</span></li>`;
  })}</ol>`;
}

// src/report/page/incident.ts
function incidentCard(data, incident) {
  const { id, kind, state, severity, reason, opened_at, opened_by } = incident;
  const tone = state === "open" ? "bad" : "off";
  return html`<article class="incident ${state}"><h4>${shape(tone)} ${incidentWord(kind)} <span class="quiet">incident ${id} · ${state}${severity === "critical" ? " \xB7 critical" : ""}</span></h4>
<p>${reason}</p>
<p class="quiet">${date(opened_at)} by ${opened_by}; ${exposureText(incident)}</p>
${evidence(incident)}${outcome(data, incident)}</article>`;
}
function exposureText({ before_percentage: before, held_percentage: held, kind }) {
  const after = kind === "drift" ? `${held}%` : "nobody";
  return before === null ? `held at ${after}` : `from ${before}% to ${after}`;
}
function evidence({ evidence: found }) {
  if (!found) return null;
  const { window, scores, scope, since } = found;
  const of = (errors, jobs) => `${count(errors)} of ${count(jobs)} failed (${share(errors, jobs)})`;
  return html`<dl class="evidence">
<div><dt>Treatment</dt><dd>${of(window.errors, window.jobs)}${since && html` since ${date(since)}`}</dd></div>
<div><dt>Control</dt><dd>${window.control_jobs === 0 ? "no job" : of(window.control_errors, window.control_jobs)}</dd></div>
<div><dt>Judged</dt><dd>${scope === "all" ? "all categories" : `${scope} alone`}</dd></div>
<div><dt>Over the limit</dt><dd>${scoreBar(scores.absolute, EVIDENCE_LINE)}</dd></div>
<div><dt>Worse than control</dt><dd>${scoreBar(scores.relative, EVIDENCE_LINE)}</dd></div>
<div><dt>Over the critical rate</dt><dd>${scoreBar(scores.critical, WARNING_LINE)}</dd></div></dl>`;
}
function scoreBar(score, line2) {
  const over = score >= line2;
  const said = `${score.toFixed(1)} of ${line2.toFixed(1)} needed`;
  return html`${bar(score / line2 * 100, said, over ? "over" : "rate")} <span class="detail">${said}</span>`;
}
function outcome({ repository_url: repository }, incident) {
  const {
    write_back,
    write_back_commit,
    write_back_pull_request: pull,
    write_back_error,
    permit,
    issue
  } = incident;
  const lines = [];
  if (write_back === "done")
    lines.push(html`Written back to the file by ${commitLink(repository, write_back_commit)}.`);
  if (write_back === "proposed") {
    lines.push(
      html`Proposed to the file by ${pull === null ? "a branch" : pullLink(repository, pull)}: merging it moves nobody, it is in effect already.`
    );
  }
  if (write_back === "pending")
    lines.push(
      html`The file has still to be brought in line${write_back_error !== null && html`: ${write_back_error}`}.`
    );
  if (issue !== null && repository !== null)
    lines.push(html`<a href="${repository}/issues/${issue}">Issue #${issue}</a>.`);
  if (permit)
    lines.push(
      html`${permit.granted_by} lets it go up to ${permit.ceiling}% until ${date(permit.expires_at)}: ${permit.reason}.`
    );
  if (incident.resumed_at)
    lines.push(
      html`Resumed ${date(incident.resumed_at)}${incident.resumed_by !== null && html` by ${incident.resumed_by}`}.`
    );
  else if (incident.settled_at) lines.push(html`Settled ${date(incident.settled_at)}: the file agrees.`);
  if (incident.superseded_by !== null) lines.push(html`Incident ${incident.superseded_by} took its place.`);
  return html`<p>${lines.map((line2, i) => html`${i > 0 && " "}${line2}`)}</p>`;
}

// src/report/page/tables.ts
function processorsTable({ health }) {
  if (health.rates.length === 0) return html`<p class="quiet">No job has finished in the window.</p>`;
  const rows = health.rates.map(
    (one) => html`<tr><th scope="row">${one.processor}</th><td>${one.arm}</td><td>${one.category === "" ? "without" : one.category}</td><td class="number">${count(one.jobs)}</td><td class="number">${count(one.errors)}</td><td class="number">${rateText(one)}</td>${[one.mean_ms, one.p50_ms, one.p95_ms, one.p99_ms].map((ms) => html`<td class="number">${timeText(ms)}</td>`)}</tr>`
  );
  const numbers = ["Jobs", "Failed", "Rate", "Mean time", "p50", "p95", "p99"].map(number);
  return table("By processor, arm and category", ["Processor", "Arm", "Category", ...numbers], rows);
}
function routesTable({ routes = [] }) {
  if (routes.length === 0) return null;
  const rows = routes.map(
    (one) => html`<tr><th scope="row">${ruleText(one.rule)}</th><td>${one.processor}</td>${[one.today, one.week, one.epoch].map((jobs) => html`<td class="number">${count(jobs)}</td>`)}<td>${ruleLastText(one)}</td></tr>`
  );
  const numbers = ["Today", "7 days", "This epoch"].map(number);
  return table("Routed jobs, by the rule that decided", ["Rule", "Goes to", ...numbers, "Last"], rows);
}
function guardrailsTable({ health }) {
  if (health.guardrails.length === 0) return null;
  const rows = health.guardrails.map(
    (one) => html`<tr><th scope="row">${one.metric}</th><td>${guardrailWord(one)}</td><td>${one.on_harm}${one.dry_run && ", dry run"}</td><td class="number">${one.limit}%</td><td class="number">${ofEvents(one.bad, one.events)}</td><td class="number">${ofEvents(one.control_bad, one.control_events)}</td><td class="said">${one.reason}</td></tr>`
  );
  return table(
    "Guardrails",
    ["Metric", "Found", "Does", number("Limit"), number("Bad, treatment"), number("Bad, control"), "Why"],
    rows
  );
}
function ofEvents(bad, events) {
  return events === 0 ? "no event" : `${count(bad)} of ${count(events)}`;
}
function categoriesTable({ categories, category_filter }) {
  const rows = categories.map(({ category, eligible, total }) => {
    const out = category_filter !== null && !category_filter.some((name) => name === category);
    return html`<tr><th scope="row">${category ?? "without category"}</th><td class="number">${count(eligible)}</td><td class="number">${count(total)}</td><td class="wide">${bar(total === 0 ? 0 : eligible / total * 100, `${share(eligible, total)} are in`)}</td><td class="number">${out ? "filtered out" : share(eligible, total)}</td></tr>`;
  });
  if (rows.length === 0) return html`<p class="quiet">The registry is empty.</p>`;
  return table(
    "Who is in, by category",
    ["Category", number("In"), number("Of"), "Bar", number("Share")],
    rows
  );
}
function errorsTable({ generated_at: now }, { health }) {
  if (health.error_texts.length === 0) return null;
  const rows = health.error_texts.map(
    (one) => html`<tr><td class="number">${count(one.occurrences)}</td><td>${one.processor}</td><td>${one.arm}</td><td>${when(one.last_at, now)}</td><td class="said">${one.message}</td></tr>`
  );
  return table("What failed jobs said", [number("Times"), "Processor", "Arm", "Last", "Said"], rows);
}
function worstTable({ generated_at: now }, feature) {
  const shown = feature.worst_subjects;
  if (shown === void 0 || shown.worst.length === 0) return null;
  const rows = shown.worst.map(
    (one) => html`<tr><th scope="row">${whoFailed(one)}</th><td class="number">${count(one.failed)}</td><td class="number">${one.finished === null ? "\u2013" : count(one.finished)}</td><td class="wide">${bar(one.share, `${one.share}% of all failures`, "over")}</td><td class="number">${one.share}%</td><td>${when(one.since, now)}</td></tr>`
  );
  const head = ["Subject", number("Failed"), number("Finished"), "Bar", number("Of all failures"), "Since"];
  return html`<p>${failedText(shown)}.</p>${table("Subjects with most failures", head, rows)}`;
}
function classesTable({ generated_at: now }, feature) {
  const shown = feature.error_classes;
  if (shown === void 0) return null;
  const rows = shown.classes.map(
    (one) => html`<tr><th scope="row">${classWord(one)}</th><td class="number">${count(one.failed)}</td><td class="number">${count(one.failed_before)}</td><td class="number">${count(one.control_failed)}</td><td>${trendWord(one)}</td><td>${when(one.first_at, now)}</td><td>${when(one.last_at, now)}</td></tr>`
  );
  const numbers = ["Last 24 h", "Day before", "Control"].map(number);
  const head = ["Class", ...numbers, "Trend", "First seen", "Last seen"];
  const more = shown.more > 0 && html`<p class="quiet">And ${count(shown.more)} more classes.</p>`;
  return html`${table("Errors by class", head, rows)}${more}`;
}
function historyTable({ repository_url }, { history, history_left_out }) {
  if (history.length === 0) return html`<p class="quiet">No history yet.</p>`;
  const rows = history.map(
    (row) => html`<tr><td class="number">${row.id}</td><td>${date(row.created_at)}</td><th scope="row">${actionWord(row.action)}</th><td class="number">${changeText(row)}</td><td>${row.triggered_by}${row.verified_by !== null && html` <span class="quiet">proved: ${row.verified_by}</span>`}</td><td>${commitLink(repository_url, row.revision)}</td><td class="said">${row.reason ?? ""}</td></tr>`
  );
  const more = history_left_out > 0 && html`<p class="quiet">${count(history_left_out)} older rows: <code>rollout history</code> shows them.</p>`;
  return html`${table("History", [number("Row"), "When", "What", number("Exposure"), "By", "Commit", "Why"], rows)}${more}`;
}
function changeText({
  previous_percentage: before,
  new_percentage: after
}) {
  if (after === null) return "\u2013";
  return before === null || before === after ? `${after}%` : `${before} \u2192 ${after}%`;
}
function costTable({ cost, health: { spending } }) {
  const budget = spending !== void 0 && html`<p>${capital(spendingText(spending))}.</p>`;
  const { processors, total, alone: alone2, saved, fallback, days, problem } = cost;
  if (processors.length === 0)
    return html`<p class="quiet">No job has finished in ${days} days.</p>${budget}`;
  const rows = processors.map(
    (one) => html`<tr><th scope="row">${one.processor}</th><td class="number">${count(one.jobs)}</td><td class="number">${one.minutes === null ? "\u2013" : count(Math.round(one.minutes))}</td><td class="number">${one.per_job === null ? "\u2013" : money(one.per_job)}</td><td class="number">${one.cost === null ? "\u2013" : money(one.cost)}</td></tr>`
  );
  const sentence = total === null || alone2 === null || saved === null ? `Not compared: ${problem ? costProblemText(problem) : "something is not known"}.` : `${money(total)} in ${days} days; on ${fallback} alone ${money(alone2)}: ${saved >= 0 ? `${money(saved)} saved` : `${money(-saved)} more`}.`;
  return html`${table(`Cost of ${days} days`, ["Processor", number("Jobs"), number("Minutes"), number("A job"), number("Cost")], rows)}<p>${sentence} <span class="quiet">In the currency of the file.</span></p>${budget}`;
}
var QUANTILES2 = [
  ["p50", "p50_ms"],
  ["p95", "p95_ms"],
  ["p99", "p99_ms"]
];
function weeksTable({ weeks: { now, before } }) {
  const row = (name, of) => html`<tr><th scope="row">${name}</th><td class="number">${of(now)}</td><td class="number">${of(before)}</td></tr>`;
  const rows = [
    row("Exposure at the end", (week) => `${week.percentage}%`),
    row("Jobs of treatment", (week) => count(week.treatment.jobs)),
    row("Failed", (week) => rateText(week.treatment)),
    row("Failed in control", (week) => rateText(week.control)),
    row("Mean time", (week) => timeText(week.treatment.mean_ms)),
    ...QUANTILES2.map(([name, key2]) => row(`Time, ${name}`, (week) => timeText(week.treatment[key2]))),
    row("Cost", (week) => week.cost === null ? "\u2013" : money(week.cost))
  ];
  return table("This week and the last", ["Number", number("This week"), number("Last week")], rows);
}

// src/report/page/feature.ts
function featureSection(data, feature) {
  const id = anchorOf(feature.feature);
  return html`<article class="feature" id="${id}" data-listed aria-labelledby="${id}-title">
<header>${title(data, id, feature)}
${essentials(feature)}</header>
${rest(data, feature, chartData(data, feature), true)}
</article>`;
}
function foldedSection(data, feature) {
  const id = anchorOf(feature.feature);
  return html`<details class="feature fold" id="${id}-fold" data-listed><summary>${title(data, id, feature)}</summary>
<article id="${id}" aria-labelledby="${id}-title"><header>${essentials(feature)}</header><div data-part="${id}" data-key="${feature.feature}" data-kept></div></article></details>`;
}
function partOf(data, feature) {
  const charts = chartData(data, feature);
  return { html: rest(data, feature, charts, false).text, charts };
}
function title(data, id, feature) {
  return html`<div class="title">${badge(feature.state)}<h3 id="${id}-title">${breakable(feature.feature)}</h3><span class="quiet since">${when(feature.since, data.generated_at)}</span></div>`;
}
function essentials(feature) {
  return html`${about(feature)}
<p class="sentence">${stateSentence(feature)}</p>
<p class="next"><span class="label">Next</span> ${nextSentence(feature.feature, feature.next)}</p>
${commands(feature)}`;
}
function rest(data, feature, charts, still) {
  const id = anchorOf(feature.feature);
  return html`${ladder(feature)}
${notes(feature)}
${facts(data, feature)}
${guardrailsTable(feature)}
<div class="charts">${chartsOf(id, charts, feature, still)}</div>
${incidents(data, id, feature)}
${tables(data, id, feature)}`;
}
function about({ description, owner }) {
  if (description === null && owner === null) return null;
  const own = (text) => text !== null && html`<bdi>${text}</bdi>`;
  return html`<p class="about quiet">${own(description)}${description !== null && owner !== null && " \xB7 "}${own(owner)}</p>`;
}
function notes({ advice, health }) {
  const sentences = [
    ...health.warnings.map((warning) => `${evidenceWarningText(warning)}.`),
    ...advice.map(({ sentence }) => sentence)
  ];
  if (sentences.length === 0) return null;
  return html`<ul class="advice" aria-label="Advice">${sentences.map((sentence) => html`<li>${capital(sentence)}</li>`)}</ul>`;
}
function incidents(data, id, { incidents: all, state }) {
  if (all.length === 0) return null;
  const waits = (incident) => incident.state === "open" || nobodyIsIn(state) && incident === all[0] && incident.state === "settled";
  const open = all.filter(waits);
  const past = all.filter((incident) => !waits(incident));
  return html`${open.map((incident) => incidentCard(data, incident))}${past.length > 0 && folded(
    `${id}-incidents`,
    html`${counted(past.length, "past incident")}`,
    html`${past.map((incident) => incidentCard(data, incident))}`
  )}`;
}
function tables(data, id, feature) {
  const errors = errorsTable(data, feature);
  const routes = routesTable(feature);
  const worst = worstTable(data, feature);
  const classes = classesTable(data, feature);
  return html`<div class="folds">${[
    folded(`${id}-days`, html`Day by day`, html`${daysTable(data, feature)}${timesOfDays(feature)}`),
    folded(
      `${id}-processors`,
      html`Processors and failures`,
      html`${processorsTable(feature)}${routes && html`<h4>Routing rules</h4>${routes}`}${worst && html`<h4>Subjects with most failures</h4>${worst}`}${classes && html`<h4>Errors by class</h4>${classes}`}${errors && html`<h4>What failed jobs said</h4>${errors}`}`
    ),
    folded(`${id}-categories`, html`Categories`, html`${categoriesTable(feature)}${names(feature)}`),
    folded(`${id}-weeks`, html`This week and the last`, weeksTable(feature)),
    folded(`${id}-cost`, html`Cost`, costTable(feature)),
    folded(`${id}-history`, html`History`, historyTable(data, feature))
  ]}</div>`;
}
var MOST_NAMES = 50;
function names({ lists: { names: shown } }) {
  if (!shown) return null;
  const list = (what, entries) => entries.length > 0 && html`<p><span class="label">${what}</span> ${entries.slice(0, MOST_NAMES).join(", ")}${entries.length > MOST_NAMES && ` and ${entries.length - MOST_NAMES} more`}</p>`;
  return html`${list("Always in", shown.whitelist)}${list("Never in", shown.blacklist)}`;
}

// src/report/page/packed.ts
import { gzipSync } from "node:zlib";
function packedParts(data, features) {
  const parts = features.map((feature) => partOf(data, feature));
  const text = JSON.stringify({
    html: parts.map((part) => part.html),
    charts: parts.map(({ charts }) => compact(charts))
  });
  return gzipSync(text, { level: 9 }).toString("base64");
}
function compact(charts) {
  const { difference, rates, times: times2, scores, checks } = charts;
  const digits = (values) => values.map((value) => value === null ? null : Number(value.toPrecision(2)));
  const tenths = (values) => values.map((value) => Math.round(value * 10) / 10);
  return {
    ...charts,
    rates: { at: steps2(rates.at), treatment: digits(rates.treatment), control: digits(rates.control) },
    times: { treatment: digits(times2.treatment), control: digits(times2.control) },
    scores: { at: steps2(scores.at), absolute: tenths(scores.absolute), relative: tenths(scores.relative) },
    checks: { badness: checks.badness },
    difference: { ...difference, at: steps2(difference.at) }
  };
}
function steps2(moments) {
  return moments.map((at, i) => at - (moments[i - 1] ?? 0));
}

// src/report/page/page.ts
var PILL = `<p id="live" class="live wait" role="status" hidden>connecting</p>`;
function statusPage(data, assets, options = {}) {
  const live = options.live ?? null;
  const scripts = [assets.chartScript, assets.script, ...live === null ? [] : assets.liveScripts];
  const style = `${assets.chartStyle}
${assets.style}`;
  const title2 = html`Rollouts${data.environment !== null && ` \xB7 ${data.environment}`}`;
  const folded2 = foldedOf(data.features);
  const charts = jsonForScript({
    now: Math.round(data.generated_at.getTime() / 1e3),
    live,
    act: options.act ?? null,
    proved: options.proved ?? false,
    features: data.features.filter((one) => !folded2.has(one)).map((feature) => chartData(data, feature))
  });
  const packed = live !== null || folded2.size === 0 ? "" : packedParts(data, [...folded2]);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(scripts, style, live !== null)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title2.text}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">To the features</a>
${live === null ? "" : PILL}
${body(data, folded2)}
<script type="application/json" id="data">${charts}</script>
${packed === "" ? "" : `<script type="text/plain" id="parts">${packed}</script>`}
${scripts.map((script) => `<script>${script}</script>`).join("\n")}
</body>
</html>
`;
}
var MANY = 20;
function foldedOf(features) {
  return new Set(features.length > MANY ? features.filter((one) => !needsSomebody(one)) : []);
}
function body(data, folded2) {
  const sorted = gravestFirst(data.features);
  const features = sorted.map(
    (feature) => folded2.has(feature) ? foldedSection(data, feature) : featureSection(data, feature)
  );
  const main = features.length === 0 ? html`<section class="empty"><h2>No features</h2><p>They appear here when <code>rollout reconcile</code> has applied a <code>rollout.yaml</code>; archived ones are not listed. Begin with <code>rollout init</code> and <code>rollout plan</code>.</p></section>` : html`${overview(sorted)}<section aria-labelledby="features-title"><h2 id="features-title" class="hidden">Each feature</h2>${features}</section>`;
  return html`<div id="page">${header(data)}<main id="main" tabindex="-1">${banners(data)}${main}</main>${footer(data)}</div>`.text;
}
function policyOf(scripts, style, live) {
  return [
    `default-src 'none'`,
    `script-src ${scripts.map(hashOf).join(" ")}`,
    `style-src ${hashOf(style)}`,
    `img-src data:`,
    ...live ? [`connect-src 'self'`] : [],
    `base-uri 'none'`,
    `form-action 'none'`
  ].join("; ");
}
function hashOf(text) {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
export {
  statusPage
};
