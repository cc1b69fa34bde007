'use strict';

const OWS = 'http://www.opengis.net/ows/2.0';
const WCS = 'http://www.opengis.net/wcs/2.0';
const byId = (id) => document.getElementById(id);
const first = (node, ns, name) => node.getElementsByTagNameNS(ns, name)[0]?.textContent ?? '';
const endpoint = new URL('ows', document.baseURI).href;

byId('endpoint').textContent = endpoint;

const RAMP = '{"colorMap": {"type": "ramp", "colorTable": {';
const quoted = (options) => options.replaceAll('"', '\\"');
/** Queries over the coverages of the demo, by the coverage that they need. */
const EXAMPLES = [
  ['etopo', 'relief', `for $c in (etopo)\nreturn encode($c, "image/png", "${quoted(RAMP
    + '"-6000": [8,24,74,255], "-200": [120,180,220,255], "0": [60,120,60,255], "1500": [200,180,110,255], "6000": [255,255,255,255]}}}')}")`],
  ['coads', 'sea in July', `for $c in (coads)\nreturn encode($c.sst[ansi("0000-07-16")], "image/png", "${quoted(RAMP
    + '"-2": [24,40,120,255], "12": [90,190,190,255], "23": [240,220,100,255], "31": [180,30,30,255]}}}')}")`],
  ['coads', 'a year at one place', 'for $c in (coads)\nreturn encode($c.sst[Lat(1), Long(201)], "text/csv")'],
  ['levitus', 'a profile', 'for $c in (levitus)\nreturn encode($c[Lat(30.5), Long(320.5)], "application/json")'],
  ['etopo', 'highest place', 'for $c in (etopo)\nreturn max($c)'],
];

/** An element with text and children; text is never markup. */
function element(name, text, ...children) {
  const node = document.createElement(name);
  node.textContent = text;
  node.append(...children);
  return node;
}

/** The message of an exception report, or the text itself. */
function explain(text) {
  const xml = new DOMParser().parseFromString(text, 'text/xml');
  return [...xml.getElementsByTagNameNS(OWS, 'Exception')]
    .map((e) => `${e.getAttribute('exceptionCode')}: ${first(e, OWS, 'ExceptionText')}`).join('\n') || text;
}

function parameter(summary, name) {
  for (const p of summary.getElementsByTagNameNS(OWS, 'AdditionalParameter')) {
    if (first(p, OWS, 'Name') === name) return first(p, OWS, 'Value');
  }
  return '';
}

function bytes(n) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let i = 0;
  for (; n >= 1024 && i < units.length - 1; i++) n /= 1024;
  return `${n.toFixed(n < 10 && i > 0 ? 1 : 0)} ${units[i]}`;
}

function show(query) {
  byId('text').value = query;
  byId('text').focus();
}

async function listCoverages() {
  const response = await fetch(`${endpoint}?service=WCS&version=2.0.1&request=GetCapabilities&sections=Contents`);
  const text = await response.text();
  if (!response.ok) throw new Error(explain(text));
  const summaries = [...new DOMParser().parseFromString(text, 'text/xml').getElementsByTagNameNS(WCS, 'CoverageSummary')];
  const body = byId('coverages').tBodies[0];
  for (const summary of summaries) {
    const id = first(summary, WCS, 'CoverageId');
    const link = element('a', 'describe');
    link.href = `${endpoint}?service=WCS&version=2.0.1&request=DescribeCoverage&coverageId=${encodeURIComponent(id)}`;
    const use = element('button', id);
    use.type = 'button';
    use.className = 'link';
    use.title = 'put it into a query';
    use.onclick = () => show(`for $c in (${id})\nreturn count($c >= 0)`);
    const size = parameter(summary, 'sizeInBytes');
    const row = element('tr', '', element('td', '', use), element('td', parameter(summary, 'axisList').replaceAll(',', ' × ')),
      element('td', size ? bytes(Number(size)) : ''), element('td', '', link));
    row.cells[2].className = 'size';
    body.append(row);
  }
  byId('status').textContent = summaries.length
    ? '' : 'No coverage yet. ./tessera import INGREDIENTS brings some in.';
  byId('coverages').hidden = summaries.length === 0;
  const ids = summaries.map((s) => first(s, WCS, 'CoverageId'));
  for (const [, title, query] of EXAMPLES.filter(([id]) => ids.includes(id))) {
    const example = element('button', title);
    example.type = 'button';
    example.className = 'link';
    example.onclick = () => show(query);
    byId('examples').append(example, ' ');
    byId('examples').hidden = false;
    if (!byId('text').value) byId('text').value = query;
  }
  if (ids.length && !byId('text').value) byId('text').value = `for $c in (${ids[0]})\nreturn count($c >= 0)`;
}

async function run(event) {
  event.preventDefault();
  const answer = byId('answer');
  answer.replaceChildren(element('p', 'Running …'));
  const start = performance.now();
  const response = await fetch(`${endpoint}/wcps`, {method: 'POST', body: new URLSearchParams({query: byId('text').value})});
  const blob = await response.blob();
  byId('took').textContent = `${(performance.now() - start).toFixed(0)} ms, ${bytes(blob.size)}`;
  const type = response.headers.get('Content-Type') ?? '';
  if (!response.ok) {
    const error = element('p', explain(await blob.text()));
    error.className = 'error';
    answer.replaceChildren(error);
  } else if (/^image\/(png|jpeg|gif|webp|bmp)/.test(type)) {
    const image = document.createElement('img');
    image.alt = 'result of the query';
    image.src = URL.createObjectURL(blob);
    answer.replaceChildren(image);
  } else if (/^(text|application\/(json|gml|xml))/.test(type)) {
    answer.replaceChildren(element('pre', (await blob.text()).slice(0, 200000)));
  } else {
    const link = element('a', `Save the answer (${type})`);
    link.href = URL.createObjectURL(blob);
    link.download = /filename="?([^";]+)/.exec(response.headers.get('Content-Disposition') ?? '')?.[1] ?? 'answer';
    answer.replaceChildren(link);
  }
}

byId('query').onsubmit = (event) => run(event).catch((e) => byId('answer').replaceChildren(element('p', String(e))));
listCoverages().catch((e) => { byId('status').textContent = `The server does not answer: ${e.message}`; });
