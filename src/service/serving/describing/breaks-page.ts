/** Why a break is, as a page to read: each code, what speaks for it, and what sets it right. */
import { type Reason, reasonTitles } from '../../../model/reason.ts';
import { reasonRows } from '../../../reconcile/reason-rows.ts';
import { sourceCauseRows } from '../../../reconcile/source/causes.ts';
import { escaped, tagged } from './reference-page.ts';

const reasons = Object.keys(reasonTitles) as readonly Reason[];

/** Text of the tables: what stands between backticks is typed as it is. */
const told = (text: string): string =>
  escaped(text).replaceAll(/`([^`]+)`/g, (_, typed: string) => tagged('code', typed));

export function breaksPage(): string {
  const links = reasons.map((code) =>
    tagged('li', tagged('a', `<code>${code}</code>`, ` href="#${code}"`)),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Trueup: why a break is</title>
<link rel="stylesheet" href="/reference.css">
</head>
<body>
<header><h1>Why a break is</h1>
<p>A closed list. Proven is what a complete list of the other party says and what leaves nothing
over; likely fits the numbers and writes nothing by itself.</p>
<p><a href="/breaks">The inbox of breaks</a></p></header>
<div class="page"><nav aria-label="Codes">${tagged('ul', links.join(''))}</nav>
<main>
${reasons.map(reasonHtml).join('\n')}
</main></div>
</body>
</html>
`;
}

function reasonHtml(code: Reason): string {
  const { evidence, repair } = reasonRows[code];
  const inSource = sourceCauseRows.filter(({ reasons: of }) => of.includes(code));
  const parts = [
    tagged('h3', code),
    tagged('p', `<b>${escaped(reasonTitles[code])}</b>`),
    tagged('p', `What speaks for it: ${told(evidence)}.`),
    tagged('p', `What sets it right: ${told(repair)}.`),
    ...inSource.map(({ when, evidence: by, repair: cure }) =>
      tagged('p', `In a bot’s database: ${told(when)}. Known by ${told(by)}. Then ${told(cure)}.`),
    ),
  ];
  return tagged('article', parts.join('\n'), ` id="${code}"`);
}
