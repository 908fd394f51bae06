import type { State } from '../../shared/api/values.ts';
import { useLocale } from './locale.ts';

/** `info` says that something is worth knowing and asks for nothing. */
export type Mark = State | 'info';

/** Shapes of the states in a box of 10: colour alone would be lost on many eyes. */
const SHAPES: Readonly<Record<Mark, React.ReactNode>> = {
  ok: <circle cx="5" cy="5" r="4" fill="currentColor" />,
  attention: <path d="M5 .6 9.6 9.2H.4Z" fill="currentColor" />,
  fault: <rect x="1" y="1" width="8" height="8" fill="currentColor" />,
  'no-data': <circle cx="5" cy="5" r="3.5" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  info: <path d="M5 .4 9.6 5 5 9.6 .4 5Z" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  unchecked: <circle cx="5" cy="5" r="3.5" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2 1.7" />,
};

export interface StateMarkProps {
  readonly state: Mark;
  /** Instead of the word of the state. */
  readonly label?: string;
  /** Only the shape is drawn; the word stays for a screen reader and on hover. */
  readonly isBare?: boolean;
}

/** Colour + shape + word. */
export function StateMark({ state, label, isBare = false }: StateMarkProps) {
  const { t } = useLocale();
  const word = label ?? t(`state.${state}`);
  return (
    <span className={`state state-${state}`} {...(isBare ? { role: 'img', 'aria-label': word, title: word } : {})}>
      <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
        {SHAPES[state]}
      </svg>
      {isBare ? null : <span className="state-word">{word}</span>}
    </span>
  );
}
