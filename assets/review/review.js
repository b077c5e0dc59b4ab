// The marking page. It keeps nothing: every act is sent, and what comes back is what the store holds.
(() => {
  'use strict';
  const $ = id => document.getElementById(id);
  const el = (tag, props = {}, ...kids) => { const e = Object.assign(document.createElement(tag), props); e.append(...kids); return e; };
  const number = n => (n < 0 ? '−' : '') + Math.abs(n);
  const plural = (n, one, many) => n + ' ' + (n === 1 ? one : many);
  const state = { questions: [], q: null, answers: [], shown: [], at: 0, phrases: [], names: null, compare: false, every: false };
  const details = new Map(); // by item and key, for the answers that were looked at
  const done = [];           // what Undo takes back
  let sending = Promise.resolve(), waiting = 0;

  // ---- talking to the program
  async function ask(path, body) {
    const response = await fetch(path, body && { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  }
  const at = (path, key) => path + '?item=' + encodeURIComponent(state.q.item) + (key ? '&key=' + key : '');

  // Acts are sent one after another, so that the last one counts.
  function send(work, what) {
    waiting++;
    say('Saving …');
    sending = sending.then(work).then(() => { if (--waiting === 0) say('Saved. ' + what); }, error => { waiting--; wrong('Not saved: ' + error.message); });
    return sending;
  }
  function say(text) { $('said').className = 'small soft'; $('said').textContent = text; }
  function wrong(text) { $('said').className = 'small wrong'; $('said').textContent = text; }
  addEventListener('beforeunload', event => { if (waiting) event.preventDefault(); });

  function replace(answer) {
    const change = list => { const i = list.findIndex(a => a.key === answer.key); if (i >= 0) list[i] = answer; };
    change(state.answers);
    change(state.shown);
  }

  // ---- what a mark says: points, the comments that are chosen, and a note of the grader's own
  const lines = answer => (answer.own ? answer.own.comment.split('\n').filter(line => line) : []);
  const chosen = answer => state.phrases.filter(phrase => lines(answer).includes(phrase.text));
  const note = answer => lines(answer).filter(line => !state.phrases.some(phrase => phrase.text === line)).join('\n');
  const points = answer => (answer.own && answer.own.points !== null && !answer.own.stale ? answer.own.points : null);
  const here = () => state.shown[state.at];

  const place = answer => state.q.item + ' ' + answer.key + ' ' + answer.evidence;
  const seen = answer => details.get(place(answer))?.evidence || answer.evidence;
  // Sends the mark of one answer; what Undo needs is kept.
  const mark = (answer, value, comment) => async () => {
    const body = { item: state.q.item, key: answer.key, comment };
    // What was seen is what is marked, should the class be graded again in between.
    const saved = value === null ? await ask('say', body) : await ask('mark', { ...body, points: value, evidence: seen(answer) });
    replace(saved.answer);
    done.push({ item: state.q.item, key: answer.key, mark: saved.mark });
    draw();
  };
  function give(value) {
    const answer = here();
    if (!answer) return;
    if (points(answer) === value) {
      return send(async () => {
        const saved = await ask('withdraw', { item: state.q.item, key: answer.key, mark: answer.own.id });
        replace(saved.answer);
        done.push({ item: state.q.item, key: answer.key, mark: saved.mark });
        draw();
      }, 'The points are taken away.');
    }
    const text = number(value) + ' of ' + number(state.q.possible) + '.';
    const sent = send(mark(answer, value, answer.own ? answer.own.comment : ''), text);
    if ($('auto').checked) sent.then(() => go(1));
  }
  function phrase(i) {
    const answer = here(), one = state.phrases[i];
    if (!answer || !one) return;
    const has = lines(answer).includes(one.text);
    const comment = has ? lines(answer).filter(line => line !== one.text) : [...lines(answer), one.text];
    const change = (has ? -1 : 1) * one.hundredths / 100, now = points(answer);
    const value = now === null ? null : Math.max(0, Math.min(state.q.possible, +(now + change).toFixed(2)));
    if (value === null && comment.length === 0) return undo();
    send(mark(answer, value, comment.join('\n')), has ? 'The comment is taken away.' : 'The comment is added.');
  }
  function write(text) {
    const answer = here();
    if (!answer || text.trim() === note(answer)) return;
    const comment = [...chosen(answer).map(phrase => phrase.text), ...text.split('\n').map(line => line.trim()).filter(line => line)].join('\n');
    if (points(answer) === null && !comment) return;
    send(mark(answer, points(answer), comment), 'The note is kept.');
  }
  function same() {
    const answer = here(), value = answer && points(answer);
    if (!answer || value === null) return;
    const twins = state.answers.filter(other => other !== answer && other.same && other.same === answer.same && points(other) === null);
    for (const twin of twins) send(mark(twin, value, answer.own.comment), plural(twins.length, 'answer has', 'answers have') + ' the same points.');
  }
  function undo() {
    const last = done.pop();
    if (!last) return say('Nothing to undo.');
    send(async () => {
      const saved = await ask('withdraw', last);
      if (state.q.item !== last.item) await open(last.item);
      replace(saved.answer);
      const place = state.shown.findIndex(answer => answer.key === last.key);
      if (place >= 0) state.at = place;
      draw();
    }, 'Undone.');
  }

  // ---- going from answer to answer
  const keep = {
    people: answer => answer.waits || answer.own || answer.state,
    all: () => true,
    open: answer => points(answer) === null,
    stale: answer => answer.state === 'stale' || (answer.own && answer.own.stale),
    disagreement: answer => answer.state === 'disagreement',
    urgent: answer => answer.urgent,
  };
  function filter() {
    state.shown = state.answers.filter(keep[$('filter').value]);
    // What should be looked at first comes first.
    state.shown.sort((a, b) => b.urgent - a.urgent);
    state.at = 0;
    draw();
  }
  function go(by) {
    state.at = Math.max(0, Math.min(state.shown.length - 1, state.at + by));
    if (state.compare) return compare(false);
    draw();
  }
  function openNext() {
    const n = state.shown.length;
    for (let i = 1; i <= n; i++) {
      const k = (state.at + i) % n;
      if (points(state.shown[k]) === null && !state.shown[k].own?.excused) { state.at = k; return draw(); }
    }
    say('All of these answers have points.');
  }
  async function open(item) {
    state.q = state.questions.find(question => question.item === item) || state.questions[0];
    if (!state.q) return;
    history.replaceState(null, '', '#' + state.q.item);
    [state.answers, state.phrases] = await Promise.all([ask(at('answers')), ask(at('phrases'))]);
    if (state.names) state.names = await ask(at('names'));
    state.compare = false;
    $('question').value = state.q.item;
    if (!waiting) say('');
    filter();
  }
  async function load() {
    state.questions = await ask('questions');
    choices();
    await open(decodeURIComponent(location.hash.slice(1)) || ($('question').options[0] || {}).value);
    if (!state.q) nothing('No report has an item.');
  }
  // Questions that have something for a person; all of them on request.
  function choices() {
    const list = state.questions.filter(question => state.every || question.for_people);
    const label = question => question.title + ' (' + (question.waiting ? number(question.waiting) + ' to be marked' : 'done') + ')';
    $('question').replaceChildren(...list.map(question => el('option', { value: question.item, textContent: label(question) })));
    if (state.q) $('question').value = state.q.item;
    $('every').ariaPressed = state.every;
  }
  function move(by) {
    const options = [...$('question').options], next = options[options.findIndex(option => option.selected) + by];
    if (next) open(next.value);
  }
  function nothing(text) { $('nothing').textContent = text; $('nothing').hidden = !text; }

  // ---- drawing
  function draw() {
    const q = state.q, n = state.shown.length, answer = here(), mine = state.shown.filter(a => points(a) !== null).length;
    cells();
    $('done').textContent = mine + ' of ' + plural(n, 'answer has', 'answers have') + ' my points';
    $('left').textContent = n - mine ? number(n - mine) + ' left' : n ? 'all done' : '';
    $('both').ariaPressed = state.compare;
    $('names').ariaPressed = !!state.names;
    $('compare').hidden = !state.compare;
    $('grade').hidden = state.compare || !answer;
    nothing(answer || state.compare ? '' : 'No answer is like that.');
    if (state.compare || !answer) return;
    const name = state.names && state.names[answer.key];
    const words = answer.words === null ? '' : ' · ' + plural(answer.words, 'word', 'words');
    $('head').replaceChildren(name || 'Answer ' + (state.at + 1), el('small', { textContent: (name ? 'answer ' + (state.at + 1) + ' of ' : 'of ') + n + words }));
    const twins = answer.same ? state.answers.filter(other => other !== answer && other.same === answer.same) : [];
    $('same').hidden = !twins.length;
    const left = twins.filter(other => points(other) === null).length;
    $('sametext').textContent = plural(twins.length, 'other student has', 'other students have') + ' the same words' + (left < twins.length ? ', ' + (twins.length - left) + ' of them marked' : '') + '.';
    $('samebutton').disabled = points(answer) === null || !left;
    $('guidebox').hidden = !q.guide;
    $('guide').textContent = q.guide || '';
    const value = points(answer);
    $('got').replaceChildren(answer.own && answer.own.excused ? 'excused' : value === null ? '?' : number(value), el('small', { textContent: 'of ' + number(q.possible) }));
    levels(value);
    $('points').max = q.possible;
    $('phrases').replaceChildren(...state.phrases.map((one, i) => choice('⇧' + (i + 1), one.text, one.hundredths ? (one.hundredths > 0 ? '+' : '') + number(one.hundredths / 100) : '', lines(answer).includes(one.text), () => phrase(i))));
    if (document.activeElement !== $('note')) $('note').value = note(answer);
    $('prev').disabled = state.at === 0;
    $('next').disabled = state.at === n - 1;
    $('undo').disabled = !done.length;
    detail(answer);
  }
  function levels(value) {
    const { possible, levels: asked } = state.q, most = Math.floor(possible);
    // The course's own levels, else every whole number of points; full points and none can always be given.
    const all = asked.length ? asked.map(level => level.points) : most <= 20 ? Array.from({ length: most + 1 }, (_, i) => most - i) : [];
    if (!all.includes(possible)) all.unshift(possible);
    if (!all.includes(0)) all.push(0);
    const when = new Map(asked.map(level => [level.points, level.when]));
    const word = points => when.get(points) ?? (points === possible ? 'full points' : points === 0 ? 'no points' : '');
    $('levels').replaceChildren(...all.map(points => choice(points < 10 && Number.isInteger(points) ? String(points) : points === possible ? 'f' : '', word(points), number(points), value === points, () => give(points))));
  }
  function choice(key, text, side, pressed, act) {
    const button = el('button', { type: 'button', onclick: act }, el('kbd', { textContent: key }), el('span', { textContent: text }), el('span', { className: 'p', textContent: side }));
    button.ariaPressed = pressed;
    return button;
  }
  // One cell an answer, as long as they can be told apart; else a single bar.
  function cells() {
    const n = state.shown.length, few = n <= 300, svg = 'http://www.w3.org/2000/svg';
    const cell = (x, width, kind) => { const r = document.createElementNS(svg, 'rect'); for (const [k, v] of [['class', kind], ['x', x + '%'], ['width', width + '%'], ['y', 1], ['height', 10]]) r.setAttribute(k, v); return r; };
    const mine = state.shown.filter(a => points(a) !== null).length, share = 100 * mine / (n || 1);
    const all = few
      ? state.shown.map((a, i) => cell(100 * i / n + .1, Math.max(100 / n - .2, .1), 'cell' + (points(a) !== null ? ' done' : '') + (i === state.at && !state.compare ? ' here' : '')))
      : [cell(0, 100, 'cell'), cell(0, share, 'cell done')];
    $('cells').replaceChildren(...all);
    $('cells').setAttribute('aria-valuenow', mine);
    $('cells').setAttribute('aria-valuemax', n);
  }
  async function detail(answer) {
    const item = state.q.item, of = place(answer);
    if (!details.has(of)) {
      $('text').textContent = '';
      try { details.set(of, await ask(at('answer', answer.key))); } catch (error) { return wrong(error.message); }
      if (state.q.item !== item || here() !== answer && here()?.key !== answer.key) return;
    }
    const one = details.get(of);
    if (one.html) $('text').innerHTML = one.html; else $('text').textContent = one.answer || '';
    $('text').hidden = !one.answer;
    $('before').textContent = one.before ? 'Just before, the student answered: ' + one.before : '';
    $('picture').hidden = !one.picture;
    if (one.picture) $('picture').src = at('picture', answer.key); else $('picture').removeAttribute('src');
    const where = [...one.places, ...one.files].join(', ');
    $('reason').textContent = (one.answer && !answer.urgent && !one.picture ? '' : one.reason + '. ') + (where ? 'In ' + where + '.' : '');
    $('request').hidden = !one.requests.length;
    $('request').textContent = one.requests.map(comment => comment.grader + ': ' + comment.text).join(' · ');
    const changed = answer.own && answer.own.stale ? 'The answer has changed since you marked it. ' : '';
    if (changed && !waiting) say(changed);
    const next = state.shown[state.at + 1];
    if (next && !details.has(place(next))) { const where = place(next); ask(at('answer', next.key)).then(more => details.set(where, more), () => {}); }
  }

  // ---- all graders side by side
  async function compare(on) {
    state.compare = on;
    if (on) {
      await sending;
      try { table(await ask(at('comparison'))); } catch (error) { wrong(error.message); }
    }
    draw();
  }
  function table({ pairs, agreement }) {
    $('agree').textContent = (agreement.join('. ') || 'No answer has been marked by two graders') + '. Nobody sees the others’ points while marking.';
    const graders = [...new Set(pairs.flatMap(pair => pair.points.map(([grader]) => grader)))].sort();
    $('heads').replaceChildren(el('tr', {}, ...['Answer', ...graders, 'Apart', 'Settle on'].map(text => el('th', { scope: 'col', textContent: text }))));
    $('rows').replaceChildren(...pairs.map(pair => {
      const place = state.shown.findIndex(answer => answer.key === pair.key), name = state.names && state.names[pair.key];
      const link = el('a', { href: '#' + state.q.item, textContent: name || 'Answer ' + (place + 1), onclick: event => { event.preventDefault(); if (place >= 0) state.at = place; compare(false); } });
      const given = new Map(pair.points), settle = [...new Set(given.values())].sort((a, b) => a - b).map(value => {
        const button = el('button', { type: 'button', className: 'small', textContent: number(value), onclick: () => send(async () => {
          const saved = await ask('mark', { item: state.q.item, key: pair.key, points: value, settles: true });
          replace(saved.answer);
          done.push({ item: state.q.item, key: pair.key, mark: saved.mark });
          table(await ask(at('comparison')));
        }, 'Settled.') });
        button.ariaLabel = 'Settle on ' + number(value) + ' points';
        button.ariaPressed = pair.settled === value;
        return button;
      });
      return el('tr', { className: pair.apart ? 'differs' : '' }, el('th', { scope: 'row' }, link), ...graders.map(grader => el('td', { textContent: given.has(grader) ? number(given.get(grader)) : '' })), el('td', { className: 'd', textContent: pair.apart ? number(pair.apart) : 'same' }), el('td', {}, ...(pair.apart ? settle : [])));
    }));
  }

  // ---- what the grader does
  async function names() {
    state.names = state.names ? null : await ask(at('names'));
    draw();
  }
  $('question').onchange = event => { event.target.blur(); open(event.target.value); };
  $('filter').onchange = filter;
  $('every').onclick = () => { state.every = !state.every; choices(); };
  $('both').onclick = () => compare(!state.compare);
  $('names').onclick = names;
  $('prev').onclick = () => go(-1);
  $('next').onclick = () => go(1);
  $('open').onclick = openNext;
  $('undo').onclick = undo;
  $('samebutton').onclick = same;
  $('keys').onclick = () => $('help').showModal();
  $('excuse').onclick = () => { const answer = here(); send(async () => { const saved = await ask('excuse', { item: state.q.item, key: answer.key }); replace(saved.answer); done.push({ item: state.q.item, key: answer.key, mark: saved.mark }); draw(); }, 'The student is excused from this item.'); };
  $('note').addEventListener('change', event => write(event.target.value));
  $('byhand').onsubmit = event => { event.preventDefault(); const value = $('points').valueAsNumber; if (Number.isFinite(value)) give(value); $('points').value = ''; $('points').blur(); };
  $('addform').onsubmit = event => {
    event.preventDefault();
    const text = $('newtext').value.trim(), value = $('newpoints').valueAsNumber || 0;
    if (!text) return;
    send(async () => {
      await ask('phrases', { item: state.q.item, text, points: value });
      state.phrases = await ask(at('phrases'));
      $('newtext').value = '';
      $('newpoints').value = 0;
      document.activeElement.blur(); // the keys give points again
      phrase(state.phrases.findIndex(one => one.text === text));
    }, 'The comment is kept for all answers.');
  };
  addEventListener('keydown', event => {
    const typing = event.target.closest('input:not([type=checkbox]), textarea, select');
    if (event.key === 'Escape' && typing) return typing.blur();
    if (typing || event.ctrlKey || event.metaKey || event.altKey || $('help').open) return;
    const digit = /^Digit(\d)$/.exec(event.code), comment = digit && event.shiftKey && +digit[1];
    const act = { j: () => go(1), k: () => go(-1), n: openNext, s: same, u: undo, d: () => compare(!state.compare), a: names, f: () => give(state.q.possible), '?': () => $('help').showModal(), ']': () => move(1), '[': () => move(-1), c: () => $('note').focus(), p: () => $('points').focus() }[event.key];
    if (comment) phrase(comment - 1);
    else if (act) act();
    else if (/^\d$/.test(event.key) && !state.compare) { if (+event.key <= state.q.possible) give(+event.key); else say('This item is worth ' + number(state.q.possible) + '.'); }
    else return;
    event.preventDefault();
  });
  load().catch(error => wrong(error.message));
})();
