// Keeps a served status page true: it asks for itself again with every event and says how old it is where it cannot.
(() => {
  const { live: address, now } = JSON.parse(document.getElementById('data').textContent);

  /** The server is asked so often whether it and its database answer; a longer silence is said. */
  const PROBE_MS = 2_000;
  const SLOWEST_PROBE_MS = 2_500;
  /** Without an answer for so long, the page says that it is reconnecting; then that it is out of date. */
  const SILENT_MS = 5_000;
  const PATIENCE_MS = 15_000;
  /** An answer that takes longer is none. */
  const SLOWEST_MS = 10_000;
  const AGAIN_MS = 3_000;
  /** The server says within a minute that nothing changed; silence for longer has to be looked into. */
  const QUIET_MS = 75_000;
  /** Without events: the server has too many listeners, or something between does not let them through. */
  const POLL_MS = 15_000;

  const pill = document.getElementById('live');
  pill.hidden = false;
  // The database's clock of what is shown, and this machine's when it came. Ages are counted from both.
  let shown = { at: now * 1_000, came: Date.now() };
  /** When the server last said that it and its database answer. */
  let answered = Date.now();
  let failedAt = null;
  let asking = false;
  let wanted = false;
  let soon = 0;
  let stream = null;
  let heard = false;

  globalThis.rolloutPage.ask = renew;
  open();
  setInterval(look, 1_000);
  addEventListener('online', renew);
  // A tab that slept says at once how old it is, then asks.
  document.addEventListener('visibilitychange', () => {
    say();
    void renew();
  });

  function open() {
    stream = new EventSource(address);
    // What changed while nobody listened is only known by asking.
    stream.addEventListener('open', () => {
      heard = true;
      void renew();
    });
    stream.addEventListener('message', () => {
      clearTimeout(soon);
      soon = setTimeout(renew, 300);
    });
    for (const event of ['closing', 'error']) {
      stream.addEventListener(event, () => {
        heard = false;
        // A stream that is refused or breaks off says little: the page itself is asked whether it can be had.
        void renew();
      });
    }
  }

  /** Once a second: says how it stands, and asks again where it has been waiting. */
  function look() {
    say();
    const silent = Date.now() - shown.came;
    if (failedAt !== null ? due(AGAIN_MS) : silent > (heard ? QUIET_MS : POLL_MS)) void renew();
    else if (failedAt === null && due(PROBE_MS)) void probe();
    // The browser comes back by itself to a stream that broke off, and not to one that was refused.
    if (stream.readyState === EventSource.CLOSED && due(POLL_MS)) open();
  }

  const last = new Map();
  function due(milliseconds) {
    if (Date.now() - (last.get(milliseconds) ?? 0) < milliseconds) return false;
    last.set(milliseconds, Date.now());
    return true;
  }

  /** Costs the server next to nothing, and finds a database that is gone long before anything would be told. */
  async function probe() {
    const signal = AbortSignal.timeout(SLOWEST_PROBE_MS);
    const answer = await fetch('/readyz', { signal }).catch(() => null);
    if (answer?.ok === true) answered = Date.now();
    else void renew();
  }

  async function renew() {
    wanted = true;
    if (asking) return;
    asking = true;
    try {
      while (wanted) {
        wanted = false;
        await ask();
      }
      failedAt = null;
    } catch {
      failedAt ??= Date.now();
    } finally {
      asking = false;
      say();
    }
  }

  async function ask() {
    const headers = { accept: 'text/html' };
    const answer = await fetch(location.pathname, { headers, signal: AbortSignal.timeout(SLOWEST_MS) });
    if (!answer.ok) throw new Error(`the page was answered with ${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const data = JSON.parse(page.getElementById('data').textContent);
    shown = { at: data.now * 1_000, came: Date.now() };
    answered = Date.now();
    globalThis.rolloutPage.patch(page);
  }

  /** By the last answer, not by what failed: an answer that is still waited for is none. */
  function stateNow() {
    const silent = Date.now() - answered;
    if (silent >= PATIENCE_MS) return 'stale';
    return failedAt !== null || silent >= SILENT_MS ? 'reconnecting' : 'live';
  }

  function say() {
    const state = stateNow();
    const since = new Date(shown.at).toISOString().slice(11, 16);
    const words = { live: 'live', reconnecting: 'reconnecting', stale: `out of date since ${since} UTC` };
    // A reader reads aloud what is written here, so it is written only where it changes.
    if (pill.textContent !== words[state]) pill.textContent = words[state];
    pill.className = `live ${{ live: 'good', reconnecting: 'wait', stale: 'bad' }[state]}`;
    document.documentElement.classList.toggle('stale', state === 'stale');
    const present = shown.at + Math.max(0, Date.now() - shown.came);
    for (const time of document.querySelectorAll('time.age')) {
      const text = `${ago(present - Date.parse(time.dateTime))} ago`;
      if (time.textContent !== text) time.textContent = text;
    }
  }

  /** As the server says it (src/report/words/words.ts). */
  function ago(milliseconds) {
    const minutes = Math.max(0, Math.round(milliseconds / 60_000));
    if (minutes < 120) return `${minutes} min`;
    const hours = Math.round(minutes / 60);
    return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
  }
})();
