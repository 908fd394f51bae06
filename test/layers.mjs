// Checks the arrows between the layers. A cruise that saw too few modules proves nothing, so it fails as well.
import { createRequire } from 'node:module';
import { cruise } from 'dependency-cruiser';

const FLOOR = 150;

const { forbidden, options } = createRequire(import.meta.url)('../.dependency-cruiser.cjs');
const { output } = await cruise(['src'], { ...options, validate: true, ruleSet: { forbidden } });
if (typeof output === 'string') throw new Error('dependency-cruiser returned text instead of a result');

const { violations, totalCruised } = output.summary;
const sources = output.modules.filter((module) => module.source.startsWith('src/')).length;
const comments = new Map(forbidden.map((rule) => [rule.name, rule.comment]));
for (const violation of violations) {
  const way = violation.cycle ? violation.cycle.map((step) => step.name).join(' -> ') : violation.to;
  console.error(`${violation.from} -> ${way}\n    ${violation.rule.name}: ${comments.get(violation.rule.name)}`);
}
if (sources < FLOOR) console.error(`Only ${sources} modules of src were seen, at least ${FLOOR} are expected: the parser does not work`);
console.log(`${sources} modules, ${totalCruised} with what they import, ${violations.length} violations`);
process.exitCode = violations.length > 0 || sources < FLOOR ? 1 : 0;
