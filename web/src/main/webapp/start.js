'use strict';

const OWS = 'http://www.opengis.net/ows/2.0';
const WCS = 'http://www.opengis.net/wcs/2.0';
const byId = (id) => document.getElementById(id);
const first = (node, ns, name) => node.getElementsByTagNameNS(ns, name)[0]?.textContent ?? '';
const endpoint = new URL('ows', document.baseURI).href;

byId('endpoint').textContent = endpoint;

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
    use.onclick = () => { byId('text').value = `for $c in (${id})\nreturn avg($c)`; byId('text').focus(); };
    const size = parameter(summary, 'sizeInBytes');
    const row = element('tr', '', element('td', '', use), element('td', parameter(summary, 'axisList').replaceAll(',', ' × ')),
      element('td', size ? bytes(Number(size)) : ''), element('td', '', link));
    row.cells[2].className = 'size';
    body.append(row);
  }
  byId('status').textContent = summaries.length
    ? '' : 'No coverage yet. ./tessera import INGREDIENTS brings some in.';
  byId('coverages').hidden = summaries.length === 0;
  if (summaries.length && !byId('text').value) {
    byId('text').value = `for $c in (${first(summaries[0], WCS, 'CoverageId')})\nreturn avg($c)`;
  }
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
