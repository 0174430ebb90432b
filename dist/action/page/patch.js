// Puts another state of a served page into the one that is shown. What a person does there stays: the focus, the text
// that is selected, folds, ranges and zooms of charts, and what stands in fields.
(() => {
  const LIT_MS = 2_000;
  /** The page's own: scripts write there, and the server does not. */
  const KEPT = '[data-kept], .ranges';
  /** Always another one, and no news. */
  const CLOCKS = 'time, [data-clock]';

  const shown = globalThis.rolloutPage;

  shown.patch = (page) => {
    morph(document.getElementById('page'), page.getElementById('page'), 'outerHTML', () => {
      document.getElementById('data').textContent = page.getElementById('data').textContent;
      shown.relist();
    });
    shown.refill((place, html) => morph(place, html, 'innerHTML', () => {}));
    shown.renewed();
  };

  function morph(old, next, morphStyle, then) {
    const focused = document.activeElement;
    const lit = new Set();
    globalThis.Idiomorph.morph(old, next, {
      morphStyle,
      callbacks: {
        beforeNodeMorphed: (node, other) => node === old || before(node, other, lit),
        // A feature that is not folded any more brings its own part.
        beforeNodeRemoved: (node) => node.matches?.(KEPT) !== true || node.matches('[data-part]'),
        afterNodeAdded: (node) => lit.add(node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement),
        beforeAttributeUpdated: (name, element) => !isReaders(name, element),
      },
    });
    then();
    if (focused?.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
    for (const element of lit) light(element);
  }

  /** False: the old one stays as it is. */
  function before(old, next, lit) {
    if (old.nodeType === Node.TEXT_NODE) {
      const parent = old.parentElement;
      if (old.nodeValue !== next.nodeValue && !parent.closest(CLOCKS)) lit.add(parent);
      return true;
    }
    if (old.nodeType !== Node.ELEMENT_NODE) return true;
    if (old.matches(KEPT)) return false;
    if (old.matches('.drawn > .plot')) {
      old.setAttribute('aria-label', next.getAttribute('aria-label'));
      return false;
    }
    if (old.matches('time.age')) {
      // Its text is counted here.
      for (const name of ['datetime', 'title']) old.setAttribute(name, next.getAttribute(name));
      return false;
    }
    return true;
  }

  function isReaders(name, element) {
    if (name === 'open') return element.localName === 'details';
    if (name === 'hidden') return element.matches('[data-listed]');
    return name === 'class' && element.matches('figure.drawn');
  }

  /** Also for who wants no motion: the light does not move. */
  function light(element) {
    if (!element?.isConnected || element.closest('svg')) return;
    element.animate([{ backgroundColor: 'var(--lit)' }, { backgroundColor: 'var(--lit)' }], {
      duration: LIT_MS,
      id: 'lit',
    });
  }
})();
