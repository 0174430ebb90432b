// Draws the charts of the status page over the still ones, from the data in the page. Without it the page says the same.
(() => {
  const COLOURS = [
    'ink',
    'quiet',
    'hair',
    'card',
    'treatment',
    'control',
    'exposure',
    'edge',
    'limit',
    'warning',
    'good',
  ];
  const DAY = 86400;
  const RANGES = [
    ['24 h', DAY],
    ['7 d', 7 * DAY],
    ['30 d', 30 * DAY],
    ['All', Infinity],
  ];
  const HEIGHTS = { difference: 240, rates: 220, exposure: 96 };
  const THEMES = ['', 'light', 'dark'];
  const LINES = { acts: Math.log(5000), warns: Math.log(1000) };
  let data;
  let colours;
  let drawn = [];
  const unfolded = new Map();

  themeButton();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => setTheme(remembered()));
  // A chart is drawn when somebody comes near it: ten features have thirty.
  const watcher = new IntersectionObserver(drawNear, { rootMargin: '400px' });
  begin();
  globalThis.rolloutPage = { renewed, take, charts: () => drawn };

  function begin() {
    data = JSON.parse(document.getElementById('data').textContent);
    // Where the chart's own script does not run, the still ones stay.
    if (typeof uPlot !== 'function') return;
    for (const figure of document.querySelectorAll('figure.chart:not(.drawn)')) watcher.observe(figure);
  }

  /** The data of a feature that was folded. */
  function take(feature) {
    unfolded.set(feature.id, feature);
  }

  function dataOf(id) {
    return data.features.find((feature) => feature.id === id) ?? unfolded.get(id);
  }

  /** The page has other data: what is drawn is drawn of it, as it was looked at. */
  function renewed() {
    begin();
    drawn = drawn.filter((chart) => {
      const feature = dataOf(chart.feature.id);
      if (feature !== undefined && chart.figure.isConnected) return drawAnew(chart, feature);
      chart.resized.disconnect();
      chart.plot.destroy();
      return false;
    });
  }

  function drawAnew(chart, feature) {
    const { min, max } = chart.plot.scales.x;
    const zoomed = min !== chart.shown.min || max !== chart.shown.max;
    chart.feature = feature;
    const values = chart.made.data();
    chart.from = values[0][0] ?? data.now;
    chart.plot.batch(() => {
      chart.plot.setData(values);
      if (zoomed) chart.plot.setScale('x', { min, max });
      else show(chart, chart.range);
    });
    return true;
  }

  function drawNear(entries) {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting || target.classList.contains('drawn')) continue;
      watcher.unobserve(target);
      const feature = dataOf(target.dataset.feature);
      if (feature !== undefined) draw(target, feature);
    }
  }

  function readColours() {
    const probe = document.createElement('i');
    document.body.append(probe);
    const found = COLOURS.map((name) => {
      probe.style.color = `var(--${name})`;
      return [name, getComputedStyle(probe).color];
    });
    probe.remove();
    return Object.fromEntries(found);
  }

  function draw(figure, feature) {
    const plot = figure.querySelector('.plot');
    const kind = figure.dataset.kind;
    const chart = { figure, feature, kind, range: Infinity };
    chart.made = MAKERS[kind](() => chart.feature);
    const { made } = chart;
    const values = made.data();
    chart.from = values[0][0] ?? data.now;
    const height = () => HEIGHTS[kind] ?? 190;
    figure.classList.add('drawn');
    chart.plot = new uPlot(
      {
        width: plot.clientWidth,
        height: height(),
        legend: { show: false },
        cursor: { points: { size: 6 }, drag: { x: true, y: false } },
        tzDate: (ts) => uPlot.tzDate(new Date(ts * 1000), 'Etc/UTC'),
        padding: [14, 8, 0, 0],
        ...made.options,
        hooks: {
          drawClear: [(u) => made.under?.(u)],
          draw: [(u) => made.over?.(u)],
          setCursor: [(u) => tell(chart, u, made.say)],
        },
      },
      values,
      plot,
    );
    chart.tip = Object.assign(document.createElement('div'), { className: 'tip', hidden: true });
    plot.append(chart.tip);
    chart.resized = new ResizeObserver(() =>
      chart.plot.setSize({ width: plot.clientWidth, height: height() }),
    );
    chart.resized.observe(plot);
    drawn.push(chart);
    if (kind === 'rates') rangeButtons(chart);
    const usual = data.now - chart.from > 45 * DAY ? 30 * DAY : Infinity;
    show(chart, rangeOf(feature.id) ?? usual);
  }

  /** The range that the other charts of the feature show. */
  function rangeOf(id) {
    return drawn.find(({ feature, kind }) => feature.id === id && kind === 'rates')?.range;
  }

  function show(chart, range) {
    chart.range = range;
    const min = Math.max(chart.from, data.now - range);
    chart.shown = { min: Math.min(min, data.now - 900), max: data.now };
    chart.plot.setScale('x', chart.shown);
    for (const button of chart.figure.querySelectorAll('.ranges button')) {
      button.setAttribute('aria-pressed', String(Number(button.dataset.range) === range));
    }
  }

  function rangeButtons(chart) {
    const group = document.createElement('div');
    group.className = 'ranges';
    group.setAttribute('role', 'group');
    group.setAttribute('aria-label', 'Time shown');
    for (const [text, range] of RANGES) {
      const button = Object.assign(document.createElement('button'), { type: 'button', textContent: text });
      button.dataset.range = String(range);
      button.addEventListener('click', () => {
        for (const other of drawn) if (other.feature.id === chart.feature.id) show(other, range);
      });
      group.append(button);
    }
    chart.figure.querySelector('.caption').after(group);
  }

  function tell(chart, u, say) {
    const { idx, left } = u.cursor;
    const text = idx === null || idx === undefined || left < 0 ? '' : say(u, idx);
    chart.tip.hidden = text === '';
    chart.tip.textContent = text;
    if (text === '') return;
    const room = u.over.offsetLeft + left;
    const right = room > chart.figure.clientWidth / 2;
    chart.tip.style.left = right ? 'auto' : `${room + 14}px`;
    chart.tip.style.right = right ? `${chart.figure.clientWidth - room + 14}px` : 'auto';
  }

  const MAKERS = {
    difference(of) {
      return {
        data: () => {
          const { at, value, low, high } = of().difference;
          return [at, high, low, value];
        },
        options: {
          scales: { x: { time: true }, y: { range: () => reach(of().difference) } },
          axes: [timeAxis(), { ...axis('pp'), size: 62 }],
          series: [{}, edge(), edge(), line('treatment', 2)],
          bands: [{ series: [1, 2], fill: () => colours.exposure }],
        },
        over(u) {
          levelLine(u, 'y', 0, 'quiet', []);
          for (const mark of of().marks) markLine(u, mark);
        },
        say(u, idx) {
          const { value, low, high } = of().difference;
          return [
            moment(u.data[0][idx]),
            `difference ${points(value[idx])}`,
            `between ${points(low[idx])} and ${points(high[idx])}`,
          ].join('\n');
        },
      };
    },
    rates(of) {
      // Raw points are there of the newest moments only.
      const padded = ({ rates, raw }, arm) => [
        ...rates.at.slice(raw[arm].length).map(() => null),
        ...raw[arm],
      ];
      return {
        data: () => {
          const feature = of();
          const { exposure, rates } = feature;
          return uPlot.join([
            [[exposure.at[0], exposure.at.at(-1)]],
            [
              rates.at,
              rates.treatment,
              rates.control,
              padded(feature, 'treatment'),
              padded(feature, 'control'),
            ],
          ]);
        },
        options: {
          scales: {
            x: { time: true },
            y: {
              range: () => {
                const { limits, rates } = of();
                const seen = [...rates.treatment, ...rates.control].filter((rate) => rate !== null);
                return [0, Math.max(limits.max * 1.25, Math.min(100, Math.max(0, ...seen) * 1.1))];
              },
            },
          },
          axes: [timeAxis(), { ...axis('%'), size: 52 }],
          series: [
            {},
            line('treatment', 1.8),
            { ...line('control', 1.5), dash: [4, 3] },
            rawDots('treatment'),
            rawDots('control'),
          ],
        },
        over(u) {
          const { limits, checks, marks } = of();
          levelLine(u, 'y', limits.max, 'limit', []);
          levelLine(u, 'y', limits.warning, 'warning', [2, 3]);
          checkStrip(u, checks);
          for (const mark of marks) markLine(u, mark);
        },
        say(u, idx) {
          const { exposure, rates, marks, jobs } = of();
          const at = u.data[0][idx];
          const found = rates.at.indexOf(at);
          const i = found < 0 ? undefined : found;
          const near = marks.filter((mark) => Math.abs(u.valToPos(mark.at, 'x') - u.cursor.left) < 7);
          const live = exposure.percentage[exposure.at.findLastIndex((begun) => begun <= at)];
          return [
            moment(at),
            live === undefined ? null : `${live}% exposed`,
            i === undefined ? null : rateSaid('treatment', rates.treatment[i], jobs.treatment[i]),
            i === undefined ? null : rateSaid('control', rates.control[i], jobs.control[i]),
            ...near.map(({ text }) => text),
          ]
            .filter((text) => text !== null)
            .join('\n');
        },
      };
    },
    exposure(of) {
      return {
        data: () => [of().exposure.at, of().exposure.percentage],
        options: {
          scales: { x: { time: true }, y: { range: [0, 100] } },
          axes: [timeAxis(), { ...axis('%'), splits: () => [0, 50, 100], size: 52 }],
          series: [
            {},
            {
              ...line('edge', 1.5),
              fill: () => colours.exposure,
              paths: uPlot.paths.stepped({ align: 1 }),
            },
          ],
        },
        say(u, idx) {
          const near = of().marks.filter((mark) => Math.abs(u.valToPos(mark.at, 'x') - u.cursor.left) < 7);
          return [moment(u.data[0][idx]), `${u.data[1][idx]}% exposed`, ...near.map(({ text }) => text)].join(
            '\n',
          );
        },
      };
    },
    scores(of) {
      return {
        data: () => {
          const { at, absolute, relative } = of().scores;
          return [at, absolute, relative];
        },
        options: {
          scales: {
            x: { time: true },
            y: {
              range: (_u, low, high) => [
                Math.max(-3, Math.min(0, low ?? 0)),
                Math.max(LINES.acts * 1.15, (high ?? 0) * 1.05),
              ],
            },
          },
          axes: [timeAxis(), { ...axis(''), size: 40 }],
          series: [{}, line('treatment', 1.6), { ...line('control', 1.3), dash: [4, 3] }],
        },
        over(u) {
          levelLine(u, 'y', LINES.acts, 'limit', []);
          levelLine(u, 'y', LINES.warns, 'warning', [2, 3]);
          for (const mark of of().marks) if (mark.kind === 'incident') markLine(u, mark);
        },
        say: (u, idx) =>
          [
            moment(u.data[0][idx]),
            `over the limit ${odds(u.data[1][idx])}`,
            `worse than control ${odds(u.data[2][idx])}`,
          ].join('\n'),
      };
    },
    times(of) {
      const seconds = (values) => values.map((ms) => (ms === null ? null : ms / 1000));
      return {
        data: () => {
          const { rates, times } = of();
          return [rates.at, seconds(times.treatment), seconds(times.control)];
        },
        options: {
          scales: { x: { time: true }, y: { range: (_u, _low, high) => [0, (high ?? 1) * 1.1] } },
          axes: [timeAxis(), { ...axis('s'), size: 52 }],
          series: [{}, line('treatment', 1.6), { ...line('control', 1.3), dash: [4, 3] }],
        },
        say: (u, idx) =>
          [
            moment(u.data[0][idx]),
            `treatment ${lasted(of().times.treatment[idx])}`,
            `control ${lasted(of().times.control[idx])}`,
          ].join('\n'),
      };
    },
  };

  function line(colour, width) {
    return { stroke: () => colours[colour], width, spanGaps: true, points: { show: false } };
  }

  /** A side of the band: its area says enough. */
  function edge() {
    return { ...line('treatment', 0), stroke: 'transparent' };
  }

  function rawDots(colour) {
    const stroke = () => colours[colour];
    return {
      stroke,
      width: 0,
      paths: () => null,
      points: { show: true, size: 3, stroke, fill: stroke },
      alpha: 0.35,
    };
  }

  /** As far as the newer half of the band goes: its beginning is always wide. */
  function reach({ value, low, high }) {
    const half = Math.floor(value.length / 2);
    const all = [...value, ...low.slice(half), ...high.slice(half)].map(Math.abs);
    const most = Math.min(100, Math.max(0.1, ...all) * 1.1);
    return [-most, most];
  }

  function points(value) {
    return `${value > 0 ? '+' : ''}${value} pp`;
  }

  function axis(unit) {
    return {
      stroke: () => colours.quiet,
      font: '11px system-ui, sans-serif',
      grid: { stroke: () => colours.hair, width: 1 },
      ticks: { show: false },
      values: (_u, values) =>
        values.map((value) => `${Math.round(value * 100) / 100}${unit === '' ? '' : ` ${unit}`}`),
    };
  }

  function timeAxis() {
    const said = (seconds, incr) => {
      const [, day, time] = /^.{5}(.{5})T(.{5})/.exec(new Date(seconds * 1000).toISOString());
      return incr >= DAY || time === '00:00' ? day : time;
    };
    const values = (_u, splits, _axis, _space, incr) => splits.map((seconds) => said(seconds, incr));
    return { ...axis(''), space: 70, size: 26, grid: { show: false }, values };
  }

  function levelLine(u, scale, value, colour, dash) {
    const y = Math.round(u.valToPos(value, scale, true)) + 0.5;
    if (y < u.bbox.top) return;
    const { ctx } = u;
    ctx.save();
    ctx.strokeStyle = colours[colour];
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash(dash.map((length) => length * devicePixelRatio));
    ctx.beginPath();
    ctx.moveTo(u.bbox.left, y);
    ctx.lineTo(u.bbox.left + u.bbox.width, y);
    ctx.stroke();
    ctx.restore();
  }

  /** A triangle points where the exposure went; an incident is a cross on a line of its own. */
  function markLine(u, { at, kind }) {
    const x = u.valToPos(at, 'x', true);
    const { left, width, top, height } = u.bbox;
    if (x < left - 1 || x > left + width + 1) return;
    const { ctx } = u;
    const size = 4 * devicePixelRatio;
    const y = top - size * 1.6;
    ctx.save();
    ctx.setLineDash([]);
    ctx.strokeStyle = kind === 'incident' ? colours.limit : colours.hair;
    ctx.lineWidth = devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x, top + height);
    ctx.stroke();
    ctx.beginPath();
    if (kind === 'incident') {
      ctx.lineWidth = 2 * devicePixelRatio;
      ctx.moveTo(x - size, y - size);
      ctx.lineTo(x + size, y + size);
      ctx.moveTo(x + size, y - size);
      ctx.lineTo(x - size, y + size);
      ctx.stroke();
    } else {
      const way = kind === 'up' ? 1 : -1;
      ctx.fillStyle = colours.ink;
      ctx.moveTo(x - size, y + size * way);
      ctx.lineTo(x + size, y + size * way);
      ctx.lineTo(x, y - size * way);
      ctx.fill();
    }
    ctx.restore();
  }

  /** Every check along the foot: the worse, the higher. */
  function checkStrip(u, { at, badness }) {
    const { ctx, bbox } = u;
    const columns = new Map();
    at.forEach((seconds, i) => {
      const x = Math.round(u.valToPos(seconds, 'x', true));
      if (x >= bbox.left && x <= bbox.left + bbox.width)
        columns.set(x, Math.max(columns.get(x) ?? 0, badness[i]));
    });
    ctx.save();
    for (const [x, level] of columns) {
      const height = (1 + level * 2) * devicePixelRatio;
      ctx.fillStyle = [colours.control, colours.good, colours.warning, colours.limit, colours.limit][level];
      ctx.fillRect(x, bbox.top + bbox.height - height, devicePixelRatio, height);
    }
    ctx.restore();
  }

  function moment(seconds) {
    return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  }

  function rateSaid(arm, rate, jobs) {
    return rate === null || rate === undefined
      ? `${arm}: no job`
      : `${arm}: ${rate}% of the last ${jobs.toLocaleString('en-US')} jobs failed`;
  }

  function odds(score) {
    return score <= 0
      ? `${score}: nothing speaks for it`
      : `${score}: ${Math.round(Math.exp(score)).toLocaleString('en-US')} to 1`;
  }

  function lasted(ms) {
    return ms === null ? '–' : ms < 1000 ? `${ms} ms` : `${Math.round(ms / 10) / 100} s`;
  }

  function themeButton() {
    const button = document.getElementById('theme');
    button.hidden = false;
    button.addEventListener('click', () => {
      const now = document.documentElement.dataset.theme ?? '';
      const next = THEMES[(THEMES.indexOf(now) + 1) % THEMES.length];
      remember(next);
      setTheme(next);
    });
    setTheme(remembered());
  }

  function setTheme(theme) {
    document.documentElement.dataset.theme = theme;
    document.querySelector('#theme span').textContent = theme === '' ? 'as the system' : theme;
    colours = readColours();
    for (const { plot } of drawn) plot.redraw(false);
  }

  // A file that was opened from a disk may have no storage.
  function remembered() {
    try {
      const theme = localStorage.getItem('rollout-theme');
      return theme === 'light' || theme === 'dark' ? theme : '';
    } catch {
      return '';
    }
  }

  function remember(theme) {
    try {
      localStorage.setItem('rollout-theme', theme);
    } catch {
      // It holds until the page is closed.
    }
  }
})();
