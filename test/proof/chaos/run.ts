/** `npm run proof:chaos -- [--seed S] [--days N] [--points N]`: a JSON line with the figures, exit 1 when a slot is lost or wrong. */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { quickFolder } from '../folder.ts';
import { runChaos } from './chaos.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    days: { type: 'string', default: '90' },
    outage: { type: 'string', default: '20' },
    replacements: { type: 'string', default: '3' },
    /** Of each line; all of them when not given. */
    points: { type: 'string' },
    'power-cuts': { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});
const whole = (text: string) => {
  const figure = Number(text);
  if (!Number.isInteger(figure) || figure < 0) throw new RangeError(`${text} is no whole number`);
  return figure;
};
const folder = quickFolder('chaos');
try {
  const report = await runChaos(
    {
      seed: whole(values.seed),
      days: whole(values.days),
      outageDays: whole(values.outage),
      pointsPerLine: values.points === undefined ? null : whole(values.points),
      replacements: whole(values.replacements),
      hasPowerCuts: values['power-cuts'],
    },
    folder,
    (text) => console.error(text),
  );
  console.log(JSON.stringify({ ...report, lives: report.lives.length }));
  process.exitCode = report.isGood ? 0 : 1;
} finally {
  if (values.keep) console.error(folder);
  else rmSync(folder, { recursive: true, force: true });
}
