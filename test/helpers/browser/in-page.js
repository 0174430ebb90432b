// Runs inside the page under test, as text: what a test asks of a document.
globalThis.inPage = {
  unfold() {
    for (const details of document.querySelectorAll('details')) details.open = true;
  },

  undrawn: () => document.querySelectorAll('figure.chart:not(.drawn)').length,

  width: () => document.documentElement.scrollWidth,

  enlarge() {
    document.body.style.fontSize = '20px';
  },

  focused: () => document.activeElement?.textContent,

  scheme: () => getComputedStyle(document.body).colorScheme,

  selectSentence() {
    getSelection().selectAllChildren(document.querySelector('#f-incremental_sync .sentence'));
  },

  attention: () => ({
    focused: document.activeElement.closest('[id]')?.id,
    selected: String(getSelection()),
    open: [...document.querySelectorAll('details[open]')].map(({ id }) => id).sort(),
    range: document.querySelector('#f-incremental_sync .ranges [aria-pressed=true]')?.textContent,
    zoom: globalThis.rolloutPage
      .charts()
      .filter(({ figure }) => figure.dataset.feature === 'f-incremental_sync')
      .map(({ plot }) => [plot.scales.x.min, plot.scales.x.max]),
  }),

  focusedId: () => document.activeElement.id,

  /** Moments of the rates and of the scores, as the charts that were drawn last have them. */
  lastDrawn() {
    const { feature } = globalThis.rolloutPage.charts().at(-1);
    return { at: feature.rates.at, scores: feature.scores.at };
  },

  lit: () =>
    document
      .getAnimations()
      .filter(({ id }) => id === 'lit')
      .map(({ effect }) => effect.target.textContent),

  async violations() {
    const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await axe.run(document, { runOnly });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
    );
  },

  /** Which colours each chart has on its canvas, by the page's own names of them. */
  inks() {
    const names = ['treatment', 'control', 'limit', 'warning', 'good'];
    const probe = document.createElement('i');
    document.body.append(probe);
    const colours = names.map((name) => {
      probe.style.color = `var(--${name})`;
      return (getComputedStyle(probe).color.match(/\d+/g) ?? []).map(Number);
    });
    probe.remove();
    const figures = [...document.querySelectorAll('figure.chart')];
    return Object.fromEntries(
      figures.map((figure) => {
        const canvas = figure.querySelector('canvas');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const seen = names.map((name, n) => [name, hasColour(data, colours[n])]);
        return [`${figure.dataset.feature} ${figure.dataset.kind}`, Object.fromEntries(seen)];
      }),
    );

    function hasColour(data, [red, green, blue]) {
      for (let i = 0; i < data.length; i += 4) {
        if (data[i] === red && data[i + 1] === green && data[i + 2] === blue) return true;
      }
      return false;
    }
  },
};
