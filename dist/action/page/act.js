// Stops a feature or rolls it back from a served page, with a reason and the admin token, or as whom a proxy says it is.
// Nothing here raises. The token stays in this page until it is closed, and nowhere else.
(() => {
  const { act: address, proved } = JSON.parse(document.getElementById('data').textContent);
  if (address === null) return;

  const SLOWEST_MS = 30_000;
  const WORDS = {
    stop: {
      title: 'Stop',
      what: 'It is off for everyone at once, and stays off until somebody resumes it.',
      done: 'is stopped',
    },
    rollback: {
      title: 'Roll back',
      what: 'It is off for everyone at once, and the file is brought in line.',
      done: 'is rolled back',
    },
  };
  let token = '';
  let actor = '';
  let wanted = null;

  document.documentElement.classList.add('acting');
  const dialog = document.createElement('dialog');
  dialog.setAttribute('aria-labelledby', 'act-title');
  const form = make('form', { className: 'acting-form' });
  const title = make('h2', { id: 'act-title' });
  const what = make('p', {});
  const reason = field(
    'Reason',
    make('textarea', { id: 'act-reason', required: true, maxLength: 500, rows: 3 }),
  );
  const name = field(
    'Your name, for history',
    make('input', { id: 'act-actor', autocomplete: 'off', maxLength: 60 }),
  );
  const secret = field(
    proved ? 'Admin token, where your groups may not' : 'Admin token',
    make('input', { id: 'act-token', type: 'password', required: !proved, autocomplete: 'off' }),
  );
  const answer = make('p', { className: 'answer' });
  answer.setAttribute('role', 'alert');
  const go = make('button', { type: 'submit', className: 'danger' });
  const away = make('button', { type: 'button', textContent: 'Cancel' });
  const buttons = make('p', { className: 'controls' });
  buttons.append(go, away);
  form.append(title, what, reason.label, name.label, secret.label, answer, buttons);
  dialog.append(form);
  document.body.append(dialog);

  away.addEventListener('click', () => dialog.close());
  // What is typed for one feature is not meant for the next.
  dialog.addEventListener('close', () => {
    reason.input.value = '';
    secret.input.value = '';
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void run();
  });
  document.addEventListener('click', ({ target }) => {
    const button = target.closest?.('.act');
    if (button) ask(button.dataset.act, button.dataset.key);
  });

  function ask(act, key) {
    wanted = { act, key };
    const { title: verb, what: means } = WORDS[act];
    title.textContent = `${verb} ${key}`;
    what.textContent = means;
    go.textContent = `${verb} ${key}`;
    answer.textContent = '';
    name.input.value = actor;
    secret.input.value = token;
    go.disabled = false;
    dialog.showModal();
    reason.input.focus();
  }

  async function run() {
    const { act, key } = wanted;
    const given = secret.input.value.trim();
    actor = name.input.value.trim();
    go.disabled = true;
    answer.textContent = 'Waiting for the server';
    try {
      const response = await fetch(`${address}/${act}`, {
        method: 'POST',
        // A proxy knows its people by what their browser keeps for it.
        credentials: proved ? 'same-origin' : 'omit',
        headers: {
          'content-type': 'application/json',
          ...(given === '' ? {} : { authorization: `Bearer ${given}` }),
        },
        body: JSON.stringify({
          feature: key,
          reason: reason.input.value.trim(),
          ...(actor === '' ? {} : { actor }),
        }),
        signal: AbortSignal.timeout(SLOWEST_MS),
      });
      if (!response.ok) {
        const { error } = await response.json();
        answer.textContent = `Not done: ${error.message}${error.hint === null ? '' : `; ${error.hint}`}`;
        return;
      }
      token = given;
      dialog.close();
      globalThis.rolloutPage.tell(`${key} ${WORDS[act].done}`);
      globalThis.rolloutPage.ask();
    } catch {
      answer.textContent = `The server did not answer, so this may or may not be done. Use a terminal: rollout ${act} ${key} --reason "..."`;
    } finally {
      go.disabled = false;
    }
  }

  function make(kind, properties) {
    return Object.assign(document.createElement(kind), properties);
  }

  function field(text, input) {
    const label = make('label', { textContent: text });
    label.append(input);
    return { label, input };
  }
})();
