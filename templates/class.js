(() => {
const table = document.getElementById('students'), body = table.tBodies[0], find = document.getElementById('find'), show = document.getElementById('show'), out = document.getElementById('count'), more = document.getElementById('more');
const PAGE = 200, text = new Intl.Collator('en', {numeric: true, sensitivity: 'base'});
let limit = PAGE, rows = [...body.rows].map(tr => ({tr, text: tr.textContent.toLowerCase(), keys: [...tr.cells].map(c => c.dataset.v === undefined ? c.textContent : +c.dataset.v), is: tr.dataset.is.split(' ')})), order = rows;
function draw() {
  const words = find.value.trim().toLowerCase().split(/\s+/), kept = order.filter(r => (!show.value || r.is.includes(show.value)) && words.every(w => r.text.includes(w)));
  body.replaceChildren(...kept.slice(0, limit).map(r => r.tr));
  out.textContent = kept.length === rows.length ? rows.length.toLocaleString('en') + ' students' : kept.length.toLocaleString('en') + ' of ' + rows.length.toLocaleString('en') + ' students';
  more.hidden = kept.length <= limit; more.textContent = 'Show ' + Math.min(PAGE, kept.length - limit) + ' more';
}
table.tHead.addEventListener('click', e => {
  const th = e.target.closest('th'); if (!th || !e.target.closest('button')) return;
  const i = th.cellIndex, down = th.getAttribute('aria-sort') ? th.getAttribute('aria-sort') === 'ascending' : th.classList.contains('r');
  for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
  th.setAttribute('aria-sort', down ? 'descending' : 'ascending');
  order = rows.slice().sort((a, b) => { const x = a.keys[i], y = b.keys[i]; return (typeof x === 'number' ? x - y : text.compare(x, y)) * (down ? -1 : 1); });
  draw();
});
let timer; find.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(() => { limit = PAGE; draw(); }, 60); });
show.addEventListener('change', () => { limit = PAGE; draw(); });
more.addEventListener('click', () => { limit += PAGE; draw(); });
let was; addEventListener('beforeprint', () => { was = limit; limit = Infinity; draw(); }); addEventListener('afterprint', () => { limit = was; draw(); });
draw();
})();
