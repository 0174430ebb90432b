// Copies a command that the page shows. Where the browser gives no clipboard, the command is selected instead.
(() => {
  const COPIED_MS = 2_000;
  document.documentElement.classList.add('scripted');
  const told = Object.assign(document.createElement('p'), { className: 'hidden' });
  told.setAttribute('role', 'status');
  document.body.append(told);

  globalThis.rolloutPage.tell = (text) => {
    told.textContent = text;
  };
  document.addEventListener('click', ({ target }) => {
    const button = target.closest?.('.copy');
    if (button) void copy(button, button.parentElement.querySelector('code'));
  });

  async function copy(button, code) {
    try {
      await navigator.clipboard.writeText(code.textContent);
      say(button, 'Copied');
    } catch {
      getSelection().selectAllChildren(code);
      say(button, 'Selected');
    }
  }

  function say(button, text) {
    told.textContent = text;
    button.textContent = text;
    setTimeout(() => {
      told.textContent = '';
      button.textContent = 'Copy';
    }, COPIED_MS);
  }
})();
