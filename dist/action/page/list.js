// Finds features among many: by name or owner, by state, in another order. Without scripts all of them are listed.
(() => {
  const page = globalThis.rolloutPage;
  const chosen = new Set();
  const ORDERS = {
    name: (a, b) => (a.dataset.text < b.dataset.text ? -1 : 1),
    exposed: (a, b) => b.dataset.exposed - a.dataset.exposed,
    failed: (a, b) => b.dataset.failed - a.dataset.failed,
    since: (a, b) => b.dataset.since - a.dataset.since,
  };
  page.relist = relist;
  if (document.getElementById('finder') !== null) begin();

  function begin() {
    field('finder').hidden = false;
    field('find').addEventListener('input', relist);
    field('order').addEventListener('change', relist);
    addEventListener('keydown', (event) => {
      const typing = event.target.matches?.('input, textarea, select');
      if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        field('find').focus();
      }
    });
    relist();
  }

  function field(id) {
    return document.getElementById(id);
  }

  function lines() {
    return [...document.querySelectorAll('.overview > [data-listed]')];
  }

  /** Shows what is looked for; called after each renewal too. */
  function relist() {
    if (field('finder') === null) return;
    const all = lines();
    chips(all);
    const words = field('find').value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const line of all) {
      const text = line.dataset.text.toLowerCase();
      const fits =
        words.every((word) => text.includes(word)) && (chosen.size === 0 || chosen.has(line.dataset.state));
      found += fits ? 1 : 0;
      line.hidden = !fits;
      const section = document.getElementById(line.id.replace(/-line$/, ''))?.closest('.feature');
      if (section) section.hidden = !fits;
    }
    sort(all);
    const said =
      found === all.length
        ? ''
        : found === 0
          ? 'No feature is like that.'
          : `${found} of ${all.length} features`;
    if (field('found').textContent !== said) field('found').textContent = said;
  }

  /** As the server has them, unless somebody wants another order. */
  function sort(all) {
    const served = [...document.querySelectorAll('.feature[data-listed]')].map(
      ({ id, localName }) => `${localName === 'details' ? id.slice(0, -'-fold'.length) : id}-line`,
    );
    const rank = new Map(served.map((id, i) => [id, i]));
    const order = ORDERS[field('order').value] ?? ((a, b) => rank.get(a.id) - rank.get(b.id));
    const sorted = [...all].sort(order);
    if (sorted.every((line, i) => line === all[i])) return;
    const focused = document.activeElement;
    all[0].parentElement.append(...sorted);
    if (document.activeElement !== focused) focused.focus({ preventScroll: true });
  }

  /** A button for every state that a feature has, in the order of the list. */
  function chips(all) {
    const counts = new Map();
    for (const { dataset } of all) {
      const one = counts.get(dataset.state) ?? { tone: dataset.tone, count: 0 };
      counts.set(dataset.state, { ...one, count: one.count + 1 });
    }
    for (const state of chosen) if (!counts.has(state)) chosen.delete(state);
    const place = field('chips');
    const there = new Map([...place.children].map((chip) => [chip.dataset.state, chip]));
    for (const [state, chip] of there) if (!counts.has(state)) chip.remove();
    for (const [state, { tone, count }] of counts) {
      const chip = there.get(state) ?? place.appendChild(newChip(state));
      chip.className = `chip ${tone}`;
      chip.setAttribute('aria-pressed', String(chosen.has(state)));
      const text = `${state} ${count}`;
      if (chip.textContent !== text) chip.textContent = text;
    }
  }

  function newChip(state) {
    const chip = Object.assign(document.createElement('button'), { type: 'button' });
    chip.dataset.state = state;
    chip.addEventListener('click', () => {
      if (!chosen.delete(state)) chosen.add(state);
      relist();
    });
    return chip;
  }
})();
