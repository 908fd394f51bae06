import type uPlot from 'uplot';

export interface TooltipContent {
  readonly title: string;
  readonly rows: readonly { readonly label: string; readonly text: string; readonly color: string; readonly isDashed: boolean }[];
  readonly note: string | null;
}

/** Shows all series at the interval under the pointer. */
export function chartTooltip(read: (index: number) => TooltipContent | null): uPlot.Plugin {
  const box = document.createElement('div');
  box.className = 'chart-tip';
  box.hidden = true;
  return {
    hooks: {
      init: (chart) => {
        chart.over.append(box);
        chart.over.addEventListener('mouseleave', () => {
          box.hidden = true;
        });
      },
      setCursor: (chart) => {
        const left = chart.cursor.left ?? -1;
        const index = left < 0 ? -1 : intervalAt(chart, chart.posToVal(left, 'x'));
        const content = read(index);
        box.hidden = content === null;
        if (content === null) return;
        box.replaceChildren(...lines(content));
        const isRight = left > chart.over.clientWidth / 2;
        box.style.left = isRight ? '' : `${left + 14}px`;
        box.style.right = isRight ? `${chart.over.clientWidth - left + 14}px` : '';
      },
    },
  };
}

/** An interval is named by its start: the pointer belongs to the last start before it, not to the nearest one. */
function intervalAt(chart: uPlot, x: number): number {
  const starts = chart.data[0];
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= x) low = middle;
    else high = middle - 1;
  }
  return low;
}

function lines({ title, rows, note }: TooltipContent): HTMLElement[] {
  const heading = element('div', 'chart-tip-title', title);
  const body = rows.map(({ label, text, color, isDashed }) => {
    const row = element('div', 'chart-tip-row');
    const swatch = element('span', isDashed ? 'swatch swatch-dashed' : 'swatch');
    swatch.style.color = color;
    row.append(swatch, element('span', 'chart-tip-label', label), element('span', 'chart-tip-value', text));
    return row;
  });
  return note === null ? [heading, ...body] : [heading, ...body, element('div', 'chart-tip-note', note)];
}

function element(tag: 'div' | 'span', className: string, text = ''): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}
