/** Shows what the fake provider sent, and sets its switches. Text goes in as text, never as markup. */
const element = (id) => document.getElementById(id);
const refreshMs = 1000;
let shown = '';

function bubble({ phoneNumber, text, code, sentAtMs }) {
  const item = document.createElement('li');
  const meta = document.createElement('p');
  const number = document.createElement('span');
  const time = document.createElement('time');
  number.textContent = phoneNumber;
  time.dateTime = new Date(sentAtMs).toISOString();
  time.textContent = new Date(sentAtMs).toLocaleTimeString();
  meta.className = 'meta';
  meta.append(number, time);
  const message = document.createElement('p');
  message.className = 'bubble';
  const [before, ...after] = text.split(code);
  const strong = document.createElement('strong');
  strong.textContent = code;
  message.append(before, ...(after.length > 0 ? [strong, after.join(code)] : []));
  item.append(meta, message);
  return item;
}

async function refresh() {
  try {
    const sends = await (await fetch('/inbox.json')).json();
    element('status').textContent = `${sends.length} ${sends.length === 1 ? 'message' : 'messages'}`;
    element('empty').hidden = sends.length > 0;
    const now = JSON.stringify(sends);
    if (now !== shown) element('messages').replaceChildren(...sends.map(bubble));
    shown = now;
    showControl(await (await fetch('/control')).json());
  } catch {
    element('status').textContent = 'The local stack is not running.';
  }
  setTimeout(refresh, refreshMs);
}

/** Leaves a switch alone while somebody holds it. */
function set(name, value) {
  if (document.activeElement !== element(name)) element(name).value = value;
}

function showControl({ profile, account, balance, fault, faults }) {
  if (element('fault').length === 1) element('fault').append(...faults.map((name) => new Option(name)));
  set('profile', profile);
  set('account', account);
  set('fault', fault ?? '');
  element('balance').textContent = `Balance: Rs ${balance.toFixed(2)}`;
}

async function change(wanted) {
  showControl(await (await fetch('/control', { method: 'POST', body: JSON.stringify(wanted) })).json());
}

for (const name of ['profile', 'account']) {
  element(name).addEventListener('change', ({ target }) => change({ [name]: target.value }));
}
element('fault').addEventListener('change', ({ target }) =>
  change({ fault: target.value === '' ? null : { name: target.value, times: 1 } }),
);
refresh();
