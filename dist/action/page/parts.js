// Fills a folded feature when somebody opens it: from the server where the page is served, else from what the file has
// packed. A link to a feature opens its fold.
(() => {
  const { live } = JSON.parse(document.getElementById('data').textContent);
  const page = globalThis.rolloutPage;
  let packed = null;

  document.addEventListener('toggle', ({ target }) => target.matches('details.fold') && fill(target), true);
  addEventListener('hashchange', openTarget);
  openTarget();
  page.refill = refill;

  function openTarget() {
    // Ids have plain characters only, so an address that has others is none of ours.
    const fold = document.getElementById(location.hash.slice(1))?.closest('details.fold');
    if (!fold || fold.open) return;
    fold.open = true;
    fold.scrollIntoView();
  }

  async function fill(fold) {
    const place = fold.querySelector('[data-part]');
    if (!fold.open || place.dataset.filled !== undefined) return;
    place.dataset.filled = '';
    try {
      put(place, await partOf(place.dataset.key, place.dataset.part));
    } catch {
      delete place.dataset.filled;
      place.textContent = 'The details cannot be had at the moment. Fold and open it to try again.';
    }
  }

  /** After a renewal: what is open is asked for again, and what is closed when it is opened. */
  function refill(patch) {
    for (const place of document.querySelectorAll('[data-filled]')) {
      if (!place.closest('details').open) delete place.dataset.filled;
      else
        void partOf(place.dataset.key, place.dataset.part)
          .then((part) => put(place, part, patch))
          // The pill says that the server does not answer.
          .catch(() => {});
    }
  }

  function put(
    place,
    part,
    patch = (old, html) => {
      old.innerHTML = html;
    },
  ) {
    page.take(part.charts);
    patch(place, part.html);
    page.renewed();
  }

  async function partOf(key, id) {
    if (live === null) {
      packed ??= unpacked();
      return (await packed).get(id);
    }
    const signal = AbortSignal.timeout(10_000);
    const answer = await fetch(`/page/features/${encodeURIComponent(key)}`, { signal });
    if (!answer.ok) throw new Error(`the feature was answered with ${answer.status}`);
    return answer.json();
  }

  async function unpacked() {
    const text = atob(document.getElementById('parts').textContent);
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    const { html, charts } = await new Response(stream).json();
    return new Map(charts.map((chart, i) => [chart.id, { html: html[i], charts: expanded(chart) }]));
  }

  /** The reverse of src/report/page/packed.ts. */
  function expanded(chart) {
    const moments = (steps) => {
      let at = 0;
      return steps.map((step) => (at += step));
    };
    const scores = { ...chart.scores, at: moments(chart.scores.at) };
    const rates = { ...chart.rates, at: moments(chart.rates.at) };
    const difference = { ...chart.difference, at: moments(chart.difference.at) };
    return { ...chart, difference, rates, scores, checks: { ...chart.checks, at: scores.at } };
  }
})();
