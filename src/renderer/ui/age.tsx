import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import { type Locale, useLocale } from './locale.ts';

/** A second hand for every age on the page: one timer, and a component renders only when its own text changes. */
export interface Ticker {
  /** Milliseconds since 1970 by the clock of the server. */
  now(): number;
  subscribe(listener: () => void): () => void;
}

const TickerContext = createContext<Ticker>({ now: () => 0, subscribe: () => () => {} });
export const TickerProvider = TickerContext.Provider;

/** A value made from the present moment; the component renders when the value changes, which must be a primitive. */
export function useNow<T extends string | number | boolean>(read: (nowMs: number) => T): T {
  const ticker = useContext(TickerContext);
  const subscribe = useCallback((listener: () => void) => ticker.subscribe(listener), [ticker]);
  return useSyncExternalStore(subscribe, () => read(ticker.now()));
}

/** `3 с`, `12 мин`, `5 ч`, `2 дн`. */
export function ageText(ageMs: number, t: Locale['t']): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1000));
  if (seconds < 60) return t('age.seconds', { value: seconds });
  if (seconds < 3600) return t('age.minutes', { value: Math.floor(seconds / 60) });
  if (seconds < 86_400) return t('age.hours', { value: Math.floor(seconds / 3600) });
  return t('age.days', { value: Math.floor(seconds / 86_400) });
}

export function isStale(at: string | null, staleAfterS: number, nowMs: number): boolean {
  return at !== null && nowMs - Date.parse(at) > staleAfterS * 1000;
}

/** How old a value is; past its term it turns grey and italic with a triangle. */
export function Age({ at, staleAfterS }: { readonly at: string | null; readonly staleAfterS: number }) {
  const { t, time } = useLocale();
  const text = useNow((now) => (at === null ? '' : ageText(now - Date.parse(at), t)));
  const stale = useNow((now) => isStale(at, staleAfterS, now));
  if (at === null) return <span className="absent">{t('age.never')}</span>;
  return (
    <span className={stale ? 'age stale' : 'age'} title={time.dateTime(at)}>
      {text}
      {stale ? <StaleMark label={t('age.stale')} /> : null}
    </span>
  );
}

function StaleMark({ label }: { readonly label: string }) {
  return (
    <svg width="9" height="9" viewBox="0 0 10 10" role="img" aria-label={label}>
      <path d="M5 .6 9.6 9.2H.4Z" fill="currentColor" />
    </svg>
  );
}
