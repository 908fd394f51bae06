import type uPlot from 'uplot';

/** Whether the figures of an interval are all there, partly there, or absent. */
export type Missing = 'none' | 'part' | 'all';

export interface MarkedData {
  readonly starts: readonly number[];
  readonly end: number;
  readonly missing: readonly Missing[];
  readonly series: readonly { readonly values: readonly (number | null)[]; readonly peak?: number | null }[];
}

export interface MarkColors {
  readonly hatch: string;
  readonly peak: string;
}

/** Runs of intervals with the same lack, as [first index, index after the last, kind]. */
export function missingRuns(missing: readonly Missing[]): readonly (readonly [number, number, 'part' | 'all'])[] {
  const runs: [number, number, 'part' | 'all'][] = [];
  for (const [index, kind] of missing.entries()) {
    if (kind === 'none') continue;
    const last = runs.at(-1);
    if (last !== undefined && last[1] === index && last[2] === kind) last[1] = index + 1;
    else runs.push([index, index + 1, kind]);
  }
  return runs;
}

/** Hatches missing intervals over the whole height (partly missing ones along the top) and puts a mark over peaks. */
export function chartMarks(read: () => MarkedData, colors: MarkColors): uPlot.Plugin {
  const hatch = (chart: uPlot) => {
    const { starts, end, missing } = read();
    const { ctx, bbox } = chart;
    const pattern = ctx.createPattern(hatchTile(colors.hatch), 'repeat');
    if (pattern === null) return;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.fillStyle = pattern;
    for (const [from, to, kind] of missingRuns(missing)) {
      const left = chart.valToPos(starts[from] ?? end, 'x', true);
      const right = chart.valToPos(starts[to] ?? end, 'x', true);
      ctx.fillRect(left, bbox.top, right - left, kind === 'all' ? bbox.height : 10 * devicePixelRatio);
    }
    ctx.restore();
  };
  const peaks = (chart: uPlot) => {
    const { starts, end, series } = read();
    const { ctx, bbox } = chart;
    const size = 4 * devicePixelRatio;
    ctx.save();
    ctx.fillStyle = colors.peak;
    for (const { values, peak } of series) {
      const value = peak === undefined || peak === null ? null : values[peak];
      if (peak === undefined || peak === null || value === undefined || value === null) continue;
      const from = chart.valToPos(starts[peak] ?? end, 'x', true);
      const x = (from + chart.valToPos(starts[peak + 1] ?? end, 'x', true)) / 2;
      const y = chart.valToPos(value, 'y', true) - size * 0.6;
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.beginPath();
      ctx.moveTo(x, y);
      ctx.lineTo(x - size, y - size * 1.6);
      ctx.lineTo(x + size, y - size * 1.6);
      ctx.fill();
    }
    ctx.restore();
  };
  return { hooks: { drawAxes: hatch, draw: peaks } };
}

function hatchTile(color: string): HTMLCanvasElement {
  const side = Math.round(6 * devicePixelRatio);
  const tile = document.createElement('canvas');
  tile.width = side;
  tile.height = side;
  const ctx = tile.getContext('2d');
  if (ctx === null) return tile;
  ctx.strokeStyle = color;
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  for (const shift of [-side, 0, side]) {
    ctx.moveTo(shift - 1, side + 1);
    ctx.lineTo(shift + side + 1, -1);
  }
  ctx.stroke();
  return tile;
}
